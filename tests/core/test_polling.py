"""When to ask about imports under way, on a clock that is set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.imports import Import, ImportId, Status
from dropbox_agent.core.polling import FIRST_ASK_SHARE, TURN_SHARE, PollRules, PollSchedule
from tests.jobs import ID, an_import, finished

FLOOR, CEILING = 2.0, 20.0
OTHER = ImportId("import-2")


def running(done: int, *, errors: int = 0, total: int | None = 100, of: str = ID) -> Import:
    """Make what the server says of an import of a hundred rows that is under way."""
    status = Status.IN_PROGRESS if done else Status.QUEUED
    return an_import(status, import_id=of, total=total, success=done - errors, errors=errors)


@pytest.fixture
def schedule() -> PollSchedule:
    """One import is under way since second 100."""
    schedule = PollSchedule(PollRules(FLOOR, CEILING))
    schedule.follow_only([ID], 100.0)
    return schedule


def wait_after(schedule: PollSchedule, told: Import, now: float) -> float:
    """Take in what the server said; return for how long it is left in peace."""
    schedule.answered(told, now)
    due_at = schedule.due_at()
    assert due_at is not None
    return due_at - now


def test_without_imports_there_is_nothing_to_ask() -> None:
    """And nothing to wake up for."""
    schedule = PollSchedule(PollRules(FLOOR, CEILING))
    assert schedule.due_at() is None
    schedule.follow_only([ID], 100.0)
    schedule.follow_only([], 101.0)
    assert schedule.due_at() is None


def test_the_first_question_comes_soon(schedule: PollSchedule) -> None:
    """Small imports are through at once."""
    assert schedule.due_at() == 100.0 + FLOOR * FIRST_ASK_SHARE


def test_following_goes_on_where_it_was(schedule: PollSchedule) -> None:
    """It is said anew in every turn, and changes nothing then."""
    due_at = schedule.due_at()
    schedule.follow_only([ID], 100.25)
    assert schedule.due_at() == due_at


def test_without_progress_the_waits_grow_up_to_the_ceiling(schedule: PollSchedule) -> None:
    """A queued import may wait behind others for long."""
    waits = [wait_after(schedule, running(0), 100.0 + 50 * n) for n in range(9)]
    assert waits == [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875, 20.0, 20.0, 20.0]


def test_progress_tells_when_to_ask_next(schedule: PollSchedule) -> None:
    """A quarter of the rows in three seconds: the half that is left takes six, and a little."""
    wait_after(schedule, running(25), 110.0)
    assert wait_after(schedule, running(50), 113.0) == pytest.approx(6.0 * 1.05)


def test_time_without_progress_counts_too(schedule: PollSchedule) -> None:
    """Six seconds for a quarter of the rows, three of them at a standstill."""
    wait_after(schedule, running(25), 110.0)
    wait_after(schedule, running(25), 113.0)
    assert wait_after(schedule, running(50), 116.0) == pytest.approx(12.0 * 1.05)


def test_time_in_the_queue_says_nothing_of_the_speed(schedule: PollSchedule) -> None:
    """It counts from the first rows that were seen done."""
    wait_after(schedule, running(0), 110.0)
    assert wait_after(schedule, running(50), 120.0) == 3.0
    assert wait_after(schedule, running(75), 122.0) == pytest.approx(2.0 * 1.05)


def test_refused_rows_are_progress_too(schedule: PollSchedule) -> None:
    """The server is through with them."""
    wait_after(schedule, running(25, errors=25), 110.0)
    assert wait_after(schedule, running(50, errors=50), 113.0) == pytest.approx(6.0 * 1.05)


def test_an_import_that_is_nearly_through_is_left_in_peace_for_the_floor(
    schedule: PollSchedule,
) -> None:
    """Also one that should have been through already."""
    wait_after(schedule, running(25), 110.0)
    assert wait_after(schedule, running(99), 113.0) == FLOOR
    assert wait_after(schedule, running(100), 116.0) == FLOOR
    assert wait_after(schedule, running(120), 119.0) == FLOOR


def test_a_slow_import_is_asked_about_at_the_ceiling(schedule: PollSchedule) -> None:
    """It may go faster than it looked."""
    wait_after(schedule, running(1), 110.0)
    assert wait_after(schedule, running(2), 120.0) == CEILING


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_total_there_is_no_telling(schedule: PollSchedule, total: int | None) -> None:
    """Then the waits grow."""
    waits = [wait_after(schedule, running(n, total=total), 110.0 + n) for n in (10, 20, 30)]
    assert waits == [2.0, 3.0, 4.5]


def test_counts_that_fall_are_measured_anew(schedule: PollSchedule) -> None:
    """The server has begun again, or lies."""
    wait_after(schedule, running(50), 110.0)
    assert wait_after(schedule, running(20), 113.0) == 3.0
    assert wait_after(schedule, running(60), 117.0) == pytest.approx(4.0 * 1.05)


def test_two_answers_in_one_moment_tell_of_no_speed(schedule: PollSchedule) -> None:
    """A list and a single question may come together."""
    wait_after(schedule, running(50), 110.0)
    assert wait_after(schedule, running(60), 110.0) == 3.0


def test_one_question_serves_all_imports(schedule: PollSchedule) -> None:
    """It is asked when the first of them is due."""
    schedule.follow_only([ID, OTHER], 100.0)
    schedule.answered(running(0), 100.5)
    assert schedule.due_at() == 100.5 + FLOOR
    schedule.answered(running(0), 102.5)
    assert schedule.due_at() == 100.0 + FLOOR * TURN_SHARE
    schedule.answered(running(0, of=OTHER), 104.0)
    assert schedule.due_at() == 102.5 + FLOOR * 1.5


def test_when_one_ends_the_next_may_begin(schedule: PollSchedule) -> None:
    """However long it has waited behind others, it is asked about soon; one at work is not."""
    third = ImportId("import-3")
    schedule.follow_only([ID, OTHER, third], 100.0)
    schedule.answered(running(1, of=third), 140.0)
    schedule.answered(running(2, of=third), 150.0)
    for now in (110.0, 120.0, 130.0, 140.0, 149.0):
        schedule.answered(running(0, of=OTHER), now)
    schedule.answered(finished(), 150.0)
    schedule.follow_only([OTHER, third], 150.0)
    assert schedule.due_at() == 150.0 + FLOOR * TURN_SHARE
    schedule.follow_only([third], 150.0)
    assert schedule.due_at() == 150.0 + CEILING


def test_an_import_that_is_missing_is_asked_about_again(schedule: PollSchedule) -> None:
    """The schedule says for how long the server has not known it."""
    assert schedule.missing(ID, 110.0) == 0.0
    assert schedule.due_at() == 110.0 + FLOOR
    assert schedule.missing(ID, 112.0) == 2.0
    assert schedule.missing(ID, 115.0) == 5.0


def test_an_import_that_is_back_was_never_missing(schedule: PollSchedule) -> None:
    """A list may lag; the time begins anew."""
    schedule.missing(ID, 110.0)
    schedule.answered(running(0), 112.0)
    assert schedule.missing(ID, 120.0) == 0.0


def test_it_is_known_for_how_long_an_import_is_followed(schedule: PollSchedule) -> None:
    """Since it was first followed, whatever the server has said of it."""
    schedule.answered(running(10), 110.0)
    schedule.follow_only([ID, OTHER], 130.0)
    assert schedule.followed_seconds(ID, 160.0) == 60.0
    assert schedule.followed_seconds(OTHER, 160.0) == 30.0
    assert schedule.followed_seconds(ImportId("import-3"), 160.0) == 0.0


def test_answers_about_imports_nobody_follows_change_nothing(schedule: PollSchedule) -> None:
    """The list shows those of others as well."""
    due_at = schedule.due_at()
    schedule.answered(running(10, of=OTHER), 110.0)
    assert schedule.missing(OTHER, 110.0) == 0.0
    assert schedule.due_at() == due_at


COUNTS = st.integers(0, 200)
TELLINGS = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda quarters: quarters / 4),
        st.none() | st.tuples(COUNTS, COUNTS, st.none() | COUNTS, st.sampled_from(Status)),
    ),
    max_size=40,
)


@given(tellings=TELLINGS, floor=st.floats(0.01, 10.0), more=st.floats(0.0, 100.0))
def test_the_next_question_is_never_too_soon_nor_too_late(
    tellings: list[tuple[float, tuple[int, int, int | None, Status] | None]],
    floor: float,
    more: float,
) -> None:
    """Whatever the server says, or does not, and whenever."""
    schedule = PollSchedule(PollRules(floor, floor + more))
    now = 100.0
    schedule.follow_only([ID], now)
    for pause, told in tellings:
        due_at = schedule.due_at()
        assert due_at is not None
        assert floor * FIRST_ASK_SHARE - 1e-6 <= due_at - now <= floor + more + 1e-6
        now = due_at + pause
        if told is None:
            schedule.missing(ID, now)
        else:
            success, errors, total, status = told
            schedule.answered(an_import(status, total=total, success=success, errors=errors), now)
