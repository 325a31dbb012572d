"""Receiving drops: real folders, a real journal, and a clock that is set."""

import errno
from collections.abc import Iterator
from contextlib import closing
from math import inf
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.gates import Gate
from dropbox_agent.core.job import JobId, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reception import CHANGED_RETRY_SECONDS, CLAIM_RETRY_SECONDS, NO_ROOM
from dropbox_agent.core.sighting import Writer
from dropbox_agent.errors import TryLater
from tests.crashes import QuickJournal
from tests.yards import CONTENT, QUIET, Yard


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    """Open inboxes without a drop."""
    with closing(QuickJournal(tmp_path / "journal")) as journal:
        yield Yard(tmp_path, journal)


def test_a_drop_is_claimed_when_it_has_settled(yard: Yard) -> None:
    """From then on it is a job: on record, told of, and out of the sender's sight."""
    source = yard.drop("contacts/customers.csv")
    assert yard.look() == []
    assert yard.look(after_seconds=4.75) == []
    assert yard.look(after_seconds=0.25) == ["customers.csv"]
    (job,) = yard.journal.under_way()
    assert (job.id, job.kind, job.stage) == ("c1", Kind.CONTACTS, Stage.CLAIMED)
    assert (job.size, job.folder, job.received_at) == (len(CONTENT), None, yard.clock.now())
    assert yard.witness.steps == [job]
    assert yard.view.opens_at == inf
    assert not source.exists()
    assert (yard.inbox / CLAIMED / "c1" / "customers.csv").read_bytes() == CONTENT


def test_nothing_is_claimed_twice(yard: Yard) -> None:
    """The next file of that name is a job of its own."""
    yard.drop("contacts/customers.csv")
    yard.look()
    assert yard.look(after_seconds=5.0) == ["customers.csv"]
    assert yard.look(after_seconds=5.0) == []
    yard.drop("contacts/customers.csv")
    assert yard.look(after_seconds=5.0) == []
    assert yard.look(after_seconds=5.0) == ["customers.csv"]
    assert [job.id for job in yard.journal.under_way()] == ["c1", "c2"]


def test_drops_get_their_place_in_the_order_they_settled_in(yard: Yard) -> None:
    """It is the order in which they will be sent."""
    yard.drop("contacts/z-first.csv")
    yard.look()
    yard.drop("products/a-second.csv")
    yard.look(after_seconds=1.0)
    assert yard.look(after_seconds=5.0) == ["z-first.csv", "a-second.csv"]
    first, second = yard.journal.under_way()
    assert first.sequence < second.sequence


def test_only_as_many_are_claimed_as_there_is_room_for(yard: Yard) -> None:
    """The others wait in the inbox with every gate open."""
    for number in range(3):
        yard.drop(f"contacts/{number}.csv")
    yard.look()
    assert yard.look(after_seconds=5.0, room=2) == ["0.csv", "1.csv"]
    assert yard.look(room=0) == []
    assert yard.gate() is None
    assert yard.look(room=1) == ["2.csv"]


def test_nothing_is_claimed_onto_a_full_disk(yard: Yard) -> None:
    """It waits in the inbox, and the loop is told what stands in the way."""
    yard.drop("contacts/customers.csv")
    yard.look()
    yard.spool.room = 0
    assert yard.look(after_seconds=5.0) == []
    assert isinstance(yard.trouble, TryLater)
    assert yard.trouble.code == NO_ROOM
    assert "/full/contacts to take on 'contacts/customers.csv' (25 bytes)" in yard.trouble.message
    assert yard.journal.under_way() == []
    yard.spool.room = 1
    assert yard.look() == ["customers.csv"]


def test_what_was_claimed_before_the_disk_was_full_is_not_forgotten(yard: Yard) -> None:
    """It has moved already, and is handed on before the trouble is told."""
    yard.drop("contacts/1.csv")
    yard.drop("contacts/2.csv")
    yard.look()
    yard.spool.room = 1
    assert yard.look(after_seconds=5.0) == ["1.csv"]
    assert isinstance(yard.trouble, TryLater)
    assert [job.name for job in yard.journal.under_way()] == ["1.csv"]


def test_vouchers_remember_the_folder_of_their_set(yard: Yard) -> None:
    """It says where they go."""
    yard.drop("vouchers/SPRING/codes.csv")
    yard.look()
    yard.look(after_seconds=5.0)
    (job,) = yard.journal.under_way()
    assert (job.kind, job.folder, job.name) == (Kind.VOUCHERS, "SPRING", "codes.csv")


def test_what_a_program_has_open_is_not_claimed(yard: Yard) -> None:
    """It is asked about again after another quiet time."""
    asked: list[str] = []

    def busy(path: Path) -> Writer:
        asked.append(path.name)
        return Writer.BUSY

    yard.probe = busy
    yard.drop("contacts/customers.csv")
    yard.look()
    assert yard.look(after_seconds=5.0) == []
    assert yard.look(after_seconds=4.75) == []
    assert yard.gate() is Gate.WRITER
    assert asked == ["customers.csv"]
    yard.probe = lambda _: Writer.FREE
    assert yard.look(after_seconds=0.25) == ["customers.csv"]


