"""Examines the agent of a home: who runs, how it is, and what journal and claims agree on."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dropbox_agent.adapters.examination import owner_of_process
from dropbox_agent.adapters.spool import CLAIMED, Disk
from dropbox_agent.adapters.spool.mark import InboxMark
from dropbox_agent.core.diagnosis.agent import (
    of_agent,
    of_journal,
    of_leftovers,
    of_mark,
    of_trouble,
)
from dropbox_agent.core.diagnosis.finding import Finding
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Listing
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import AgentError
from dropbox_agent.inspection.doctor.folders import is_folder
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.settings import Settings


@dataclass(frozen=True, slots=True)
class AgentExamined:
    """What was found out about the agent of a home.

    Attributes:
        is_running: Whether there is one.
        runs_as: Its user; None if that is not known.
        findings: About it, its journal and the files that it has taken.
    """

    is_running: bool
    runs_as: str | None
    findings: tuple[Finding, ...]


def examine_agent(settings: Settings) -> AgentExamined:
    """See whether an agent runs, and whether what it has noted agrees with what is there."""
    others = [_of_mark(settings)] if is_folder(settings.inbox) else []
    try:
        home = HomeState.of(settings)
    except (AgentError, OSError) as error:
        others.append(of_trouble("agent", as_trouble(error)))
        return AgentExamined(is_running=False, runs_as=None, findings=tuple(others))
    holder = home.holder
    findings = [
        of_agent(str(holder) if holder else None, _age_seconds(home.heartbeat)),
        *_of_journal(home),
        *others,
    ]
    is_here = holder is not None and holder.host == socket.gethostname()
    runs_as = owner_of_process(holder.pid) if holder and holder.pid and is_here else None
    return AgentExamined(holder is not None, runs_as, tuple(findings))


def largest_drop(settings: Settings) -> int:
    """Return the size of the largest drop that waits, in bytes."""
    home = HomeState(settings, holder=None, heartbeat=None)
    listings = [home.listing(kind) for kind in Kind] if is_folder(settings.inbox) else []
    listed = [each for each in listings if isinstance(each, Listing)]
    return max((seen.size for each in listed for seen in each.drops), default=0)


def _age_seconds(told: Json | None) -> float | None:
    if told is None:
        return None
    try:
        written = datetime.fromisoformat(told["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return (datetime.now(UTC) - written).total_seconds()


def _of_mark(settings: Settings) -> Finding:
    mark = InboxMark(settings.inbox / CLAIMED, settings.state / "inbox.json", Disk())
    try:
        mark.need()
    except AgentError as error:
        return of_mark(error, is_expected=mark.is_expected)
    return of_mark(None, is_expected=mark.is_expected)


def _of_journal(home: HomeState) -> Iterator[Finding]:
    try:
        with home.journal() as journal:
            damage = journal.damage if journal else None
            under_way = None if damage or journal is None else len(journal.under_way())
            known = journal.find if journal and not damage else None
            claimed = home.spool.claimed() if (home.settings.inbox / CLAIMED).is_dir() else []
            unknown = [each for each in claimed if known is None or known(each) is None]
    except (AgentError, OSError) as error:
        yield of_trouble("journal", as_trouble(error))
        return
    yield of_journal(under_way, damage)
    if not damage:
        yield of_leftovers(unknown)
