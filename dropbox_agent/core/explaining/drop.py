"""Explains a drop that waits in an inbox: each gate, and what opens it.

Two sources are joined: what the running agent has told, which knows the times, and one look at
the file right now, which needs no agent but cannot tell for how long nothing has changed.
"""

from dataclasses import dataclass
from enum import StrEnum

from dropbox_agent.core.gates import Drop, Gate, SettleRules, Shut, shut_gates
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Examined, Sighting, Writer
from dropbox_agent.core.telling import count

GATES = tuple(Gate)

WHAT_HAPPENS = {
    Gate.NAME: "Rename it.",
    Gate.REGULAR: "Put a plain file there instead, readable for the agent's user.",
    Gate.NOT_EMPTY: "It is taken when it has content and is complete. If it stays empty, it goes "
    "to failed/ in the end.",
    Gate.WRITER: "It is taken when the program that writes it has closed it. If nobody should be "
    "writing it, look for that program.",
    Gate.QUIET: "Nothing to do: it is taken when it has stopped changing.",
    Gate.DONE: "It is taken when its sender has put the right marker beside it.",
    Gate.WHOLE: "It is taken when the rest has come. If nothing comes, it goes to failed/ in the "
    "end; send the whole file again then.",
    Gate.CLAIM: "Let the agent's user read it and write to its folder, without the sticky bit; on "
    "Windows close the program that has it open. It is tried again by itself.",
    Gate.ROOM: "Nothing to do unless a disk is full: it is taken when there is room.",
}
"""For each gate, what happens while it is shut, and what a person can do."""

TIDY = "As far as one look can tell, nothing stands in its way."


class State(StrEnum):
    """How a gate stands."""

    OPEN = "open"
    SHUT = "shut"
    UNKNOWN = "not known"
    """Only a running agent that has come to this gate can tell."""


@dataclass(frozen=True, slots=True)
class GateStand:
    """How one gate stands for one drop. Times are ISO 8601.

    Attributes:
        gate: Which one.
        state: How it stands.
        why: What keeps it shut, or what is known of it; may be empty.
        since: Since when it is shut, as far as the agent has told.
        until: When time alone opens it, likewise.
    """

    gate: Gate
    state: State
    why: str = ""
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look at a drop shows.

    Attributes:
        seen: As the listing shows it.
        writer: Whether a program has it open for writing.
        examined: How it ends, and whether its marker agrees; None if it was not read.
        unreadable: Why it could not be read; None if it could, or was not to be.
        no_room: The folder that has too little free space to take it on.
        under_way: How many files of its kind are under way.
    """

    seen: Sighting
    writer: Writer
    examined: Examined | None = None
    unreadable: str | None = None
    no_room: str | None = None
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the running agent has told of a drop. Times are ISO 8601."""

    gate: Gate
    why: str
    since: str | None
    until: str | None
    found_at: str | None
    stalled: bool

    @classmethod
    def read(cls, drop: Json) -> "Told":
        """Take it from the agent's status."""
        return cls(
            gate=Gate(drop["gate"]),
            why=drop["why"],
            since=drop.get("since"),
            until=drop.get("opens_at"),
            found_at=drop.get("found_at"),
            stalled=bool(drop.get("stalled")),
        )


@dataclass(frozen=True, slots=True)
class AgentWord:
    """What there is from the agent about one drop, besides the drop itself.

    Attributes:
        is_running: Whether there is an agent.
        told: What it has told of the drop; None if it has not told of it.
        in_sight: How many drops it has in sight.
        told_of: How many of them it tells one by one.
        pause: Why it cannot look into the inbox, as in its status; None if it can.
        jobs_ahead: How many files of a kind it takes before the first of them is done.
        is_sick: Whether it runs, but shows no sign of life.
    """

    is_running: bool
    told: Told | None = None
    in_sight: int = 0
    told_of: int = 0
    pause: Json | None = None
    jobs_ahead: int = 100
    is_sick: bool = False


@dataclass(frozen=True, slots=True)
class WaitingDrop:
    """Where a drop stands, gate by gate.

    Attributes:
        seen: As the listing shows it.
        says: Where it stands, in a sentence.
        hint: What happens next, and what a person can do.
        gates: All of them, in the order of asking.
        found_at: When the agent saw it first, ISO 8601.
        stalled: Whether it is on its way for longer than it should be.
    """

    seen: Sighting
    says: str
    hint: str
    gates: tuple[GateStand, ...]
    found_at: str | None = None
    stalled: bool = False

    @property
    def path(self) -> str:
        """Its path below the inbox, on one line."""
        return shown(self.seen.path)

    def to_json(self) -> Json:
        """Write it down."""
        return {
            "what": "drop",
            "path": self.path,
            "kind": self.seen.kind,
            "bytes": self.seen.size,
            "says": self.says,
            "hint": self.hint,
            "found_at": self.found_at,
            "stalled": self.stalled,
            "gates": [
                {
                    "gate": each.gate,
                    "state": each.state,
                    "why": each.why,
                    "since": each.since,
                    "until": each.until,
                }
                for each in self.gates
            ],
        }


