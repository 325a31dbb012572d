"""What is kept for how long: pure rules."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.job import JobId, Outcome
from dropbox_agent.core.keeping import Clause, Entry, Keeping, Sizes, due, is_due, may_follow
from dropbox_agent.core.kind import Kind

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ALL = frozenset(Outcome)


def entry(
    step: int, days_ago: float | None, size: int = 10, outcome: Outcome = Outcome.IMPORTED
) -> Entry:
    """Make an entry filed some days ago."""
    since = None if days_ago is None else NOW - days_ago * DAY
    job_id = JobId(f"c{step}")
    return Entry(step, job_id, Kind.CONTACTS, outcome, "a.csv", f"stem-{step}", since, size)


_clauses = st.builds(
    lambda days, size: (days and days * DAY, size),
    st.none() | st.integers(1, 50),
    st.none() | st.integers(1, 200),
)
_keepings = st.builds(
    lambda first, rest: Keeping(
        (Clause(frozenset([Outcome.FAILED]), *first), Clause(ALL - {Outcome.FAILED}, *rest))
    ),
    _clauses,
    _clauses,
)
_entries = st.lists(
    st.tuples(st.floats(0, 60), st.integers(0, 60), st.sampled_from(Outcome)), max_size=20
).map(
    lambda told: [
        entry(step, days, size, outcome)
        for step, (days, size, outcome) in enumerate(
            sorted(told, key=lambda each: -each[0]), start=1
        )
    ]
)


@given(_entries, _keepings)
def test_what_goes_of_a_clause_is_always_the_oldest(entries: list[Entry], keeping: Keeping) -> None:
    """Nothing newer goes while something older of the same clause stays."""
    gone = due(entries, keeping, NOW)
    assert gone == sorted(gone)
    for clause in keeping.clauses:
        went = [each in gone for each in entries if each.outcome in clause.outcomes]
        assert went == sorted(went, reverse=True)


@given(_entries, _keepings)
def test_what_stays_is_within_the_bounds(entries: list[Entry], keeping: Keeping) -> None:
    """No more bytes than allowed, but for a single one, and nothing that is too old."""
    gone = due(entries, keeping, NOW)
    for clause in keeping.clauses:
        stay = [each for each in entries if each not in gone and each.outcome in clause.outcomes]
        if clause.most_bytes is not None and len(stay) > 1:
            assert sum(each.bytes for each in stay) <= clause.most_bytes
        if clause.age is not None:
            assert all(each.since and NOW - each.since <= clause.age for each in stay)


@given(_entries, _keepings)
def test_nothing_goes_that_no_bound_asks_for(entries: list[Entry], keeping: Keeping) -> None:
    """What goes is too old, or there is too much from it on."""
    for each in due(entries, keeping, NOW):
        clause = keeping.clause_for(each.outcome)
        newer = [one.bytes for one in entries if one >= each and one.outcome in clause.outcomes]
        is_old = clause.age and each.since and NOW - each.since > clause.age
        assert is_old or sum(newer) > (clause.most_bytes or sum(newer))


@given(_entries, _keepings, st.integers(1, 5))
def test_a_look_that_ends_early_misses_nothing(
    entries: list[Entry], keeping: Keeping, at_once: int
) -> None:
    """Where nothing more may follow, nothing that follows is to go."""
    sizes = Sizes(keeping)
    for each in reversed(entries):
        sizes.take(each)
    for start in range(0, len(entries), at_once):
        if not may_follow(entries[start : start + at_once], keeping, sizes, NOW):
            behind = entries[start + at_once :]
            assert not any(is_due(each, keeping, sizes, NOW) for each in behind)
            break


def test_without_rules_everything_is_kept() -> None:
    """So it is for files and reports unless people say otherwise."""
    assert due([entry(1, 10_000)], Keeping(), NOW) == []
    assert Keeping().is_for_ever


def test_what_was_never_seen_has_no_age() -> None:
    """It is too new for that, whatever its time stamps say."""
    assert due([entry(1, None)], Keeping((Clause(ALL, DAY),)), NOW) == []


def test_an_age_from_before_all_time_keeps_everything() -> None:
    """However long somebody wants to keep things."""
    keeping = Keeping((Clause(ALL, timedelta(days=999_999_999)),))
    entries = [entry(1, 10_000)]
    assert due(entries, keeping, NOW) == []
    assert not may_follow(entries, keeping, Sizes(keeping), NOW)


def test_the_newest_stays_however_large_it_is() -> None:
    """A file larger than all the room for files is not deleted the moment it was filed."""
    keeping = Keeping((Clause(ALL, most_bytes=5),))
    assert [each.step for each in due([entry(1, 2), entry(2, 1)], keeping, NOW)] == [1]
