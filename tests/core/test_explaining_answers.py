"""The answers about what is no drop, and about names that nobody knows."""

import json

import pytest

from dropbox_agent.core import explaining
from dropbox_agent.core.explaining import Explanation, Surroundings, tell_story
from dropbox_agent.core.job import Stage
from dropbox_agent.core.naming import job_in, stem
from tests.jobs import NOON, job_at, new_job


def test_the_pattern_that_leaves_a_name_alone_is_named() -> None:
    """And whose it is: ours or the user's."""
    ours = explaining.ignored("contacts/a.csv.part", "*.part")
    assert (ours.pattern, ours.built_in) == ("*.part", True)
    assert "'*.part'" in ours.says
    theirs = explaining.ignored("contacts/test-1.csv", "test-*")
    assert theirs.built_in is False
    assert "AGENT_IGNORE" in theirs.says


def test_a_mistake_says_what_is_wrong_and_what_to_do() -> None:
    """In two sentences."""
    found = explaining.mistaken("contacts/a.xlsx", "a workbook: save it as CSV")
    assert (found.says, found.hint) == ("It is not taken: a workbook.", "Save it as CSV.")
    assert explaining.mistaken("contacts/a.done", "a marker whose file is not there").hint == ""


def test_what_lies_deeper_names_the_folder() -> None:
    """Nobody looks into it."""
    found = explaining.within("contacts/sub/a.csv", "contacts/sub", "a folder: put files above")
    assert "contacts/sub" in found.says
    assert found.hint == "Put files above."


def test_a_name_in_the_archive_tells_its_job() -> None:
    """Whatever stands behind it, and however the sender's name begins."""
    job = new_job()
    name = stem(NOON, job.id, "2026-01-spring.csv")
    for ending in (".csv", ".report.json", ".errors.csv", ".csv.gz"):
        assert job_in(name + ending) == job.id
    assert job_in("2026-01-spring.csv") is None


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("custmers.csv", ("customers.csv",)),
        ("Customers", ("customers.csv",)),
        ("CUSTOMERS.CSV", ("customers.csv",)),
        ("vouchers.csv", ()),
    ],
)
def test_the_nearest_names_are_offered(asked: str, offered: tuple[str, ...]) -> None:
    """Capitals and the ending count for nothing."""
    assert explaining.nearest(asked, ["customers.csv", "products-2026.csv"]) == offered


def test_only_what_leads_to_something_is_known() -> None:
    """And only what is not filed waits for an agent."""
    nothing = Explanation("a.csv", is_running=False, nearest=("b.csv",))
    assert not nothing.is_known
    around = Surroundings(is_running=False)
    filed = Explanation("a.csv", False, jobs=(tell_story(job_at(Stage.FILED), around),))
    assert filed.is_known
    assert not filed.awaits_agent
    held = Explanation("a.csv", False, jobs=(tell_story(job_at(Stage.HELD), around),))
    assert held.awaits_agent


def test_all_of_it_can_be_written_down() -> None:
    """Also a name that nobody can decode."""
    found = Explanation(
        "caf\udce9.csv",
        is_running=True,
        things=(explaining.elsewhere("/tmp/caf\udce9.csv", "/srv/drop/inbox"),),  # noqa: S108
    )
    written = json.dumps(found.to_json(), ensure_ascii=False).encode()
    assert json.loads(written)["asked"] == "caf\\udce9.csv"
