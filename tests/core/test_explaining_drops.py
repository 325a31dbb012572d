"""What is said of a drop that waits: every gate, from one look and from what the agent told."""

from dataclasses import replace

import pytest

from dropbox_agent.core.explaining import (
    AgentWord,
    GateStand,
    Glance,
    State,
    Told,
    WaitingDrop,
    explain_drop,
)
from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Examined, MarkerSighting, Sighting, Writer

SEEN = Sighting("contacts/people.csv", Kind.CONTACTS, None, "people.csv", True, 100, 1, 1, 1)
TIDY = Glance(SEEN, Writer.FREE, Examined())
RULES = SettleRules(quiet_seconds=5.0)
NO_AGENT = AgentWord(is_running=False)
SINCE, UNTIL = "2026-01-15T12:00:00.000Z", "2026-01-15T12:00:05.000Z"


def told(gate: Gate, *, stalled: bool = False) -> AgentWord:
    """Say what an agent tells of a drop at whose gate it waits."""
    word = Told(gate, "for a reason", SINCE, UNTIL, found_at=SINCE, stalled=stalled)
    return AgentWord(is_running=True, told=word, in_sight=1, told_of=1)


def gate(drop: WaitingDrop, name: Gate) -> GateStand:
    """Find how one gate stands."""
    return next(each for each in drop.gates if each.gate is name)


def states(drop: WaitingDrop) -> dict[Gate, State]:
    """Say how every gate stands."""
    return {each.gate: each.state for each in drop.gates}


def test_every_gate_is_told_in_the_order_of_asking() -> None:
    """Whatever is known of it."""
    assert tuple(states(explain_drop(TIDY, RULES, NO_AGENT))) == tuple(Gate)


def test_without_an_agent_only_the_quiet_cannot_be_told() -> None:
    """It takes more than one look; all else is in order, and that no agent runs is said."""
    drop = explain_drop(TIDY, RULES, NO_AGENT)
    unknown = {name for name, state in states(drop).items() if state is not State.OPEN}
    assert unknown == {Gate.QUIET}
    assert gate(drop, Gate.QUIET).why == "it takes 5 s without any change"
    assert drop.says.startswith("No agent is running.")
    assert "agent" in drop.hint


def test_where_nobody_can_tell_of_a_writer_it_must_be_quiet_for_longer() -> None:
    """Twice the time, and the gate says why."""
    drop = explain_drop(replace(TIDY, writer=Writer.UNKNOWN), RULES, NO_AGENT)
    assert gate(drop, Gate.WRITER).state is State.UNKNOWN
    assert "10 s" in gate(drop, Gate.QUIET).why


@pytest.mark.parametrize(
    ("glance", "shut"),
    [
        (replace(TIDY, seen=replace(SEEN, size=0)), Gate.NOT_EMPTY),
        (replace(TIDY, writer=Writer.BUSY, examined=None), Gate.WRITER),
        (replace(TIDY, examined=Examined(cut="it ends at byte 9")), Gate.WHOLE),
        (replace(TIDY, examined=None, unreadable="you may not read it"), Gate.CLAIM),
        (replace(TIDY, no_room="/srv/drop/failed"), Gate.ROOM),
        (replace(TIDY, under_way=100), Gate.ROOM),
    ],
)
def test_one_look_shows_what_is_in_the_way(glance: Glance, shut: Gate) -> None:
    """Without an agent, and with what to do about it."""
    drop = explain_drop(glance, RULES, NO_AGENT)
    assert [name for name, state in states(drop).items() if state is State.SHUT] == [shut]
    assert f"at the gate '{shut}'" in drop.says
    assert gate(drop, shut).why in drop.says
    assert drop.hint


def test_of_what_is_no_plain_file_nothing_else_can_be_told() -> None:
    """That a link is not empty means nothing."""
    drop = explain_drop(Glance(replace(SEEN, regular=False), Writer.FREE), RULES, NO_AGENT)
    assert states(drop)[Gate.NAME] is State.OPEN
    assert states(drop)[Gate.REGULAR] is State.SHUT
    assert {
        state for name, state in states(drop).items() if name not in {Gate.NAME, Gate.REGULAR}
    } == {State.UNKNOWN}


def test_a_marker_that_is_waited_for_is_named() -> None:
    """It is there, it is not there, or it says otherwise."""
    rules = replace(RULES, done_suffix=".done")
    drop = explain_drop(TIDY, rules, NO_AGENT)
    assert "people.csv.done" in gate(drop, Gate.DONE).why
    assert gate(drop, Gate.DONE).state is State.SHUT

    marked = replace(SEEN, marker=MarkerSighting("people.done", 0, 1))
    drop = explain_drop(replace(TIDY, seen=marked), rules, NO_AGENT)
    assert gate(drop, Gate.DONE) == GateStand(Gate.DONE, State.OPEN, "people.done is there")

    unlike = Glance(marked, Writer.FREE, Examined(unlike_marker="it has 3 rows"))
    drop = explain_drop(unlike, rules, NO_AGENT)
    assert gate(drop, Gate.DONE).why == "people.done says otherwise: it has 3 rows"


def test_the_agent_knows_since_when_and_until_when() -> None:
    """Its gate is shut with its times; those before it are open."""
    drop = explain_drop(TIDY, RULES, told(Gate.QUIET))
    assert gate(drop, Gate.QUIET) == GateStand(Gate.QUIET, State.SHUT, "for a reason", SINCE, UNTIL)
    assert drop.says == "It waits at the gate 'quiet': for a reason."
    assert drop.found_at == SINCE
    assert State.UNKNOWN not in states(drop).values()


def test_a_look_right_now_shows_more_than_the_first_gate() -> None:
    """A file that is cut short will wait there next."""
    cut = replace(TIDY, examined=Examined(cut="it ends at byte 9"))
    drop = explain_drop(cut, RULES, told(Gate.QUIET))
    assert states(drop)[Gate.WHOLE] is State.SHUT
    assert "quiet" in drop.says


def test_whether_its_own_user_may_read_a_file_the_agent_knows_better() -> None:
    """Whoever asks may be another user."""
    forbidden = replace(TIDY, examined=None, unreadable="you may not read it")
    drop = explain_drop(forbidden, RULES, told(Gate.ROOM))
    assert states(drop)[Gate.CLAIM] is State.OPEN


def test_a_drop_on_its_way_for_long_is_stalled() -> None:
    """As the agent says."""
    assert explain_drop(TIDY, RULES, told(Gate.WRITER, stalled=True)).stalled


def test_of_many_drops_not_all_are_told_one_by_one() -> None:
    """Then it is said how many there are."""
    word = AgentWord(is_running=True, in_sight=5_000, told_of=200)
    assert "5,000 files wait" in explain_drop(TIDY, RULES, word).says


def test_a_drop_that_the_agent_has_not_told_of_has_just_come() -> None:
    """There is nothing to do but to ask again."""
    word = AgentWord(is_running=True, in_sight=3, told_of=3)
    drop = explain_drop(TIDY, RULES, word)
    assert "just come" in drop.says
    assert "ask again" in drop.hint


def test_what_holds_up_the_whole_inbox_comes_first() -> None:
    """With what to do about it."""
    pause: Json = {"message": "The disk is full.", "hint": "Make room."}
    drop = explain_drop(TIDY, RULES, AgentWord(is_running=True, pause=pause))
    assert drop.says.endswith("The disk is full.")
    assert drop.hint == "Make room."
