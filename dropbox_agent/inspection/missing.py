"""Which expected files have not come to a home, whether an agent runs there or not."""

from datetime import UTC, datetime

from dropbox_agent.adapters.clock import MachineZone
from dropbox_agent.adapters.expected_file import ExpectedFile
from dropbox_agent.core.expecting import Missing, Sight, all_known, missing
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json, iso
from dropbox_agent.core.sighting import Listing
from dropbox_agent.inspection.home import HomeState


def missing_in(home: HomeState, status: Json) -> list[Json]:
    """List the expected files that should have come.

    Args:
        home: Where they should be.
        status: What its agent tells, or what is to be seen without one.

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
    in_sight = Sight.told_by(status) if home.told else _seen_in(home)
    return [
        _told(each)
        for each in missing(expectations, known, in_sight, now, MachineZone())
        if each.expectation.kind not in in_sight.crowded or known[each.expectation.text].told
    ]


def _seen_in(home: HomeState) -> Sight:
    """Look into the inboxes ourselves: a status without an agent has only the first drops."""
    listings = (home.listing(kind) for kind in Kind)
    drops = (seen for each in listings if isinstance(each, Listing) for seen in each.drops)
    return Sight(tuple(shown(seen.path) for seen in drops))


def _told(absent: Missing) -> Json:
    return {
        "expected": absent.expectation.text,
        "kind": absent.expectation.kind,
        "since": iso(absent.since),
        "last": iso(absent.last) if absent.last else None,
        "message": absent.sentence(MachineZone()),
    }
