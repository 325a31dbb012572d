"""Whether an agent is well, in one line: for service managers, monitors and containers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dropbox_agent.core.job import Stage
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json
from dropbox_agent.core.telling import count

OLD_SECONDS = 90.0
"""From which age on a heartbeat is old: it is written every 30 seconds at least.

So is one from that far in the future: an agent that is well would have written another.
"""

PATIENCE_SECONDS = 300.0
"""How long something may be held up before somebody should look: full queues pass by themselves."""


@dataclass(frozen=True, slots=True)
class Health:
    """How an agent is.

    Attributes:
        alive: Whether it runs and its loop turns.
        faults: What somebody should look at, each in a few words.
        line: All of it in one line.
    """

    alive: bool
    faults: tuple[str, ...]
    line: str

    @property
    def well(self) -> bool:
        """Whether nobody need look."""
        return self.alive and not self.faults


def health(told: Json | None, process: int | None, now: datetime, *, running: bool) -> Health:
    """Judge an agent by the heartbeat that it wrote last.

    Args:
        told: The heartbeat, and ``missing`` for expected files; None if there is none.
        process: The agent's process id, where it is known.
        now: The time of day in UTC.
        running: Whether an agent holds the home.
    """
    if not running:
        return Health(alive=False, faults=(), line="NOT RUNNING: no agent works on this home")
    who = "running" if process is None else f"running (process {process})"
    if told is None:
        return Health(alive=False, faults=(), line=f"SICK: {who}, but has written no heartbeat")
    age = (now - datetime.fromisoformat(told["at"])).total_seconds()
    if age < -OLD_SECONDS:
        line = f"SICK: {who}, but its last heartbeat is {-age:.0f} s in the future"
        why = "the clock was set back, and none has been written since"
        return Health(alive=False, faults=(), line=f"{line}: {why}")
    age = max(age, 0.0)
    beat = f"{who}, heartbeat {age:.0f} s ago"
    if age > OLD_SECONDS:
        line = f"SICK: {beat}; it is written every 30 s while the agent is well"
        return Health(alive=False, faults=(), line=line)
    faults = tuple(_faults(told, now))
    return Health(True, faults, f"{'ATTENTION' if faults else 'OK'}: {beat}; {summary(told)}")


def summary(told: Json) -> str:
    """Say in one line what an agent has in hand."""
    held, stalled = _held(told), _stalled(told)
    waiting = told["drops_in_sight"] - stalled
    numbers = {
        "under way": len(told["jobs"]) - held,
        "waiting in the inbox": waiting,
        "stalled": stalled,
        "held for a decision": held,
    }
    said = [f"{number:,} {what}" for what, number in numbers.items() if number]
    first = ", ".join(said) if said else "nothing to do"
    pauses = [f"{each['what']} is paused: {shown(each['message'])}" for each in told["pauses"]]
    failing = [each for each in told["jobs"] if each.get("failing_since")]
    again = [
        f"{count(len(failing), 'files')} not getting on: {shown(each['reason'])}"
        for each in failing[:1]
    ]
    absent = [f"missing: {each['expected']}" for each in told.get("missing", [])]
    return "; ".join([first, *again, *pauses, *absent])


def _faults(told: Json, now: datetime) -> Iterator[str]:
    for pause in told["pauses"]:
        since = datetime.fromisoformat(pause["since"])
        if (now - since).total_seconds() > PATIENCE_SECONDS:
            yield f"{pause['what']} is paused"
    if stuck := sum(_is_stuck(each, now) for each in told["jobs"]):
        yield f"{count(stuck, 'files')} not getting on"
    if held := _held(told):
        yield f"{count(held, 'files')} held"
    if stalled := _stalled(told):
        yield f"{count(stalled, 'files')} stalled"
    if absent := len(told.get("missing", [])):
        yield f"{count(absent, 'expected files')} missing"


def _is_stuck(job: Json, now: datetime) -> bool:
    """Whether a step of a job has failed for long."""
    if not (since := job.get("failing_since")):
        return False
    return (now - datetime.fromisoformat(since)).total_seconds() > PATIENCE_SECONDS


def _held(told: Json) -> int:
    return sum(each["stage"] == Stage.HELD for each in told["jobs"])


def _stalled(told: Json) -> int:
    return sum(bool(each["stalled"]) for each in told["drops"])
