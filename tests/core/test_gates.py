"""The gates of a drop: each rule by itself, and all of them together."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.gates import (
    LEAST_WRITER_SECONDS,
    Drop,
    Gate,
    SettleRules,
    Shut,
    first_shut,
    opens_at,
    shut_gates,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import Settling
from dropbox_agent.core.sighting import Examined, MarkerSighting, Sighting, Writer

FOUND = 100.0
CHANGED = 110.0
RULES = SettleRules(quiet_seconds=5.0, empty_hold_seconds=60.0, cut_hold_seconds=120.0)
MARKED = replace(RULES, done_suffix=".done")
MARKER = MarkerSighting("people.csv.done", size=0, mtime_ns=1)
SEEN = Sighting(
    path="contacts/people.csv",
    kind=Kind.CONTACTS,
    folder=None,
    name="people.csv",
    regular=True,
    size=1000,
    inode=1,
    mtime_ns=1,
    ctime_ns=1,
)


def drop(seen: Sighting = SEEN) -> Drop:
    """Remember a drop that was found at 100 s, and changed at 110 s."""
    return Drop(seen, FOUND, CHANGED)


def shut(drop: Drop, gate: Gate, rules: SettleRules = RULES, now: float = CHANGED) -> Shut | None:
    """Say whether one of the gates is shut for a drop."""
    return next((each for each in shut_gates(drop, rules, now) if each.gate is gate), None)


# One by one


def test_only_a_plain_file_passes() -> None:
    """Nothing else becomes one by waiting."""
    assert shut(drop(), Gate.REGULAR) is None
    found = shut(drop(replace(SEEN, regular=False)), Gate.REGULAR)
    assert found is not None
    assert (found.since, found.until) == (FOUND, None)


def test_an_empty_file_is_held_for_a_while() -> None:
    """It may be a placeholder."""
    assert shut(drop(), Gate.NOT_EMPTY) is None
    found = shut(drop(replace(SEEN, size=0)), Gate.NOT_EMPTY)
    assert found == Shut(Gate.NOT_EMPTY, "empty so far", CHANGED, CHANGED + 60.0)


def test_an_empty_file_is_held_at_least_until_it_is_quiet() -> None:
    """However short the hold is set."""
    rules = replace(RULES, empty_hold_seconds=0.0)
    found = shut(drop(replace(SEEN, size=0)), Gate.NOT_EMPTY, rules)
    assert found is not None
    assert found.until == CHANGED + 5.0


def test_a_writer_keeps_its_gate_shut_since_it_was_found() -> None:
    """Whenever it is asked again, it is asked after another quiet time."""
    it = drop()
    it.probe(Writer.BUSY, 120.0)
    it.probe(Writer.BUSY, 130.0)
    found = shut(it, Gate.WRITER, now=130.0)
    assert found is not None
    assert (found.since, found.until) == (120.0, 135.0)
    it.probe(Writer.FREE, 140.0)
    assert shut(it, Gate.WRITER, now=140.0) is None


def test_a_writer_is_not_asked_about_all_the_time() -> None:
    """Also where no quiet time is set."""
    it = drop()
    it.probe(Writer.BUSY, 120.0)
    found = shut(it, Gate.WRITER, replace(RULES, quiet_seconds=0.0), 120.0)
    assert found is not None
    assert found.until == 120.0 + LEAST_WRITER_SECONDS


@pytest.mark.parametrize(
    ("writer", "seconds"),
    [(None, 5.0), (Writer.FREE, 5.0), (Writer.UNKNOWN, 10.0)],
)
def test_the_quiet_time_is_counted_from_the_last_change(
    writer: Writer | None, seconds: float
) -> None:
    """Twice as long where nobody can tell of a writer."""
    it = drop()
    if writer:
        it.probe(writer, 112.0)
    found = shut(it, Gate.QUIET)
    assert found is not None
    assert (found.since, found.until) == (CHANGED, CHANGED + seconds)
    assert shut(it, Gate.QUIET, now=CHANGED + seconds) is None


def test_a_marker_is_waited_for_only_where_there_are_any() -> None:
    """Time alone does not open that gate, and it is told what it is called."""
    assert shut(drop(), Gate.DONE) is None
    found = shut(drop(), Gate.DONE, MARKED)
    assert found is not None
    assert found.until is None
    assert found.why == "waits for the marker people.csv.done beside it"
    assert shut(drop(replace(SEEN, marker=MARKER)), Gate.DONE, MARKED) is None


def test_a_marker_that_says_otherwise_marks_nothing() -> None:
    """Until one of the two changes."""
    it = drop(replace(SEEN, marker=MARKER))
    it.examined = Examined(unlike_marker="the file has 5 rows, not 6")
    found = shut(it, Gate.DONE, MARKED)
    assert found is not None
    assert found.until is None
    assert found.why == "people.csv.done says otherwise: the file has 5 rows, not 6"
    it.change(it.seen, 200.0)
    assert shut(it, Gate.DONE, MARKED) is None


@pytest.mark.parametrize("marker", [None, replace(MARKER, name="two\nlines\x1b.done")])
def test_no_name_forges_a_line(marker: MarkerSighting | None) -> None:
    """What is told of a gate is printed on terminals and written into logs."""
    it = drop(replace(SEEN, name="two\nlines\x1b\udcff.csv", marker=marker))
    it.examined = Examined(unlike_marker="other")
    found = shut(it, Gate.DONE, MARKED)
    assert found is not None
    assert found.why.isprintable()


def test_a_file_that_breaks_off_is_held_for_a_while() -> None:
    """Its transfer may be resumed; after that it is taken, to be rejected."""
    it = drop()
    assert shut(it, Gate.WHOLE) is None
    it.examined = Examined()
    assert shut(it, Gate.WHOLE) is None
    it.examined = Examined(cut="it ends at byte 7")
    assert shut(it, Gate.WHOLE) == Shut(Gate.WHOLE, "it ends at byte 7", CHANGED, CHANGED + 120.0)
    assert shut(it, Gate.WHOLE, now=CHANGED + 120.0) is None


def test_a_drop_that_cannot_be_moved_says_why() -> None:
    """Until it is tried again."""
    it = drop()
    assert shut(it, Gate.CLAIM) is None
    it.blocked = Shut(Gate.CLAIM, "Permission denied", CHANGED, CHANGED + 10.0)
    assert shut(it, Gate.CLAIM) is it.blocked
    assert shut(it, Gate.CLAIM, now=CHANGED + 10.0) is None


def test_the_gates_are_asked_in_their_order() -> None:
    """The first one that is shut is told of."""
    it = drop(replace(SEEN, regular=False, size=0))
    it.probe(Writer.BUSY, CHANGED)
    it.examined = Examined(cut="cut")
    it.blocked = Shut(Gate.CLAIM, "no", CHANGED, CHANGED + 10.0)
    gates = [each.gate for each in shut_gates(it, MARKED, CHANGED)]
    assert gates == [gate for gate in Gate if gate not in {Gate.NAME, Gate.ROOM}]
    assert first_shut(it, MARKED, CHANGED) == shut(it, Gate.REGULAR)


# All together

seconds = st.integers(0, 200).map(float)
sightings = st.builds(
    replace,
    st.just(SEEN),
    regular=st.booleans(),
    size=st.sampled_from([0, 1, 1000]),
    mtime_ns=st.sampled_from([0, 1]),
    marker=st.sampled_from([None, MARKER]),
)
examinations = st.builds(
    Examined,
    cut=st.sampled_from([None, "cut"]),
    unlike_marker=st.sampled_from([None, "unlike"]),
)
all_rules = st.builds(
    SettleRules,
    quiet_seconds=seconds,
    empty_hold_seconds=seconds,
    cut_hold_seconds=seconds,
    done_suffix=st.sampled_from([None, ".done"]),
)
observations = st.one_of(
    sightings,
    st.sampled_from(Writer),
    examinations,
    st.sampled_from(["it does not move"]),
)


@given(all_rules, st.lists(st.tuples(seconds, observations), min_size=1, max_size=12))
def test_a_drop_is_ripe_exactly_when_no_gate_is_shut(
    rules: SettleRules, story: list[tuple[float, Sighting | Writer | Examined | str]]
) -> None:
    """Whatever was observed of it, and when."""
    settling, twin, now = Settling(rules), Drop(SEEN, 0.0, 0.0), 0.0
    settling.look([SEEN], now)
    for wait, observed in story:
        now += wait
        match observed:
            case Sighting():
                settling.look([observed], now)
                if observed != twin.seen:
                    twin.change(observed, now)
            case Writer():
                settling.probed(twin.seen, observed, now)
                twin.probe(observed, now)
            case Examined():
                settling.examined(twin.seen, observed, now)
                twin.examined = observed
            case why:
                settling.blocked(twin.seen, why, now, 10.0)
                since = twin.blocked.since if twin.blocked else now
                twin.blocked = Shut(Gate.CLAIM, why, since, now + 10.0)
        at = opens_at(twin, rules)
        assert at == settling.opens_at()
        moments = {now, now + wait, at - 0.5, at, at + 0.5}
        for moment in (each for each in moments if now <= each < inf):
            is_open = first_shut(twin, rules, moment) is None
            assert is_open is (moment >= at) is bool(settling.ripe(moment))
            (standing,) = settling.standings(moment, 1)
            assert (standing.gate is None) is is_open


@given(all_rules, sightings, seconds)
def test_a_gate_that_opens_by_itself_says_when(
    rules: SettleRules, seen: Sighting, later: float
) -> None:
    """At that time it is open, and not before."""
    it = Drop(seen, 0.0, 0.0)
    for each in shut_gates(it, rules, 0.0):
        assert each.since <= 0.0
        is_shut = shut(it, each.gate, rules, later) is not None
        assert is_shut is (each.until is None or later < each.until)
