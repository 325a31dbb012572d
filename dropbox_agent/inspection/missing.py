"""Which expected files have not come to a home, whether an agent runs there or not."""

from collections.abc import Sequence
from datetime import UTC, datetime

from dropbox_agent.adapters.clock import MachineZone
from dropbox_agent.adapters.expected_file import ExpectedFile
from dropbox_agent.core.expecting import Missing, all_known, missing
from dropbox_agent.core.report import Json, iso
from dropbox_agent.inspection.home import HomeState


def missing_in(home: HomeState, drops: Sequence[Json]) -> list[Json]:
    """List the expected files that should have come.

    Args:
        home: Where they should be.
        drops: Those in its inboxes, as a status has them.

    Raises:
        AgentError: The journal cannot be read.
    """
    expectations = home.settings.expect
    if not expectations:
        return []
    now = datetime.now(UTC)
    with home.journal() as journal:
        known = all_known(
            expectations,
            ExpectedFile(home.settings.state).read(),
            lambda each: journal.last_arrival(each.kind, each.covers) if journal else None,
            now,
        )
    in_sight = [each["path"] for each in drops]
    return list(map(_told, missing(expectations, known, in_sight, now, MachineZone())))


def _told(absent: Missing) -> Json:
    return {
        "expected": absent.expectation.text,
        "kind": absent.expectation.kind,
        "since": iso(absent.since),
        "last": iso(absent.last) if absent.last else None,
        "message": absent.sentence(MachineZone()),
    }
