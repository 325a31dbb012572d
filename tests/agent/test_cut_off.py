"""Files whose transfer died: held, completed or rejected, never imported as they are."""

import os
import sys

import pytest

from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.job import Outcome
from dropbox_agent.core.kind import Kind
from tests.drops import contacts, gzipped
from tests.homes import Home
from tests.promises import breaches

HOLD = 120.0
WHOLE = contacts(50) + b'liv@example.com,"Liv\r\nof Oslo"\r\n'
CUT = {
    "within a row": WHOLE[: WHOLE.index(b"customer49") + 5],
    "within quotes": WHOLE[:-4],
}
PLACES = {"within a row": "51", "within quotes": "52"}


@pytest.fixture
def patient(home: Home) -> Home:
    """A home that holds such files for two minutes."""
    home.settle = SettleRules(quiet_seconds=5.0, cut_hold_seconds=HOLD)
    home.start()
    return home


@pytest.mark.parametrize("where", CUT)
def test_a_file_that_is_cut_off_is_rejected_in_the_end(patient: Home, where: str) -> None:
    """With the line and the byte at which it ends, as they were told while it was held."""
    content = CUT[where]
    patient.drop(Kind.CONTACTS, "people.csv", content)
    patient.run_for(HOLD - 20.0)
    (standing,) = patient.overview.drops
    assert standing.gate is Gate.WHOLE
    assert f"line {PLACES[where]}," in standing.why
    patient.run_until(patient.reports)
    report = patient.report("people.csv")
    (issue,) = report["check"]["issues"]
    assert report["outcome"] == Outcome.REJECTED
    assert str(issue["line"]) == PLACES[where]
    for text in (standing.why, issue["message"]):
        assert f"byte {len(content):,}" in text
    assert patient.api.sent == []
    assert breaches(patient) == []


@pytest.mark.parametrize("where", CUT)
def test_a_transfer_that_is_resumed_is_imported_as_a_whole(patient: Home, where: str) -> None:
    """As long as it is on hold, the rest can come; the hold begins anew with every piece."""
    target = patient.drop(Kind.CONTACTS, "people.csv", CUT[where])
    for end in (len(CUT[where]) + 1, len(WHOLE) - 3):
        patient.run_for(HOLD - 20.0)
        assert patient.payloads() == []
        target.write_bytes(WHOLE[:end])
    target.write_bytes(WHOLE)
    patient.dropped["contacts/people.csv"] = WHOLE
    patient.run_until(patient.reports)
    assert patient.report("people.csv")["outcome"] == Outcome.IMPORTED
    assert breaches(patient) == []


def test_a_compressed_file_that_is_cut_off_is_held_too(patient: Home) -> None:
    """Its compressed data says where it should end."""
    packed = gzipped(WHOLE)
    patient.drop(Kind.CONTACTS, "people.csv.gz", packed[:-3])
    patient.run_for(HOLD - 20.0)
    (standing,) = patient.overview.drops
    assert (standing.gate, f"byte {len(packed) - 3:,}" in standing.why) == (Gate.WHOLE, True)
    patient.run_until(patient.reports)
    assert patient.report("people.csv.gz")["outcome"] == Outcome.REJECTED
    assert breaches(patient) == []


def test_a_file_on_hold_holds_up_no_other(patient: Home) -> None:
    """Those that come later are imported meanwhile."""
    patient.drop(Kind.CONTACTS, "broken.csv", CUT["within a row"])
    patient.run_for(10.0)
    patient.drop(Kind.CONTACTS, "whole.csv", contacts(2))
    patient.run_until(patient.reports)
    assert patient.report("whole.csv")["outcome"] == Outcome.IMPORTED
    assert [each.seen.name for each in patient.overview.drops] == ["broken.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="zeros take room there")
@pytest.mark.parametrize("name", ["big.csv", "big.csv.gz", "big.zip"])
def test_a_file_as_large_as_a_disk_holds_up_no_other(patient: Home, name: str) -> None:
    """A terabyte that is not filled yet is never read through to find that out."""
    os.truncate(patient.drop(Kind.CONTACTS, name, b"PK\3\4"), 1 << 40)
    patient.drop(Kind.CONTACTS, "small.csv", contacts(2))
    patient.run_until(patient.reports)
    assert patient.report("small.csv")["outcome"] == Outcome.IMPORTED
    (standing,) = patient.overview.drops
    assert (standing.seen.name, standing.gate) == (name, Gate.WHOLE)
