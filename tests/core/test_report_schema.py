"""The schema of the report: strict, complete, and in our words."""

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from dropbox_agent.core.issue import Severity
from dropbox_agent.core.job import Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import SCHEMA, Json, Origin, build_report
from tests.jobs import job_at

SCHEMA_FILE = files("dropbox_agent") / "report.schema.json"
DESCRIPTION: Json = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(DESCRIPTION)

REPORT = build_report(job_at(Stage.FILED), (), Origin("1.2.3", "shop"))


def objects(schema: object) -> Iterator[Json]:
    """Find every object that the schema describes."""
    if isinstance(schema, dict):
        if "additionalProperties" in schema:
            yield schema
        for each in schema.values():
            yield from objects(each)


def test_the_schema_is_one() -> None:
    """It keeps to the draft that it names."""
    assert DESCRIPTION["$schema"] == Draft202012Validator.META_SCHEMA["$schema"]
    Draft202012Validator.check_schema(DESCRIPTION)


def test_the_schema_describes_and_asks_for_every_member() -> None:
    """And allows no other."""
    described = list(objects(DESCRIPTION))
    assert len(described) == 12
    for each in described:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
        assert all(member["description"].endswith(".") for member in each["properties"].values())


def test_the_schema_knows_our_words() -> None:
    """A new kind, stage, outcome or version must be added there."""
    members, definitions = DESCRIPTION["properties"], DESCRIPTION["$defs"]
    issue, mark = definitions["issue"]["properties"], definitions["mark"]["properties"]
    assert members["schema"]["const"] == SCHEMA
    assert members["outcome"]["enum"] == list(Outcome)
    assert members["file"]["properties"]["kind"]["enum"] == list(Kind)
    assert issue["severity"]["enum"] == list(Severity)
    assert mark["stage"]["enum"] == list(Stage)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"outcome": "lost"},
        {"outcome": "partial"},
        {"reason": {"code": "a", "message": "b"}},
        {"schema": "dropbox-agent/report/2"},
        {"totals": {"rows": 10, "success": -1, "errors": 0, "unaccounted": 0}},
        {"totals": {"rows": 10, "success": 1.5, "errors": 0, "unaccounted": 0}},
        {"timeline": []},
        {"rows_to_fix": "rows.csv"},
        {"surprise": True},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_report(spoilt: Json) -> None:
    """A schema that takes anything would show nothing."""
    assert VALIDATOR.is_valid(REPORT)
    assert not VALIDATOR.is_valid({**REPORT, **spoilt})


@pytest.mark.parametrize("member", DESCRIPTION["required"])
def test_the_schema_misses_every_member(member: str) -> None:
    """None of them is optional."""
    report = {name: value for name, value in REPORT.items() if name != member}
    assert not VALIDATOR.is_valid(report)
