"""Findings: what one check says, and what many say together."""

from dropbox_agent.core.diagnosis import Finding, Verdict, in_short, worst
from dropbox_agent.core.diagnosis.finding import fault, ok, unclear, warning


def test_the_worst_of_all_verdicts_counts() -> None:
    """A fault outweighs a warning, which outweighs not knowing."""
    rising = [ok("a", "x"), unclear("b", "x"), warning("c", "x", "y"), fault("d", "x", "y")]
    assert [worst(rising[: count + 1]) for count in range(4)] == list(Verdict)
    assert worst([]) is Verdict.OK


def test_what_is_well_is_told_once_and_only_if_all_is() -> None:
    """One line for many folders, unless some have a fault: then one for each of these."""
    all_well, bad = ok("a", "all"), fault("a", "x", "y")
    assert in_short([ok("a", "1"), ok("a", "2")], all_well) == [all_well]
    assert in_short([ok("a", "1"), bad], all_well) == [bad]


def test_a_finding_is_written_in_four_words() -> None:
    """The verdict is a word that people read as well."""
    assert Finding("clock", Verdict.UNKNOWN, "Not told.").to_json() == {
        "check": "clock",
        "verdict": "cannot tell",
        "found": "Not told.",
        "mend": "",
    }
