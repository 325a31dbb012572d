"""The hook is run once for each outcome, whatever comes between, and never holds up anybody."""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dropbox_agent.adapters.hooks import Hook, Hooks, Notes, Papers, plain_environ
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.settings.reading import HOOK_VARIABLES
from tests.crashes import QuickJournal
from tests.jobs import job_at, new_job
from tests.witnesses import RecordingWitness

PATIENCE = 60.0
TELLS = """\
import json, os, sys
with open("told", "a") as told:
    print(json.dumps([dict(os.environ), sys.stdin.read()]), file=told)
"""
SLEEPS = "import time; open('begun', 'w').close(); time.sleep(600)"


@dataclass
class Office:
    """A home with a hook, without an agent.

    Attributes:
        folder: The home.
        journal: Knows the jobs.
        witness: Told what goes wrong.
        code: What the hook does.
        outcomes: After which it is run.
    """

    folder: Path
    journal: QuickJournal
    code: str = TELLS
    outcomes: frozenset[Outcome] = frozenset(Outcome)
    seconds: float = PATIENCE
    witness: RecordingWitness = field(default_factory=RecordingWitness)
    idle: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def open(self, grace_seconds: float = 0.0) -> Iterator[Hooks]:
        """Run hooks until the block ends."""
        hook = Hook(
            (sys.executable, "-c", self.code),
            self.folder,
            plain_environ(os.environ),
            self.seconds,
            self.outcomes,
        )
        hooks = Hooks(
            hook,
            self.notes,
            self.journal,
            papers=self.papers,
            witness=self.witness,
            ring=self.idle.set,
        )
        try:
            yield hooks
        finally:
            hooks.stop(grace_seconds)

    @property
    def notes(self) -> Notes:
        """The notes of this home."""
        return Notes(self.folder / "notes")

    def papers(self, job: Job) -> Papers:
        """Say where everything lies."""
        return Papers(self.folder / f"{job.id}.report.json", self.folder / f"{job.id}.csv")

    def filed(self, number: int = 1) -> Job:
        """File one more job."""
        job = job_at(Stage.FILED, self.journal.add(new_job(number=number)))
        self.journal.save(job)
        self.papers(job).report.write_bytes(b'{"number": %d}\n' % number)
        self.papers(job).payload.touch()
        return job

    def tell(self, hooks: Hooks, *jobs: Job) -> None:
        """Tell of jobs, and wait until the hooks have been run."""
        for job in jobs:
            hooks.tell(job)
        self.wait(hooks)

    def wait(self, hooks: Hooks) -> None:
        """Wait until nothing is left to be run."""
        while not hooks.is_idle:
            assert self.idle.wait(PATIENCE)
            self.idle.clear()

    @property
    def told(self) -> list[tuple[dict[str, str], str]]:
        """What each run of the hook has found in its environment and on standard input."""
        path = self.folder / "told"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
        return [tuple(json.loads(line)) for line in lines]

    @property
    def told_of(self) -> list[str]:
        """The jobs for which the hook was run, in order."""
        return [environ["AGENT_JOB"] for environ, _ in self.told]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Make a home with a hook."""
    with QuickJournal(tmp_path / "journal") as journal:
        yield Office(tmp_path, journal)


def test_it_gets_the_report_and_who_it_is_about(office: Office) -> None:
    """The report's own bytes, and what a script needs to know without reading them."""
    job = office.filed()
    with office.open() as hooks:
        office.tell(hooks, job)
    ((environ, given),) = office.told
    assert given == '{"number": 1}\n'
    about = {name: text for name, text in environ.items() if name.startswith("AGENT_")}
    assert about.keys() == HOOK_VARIABLES
    assert about == {
        "AGENT_JOB": "c1",
        "AGENT_KIND": "contacts",
        "AGENT_OUTCOME": "imported",
        "AGENT_NAME": "customers.csv",
        "AGENT_REPORT": str(office.folder / "c1.report.json"),
        "AGENT_PAYLOAD": str(office.folder / "c1.csv"),
    }
    assert office.notes.all() == []
    assert (office.witness.troubles, office.witness.notices) == ([], [])


def test_a_file_that_somebody_took_away_is_not_named(office: Office) -> None:
    """A script need not look itself."""
    job = office.filed()
    office.papers(job).payload.unlink()
    with office.open() as hooks:
        office.tell(hooks, job)
    assert "AGENT_PAYLOAD" not in office.told[0][0]


def test_jobs_are_told_one_after_the_other_in_the_order_of_filing(office: Office) -> None:
    """However fast they come."""
    jobs = [office.filed(number) for number in range(1, 6)]
    with office.open() as hooks:
        office.tell(hooks, *jobs)
    assert office.told_of == [job.id for job in jobs]


def test_a_job_is_only_told_when_it_is_filed(office: Office) -> None:
    """Being judged is not the end: its report is not there yet."""
    judged = job_at(Stage.JUDGED, office.journal.add(new_job()))
    office.journal.save(judged)
    with office.open() as hooks:
        office.tell(hooks, judged, office.filed(2))
    assert office.told_of == ["c2"]
    assert office.notes.all() == ["c1"]


