"""When a drop has settled: every gate, on a clock that is set."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.gates import LEAST_WRITER_SECONDS, Gate, SettleRules
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import Settling, Standing
from dropbox_agent.core.sighting import Sighting, Writer

QUIET = 5.0
EMPTY_HOLD = 60.0
YEARS_AGO_NS = 1_262_304_000 * 10**9


def drop(name: str = "customers.csv", *, size: int = 1000, mtime_ns: int = 1) -> Sighting:
    """Make one entry of a listing of the contacts' inbox."""
    return Sighting(
        path=f"contacts/{name}",
        kind=Kind.CONTACTS,
        folder=None,
        name=name,
        regular=True,
        size=size,
        inode=1,
        mtime_ns=mtime_ns,
        ctime_ns=1,
    )


@pytest.fixture
def settling() -> Settling:
    """Nothing in sight, and the usual rules."""
    return Settling(SettleRules(quiet_seconds=QUIET, empty_hold_seconds=EMPTY_HOLD))


def standing(settling: Settling, now: float) -> Standing:
    """Say where the only drop in sight stands."""
    (only,) = settling.standings(now, 10)
    return only


def seen_once(settling: Settling, now: float, *drops: Sighting) -> list[Sighting]:
    """Look once, and say what has settled by then."""
    settling.look(drops, now)
    return settling.ripe(now)


# Quiet


def test_a_drop_settles_when_it_has_been_quiet_long_enough(settling: Settling) -> None:
    """Not a moment before."""
    assert seen_once(settling, 100.0, drop()) == []
    assert seen_once(settling, 104.75, drop()) == []
    assert standing(settling, 104.75) == Standing(
        drop(),
        Gate.QUIET,
        since=100.0,
        opens_at=105.0,
        why="it changed a moment ago",
        found_at=100.0,
    )
    assert seen_once(settling, 105.0, drop()) == [drop()]
    assert settling.probed(drop(), Writer.FREE, 105.0)


def test_a_time_kept_from_years_ago_makes_no_drop_older(settling: Settling) -> None:
    """Transfer tools set the sender's time at the end, or already at the beginning."""
    old = drop(mtime_ns=YEARS_AGO_NS)
    assert seen_once(settling, 100.0, old) == []
    assert standing(settling, 104.0).gate is Gate.QUIET


@pytest.mark.parametrize(
    "now_seen",
    [
        replace(drop(), size=1001),
        replace(drop(), size=999),
        replace(drop(), inode=2),
        replace(drop(), mtime_ns=YEARS_AGO_NS),
        replace(drop(), ctime_ns=2),
    ],
    ids=["longer", "shorter", "replaced", "time set", "attributes set"],
)
def test_any_change_begins_the_quiet_time_anew(settling: Settling, now_seen: Sighting) -> None:
    """It counts from the look that saw the change."""
    settling.look([drop()], 100.0)
    assert seen_once(settling, 106.0, now_seen) == []
    assert seen_once(settling, 110.75, now_seen) == []
    assert seen_once(settling, 111.0, now_seen) == [now_seen]


def test_a_drop_that_comes_back_begins_anew(settling: Settling) -> None:
    """Nobody knows what happened to it in between."""
    settling.look([drop()], 100.0)
    settling.look([], 103.0)
    assert settling.standings(103.0, 10) == []
    assert seen_once(settling, 106.0, drop()) == []
    assert seen_once(settling, 111.0, drop()) == [drop()]


def test_without_a_quiet_time_a_drop_settles_at_once() -> None:
    """Whoever sends by renaming may turn it off."""
    assert seen_once(Settling(SettleRules(quiet_seconds=0.0)), 100.0, drop()) == [drop()]


# A plain file, with content


def test_what_is_no_plain_file_never_settles(settling: Settling) -> None:
    """Folders, links, pipes and devices stay where they are, and nothing waits for them."""
    pipe = replace(drop(), regular=False)
    settling.look([pipe], 100.0)
    assert seen_once(settling, 1e9, pipe) == []
    assert standing(settling, 1e9) == Standing(
        pipe,
        Gate.REGULAR,
        since=100.0,
        why="not a plain file, or a folder that cannot be listed",
        found_at=100.0,
        stalled=True,
    )
    assert settling.opens_at() == inf


