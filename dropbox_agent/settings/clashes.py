"""Settings that are right one by one and impossible together."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

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
    log_file = settings.log_file
    if log_file is not None and log_file.resolve().is_relative_to(folders["AGENT_INBOX"]):
        yield Clash(("AGENT_LOG_FILE", "AGENT_INBOX"), "AGENT_LOG_FILE lies inside AGENT_INBOX.")
