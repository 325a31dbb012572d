"""The mark by which an agent knows its inbox again.

An unmounted share looks like an empty folder, and a share that was replaced like a folder with
other files. So the claims folder holds a mark that is also noted in the state folder: where they
differ, what is there is not our inbox, and says nothing about our files.
"""

import json
import secrets
from os.path import realpath
from pathlib import Path
from typing import Any, Final

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.errors import BadConfiguration, TryLater

MARK_NAME: Final = "home.txt"


class InboxMark:
    """Knows one inbox from others that may be seen in its place."""

    def __init__(self, claims: Path, note: Path, disk: Disk) -> None:
        """Take the folders.

        Args:
            claims: The claims folder, in which the mark lies.
            note: The file in the state folder that tells which mark to expect, and where.
            disk: Makes every change.
        """
        self._mark = claims / MARK_NAME
        self._note = note
        self._disk = disk
        self._expected, self._earlier = self._noted()

    @property
    def is_expected(self) -> bool:
        """Whether an earlier run has left its mark at this place."""
        return self._expected is not None

    def leave(self) -> None:
        """Leave a mark in a claims folder that has none, and note it. May be repeated.

        A folder in which the expected mark is missing gets one of its own: the mark that is missing
        may lie on a share that is not mounted, and two folders with one mark could not be told
        apart. That other one is remembered, and taken for ours again on request.

        Raises:
            BadConfiguration: The mark is that of another home.
            OSError: It cannot be read or written.
        """
        found = self._found()
        if self._expected and found not in {None, self._expected, *self._earlier}:
            raise BadConfiguration(
                f"The inbox {self._mark.parent.parent} belongs to another home of dropbox-agent.",
                hint="Give each home an inbox of its own in agent.env. If that other home is gone "
                f"for good, remove the file {self._mark} by hand.",
                code="inbox-of-another-home",
            )
        mark = found or secrets.token_hex(8)
        if found is None and self._expected:
            self._note_down(mark)  # first: with a mark that nobody noted it would be another home's
        if found is None:
            self._write(self._mark, f"{mark}\n")
        if mark != self._expected:
            # A mark that was found may be from a run that ended before it was durable.
            self._disk.sync_folder(self._mark.parent)
            self._note_down(mark)

    def _note_down(self, mark: str) -> None:
        """Expect a mark from now on, and remember the one that was expected before."""
        if self._expected not in {None, mark, *self._earlier}:
            self._earlier.append(str(self._expected))
        inbox = self._mark.parent.parent
        note = {"mark": mark, "inbox": str(inbox), "resolved": realpath(inbox)}
        earlier = {"earlier": self._earlier} if self._earlier else {}
        self._write(self._note, json.dumps(note | earlier))
        self._expected = mark

    def need(self) -> None:
        """See that this is still our inbox; where none is expected, that cannot be told.

        Raises:
            TryLater: It is not there, or another one is.
        """
        try:
            found = self._found()
        except OSError as error:
            raise self._away(f"{self._mark.parent}: {error.strerror or error}") from error
        if self._expected in {None, found}:
            return
        noted, earlier = self._noted()
        if noted is not None:  # somebody may have asked for it meanwhile
            self._expected, self._earlier = noted, earlier
        if self._expected != found:
            raise self._away("what is there is not the folder that the agent worked on")

    def _away(self, why: str) -> TryLater:
        return TryLater(
            f"The inbox {self._mark.parent.parent} is not available: {why}.",
            hint="If it is on a share, see that the share is mounted; it goes on by itself. If "
            "you have emptied or replaced the folder on purpose, run 'dropbox-agent init' there.",
            code="inbox-unavailable",
        )

    def _write(self, path: Path, text: str) -> None:
        halfway = path.with_suffix(".tmp")
        self._disk.write(halfway, [text.encode()])
        self._disk.replace(halfway, path)
        self._disk.sync_folder(path.parent)

    def _found(self) -> str | None:
        try:
            return self._mark.read_text(encoding="utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None

    def _noted(self) -> tuple[str | None, list[str]]:
        """Read which mark to expect, and which were expected before.

        A damaged note is none, nor is one on another place; a place may go by several names, and
        a link that was one of them may be gone.
        """
        try:
            note: Any = json.loads(self._note.read_text(encoding="utf-8"))
            here = realpath(self._mark.parent.parent)
            if here in {realpath(note["inbox"]), note.get("resolved")}:
                return str(note["mark"]), [str(each) for each in note.get("earlier", ())]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None, []
