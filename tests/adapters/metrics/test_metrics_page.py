"""The page on monitoring: what it names is given out, and what is given out is named."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dropbox_agent.adapters.metrics import Counting, Standing
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.overview import Crowd, Moment, Overview, WatchInHand
from tests.expositions import Exposition, a_registry
from tests.jobs import NOON

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")

OURS = re.compile(r"\bdropbox_agent_[a-z_]+\b(?!\*)")
MATCHER = re.compile(r'(dropbox_agent_[a-z_]+)\{(\w+)=~?"([^"]*)"\}')
HISTOGRAM = re.compile(r"_(bucket|sum|count)$")
TABLE_ROW = re.compile(r"^\| `(dropbox_agent_\w+)` \| (.*?) \|", re.MULTILINE)


def exposition() -> Exposition:
    """Everything that an agent gives out."""
    registry = a_registry()
    Counting(registry)
    standing = Standing()
    registry.register(standing)
    crowds = tuple(Crowd(kind, drops=0, stalled=0, oldest_found_at=None) for kind in Kind)
    overview = Overview((), (), 0, (), watch=WatchInHand("Watched.", missed=0), crowds=crowds)
    standing.write(overview.to_json(Moment(NOON, 0.0)))
    return Exposition.of(registry)


def blocks() -> list[Any]:
    """Read the YAML on the page."""
    return [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def rules() -> list[dict[str, Any]]:
    """Read the alerts on the page."""
    (found,) = (each["groups"] for each in blocks() if "groups" in each)
    return [rule for group in found for rule in group["rules"]]


def base_names(names: set[str]) -> set[str]:
    """Leave out the parts of histograms, and what tells of the process."""
    bases = {HISTOGRAM.sub("", each) for each in names}
    return {each for each in bases if not each.startswith("dropbox_agent_process")}


def test_every_metric_named_is_given_out() -> None:
    """In the text, in the table, and in every rule."""
    given_out = exposition().names
    named = set(OURS.findall(PAGE)) - {"dropbox_agent_", "dropbox_agent_process_"}
    assert named <= given_out | base_names(given_out)


def test_every_metric_given_out_is_in_the_table() -> None:
    """With the labels that it has."""
    found = exposition()
    labels: dict[str, set[str]] = {}
    for family in found.families.values():
        for sample in family.samples:
            name = HISTOGRAM.sub("", sample.name)
            labels.setdefault(name, set()).update(set(sample.labels) - {"home", "le"})
    told = {name: set(re.findall(r"`(\w+)`", row)) for name, row in TABLE_ROW.findall(PAGE)}
    assert told == {name: labels[name] for name in base_names(set(labels))}


def test_the_scrape_configuration_fits_the_setting() -> None:
    """Its port is the one that the example of the setting has."""
    (config,) = (each["scrape_configs"] for each in blocks() if "scrape_configs" in each)
    (target,) = config[0]["static_configs"][0]["targets"]
    assert f"AGENT_METRICS_LISTEN={target.removeprefix('127.0.0.1:')}" in PAGE
    assert config[0]["job_name"] == "dropbox-agent"


def test_there_are_five_alerts_that_say_what_to_do() -> None:
    """Each with a name of its own, a rule, a severity and a sentence."""
    found = rules()
    assert len({each["alert"] for each in found}) == len(found) == 5
    for rule in found:
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule.get("for", "1m")[-1] in "smh"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_is_about_series_that_there_are(rule: dict[str, Any]) -> None:
    """Also the values of labels that it picks, and the labels that its sentence shows."""
    found = exposition()
    expression = rule["expr"]
    names = set(OURS.findall(expression))
    assert names <= found.names
    assert expression.count("(") == expression.count(")")
    for name, label, values in MATCHER.findall(expression):
        there = {each.labels[label] for each in found.samples(name)}
        assert set(values.split("|")) <= there
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    there = {label for name in names for each in found.samples(name) for label in each.labels}
    assert shown <= there
    if grouped := re.search(r"by \((.*?)\)", expression):
        assert shown <= set(grouped[1].split(", "))