def test_an_empty_drop_is_waited_for(settling: Settling) -> None:
    """It may be a placeholder; after a while it goes on as the empty file it is."""
    empty = drop(size=0)
    settling.look([empty], 100.0)
    assert seen_once(settling, 159.75, empty) == []
    assert standing(settling, 159.75) == Standing(
        empty, Gate.NOT_EMPTY, since=100.0, opens_at=160.0, why="empty so far", found_at=100.0
    )
    assert seen_once(settling, 160.0, empty) == [empty]


def test_content_takes_the_place_of_a_placeholder(settling: Settling) -> None:
    """From then on only the quiet time counts."""
    settling.look([drop(size=0)], 100.0)
    assert seen_once(settling, 130.0, drop()) == []
    assert standing(settling, 130.0).gate is Gate.QUIET
    assert seen_once(settling, 135.0, drop()) == [drop()]


def test_an_empty_drop_waits_at_least_the_quiet_time() -> None:
    """Also where placeholders are not waited for."""
    settling = Settling(SettleRules(quiet_seconds=5.0, empty_hold_seconds=0.0))
    settling.look([drop(size=0)], 100.0)
    assert settling.ripe(104.75) == []
    assert settling.ripe(105.0) == [drop(size=0)]


# The writer


def test_a_drop_that_somebody_has_open_does_not_settle(settling: Settling) -> None:
    """However long its size stays the same: exporters pause, and some set the size first."""
    settling.look([drop()], 100.0)
    for now in (105.0, 110.0, 115.0):
        assert settling.ripe(now) == [drop()]
        assert not settling.probed(drop(), Writer.BUSY, now)
        assert standing(settling, now) == Standing(
            drop(),
            Gate.WRITER,
            since=105.0,
            opens_at=now + QUIET,
            why="a program has it open for writing",
            found_at=100.0,
        )
    assert settling.ripe(119.75) == []
    assert settling.ripe(120.0) == [drop()]
    assert settling.probed(drop(), Writer.FREE, 120.0)


def test_a_writer_counts_also_where_there_is_no_quiet_time() -> None:
    """And is not asked about in every turn."""
    settling = Settling(SettleRules(quiet_seconds=0.0))
    assert seen_once(settling, 100.0, drop()) == [drop()]
    assert not settling.probed(drop(), Writer.BUSY, 100.0)
    assert standing(settling, 100.0).gate is Gate.WRITER
    assert settling.opens_at() == 100.0 + LEAST_WRITER_SECONDS


def test_a_writer_that_writes_is_not_asked_about_before_it_is_quiet(settling: Settling) -> None:
    """The one that was seen counts until then: people see since when it is at work."""
    settling.look([drop()], 100.0)
    settling.probed(drop(), Writer.BUSY, 105.0)
    settling.look([drop(size=2000)], 107.0)
    assert standing(settling, 107.0).since == 105.0
    assert settling.ripe(111.75) == []
    assert settling.ripe(112.0) == [drop(size=2000)]


def test_where_nobody_can_tell_of_a_writer_the_quiet_time_counts_double(
    settling: Settling,
) -> None:
    """On a network mount, or for another user's file."""
    settling.look([drop()], 100.0)
    assert settling.ripe(105.0) == [drop()]
    assert not settling.probed(drop(), Writer.UNKNOWN, 105.0)
    assert standing(settling, 105.0).gate is Gate.QUIET
    assert settling.opens_at() == 110.0
    assert settling.ripe(109.75) == []
    assert settling.ripe(110.0) == [drop()]
    assert settling.probed(drop(), Writer.UNKNOWN, 110.0)


# Looking again


def test_a_drop_that_nobody_knows_has_not_settled(settling: Settling) -> None:
    """It may have been claimed, or be gone from the listing, in between."""
    assert not settling.looked_again(drop(), drop(), 100.0)


# The claim


def test_a_drop_that_cannot_be_moved_is_tried_again_later(settling: Settling) -> None:
    """The reason stands with it until then."""
    settling.look([drop()], 100.0)
    settling.blocked(drop(), "Permission denied", 105.0, retry_seconds=10.0)
    assert settling.ripe(114.75) == []
    assert standing(settling, 114.75) == Standing(
        drop(), Gate.CLAIM, since=105.0, opens_at=115.0, why="Permission denied", found_at=100.0
    )
    assert settling.ripe(115.0) == [drop()]


def test_a_drop_that_is_gone_can_be_neither_blocked_nor_taken(settling: Settling) -> None:
    """It may vanish between two looks."""
    settling.blocked(drop(), "gone", 100.0, retry_seconds=10.0)
    settling.taken(drop())
    assert settling.standings(100.0, 10) == []


