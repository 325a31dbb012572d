"""The five promises, as questions to a home that has come to rest."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.columns_file import read_columns_file
from dropbox_agent.core.dropnames import COLUMNS_NAME, is_wanted
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.drops import unpacked
from tests.homes import Home
from tests.imported_bytes import bytes_of_imports


def breaches(home: Home) -> list[str]:
    """Name every promise that is not kept."""
    return [
        *_lost_or_doubled(home),
        *_imported_wrongly(home),
        *_incomplete_reports(home),
        *_unfinished(home),
        *_silent(home),
    ]


def lost(home: Home) -> list[str]:
    """Name every drop that is nowhere; this can be asked at any time."""
    contents = {each.read_bytes() for each in _payloads(home)}
    return [name for name, content in home.dropped.items() if content not in contents]


def _lost_or_doubled(home: Home) -> Iterator[str]:
    """Nothing is lost: every file is, byte for byte, in exactly one place."""
    places = Counter(each.read_bytes() for each in _payloads(home))
    drops = Counter(home.dropped.values())
    for name, content in home.dropped.items():
        if places[content] != drops[content]:
            yield f"{name} lies in {places[content]} places"


def _imported_wrongly(home: Home) -> Iterator[str]:
    """Nothing is imported twice by us, and no fragment is imported."""
    skipped = {r["file"]["name"] for _, r in home.reports() if r["outcome"] == "duplicate"}
    whole = Counter(
        part
        for name, content in home.dropped.items()
        if Path(name).name not in skipped
        for part in _parts(home, name, content)
    )
    for content, times in Counter(each.content for each in home.api.sent if each.became).items():
        if content not in whole:
            yield f"a fragment was imported: {content!r}"
        elif times > whole[content]:
            yield f"imported {times} times: {content!r}"


def _incomplete_reports(home: Home) -> Iterator[str]:
    """A visible report is complete, and its file lies next to it."""
    for path, report in home.reports():
        payload = path.parent / (report["file"]["archived_as"] or "")
        if not payload.is_file():
            yield f"{path.name} has no file beside it"
        elif report["file"]["sha256"] != hashlib.sha256(payload.read_bytes()).hexdigest():
            yield f"{path.name} tells of another file"
        to_fix = report["rows_to_fix"]
        if to_fix and not (path.parent / to_fix).read_bytes().endswith(b"\r\n"):
            yield f"{path.name} names rows to fix that are not whole"
    told = Counter(report["file"]["sha256"] for _, report in home.reports())
    drops = Counter(hashlib.sha256(each).hexdigest() for each in home.dropped.values())
    for sha256, count in told.items():
        if count > max(drops[sha256], 1):
            yield f"{count} reports on {sha256}"


def _unfinished(home: Home) -> Iterator[str]:
    """One restart, no human: every job is at rest, and no work is left lying about."""
    claimed = set(home.spool.claimed())
    for job in home.journal.under_way():
        never_moved = (
            job.stage is Stage.CLAIMED and job.id not in claimed
        )  # the next start forgets it
        if job.stage is not Stage.HELD and not never_moved:
            yield f"{job.name} is still {job.stage}"
    for root in (home.folders.processed, home.folders.failed):
        yield from (f"left behind: {path.name}" for path in root.glob("*/.*"))
    under_way = {job.id for job in home.journal.under_way()}
    for path in (home.folders.state / "contents").glob("*"):
        if path.stem not in under_way:
            yield f"left behind: {path.name}"


def _silent(home: Home) -> Iterator[str]:
    """No silence: for every file in sight, something says where it stands."""
    reported = {report["file"]["archived_as"] for _, report in home.reports()}
    for root in (home.folders.processed, home.folders.failed):
        for path in root.glob("*/*"):
            if _is_drop(path) and path.name not in reported:
                yield f"no report on {path.name}"
    known = {each.job.id for each in home.overview.jobs}
    claimed = {path.parent.name for path in home.payloads()}
    yield from (f"nobody knows of {each}" for each in claimed - known)


def _payloads(home: Home) -> Iterator[Path]:
    """Find every file that may be a drop, in the inboxes, the claims and the archive."""
    inbox, claims = home.folders.inbox, home.folders.inbox / CLAIMED
    outside = (path for path in inbox.rglob("*") if claims not in path.parents)
    archived = (home.folders.processed.glob("*/*"), home.folders.failed.glob("*/*"))
    yield from filter(_is_drop, chain(outside, *archived))
    yield from home.payloads()


def _is_drop(path: Path) -> bool:
    return is_wanted(path.name) and not path.name.endswith(".errors.csv")


def _parts(home: Home, name: str, content: bytes) -> list[bytes]:
    """Cut a drop into what one import after the other has to get."""
    kind, policy = Kind(Path(name).parts[0]), home.policy
    if (columns := home.folders.inbox / kind / COLUMNS_NAME).exists():
        says = read_columns_file(columns.read_bytes(), str(columns), rules_for(kind, policy))
        policy = replace(policy, column_map=says.column_map)
    return bytes_of_imports(unpacked(name, content), kind, policy)
