"""The archive: payloads at their final place, each with its report beside it."""

import errno
import hashlib
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.job import Job
from dropbox_agent.core.mending import Refused, csv_lines, rows_to_fix
from dropbox_agent.core.naming import ERRORS_ENDING, REPORT_ENDING, archived_as
from dropbox_agent.core.report import Json

WITH_ROWS = 0o640
"""What holds rows is never for everybody to read; senders read it through their group."""


class Archive:
    """``processed/`` and ``failed/``, with one folder for each kind."""

    def __init__(self, processed: Path, failed: Path, disk: Disk) -> None:
        """Take the two folders, which may be on other mounts than the inbox."""
        self._processed = processed
        self._failed = failed
        self._disk = disk

    def bring(self, job: Job, source: Path) -> None:
        """Bring a payload to its final place. May be repeated.

        The report comes into the same folder, and makes that durable for both.
        """
        target = self.payload(job)
        if target.exists():
            self._remove_twin(source, target)
            return
        if source.stat(follow_symlinks=False).st_nlink > 1:
            # Whoever has it under another name, too, could change what is filed.
            self._move_across(source, target, self._halfway(job, target))
            return
        try:
            self._disk.move(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._move_across(source, target, self._halfway(job, target))

    def _remove_twin(self, source: Path, target: Path) -> None:
        """Remove the claimed payload of which a crash has left a second one in the archive.

        What is in the archive appeared there whole. Anything else among the claims is not ours.
        """
        if _sha256(source) == _sha256(target):
            self._disk.sync_folder(target.parent)
            self._disk.remove(source)

    def _move_across(self, source: Path, target: Path, halfway: Path) -> None:
        """Bring a file to another mount: copy, compare, rename, then remove the source."""
        self._disk.remove(halfway)
        self._disk.copy(source, halfway)
        if _sha256(source) != _sha256(halfway):
            self._disk.remove(halfway)
            raise OSError(errno.EIO, "the copy differs from the file", str(target))
        self._disk.replace(halfway, target)
        self._disk.sync_folder(target.parent)
        self._disk.remove(source)

    def has(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        return self.payload(job).exists()

    def write_rows_to_fix(self, job: Job, content: Path, refused: Refused) -> None:
        """Put the refused rows of an archived payload beside it. May be repeated.

        Args:
            job: The job.
            content: What is in the payload.
            refused: Which rows of it were refused.
        """
        if job.checked is None:
            raise ValueError(f"job {job.id} was never checked")
        facts = job.checked.facts
        # Where files are in another encoding, the mark keeps this one from being taken for such.
        mark = b"" if facts.encoding == "utf-8" else BOM_UTF8
        with content.open(encoding="utf-8-sig", newline="") as lines:
            rows = rows_to_fix(lines, facts, job.checked.plan, refused)
            pieces = csv_lines(rows, facts.delimiter or ",")
            self._write_whole(job, ERRORS_ENDING, chain([mark], pieces), WITH_ROWS)

    def write_report(self, job: Job, report: Json) -> None:
        """Put the report beside the payload, whole, and all of that durably. May be repeated.

        Payload and rows to fix got their names before it: it is never there without them.
        """
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        self._write_whole(job, REPORT_ENDING, [text.encode()])
        self._disk.sync_folder(self._folder(job))

    def name_follower(self, job: Job, follower: Json) -> None:
        """Name a later job in the report of a filed one. May be repeated.

        Nothing is done if somebody has taken that report away, or written something else there.
        """

        def named(report: Json) -> Json:
            told = report["followed_by"]
            return report if follower in told else {**report, "followed_by": [*told, follower]}

        self._amend(job, named)

    def name_payload(self, job: Job) -> None:
        """Name an archived payload in its report, which was written without it. May be repeated.

        Both are durable then. A report that somebody has taken away is not made anew.
        """

        def named(report: Json) -> Json:
            return {**report, "file": {**report["file"], "archived_as": archived_as(job)}}

        self._amend(job, named)
        self._disk.sync_folder(self._folder(job))

    def _amend(self, job: Job, amended: Callable[[Json], Json]) -> None:
        """Write a report anew if something is to be told in it that is not yet."""
        try:
            text = (self._folder(job) / f"{job.stem}{REPORT_ENDING}").read_text(encoding="utf-8")
            before = json.loads(text)
            after = amended(before)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return
        if after != before:
            self.write_report(job, after)

    def _write_whole(
        self, job: Job, ending: str, chunks: Iterable[bytes], mode: int = 0o644
    ) -> None:
        """Write a file beside the payload, so that it is seen whole or not at all."""
        target = self._folder(job) / f"{job.stem}{ending}"
        halfway = self._halfway(job, target)
        self._disk.write(halfway, chunks, mode)
        self._disk.replace(halfway, target)

    def _halfway(self, job: Job, target: Path) -> Path:
        """Name a file in the making: hidden, short, and the same at the next try."""
        return target.with_name(f".{job.id}.tmp")

    def payload(self, job: Job) -> Path:
        """Say where the payload lies at last."""
        return self._folder(job) / archived_as(job)

    def _folder(self, job: Job) -> Path:
        if job.outcome is None or job.stem is None:
            raise ValueError(f"job {job.id} is not judged yet")
        root = self._failed if job.outcome.is_failure else self._processed
        return root / job.kind


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
