"""Stories of files in a home in which everything that lasts can fail or crash."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.dropnames import COLUMNS_NAME
from dropbox_agent.core.duplicates import Duplicates
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.imports import (
    Accepted,
    Import,
    ImportId,
    ImportOptions,
    OutcomeUnknown,
    Refused,
    SendAnswer,
    Status,
)
from dropbox_agent.core.job import JobId, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.crashes import Fuse, FusedApi, FusedDisk, FusedJournal, FusedSpool
from tests.drops import contacts, gzipped, products, vouchers, zipped
from tests.fakes import answer_with, lose_answer_after_accepting, lose_answer_before_accepting
from tests.homes import Home
from tests.promises import breaches
from tests.stand_ins import NoStatusFile

SET = "61fa54f238319b3bf1990fdc"
FIRST_IMPORT = ImportId(f"{1:024x}")
REFUSED = Refused(422, "validation-error", "The delimiter is wrong.", "Mend it.")


@dataclass(frozen=True)
class Story:
    """Something that happens to a home, and what must have become of its drops in the end.

    Attributes:
        begin: Drops them.
        ends: The outcome of each.
        either_way: Whether the drops may change places: a claim that fails comes later.
    """

    begin: Callable[["FusedHome"], object]
    ends: dict[str, Outcome]
    either_way: bool = False


class FusedHome(Home):
    """A home in which everything that lasts can fail or crash.

    Attributes:
        fuse: Is passed by every change, and by every send.
        decide: What a person says about a job that is held.
    """

    api: FusedApi
    decide: Callable[[JobId], Decision] | None = None

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fuse = Fuse()
        self._decided = set[JobId]()
        self.disk = FusedDisk(self.fuse)
        self.api = FusedApi(self.clock, self.fuse)
        self.open_journal = lambda path: FusedJournal(path, self.fuse)
        self.status_file = NoStatusFile()

    def rest(self) -> None:
        """Come to rest; a person decides about what is held, once, and it goes on from there."""
        super().rest()
        held = [job.id for job in self.agent.jobs if job.stage is Stage.HELD]
        if self.decide and (undecided := set(held) - self._decided):
            for each in undecided:
                self.journal.decide(self.decide(each))
                self._decided.add(each)
        while self._waits_for_a_decision():
            self.run_for(1)
            super().rest()

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is under way, and nothing keeps the agent from seeing new drops."""
        return super().is_at_rest and not any(
            name.startswith("looking") for name, _ in self.overview.pauses
        )

    def _waits_for_a_decision(self) -> bool:
        """Whether a decision about a held job is still to be carried out."""
        decided = {each.job_id for each in self.journal.decisions()}
        return any(job.id in decided for job in self.agent.jobs)

    @property
    def outcomes(self) -> dict[str, str]:
        """What became of each file on which there is a report."""
        return {report["file"]["name"]: report["outcome"] for _, report in self.reports()}


