"""What a terminal shows while files are imported."""

import io

from rich.console import Console

from dropbox_agent.cli.screen import Screen
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import Stage
from dropbox_agent.errors import TryLater
from tests.jobs import an_import, job_at

WHY = TryLater("There is no way to the server.", hint="Plug it in.", code="network-down")


class Terminal:
    """A terminal 80 columns wide that remembers what was written."""

    def __init__(self) -> None:
        self._written = io.StringIO()
        self.console = Console(file=self._written, force_terminal=True, width=80, color_system=None)

    @property
    def text(self) -> str:
        """All that was written."""
        return self._written.getvalue()


def test_a_file_under_way_has_a_bar_with_its_rows() -> None:
    """It says what is being done, and how many rows are through."""
    terminal = Terminal()
    job = job_at(Stage.SENT)
    with Screen(terminal.console) as screen:
        screen.stepped(job)
        screen.progressed(job, an_import(status=Status.IN_PROGRESS, success=7))
    assert "importing" in terminal.text
    assert job.name in terminal.text
    assert "7 rows" in terminal.text


def test_a_file_that_is_done_leaves_one_line_that_stays() -> None:
    """With its outcome and counts."""
    terminal = Terminal()
    with Screen(terminal.console) as screen:
        screen.stepped(job_at(Stage.SENT))
        screen.stepped(job_at(Stage.FILED))
    assert terminal.text.count(f"imported contacts {job_at(Stage.FILED).name}") == 1


def test_files_that_wait_are_counted() -> None:
    """Sixty of them would push the one that is being imported off the screen."""
    terminal = Terminal()
    with Screen(terminal.console) as screen:
        screen.stepped(job_at(Stage.CLAIMED))
    assert "1 file" in terminal.text


def test_pauses_and_troubles_are_told_above_the_bars() -> None:
    """With the message and what to do."""
    terminal = Terminal()
    with Screen(terminal.console) as screen:
        screen.paused("sending", WHY, 8.2)
        screen.resumed("sending")
        screen.troubled(WHY, job_at(Stage.CHECKED))
        screen.noticed("The inbox is not being watched.")
    flat = " ".join(terminal.text.split())
    assert "sending is paused: There is no way to the server. Next try in 9 s. Plug it in." in flat
    assert "sending goes on" in flat
    assert "The inbox is not being watched." in flat