def test_no_program_is_asked_about_before_its_file_is_quiet(yard: Yard) -> None:
    """Asking opens the file, which may disturb who writes to it."""

    def disturb(path: Path) -> Writer:
        raise AssertionError(f"{path} is disturbed")

    yard.probe = disturb
    yard.drop("contacts/customers.csv")
    yard.look()
    assert yard.look(after_seconds=4.75) == []


def test_a_drop_that_cannot_be_moved_stays_and_is_tried_again(yard: Yard) -> None:
    """Somebody is told; no job is left on record, and nothing in the claims folder."""
    yard.disk.move_error = PermissionError(errno.EACCES, "Permission denied")
    source = yard.drop("contacts/customers.csv")
    yard.look()
    assert yard.look(after_seconds=5.0) == []
    assert yard.witness.troubles == [("claim-failed", None)]
    assert yard.witness.steps == []
    assert (yard.journal.under_way(), yard.claims()) == ([], [])
    assert source.read_bytes() == CONTENT
    (standing,) = yard.view.drops
    assert (standing.gate, standing.why) == (Gate.CLAIM, "Permission denied")

    yard.disk.move_error = None
    assert yard.look(after_seconds=CLAIM_RETRY_SECONDS - 0.25) == []
    assert yard.look(after_seconds=0.25) == ["customers.csv"]


def test_one_drop_that_cannot_be_moved_holds_up_no_other(yard: Yard) -> None:
    """They have nothing to do with each other."""
    first = yard.drop("contacts/first.csv")
    yard.drop("contacts/second.csv")
    yard.look()

    def in_use(path: Path) -> Writer:
        denied = PermissionError(errno.EACCES, "in use")
        yard.disk.move_error = denied if path == first else None
        return Writer.FREE

    yard.probe = in_use
    assert yard.look(after_seconds=5.0) == ["second.csv"]


def test_a_drop_that_changes_at_the_last_instant_is_not_claimed(yard: Yard) -> None:
    """It is no trouble either: it begins to settle anew."""
    yard.drop("contacts/customers.csv")
    yard.look()

    def more_comes(path: Path) -> Writer:
        path.write_bytes(CONTENT * 2)
        return Writer.FREE

    yard.probe = more_comes
    assert yard.look(after_seconds=5.0) == []
    assert yard.witness.troubles == []
    assert (yard.journal.under_way(), yard.claims()) == ([], [])
    assert yard.gate() is Gate.CLAIM

    yard.probe = lambda _: Writer.FREE
    assert yard.look(after_seconds=CHANGED_RETRY_SECONDS) == []
    assert yard.gate() is Gate.QUIET
    assert yard.look(after_seconds=5.0) == ["customers.csv"]


def test_a_drop_that_is_taken_away_at_the_last_instant_is_forgotten(yard: Yard) -> None:
    """The next listing does not show it any more."""
    yard.drop("contacts/customers.csv")
    yard.look()

    def takes_away(path: Path) -> Writer:
        path.unlink()
        return Writer.FREE

    yard.probe = takes_away
    assert yard.look(after_seconds=5.0) == []
    assert yard.look(after_seconds=CHANGED_RETRY_SECONDS) == []
    assert yard.view.drops == ()
    assert yard.witness.troubles == []


def test_a_drop_that_has_moved_is_ours_whatever_failed_behind_that(yard: Yard) -> None:
    """Its sender cannot see it any more, so nobody else will care for it."""
    yard.drop("contacts/customers.csv")
    yard.look()
    yard.disk.sync_error = OSError(errno.EIO, "Input/output error")
    assert yard.look(after_seconds=5.0) == []
    assert yard.trouble is yard.disk.sync_error
    yard.disk.sync_error = None
    assert yard.look(after_seconds=1.0) == ["customers.csv"]
    assert [job.id for job in yard.journal.under_way()] == ["c1"]
    assert yard.claims() == ["c1", "c1/customers.csv"]


def test_inboxes_that_cannot_be_listed_make_nothing_forgotten(yard: Yard) -> None:
    """A share that is away for a moment does not restart the quiet time."""
    yard.drop("contacts/customers.csv")
    yard.look()
    away = yard.inbox.with_name("away")
    yard.inbox.rename(away)
    assert yard.look(after_seconds=3.0) == []
    assert isinstance(yard.trouble, TryLater)
    assert yard.trouble.code == "inbox-unavailable"
    assert yard.gate() is Gate.QUIET
    away.rename(yard.inbox)
    assert yard.look(after_seconds=2.0) == ["customers.csv"]


def test_it_is_known_when_to_look_again(yard: Yard) -> None:
    """At once when a drop has settled for which there was no room."""
    assert yard.view.opens_at == inf
    yard.drop("contacts/customers.csv")
    yard.look()
    assert yard.view.opens_at == yard.clock.monotonic() + QUIET