class PeeringHome(FusedHome):
    """A home in which looking at files can fail as well."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.open_spool = partial(FusedSpool, fuse=self.fuse)


def _imported(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "imported.csv", contacts(3))


def _partial(home: FusedHome) -> None:
    home.api.faulty_rows = 1
    home.drop(Kind.PRODUCTS, "partial.csv", products(3))


def _rows_to_fix(home: FusedHome) -> None:
    home.api.faulty_rows = 1
    home.api.refused = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"
    home.drop(Kind.CONTACTS, "to-fix.csv", contacts(3))


def _rejected(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "rejected.csv", b"_email;_email\na@example.com;b@example.com\n")


def _refused(home: FusedHome) -> None:
    home.api.next_create(*[answer_with(REFUSED)] * 3)
    home.drop(Kind.CONTACTS, "refused.csv", contacts(3))


def _cancelled(home: FusedHome) -> None:
    def accept_and_cancel(accept: Callable[[], Import]) -> SendAnswer:
        home.api.end((made := accept()).id, Status.CANCELLED)
        return Accepted(made)

    home.api.next_create(accept_and_cancel)
    home.drop(Kind.CONTACTS, "cancelled.csv", contacts(3))


def _three_parts(home: FusedHome) -> None:
    home.policy = CheckPolicy(max_slice_bytes=70)
    home.drop(Kind.CONTACTS, "parts.csv", contacts(6))


def _compressed(home: FusedHome) -> None:
    home.policy = CheckPolicy(max_slice_bytes=70)
    home.api.faulty_rows = 1
    home.api.refused = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"
    home.drop(Kind.CONTACTS, "packed.csv.gz", gzipped(contacts(4)))
    home.drop(Kind.PRODUCTS, "two.zip", zipped(b"", b"", names=("1.csv", "2.csv")))


def _vouchers(home: FusedHome) -> None:
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _lost_answers(home: FusedHome) -> None:
    home.api.next_create(lose_answer_before_accepting(), lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _held_and_sent_again(home: FusedHome) -> None:
    _hold_and_decide(home, Choice.RESEND, taken=False)


def _held_and_accepted(home: FusedHome) -> None:
    _hold_and_decide(home, Choice.ACCEPT, FIRST_IMPORT, taken=True)


def _hold_and_decide(
    home: FusedHome, choice: Choice, import_id: ImportId | None = None, *, taken: bool
) -> None:
    """Lose an answer while other programs import the like, and decide about what is held."""

    def lose_answer(accept: Callable[[], Import]) -> SendAnswer:
        if taken:
            accept()
        for _ in range(1 if taken else 2):
            other = home.api.start_in_app(Kind.VOUCHERS, rows=3)
            home.api.claim(other.id, origin="api", options=ImportOptions(coupon_set=SET))
        return OutcomeUnknown(TryLater("It is not known.", hint="Look.", code="network-down"))

    home.api.next_create(lose_answer)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.decide = lambda job_id: Decision(job_id, choice, import_id)


def _twice(home: FusedHome) -> None:
    home.duplicates = Duplicates({Kind.VOUCHERS})
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.drop(Kind.VOUCHERS, "codes-again.csv", vouchers(3), folder=SET)


def _other_mount(home: FusedHome) -> None:
    home.disk.mounts = (home.folders.processed,)
    home.drop(Kind.CONTACTS, "moved.csv", contacts(3))


def _marked(home: FusedHome) -> None:
    home.settle = SettleRules(done_suffix=".done")
    whole = home.drop(Kind.CONTACTS, "marked.csv", contacts(3))
    whole.with_name("marked.csv.done").write_bytes(b"rows=3\n")
    short = home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    short.with_name("codes.done").write_bytes(b"")


def _reshaped(home: FusedHome) -> None:
    columns = home.folders.inbox / Kind.CONTACTS / COLUMNS_NAME
    columns.write_text('drop = ["Note"]\n[columns]\n"Mail" = "_email"\n', encoding="utf-8")
    home.policy = CheckPolicy(max_slice_bytes=60)
    rows = "".join(f"customer{number}@example.com;x;;\r\n" for number in range(4))
    home.drop(Kind.CONTACTS, "reshaped.csv", f"Mail;Note;;\r\n{rows}".encode())


def _several(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "first.csv", contacts(3))
    home.drop(Kind.CONTACTS, "second.csv", contacts(3, name="Eva"))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(2))


def _several_side_by_side(home: FusedHome) -> None:
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "default.csv", vouchers(3), folder=SET)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))


STORIES = {
    "imported": Story(_imported, {"imported.csv": Outcome.IMPORTED}),
    "partial": Story(_partial, {"partial.csv": Outcome.PARTIAL}),
    "rows to fix": Story(_rows_to_fix, {"to-fix.csv": Outcome.PARTIAL}),
    "rejected": Story(_rejected, {"rejected.csv": Outcome.REJECTED}),
    "refused": Story(_refused, {"refused.csv": Outcome.FAILED}),
    "cancelled": Story(_cancelled, {"cancelled.csv": Outcome.FAILED}),
    "three parts": Story(_three_parts, {"parts.csv": Outcome.IMPORTED}),
    "compressed": Story(
        _compressed, {"packed.csv.gz": Outcome.PARTIAL, "two.zip": Outcome.REJECTED}
    ),
    "reshaped": Story(_reshaped, {"reshaped.csv": Outcome.IMPORTED}),
    "vouchers": Story(_vouchers, {"codes.csv": Outcome.IMPORTED}),
    "lost answers": Story(_lost_answers, {"codes.csv": Outcome.IMPORTED}),
    "sent again": Story(_held_and_sent_again, {"codes.csv": Outcome.IMPORTED}),
    "accepted": Story(_held_and_accepted, {"codes.csv": Outcome.IMPORTED}),
    "duplicate": Story(
        _twice,
        {"codes.csv": Outcome.IMPORTED, "codes-again.csv": Outcome.DUPLICATE},
        either_way=True,
    ),
    "other mount": Story(_other_mount, {"moved.csv": Outcome.IMPORTED}),
    "marked": Story(_marked, dict.fromkeys(("marked.csv", "codes.csv"), Outcome.IMPORTED)),
    "several": Story(
        _several,
        dict.fromkeys(("first.csv", "second.csv", "chairs.csv"), Outcome.IMPORTED),
    ),
    "side by side": Story(
        _several_side_by_side, dict.fromkeys(("default.csv", "chairs.csv"), Outcome.IMPORTED)
    ),
}

each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def points_of(story: Story, root: Path, home_type: type[FusedHome] = FusedHome) -> list[str]:
    """Run a story undisturbed and list the points it passes."""
    with home_type(root) as home:
        story.begin(home)
        home.rest()
        assert faults_of(home, story) == []
        return home.fuse.points


def faults_of(home: FusedHome, story: Story) -> list[str]:
    """Name every promise that is not kept, and every other end than the story's own."""
    faults = breaches(home)
    ends, outcomes = story.ends, home.outcomes
    swapped = story.either_way and sorted(outcomes.values()) == sorted(ends.values())
    if outcomes != ends and not (swapped and outcomes.keys() == ends.keys()):
        faults.append(f"outcomes are {outcomes}")
    return faults