def test_a_drop_that_was_claimed_is_forgotten(settling: Settling) -> None:
    """The next one of its name is another drop."""
    settling.look([drop()], 100.0)
    settling.taken(drop())
    assert settling.opens_at() == inf
    assert seen_once(settling, 106.0, drop()) == []


# Order and time


def test_the_drop_that_has_been_quiet_longest_comes_first(settling: Settling) -> None:
    """Whatever its name or its own time."""
    early, late = drop("z.csv", mtime_ns=9), drop("a.csv", mtime_ns=1)
    settling.look([early], 100.0)
    assert seen_once(settling, 101.0, late, early) == []
    assert seen_once(settling, 106.0, late, early) == [early, late]


def test_drops_found_together_keep_the_order_of_their_times_then_of_their_names(
    settling: Settling,
) -> None:
    """It is all there is to tell which was meant to come first."""
    first, second, third = drop("b.csv", mtime_ns=1), drop("a.csv", mtime_ns=2), drop("c.csv")
    third = replace(third, mtime_ns=2)
    settling.look([third, second, first], 100.0)
    assert settling.ripe(105.0) == [first, second, third]


def test_it_is_known_when_the_next_drop_will_have_settled(settling: Settling) -> None:
    """The loop need not look before."""
    assert settling.opens_at() == inf
    settling.look([drop("empty.csv", size=0)], 100.0)
    assert settling.opens_at() == 160.0
    settling.look([drop("empty.csv", size=0), drop("full.csv")], 110.0)
    assert settling.opens_at() == 115.0
    settling.blocked(drop("full.csv"), "in use", 115.0, retry_seconds=10.0)
    assert settling.opens_at() == 125.0
    settling.probed(drop("full.csv"), Writer.BUSY, 125.0)
    assert settling.opens_at() == 130.0
    settling.taken(drop("full.csv"))
    assert settling.opens_at() == 160.0


PAUSES = st.integers(0, 80).map(lambda quarters: quarters / 4)
"""Seconds that add up without rounding."""

CHANGES = st.sampled_from(
    ["none", "none", "none", "longer", "emptied", "replaced", "time", "attributes", "gone"]
)

LOOKS = st.lists(
    st.tuples(PAUSES, st.sampled_from(["a.csv", "b.csv"]), CHANGES, st.sampled_from(Writer)),
    max_size=40,
)


def changed(before: Sighting | None, name: str, change: str) -> Sighting | None:
    """Let something happen to a drop; whatever happens to one that is not there makes it."""
    if before is None or change == "gone":
        return drop(name) if before is None else None
    return {
        "none": before,
        "longer": replace(before, size=before.size + 1),
        "emptied": replace(before, size=0),
        "replaced": replace(before, inode=before.inode + 1),
        "time": replace(before, mtime_ns=before.mtime_ns - 1),
        "attributes": replace(before, ctime_ns=before.ctime_ns + 1),
    }[change]


@given(looks=LOOKS)
def test_nothing_settles_that_changed_within_the_quiet_time(
    looks: list[tuple[float, str, str, Writer]],
) -> None:
    """Whatever the looks show, in whatever order; and what is left in peace does settle."""
    settling = Settling(SettleRules(quiet_seconds=QUIET, empty_hold_seconds=EMPTY_HOLD))
    now = 1000.0
    there: dict[str, Sighting] = {}
    changed_at: dict[str, float] = {}
    for pause, name, change, writer in looks:
        now += pause
        before, seen = there.pop(name, None), changed(there.get(name), name, change)
        if seen != before:
            changed_at[name] = now
        if seen:
            there[name] = seen
        settling.look(there.values(), now)
        for ripe in settling.ripe(now):
            assert ripe == there[ripe.name]
            assert now - changed_at[ripe.name] >= (QUIET if ripe.size else EMPTY_HOLD)
            if settling.probed(ripe, writer, now):
                assert writer is not Writer.BUSY
                least = 2 * QUIET if writer is Writer.UNKNOWN else QUIET
                assert now - changed_at[ripe.name] >= least
                settling.taken(ripe)
                del there[ripe.name]
    now += EMPTY_HOLD
    settling.look(there.values(), now)
    assert {each.name for each in settling.ripe(now)} == set(there)
    assert all(settling.probed(each, Writer.FREE, now) for each in there.values())
