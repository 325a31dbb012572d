"""A file too large for one import goes in several parts, one after the other."""

import pytest

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId, Refused, Status
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.drops import contacts
from tests.fakes import answer_with
from tests.homes import Home

HEADER = b"_email,_name\r\n"


@pytest.fixture(autouse=True)
def _small_parts(home: Home) -> None:
    """Let two rows go into a part."""
    home.policy = CheckPolicy(max_slice_bytes=len(contacts(2)))


def import_id(number: int) -> ImportId:
    """Name the first, second, third import of the server."""
    return ImportId(f"{number:024x}")


def test_every_part_has_the_header_and_whole_rows(home: Home) -> None:
    """Six rows go in three parts, in order, each with the header."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.rest()
    assert [each.content for each in home.api.sent] == [contacts(2, first=n) for n in (0, 2, 4)]


def test_a_part_is_sent_when_the_one_before_has_ended(home: Home) -> None:
    """Of one file there is never more than one import under way."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))

    def look() -> bool:
        assert all(each.status.ended for each in home.api.imports[:-1])
        return bool(home.reports())

    home.run_until(look)
    assert len(home.api.imports) == 3


def test_all_parts_share_one_report(home: Home) -> None:
    """The report lists each import, and its totals are those of the whole file."""
    home.api.faulty_rows = 1
    home.drop(Kind.CONTACTS, "people.csv", contacts(5))
    home.rest()
    report = home.report("people.csv")
    assert [each["rows"] for each in report["imports"]] == [2, 2, 1]
    assert report["totals"] == {"rows": 5, "success": 2, "errors": 3, "unaccounted": 0}
    assert report["outcome"] == "partial"
    assert home.payload_of("people.csv") == contacts(5)


@pytest.mark.parametrize("status", [Status.ERROR, Status.CANCELLED])
def test_a_part_that_ends_badly_stops_the_file(home: Home, status: Status) -> None:
    """Behind a part that errored nothing more is sent, and the report counts what is missing."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.run_until(lambda: len(home.api.imports) == 2)
    home.api.end(import_id(2), status)
    home.rest()
    report = home.report("people.csv")
    assert report["outcome"] == "failed"
    assert report["totals"] == {"rows": 6, "success": 3, "errors": 0, "unaccounted": 3}
    assert len(home.api.sent) == 2


def test_a_part_that_is_refused_stops_the_file(home: Home) -> None:
    """A refusal of the first part is a refusal of the file."""
    home.api.next_create(answer_with(Refused(413, "too-large", "It is too large.", "Split it.")))
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.rest()
    assert home.report("people.csv")["reason"]["code"] == "too-large"
    assert len(home.api.sent) == 1


def test_parts_that_went_in_are_not_sent_again(home: Home) -> None:
    """An agent that starts anew after two parts sends the third, and only that."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.run_until(lambda: len(home.api.imports) == 2)
    home.clock.advance(100)
    home.start()
    home.rest()
    assert [each.content for each in home.api.sent] == [contacts(2, first=n) for n in (0, 2, 4)]
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_file_changed_between_its_parts_is_held(home: Home) -> None:
    """What was checked is not what lies there now, and part of it is in: a person decides."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.run_until(lambda: bool(home.api.imports))
    (payload,) = home.payloads()
    payload.write_bytes(contacts(6, name="Eva"))
    home.rest()
    job = home.job("people.csv")
    assert job.stage is Stage.HELD
    assert job.reason is not None
    assert job.reason.code == "payload-changed"
    assert len(home.api.sent) == 1


def test_a_file_changed_between_its_parts_can_be_let_go(home: Home) -> None:
    """Released as failed, it is filed with what became of the part that went in."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(6))
    home.run_until(lambda: bool(home.api.imports))
    (payload,) = home.payloads()
    payload.write_bytes(contacts(6, name="Eva"))
    home.rest()
    home.journal.decide(Decision(home.job("people.csv").id, Choice.FAIL))
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", "given-up")
    assert report["totals"]["success"] == 2
