"""Names of jobs' files in the archive: unique, sortable, and readable for the sender."""

import re
from datetime import UTC, datetime

from dropbox_agent.core.job import Job, JobId

MAX_NAME_BYTES = 255
"""The longest file name of common Linux and Windows file systems."""

PLAIN_ENDING = ".csv"
ZIP_ENDING = ".zip"
PAYLOAD_ENDINGS = (".csv.gz", PLAIN_ENDING, ZIP_ENDING)
"""How the names of drops end, in any case: a CSV, or one that is compressed."""

REPORT_ENDING = ".report.json"
ERRORS_ENDING = ".errors.csv"
LONGEST_ENDING = max(map(len, (REPORT_ENDING, ERRORS_ENDING, *PAYLOAD_ENDINGS)))

_OF_A_JOB = re.compile(r"\d{8}T\d{6}Z-([^-.]+)-")

FORBIDDEN = set('<>:"/\\|?*')
"""What Windows does not allow in a name; an archive may lie on a share."""


def readable(name: str) -> str:
    """Return a file name with all that cannot be shown, or not be stored anywhere, replaced.

    The result never leaves its folder, begins with a dot or a dash, or ends with a dot or a space.
    """
    shown = "".join("_" if each in FORBIDDEN or not each.isprintable() else each for each in name)
    return shown.lstrip(".-").rstrip(". ") or "unnamed"


def shown(text: str) -> str:
    """Return a text on one line, with all that cannot be shown escaped.

    So a name cannot steer a terminal or forge a line, and bytes that are no text can be stored.
    """
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def payload_ending(name: str) -> str:
    """Return the ending of a drop's name in small letters, which it keeps in the archive."""
    folded = name.lower()
    return next((each for each in PAYLOAD_ENDINGS if folded.endswith(each)), PLAIN_ENDING)


def is_compressed(name: str) -> bool:
    """Whether a drop of this name has to be expanded before it is a CSV."""
    return payload_ending(name) != PLAIN_ENDING


def archived_as(job: Job) -> str:
    """Return the archive name of a judged job's payload."""
    return f"{job.stem}{payload_ending(job.name)}"


def report_of(job: Job) -> str:
    """Return the name of a judged job's report."""
    return f"{job.stem}{REPORT_ENDING}"


def stem_of(job: Job) -> str:
    """Return the archive name of a job's payload without its ending."""
    return stem(job.received_at, job.id, job.name)


def stem(at: datetime, job_id: JobId, name: str) -> str:
    """Return the archive name of a payload without its ending: ``<UTC time>-<job>-<name>``.

    Cut so that the longest ending still fits. What an earlier stay in the archive has put in front
    of the name is left out: a file may come back more than once.

    Args:
        at: When the file was claimed, with a time zone.
        job_id: Makes the name unique.
        name: The sender's name for the file.
    """
    base = readable(name)
    if base.lower().endswith(PAYLOAD_ENDINGS):
        base = base[: -len(payload_ending(base))]
    while before := _OF_A_JOB.match(base):
        base = base[before.end() :]
    time = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    whole = f"{time}-{job_id}-{base}".encode()[: MAX_NAME_BYTES - LONGEST_ENDING]
    return whole.decode(errors="ignore").rstrip(". ")


def job_in(name: str) -> JobId | None:
    """Tell the job from the name of a file in the archive, even if more was put in front of it.

    None if it is not named like one.
    """
    found = _OF_A_JOB.search(name)
    return JobId(found[1]) if found else None
