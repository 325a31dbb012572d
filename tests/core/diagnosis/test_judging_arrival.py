"""What is said of mounts, owners, writers and watches."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.arrival import (
    Ownership,
    Probed,
    WatchLimits,
    of_inbox_mount,
    of_others,
    of_probe,
    of_state_mount,
    of_sticky,
    of_watching,
)
from dropbox_agent.core.diagnosis.folders import Cause, Refusal
from dropbox_agent.core.mount import UNKNOWN, Mount
from dropbox_agent.core.sighting import Writer

WHO = "the user shop"


@pytest.mark.parametrize(
    ("mount", "inbox", "state"),
    [
        (Mount.of_type("ext4", "/"), Verdict.OK, Verdict.OK),
        (Mount.of_type("cifs", "/mnt"), Verdict.WARNING, Verdict.FAULT),
        (Mount.of_type("nfs4", "/mnt"), Verdict.WARNING, Verdict.FAULT),
        (Mount.of_type("virtiofs", "/mnt"), Verdict.WARNING, Verdict.WARNING),
        (UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_a_share_does_for_the_inbox_and_not_for_the_state(
    mount: Mount, inbox: Verdict, state: Verdict
) -> None:
    """Locks do not hold on a share; arrivals there are found by listing."""
    assert of_inbox_mount("/drop/inbox", mount, 10.0).verdict is inbox
    assert of_state_mount("/drop/state", mount).verdict is state


def test_the_sticky_bit_binds_all_but_the_owner() -> None:
    """The mend is one command."""
    bound = Ownership("/drop/inbox/contacts", is_sticky=True, may_rename=False)
    assert of_sticky(bound, WHO).verdict is Verdict.FAULT
    assert of_sticky(bound, WHO).mend == "chmod -t /drop/inbox/contacts"
    free = Ownership("/drop/inbox/contacts", is_sticky=True, may_rename=True)
    assert of_sticky(free, WHO).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("unreadable", "foreign", "unknown", "verdict"),
    [
        (1, 3, 2, Verdict.FAULT),
        (0, 3, 2, Verdict.WARNING),
        (0, 3, 0, Verdict.OK),
        (0, 0, 0, Verdict.OK),
    ],
)
def test_files_of_others_are_told_by_what_they_keep_us_from(
    unreadable: int, foreign: int, unknown: int, verdict: Verdict
) -> None:
    """Files that may not be read are worse than those whose writers cannot be told."""
    owned = Ownership("/d", False, False, 5, foreign, unreadable, unknown, "a.csv")
    found = of_others(owned, WHO)
    assert found.verdict is verdict
    assert ("CAP_LEASE" in found.mend) is (verdict is Verdict.WARNING)


@pytest.mark.parametrize(
    ("closed", "opened", "verdict"),
    [
        (Writer.FREE, Writer.BUSY, Verdict.OK),
        (Writer.UNKNOWN, Writer.UNKNOWN, Verdict.WARNING),
        (Writer.FREE, Writer.FREE, Verdict.WARNING),
        (Writer.BUSY, Writer.BUSY, Verdict.WARNING),
    ],
)
def test_the_probe_for_writers_has_to_tell_both_cases(
    closed: Writer, opened: Writer, verdict: Verdict
) -> None:
    """Where it cannot, the quiet time counts double."""
    assert of_probe(Probed(closed, opened)).verdict is verdict


def test_a_probe_that_could_not_be_tried_says_nothing() -> None:
    """The folder's own finding tells why."""
    refused = Refusal("make a file", Cause.RIGHTS, "Permission denied")
    assert of_probe(Probed(refused=refused)).verdict is Verdict.UNKNOWN


def limits(refused: str | None = None, folders: int = 5) -> WatchLimits:
    """Make limits of which most is used."""
    return WatchLimits(128, 8192, 127, 8190, refused, folders)


@pytest.mark.parametrize(
    ("found", "is_watching", "verdicts"),
    [
        (None, False, []),
        (limits(folders=2), False, [Verdict.OK]),
        (limits(folders=3), False, [Verdict.WARNING]),
        (limits("Too many open files"), False, [Verdict.WARNING]),
        (limits("Too many open files"), True, [Verdict.OK]),
    ],
)
def test_a_limit_that_is_reached_is_told_unless_the_agent_has_its_share(
    *, found: WatchLimits | None, is_watching: bool, verdicts: list[Verdict]
) -> None:
    """Files are found by listing all the same, so it is no fault."""
    told = list(of_watching(found, is_watching=is_watching))
    assert [each.verdict for each in told] == verdicts
    assert all("sysctl" in each.mend for each in told if each.verdict is Verdict.WARNING)
