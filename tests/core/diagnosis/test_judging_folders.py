"""What is said of folders, and of moving files between them."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.folders import (
    Cause,
    FolderFacts,
    Refusal,
    Shape,
    of_archive,
    of_claim,
    of_folder,
    of_inbox,
    of_syncing,
)
from dropbox_agent.core.diagnosis.starting import reason_to_stop
from dropbox_agent.errors import BadConfiguration, NoPermission

WHO = "the user shop"
DENIED = Refusal("make a file", Cause.RIGHTS, "Permission denied")
ELSEWHERE = Refusal("rename a file", Cause.OTHER_MOUNT, "Invalid cross-device link")
FULL = Refusal("make a file", Cause.FULL, "No space left on device")


def test_a_folder_that_works_needs_no_mend() -> None:
    """It is told what works."""
    found = of_folder("state", FolderFacts("/drop/state", Shape.FOLDER), WHO)
    assert (found.verdict, found.mend) == (Verdict.OK, "")


@pytest.mark.parametrize(
    ("facts", "verdict", "word"),
    [
        (FolderFacts("/d", Shape.NO_FOLDER), Verdict.FAULT, "init"),
        (FolderFacts("/d", Shape.MISSING), Verdict.WARNING, "init"),
        (FolderFacts("/d", Shape.FOLDER, DENIED), Verdict.FAULT, "2770"),
        (
            FolderFacts("/d", Shape.FOLDER, Refusal("make a file", Cause.READ_ONLY, "Read-only")),
            Verdict.FAULT,
            "ReadWritePaths",
        ),
        (FolderFacts("/d", Shape.FOLDER, FULL), Verdict.FAULT, "room"),
        (
            FolderFacts("/d", Shape.FOLDER, Refusal("list the files", Cause.OTHER, "I/O error")),
            Verdict.FAULT,
            "disk",
        ),
        (FolderFacts("/d", Shape.FOLDER, left_behind="/d/.x"), Verdict.FAULT, "/d/.x"),
    ],
)
def test_each_trouble_with_a_folder_has_its_mend(
    facts: FolderFacts, verdict: Verdict, word: str
) -> None:
    """What is to be done depends on why it was refused."""
    found = of_folder("state", facts, WHO)
    assert found.verdict is verdict
    assert word in found.mend


def test_without_an_inbox_nothing_goes() -> None:
    """Other folders are made by the next start; a missing inbox may be a share that is away."""
    missing = FolderFacts("/drop/inbox", Shape.MISSING)
    assert of_inbox("inbox", missing, WHO).verdict is Verdict.FAULT
    assert "share" in of_inbox("inbox", missing, WHO).mend
    assert of_inbox("inbox", FolderFacts("/drop/inbox", Shape.FOLDER), WHO).verdict is Verdict.OK


def test_claims_cannot_cross_mounts_and_archives_can() -> None:
    """A claim is a rename; a payload is copied where it cannot be renamed."""
    claim = of_claim("/drop/inbox/contacts", "/drop/inbox/.claimed", ELSEWHERE, WHO)
    assert claim.verdict is Verdict.FAULT
    assert "ReadWritePaths" in claim.mend
    archive = of_archive("filing", "/drop/inbox", "/archive", ELSEWHERE)
    assert archive.verdict is Verdict.OK
    assert "copied" in archive.found
    assert of_archive("filing", "/drop/inbox", "/archive", DENIED).verdict is Verdict.FAULT


@pytest.mark.parametrize("cause", [Cause.RIGHTS, Cause.READ_ONLY, Cause.FULL, Cause.OTHER])
def test_a_claim_may_be_kept_from_either_folder(cause: Cause) -> None:
    """A rename takes something from one and puts it into the other: the mend names both."""
    refused = Refusal("rename a file", cause, "it says why")
    mend = of_claim("/drop/inbox/contacts", "/drop/inbox/.claimed", refused, WHO).mend
    assert "/drop/inbox/contacts" in mend
    assert "/drop/inbox/.claimed" in mend


def test_what_cannot_be_synced_is_a_fault() -> None:
    """Nothing that the journal says would survive a power cut."""
    refused = Refusal("sync a file", Cause.OTHER, "I/O error")
    assert of_syncing("/drop/state", refused).verdict is Verdict.FAULT
    assert of_syncing("/drop/state", None).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("refusals", "stop"),
    [
        ([None, DENIED], None),
        ([DENIED, FULL], None),
        ([FULL, FULL], None),
        ([], None),
        ([DENIED, DENIED], NoPermission),
        ([DENIED, ELSEWHERE], NoPermission),
        ([ELSEWHERE, ELSEWHERE], BadConfiguration),
    ],
)
def test_a_start_is_stopped_only_when_no_file_can_ever_be_taken(
    refusals: list[Refusal | None], stop: type[Exception] | None
) -> None:
    """What passes by itself, such as a full disk, stops nothing."""
    told = reason_to_stop(refusals, of_claim("/a", "/b", DENIED, WHO))
    assert (type(told) if told else None) is stop