def shut_at_sight(glance: Glance, rules: SettleRules) -> dict[Gate, Shut]:
    """List the gates that one look shows to be shut. Their times mean nothing."""
    drop = Drop(glance.seen, found_at=0.0, changed_at=0.0, examined=glance.examined)
    drop.probe(glance.writer, 0.0)
    shut = {each.gate: each for each in shut_gates(drop, rules, 0.0)}
    shut.pop(Gate.QUIET, None)  # it takes more than one look to tell
    if glance.unreadable:
        shut[Gate.CLAIM] = Shut(Gate.CLAIM, glance.unreadable, 0.0)
    if glance.no_room:
        why = f"too little free space in {glance.no_room}"
        shut[Gate.ROOM] = Shut(Gate.ROOM, why, 0.0)
    return shut


def explain_drop(glance: Glance, rules: SettleRules, agent: AgentWord) -> WaitingDrop:
    """Say where a drop stands, and what happens next."""
    gates = tuple(_stands(glance, rules, agent))
    first = next((each for each in gates if each.state is State.SHUT), None)
    return WaitingDrop(
        seen=glance.seen,
        says=_says(first, agent),
        hint=_hint(first, agent),
        gates=gates,
        found_at=agent.told.found_at if agent.told else None,
        stalled=agent.told is not None and agent.told.stalled,
    )


def _stands(glance: Glance, rules: SettleRules, agent: AgentWord) -> list[GateStand]:
    shut = shut_at_sight(glance, rules)
    told = agent.told
    if agent.is_running and told:
        shut.pop(Gate.CLAIM, None)  # whether its user may read the file, the agent knows better
    if glance.under_way >= agent.jobs_ahead:
        why = f"{count(glance.under_way, 'files')} of its kind are under way, as many as may be"
        shut.setdefault(Gate.ROOM, Shut(Gate.ROOM, why, 0.0))
    stands = []
    for gate in GATES:
        if told and told.gate is gate:
            stands.append(GateStand(gate, State.SHUT, told.why, told.since, told.until))
        elif gate in shut:
            stands.append(GateStand(gate, State.SHUT, shut[gate].why))
        elif Gate.REGULAR in shut and gate is not Gate.NAME:
            stands.append(GateStand(gate, State.UNKNOWN))
        elif told and GATES.index(gate) < GATES.index(told.gate):
            stands.append(GateStand(gate, State.OPEN))
        else:
            stands.append(_at_sight(gate, glance, rules))
    return stands


def _at_sight(gate: Gate, glance: Glance, rules: SettleRules) -> GateStand:
    """Say what one look tells of a gate that it does not show to be shut."""
    is_clear = glance.writer is not Writer.UNKNOWN
    if gate is Gate.WRITER and not is_clear:
        return GateStand(gate, State.UNKNOWN, "cannot be told here, so it must be quiet for longer")
    if gate is Gate.QUIET:
        seconds = rules.quiet_seconds * (1 if is_clear else 2)
        return GateStand(gate, State.UNKNOWN, f"it takes {seconds:g} s without any change")
    if gate is Gate.DONE and rules.done_suffix is None:
        return GateStand(gate, State.OPEN, "no markers are in use")
    if gate is Gate.DONE and glance.seen.marker:
        return GateStand(gate, State.OPEN, f"{shown(glance.seen.marker.name)} is there")
    if gate in {Gate.WHOLE, Gate.CLAIM} and glance.examined is None:
        return GateStand(gate, State.UNKNOWN)
    return GateStand(gate, State.OPEN)


def _says(first: GateStand | None, agent: AgentWord) -> str:
    if agent.pause:
        return f"The agent cannot take files in just now: {agent.pause['message']}"
    if agent.is_sick or not agent.is_running:
        who = "The agent shows no sign of life." if agent.is_sick else "No agent is running."
        return f"{who} {_waits_at(first) if first else TIDY}"
    if first:
        return _waits_at(first)
    if agent.told is None and agent.in_sight > agent.told_of:
        return f"{count(agent.in_sight, 'files')} wait in the inboxes. They are taken in order."
    return f"The agent has not told of it yet; it has probably just come. {TIDY}"


def _waits_at(first: GateStand) -> str:
    return f"It waits at the gate '{first.gate}': {first.why}."


def _hint(first: GateStand | None, agent: AgentWord) -> str:
    if agent.pause:
        return str(agent.pause["hint"])
    if first:
        return WHAT_HAPPENS[first.gate]
    if agent.is_sick:
        return "It is taken when the agent goes on, and has seen that it does not change."
    if agent.is_running:
        return "Nothing to do: ask again in a moment."
    return "It is taken when an agent runs, and has seen that it does not change."
