"""Fills an archive as if many thousand files had been imported: by copies of the one that was."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from dropbox_agent.folders import JOURNAL_NAME


def fill_archive(home: Path, files: int) -> None:
    """Make many of the one job that has been filed at a home; no agent may be running there."""
    with closing(sqlite3.connect(home / "state" / JOURNAL_NAME)) as journal, journal:
        ((job,),) = journal.execute("SELECT id FROM jobs").fetchall()
        ids = [f"{job[0]}{number:07}" for number in range(files - 1)]
        journal.executemany(
            "INSERT INTO jobs (id, kind, stage, outcome, step, record, issues)"
            " SELECT ?1, kind, stage, outcome, step + ?2, replace(record, id, ?1), issues"
            " FROM jobs WHERE id = ?3",
            ((each, number, job) for number, each in enumerate(ids, 1)),
        )
    filed = [path for path in (home / "processed").glob("*/*") if job in path.name]
    for path in filed:
        for each in ids:
            shutil.copyfile(path, path.with_name(path.name.replace(job, each)))