def test_hostile_names_are_claimed_and_shown_harmlessly(yard: Yard) -> None:
    """What is on disk keeps its name; what is told is readable."""
    yard.drop("contacts/-rf März \u202e.csv")
    yard.look()
    assert yard.look(after_seconds=5.0) == ["-rf März \\u202e.csv"]
    assert (yard.inbox / CLAIMED / "c1" / "-rf März \u202e.csv").exists()


# Claiming without a listing


def test_what_waits_for_room_is_claimed_without_another_listing(yard: Yard) -> None:
    """In its order; what has come since the listing is not known yet."""
    for number in range(3):
        yard.drop(f"contacts/{number}.csv")
    yard.look()
    assert yard.look(after_seconds=5.0, room=1) == ["0.csv"]
    yard.drop("contacts/new.csv")
    assert yard.claim(room=1) == ["1.csv"]
    assert yard.claim(after_seconds=100.0) == ["2.csv"]
    assert yard.look() == []
    assert yard.look(after_seconds=5.0) == ["new.csv"]


def test_what_was_written_to_since_the_listing_is_not_claimed(yard: Yard) -> None:
    """Its quiet time begins anew, from the moment that we saw it."""
    yard.drop("contacts/first.csv")
    path = yard.drop("contacts/second.csv")
    yard.look()
    assert yard.look(after_seconds=5.0, room=1) == ["first.csv"]
    path.write_bytes(CONTENT * 2)
    assert yard.claim() == []
    assert yard.gate() is Gate.QUIET
    assert yard.claim(after_seconds=4.75) == []
    assert yard.claim(after_seconds=0.25) == ["second.csv"]


def test_what_was_taken_away_since_the_listing_is_forgotten(yard: Yard) -> None:
    """Nothing is recorded for it."""
    yard.drop("contacts/first.csv")
    path = yard.drop("contacts/second.csv")
    yard.look()
    assert yard.look(after_seconds=5.0, room=1) == ["first.csv"]
    path.unlink()
    assert yard.claim() == []
    assert (yard.view.drops, yard.witness.troubles) == ((), [])
    assert len(yard.journal.under_way()) == 1


def test_a_glance_finds_what_is_new_and_claims_nothing_that_has_changed(yard: Yard) -> None:
    """It does not ask for each file; what is claimed is looked at in any case."""
    path = yard.drop("contacts/old.csv")
    yard.look()
    path.write_bytes(CONTENT * 2)
    yard.drop("contacts/new.csv")
    assert yard.look(after_seconds=5.0, closely=False) == []
    assert yard.view.drops_in_sight == 2
    assert yard.look(after_seconds=5.0, closely=False) == ["old.csv", "new.csv"]


def test_a_glance_sees_that_a_file_is_gone(yard: Yard) -> None:
    """A name that is not there any more is no drop."""
    path = yard.drop("contacts/customers.csv")
    yard.look()
    path.unlink()
    yard.look(closely=False)
    assert yard.view.drops_in_sight == 0


# Claimed files that the journal does not know


def test_payloads_are_adopted_when_the_journal_was_lost(yard: Yard) -> None:
    """Their ids tell their kind; importing contacts and products once more does no harm."""
    strays = [yard.stray("c7"), yard.stray("p8", "-chairs.csv")]
    adopted = yard.adopt(strays)
    assert [(job.id, job.kind, job.name) for job in adopted] == [
        ("c7", Kind.CONTACTS, "customers.csv"),
        ("p8", Kind.PRODUCTS, "-chairs.csv"),
    ]
    assert all(job.stage is Stage.CLAIMED and job.size == len(CONTENT) for job in adopted)
    assert adopted[0].sequence < adopted[1].sequence
    assert yard.journal.under_way() == yard.witness.steps == adopted
    assert yard.witness.notices == []


def test_vouchers_are_held_for_a_person_to_decide(yard: Yard) -> None:
    """They must not go in twice; from its first entry on the journal says so."""
    (held,) = yard.adopt([yard.stray("v9")])
    assert (held.stage, held.parts) == (Stage.HELD, ())
    assert held.reason is not None
    assert held.reason.code == "journal-lost"
    assert yard.journal.under_way() == [held]


def test_a_folder_of_somebody_else_among_the_claims_is_told(yard: Yard) -> None:
    """Its name is not that of a job, so nobody knows what it holds."""
    assert yard.adopt([yard.stray("x9")]) == []
    (notice,) = yard.witness.notices
    assert "x9" in notice
    assert yard.journal.under_way() == []


def test_a_payload_whose_job_was_filed_is_left_alone(yard: Yard) -> None:
    """The journal knows it: somebody has put a file there."""
    yard.drop("contacts/customers.csv")
    yard.look()
    yard.look(after_seconds=5.0)
    assert yard.adopt([JobId("c1")]) == []
    assert "c1" in yard.witness.notices[0]