def test_outcomes_that_nobody_asked_for_are_left_out(office: Office) -> None:
    """No note, no run."""
    office.outcomes = frozenset({Outcome.FAILED})
    with office.open() as hooks:
        office.tell(hooks, office.filed())
    assert office.told == []
    assert office.notes.all() == []


def test_one_that_fails_is_a_warning_and_is_not_repeated(office: Office) -> None:
    """The next one is run all the same."""
    office.code = f"{TELLS}sys.exit(3)"
    with office.open() as hooks:
        office.tell(hooks, office.filed(1), office.filed(2))
    assert office.told_of == ["c1", "c2"]
    assert office.witness.troubles == [("hook-failed", "customers.csv")] * 2
    assert office.notes.all() == []


def test_one_that_takes_too_long_is_a_warning_and_is_not_repeated(office: Office) -> None:
    """Its time is over."""
    office.code, office.seconds = SLEEPS, 0.2
    with office.open() as hooks:
        office.tell(hooks, office.filed())
    assert office.witness.troubles == [("hook-timeout", "customers.csv")]
    assert office.notes.all() == []


def test_one_that_cannot_be_started_is_a_warning(office: Office) -> None:
    """Somebody has removed the folder that it is run in."""
    job = office.filed()
    report = office.papers(job).report
    papers = Papers(report, office.folder / "gone")
    hook = Hook((str(office.folder / "gone"),), office.folder, {}, PATIENCE, frozenset(Outcome))
    hooks = Hooks(
        hook, office.notes, office.journal, papers=lambda _: papers, witness=office.witness,
        ring=office.idle.set,
    )  # fmt: skip
    office.tell(hooks, job)
    hooks.stop(0.0)
    assert office.witness.troubles == [("hook-not-started", "customers.csv")]


def test_one_with_a_nul_in_a_word_is_a_warning(office: Office) -> None:
    """No system can start it; it is not tried for ever."""
    office.code = "\0"
    with office.open() as hooks:
        office.tell(hooks, office.filed())
    assert office.witness.troubles == [("hook-not-started", "customers.csv")]
    assert office.notes.all() == []


def test_one_that_the_machine_has_no_room_for_is_run_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is no fault of the hook; it is told once for all files that wait."""
    monkeypatch.setattr(tempfile, "tempdir", str(office.folder / "full"))
    for number in (1, 2, 3):
        office.notes.add(office.filed(number).id)
    with office.open() as hooks:
        office.wait(hooks)
        assert office.witness.troubles == [("hook-put-off", "customers.csv")]
        assert office.notes.all() == ["c1", "c2", "c3"]
        monkeypatch.setattr(tempfile, "tempdir", None)
        office.tell(hooks, office.filed(4))
    assert office.told_of == ["c1", "c2", "c3", "c4"]
    assert office.notes.all() == []


def test_a_report_that_is_gone_is_a_warning(office: Office) -> None:
    """There is nothing to give to the hook."""
    job = office.filed()
    office.papers(job).report.unlink()
    with office.open() as hooks:
        office.tell(hooks, job)
    assert office.witness.troubles == [("hook-without-report", "customers.csv")]
    assert office.notes.all() == []


def test_what_an_earlier_run_has_left_is_run_first(office: Office) -> None:
    """It was killed between noting and running."""
    for number in (1, 2):
        office.notes.add(office.filed(number).id)
    with office.open() as hooks:
        office.wait(hooks)
    assert office.told_of == ["c1", "c2"]


def test_notes_of_jobs_that_nobody_knows_are_dropped(office: Office) -> None:
    """The journal was lost, or the job was removed from it."""
    office.notes.add(JobId("c99"))
    with office.open() as hooks:
        office.wait(hooks)
    assert office.notes.all() == []


def test_a_stop_ends_the_one_that_runs_and_leaves_the_rest_for_the_next_start(
    office: Office,
) -> None:
    """It says so in one line; the next start runs all of them."""
    office.code = SLEEPS
    jobs = [office.filed(number) for number in (1, 2, 3)]
    with office.open() as hooks:
        for job in jobs:
            hooks.tell(job)
    assert office.notes.all() == ["c1", "c2", "c3"]
    (notice,) = office.witness.notices
    assert "3 files" in notice
    assert office.witness.troubles == []

    office.code = TELLS
    with office.open() as hooks:
        office.wait(hooks)
    assert office.told_of == ["c1", "c2", "c3"]


def test_a_stop_waits_a_little(office: Office) -> None:
    """Short hooks are run to the end."""
    with office.open(PATIENCE) as hooks:
        for number in (1, 2):
            hooks.tell(office.filed(number))
    assert office.told_of == ["c1", "c2"]
    assert office.witness.notices == []


def test_a_journal_that_cannot_be_read_keeps_the_note(office: Office) -> None:
    """It is tried again with the next file, or at the next start."""
    job = office.filed()
    office.journal.close()
    with office.open() as hooks:
        office.tell(hooks, job)
    assert {code for code, _ in office.witness.troubles} == {"journal-trouble"}
    assert office.notes.all() == ["c1"]


def test_a_note_that_cannot_be_made_is_a_warning(office: Office) -> None:
    """The work goes on."""
    (office.folder / "notes").write_bytes(b"in the way")
    with office.open() as hooks:
        hooks.tell(office.filed())
    assert ("hook-not-noted", "customers.csv") in office.witness.troubles
