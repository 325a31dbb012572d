"""Settings that are right one by one and impossible together."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from dropbox_agent.core.job import Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Clash:
    """Settings that do not go together.

    Attributes:
        names: Their names; one of the first two was written and has to change.
        what: What is wrong, one sentence.
    """

    names: tuple[str, str]
    what: str


def clashes(settings: Settings) -> Iterator[Clash]:
    """Find every pair of settings that cannot be as they are."""
    yield from _only_empty_without_override(settings)
    yield from _floors_above_ceilings(settings)
    yield from _nested_folders(settings)
    yield from _reports_before_files(settings)


def _only_empty_without_override(settings: Settings) -> Iterator[Clash]:
    for kind in Kind:
        override = f"{kind.upper()}_OVERRIDE_EXISTING"
        only_empty = f"{kind.upper()}_UPDATE_ONLY_EMPTY_FIELDS"
        may_override = getattr(settings, override.lower())
        if getattr(settings, only_empty.lower()) and not may_override:
            what = f"it does nothing unless {override}=true as well."
            yield Clash((only_empty, override), what)


def _floors_above_ceilings(settings: Settings) -> Iterator[Clash]:
    for what in ("POLL", "BACKOFF"):
        floor, ceiling = f"AGENT_{what}_FLOOR_SECONDS", f"AGENT_{what}_CEILING_SECONDS"
        least = getattr(settings, f"{what.lower()}_floor_seconds")
        most = getattr(settings, f"{what.lower()}_ceiling_seconds")
        if least > most:
            told = f"{floor} ({least:g}) is more than {ceiling} ({most:g})."
            yield Clash((floor, ceiling), told)


def _reports_before_files(settings: Settings) -> Iterator[Clash]:
    """Find the first outcome whose reports would have to go before their files do."""
    for outcome in Outcome:
        files = settings.keep_files.clause_for(outcome)
        reports = settings.keep_reports.clause_for(outcome)
        goes_first = files.is_for_ever or (files.age and reports.age and files.age > reports.age)
        if goes_first and not reports.is_for_ever:
            told = f"reports of {outcome} files would go before the files; keep them as long."
            yield Clash(("AGENT_KEEP_REPORTS", "AGENT_KEEP_FILES"), told)
            return


def _nested_folders(settings: Settings) -> Iterator[Clash]:
    folders = {
        "AGENT_INBOX": settings.inbox.resolve(),
        "AGENT_PROCESSED": settings.processed.resolve(),
        "AGENT_FAILED": settings.failed.resolve(),
        "AGENT_STATE": settings.state.resolve(),
    }
    for inner, outer in permutations(folders, 2):
        if folders[inner] == folders[outer]:
            if inner < outer:
                yield Clash((inner, outer), f"{inner} and {outer} are the same folder.")
        elif folders[inner].is_relative_to(folders[outer]):
            yield Clash((inner, outer), f"{inner} lies inside {outer}.")
    files = {"AGENT_LOG_FILE": settings.log_file, "AGENT_METRICS_FILE": settings.metrics_file}
    for name, file in files.items():
        if file is not None and file.resolve().is_relative_to(folders["AGENT_INBOX"]):
            yield Clash((name, "AGENT_INBOX"), f"{name} lies inside AGENT_INBOX.")
