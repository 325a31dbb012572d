"""What can be wrong with the agent of a home, its journal, and what it has in hand."""

from collections.abc import Sequence

from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, unclear, warning
from dropbox_agent.core.health import OLD_SECONDS
from dropbox_agent.core.telling import count
from dropbox_agent.errors import AgentError

MOST_NAMED = 3


def of_agent(holder: str | None, beat_seconds: float | None) -> Finding:
    """Judge whether an agent runs, and whether it does anything.

    Args:
        holder: Who holds the lock; None if nobody does.
        beat_seconds: The age of its heartbeat; None if there is none that can be read.
    """
    check = "agent"
    if holder is None:
        return ok(check, "No agent runs here at the moment.")
    if beat_seconds is None:
        return unclear(check, f"An agent runs ({holder}) and has told nothing of itself yet.")
    if beat_seconds > OLD_SECONDS:
        return fault(
            check,
            f"An agent runs ({holder}), but its last heartbeat is {beat_seconds:,.0f} seconds old.",
            "Look at its log, and see whether a share hangs. Then start it again.",
        )
    return ok(check, f"An agent runs ({holder}); its heartbeat is fresh.")


def of_trouble(check: str, trouble: AgentError) -> Finding:
    """Tell of something that cannot be used."""
    return fault(check, trouble.message, trouble.hint)


def of_mark(trouble: AgentError | None, *, is_expected: bool) -> Finding:
    """Judge whether the inbox is the one that the agent knows.

    Args:
        trouble: Why it is not, if so.
        is_expected: Whether an agent has left its mark in it.
    """
    check = "mark of inbox"
    if trouble:
        return of_trouble(check, trouble)
    if not is_expected:
        return ok(check, "The inbox has not been marked yet; the first start does so.")
    return ok(check, "The inbox is the one that the agent has marked.")


def of_journal(jobs_under_way: int | None, damage: str | None) -> Finding:
    """Judge the journal.

    Args:
        jobs_under_way: How many jobs it has under way; None if there is no journal yet.
        damage: What is broken in it; None if it is whole.
    """
    check = "journal"
    if damage:
        return fault(
            check,
            f"The journal is damaged ({damage}).",
            "Start the agent again: it sets the journal aside and begins a new one. Contacts and "
            "products that were under way are imported again, vouchers are held.",
        )
    if jobs_under_way is None:
        return ok(check, "There is no journal yet; the first start makes one.")
    return ok(check, f"The journal is whole, with {count(jobs_under_way, 'jobs')} under way.")


def of_leftovers(unknown: Sequence[str]) -> Finding:
    """Judge files that were taken and that the journal does not know."""
    check = "claimed files"
    if not unknown:
        return ok(check, "The journal knows every file that was taken.")
    named = ", ".join(unknown[:MOST_NAMED]) + (", ..." if len(unknown) > MOST_NAMED else "")
    return warning(
        check,
        f"The journal does not know {count(len(unknown), 'files')} in inbox/.claimed ({named}).",
        "Nothing need be done: the next start takes them up. Vouchers are held for you to decide.",
    )
