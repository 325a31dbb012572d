"""Tests for which files are missing, in a place whose clocks change twice a year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.expecting import (
    TOLERANCE,
    By,
    Every,
    Expectation,
    Known,
    Missing,
    Sight,
    all_known,
    missing,
    place_of,
)
from dropbox_agent.core.kind import Kind
from tests.jobs import new_job

BERLIN = ZoneInfo("Europe/Berlin")
MON_TO_FRI = frozenset(range(5))
AT_SEVEN = By((time(7),))
DAY = timedelta(days=1)
MOMENTS = st.timedeltas(timedelta(0), 700 * DAY).map(
    lambda each: datetime(2026, 1, 1, tzinfo=UTC) + each
)


def local(day: str, at: str = "12:00") -> datetime:
    """Write a moment as the clocks in Berlin show it."""
    return datetime.fromisoformat(f"{day} {at}").replace(tzinfo=BERLIN)


def missed(rhythm: Every | By, last: datetime, now: datetime) -> datetime | None:
    """Say since when a file is missing in Berlin."""
    return rhythm.missed(Known(last, last), now, BERLIN)


def expected(text: str = "", kind: Kind = Kind.CONTACTS, pattern: str | None = None) -> Expectation:
    """Expect a file by seven."""
    return Expectation(text or str(pattern), kind, pattern, AT_SEVEN)


class TestEvery:
    """One file in each period."""

    def test_the_time_begins_with_the_last_file(self) -> None:
        """It was due when the period had passed, and is missing a tenth later."""
        last, period = local("2026-01-15"), timedelta(hours=24)
        assert missed(Every(period), last, last + period * (1 + TOLERANCE)) is None
        late = last + period * (1 + TOLERANCE) + timedelta(seconds=1)
        assert missed(Every(period), last, late) == last + period

    def test_without_any_file_it_begins_with_the_waiting(self) -> None:
        """A new expectation is not missed at once."""
        since = local("2026-01-15")
        known = Known(since)
        assert Every(DAY).missed(known, since + DAY, BERLIN) is None
        assert Every(DAY).missed(known, since + 2 * DAY, BERLIN) == since + DAY

    @given(last=MOMENTS, hours=st.integers(1, 2000), later=st.floats(0, 3))
    def test_it_is_missing_until_one_comes_and_not_after(
        self, last: datetime, hours: int, later: float
    ) -> None:
        """Exactly while more than the period and its tolerance have passed."""
        period = timedelta(hours=hours)
        now = last + period * later
        assert (missed(Every(period), last, now) is not None) == (now > last + period * 1.1)


class TestBy:
    """One file by a time of day."""

    @pytest.mark.parametrize(
        ("came", "now", "due"),
        [
            ("2026-01-14 06:50", "2026-01-15 06:59", None),
            ("2026-01-14 06:50", "2026-01-15 07:00", "2026-01-15 07:00"),
            ("2026-01-15 06:50", "2026-01-15 07:00", None),
            ("2026-01-14 23:10", "2026-01-15 07:00", None),  # made in the evening before
            ("2026-01-14 08:00", "2026-01-15 07:00", "2026-01-15 07:00"),  # late for the 14th
            ("2026-01-15 08:00", "2026-01-15 09:00", None),  # late, but there
            ("2026-01-11 06:50", "2026-01-15 09:00", "2026-01-12 07:00"),
        ],
    )
    def test_of_each_day(self, came: str, now: str, due: str | None) -> None:
        """A late file makes up for the time it missed, not for the next one."""
        found = missed(AT_SEVEN, local(*came.split()), local(*now.split()))
        assert found == (local(*due.split()) if due else None)

    def test_late_in_the_day_all_of_the_day_counts(self) -> None:
        """Nobody thinks of a file of one in the morning as the late one of the evening before."""
        by_night = By((time(23),))
        came = local("2026-01-15", "01:00")
        assert missed(by_night, came, local("2026-01-15", "23:30")) is None
        assert missed(by_night, came, local("2026-01-16", "22:59")) is None
        assert missed(by_night, came, local("2026-01-16", "23:00")) == local("2026-01-16", "23:00")

    def test_of_working_days(self) -> None:
        """Nothing is missing at weekends."""
        rhythm = By((time(7),), MON_TO_FRI)
        friday = local("2026-01-16", "06:50")
        assert missed(rhythm, friday, local("2026-01-18", "23:00")) is None
        assert missed(rhythm, friday, local("2026-01-19", "07:00")) == local("2026-01-19", "07:00")
        assert missed(rhythm, local("2026-01-18", "22:00"), local("2026-01-19", "12:00")) is None

    def test_several_times_of_a_day(self) -> None:
        """The file of the morning is not that of the evening."""
        twice = By((time(7), time(19)))
        came = local("2026-01-15", "06:50")
        assert missed(twice, came, local("2026-01-15", "18:59")) is None
        assert missed(twice, came, local("2026-01-15", "19:00")) == local("2026-01-15", "19:00")

    def test_what_never_came_is_not_missed_before_the_first_time(self) -> None:
        """Waiting begins with the setting."""
        known = Known(local("2026-01-15", "10:00"))
        assert AT_SEVEN.missed(known, local("2026-01-16", "06:59"), BERLIN) is None
        due = local("2026-01-16", "07:00")
        assert AT_SEVEN.missed(known, local("2026-01-20"), BERLIN) == due

    def test_what_is_missing_for_years_is_told_without_counting_them(self) -> None:
        """It is missing, and for how long is told up to a month."""
        found = missed(AT_SEVEN, local("2020-01-15"), local("2026-01-15"))
        assert found is not None
        assert found.astimezone(BERLIN).date() >= local("2025-12-15").date()

    @pytest.mark.parametrize(
        ("at", "utc"),
        [
            ("07:00", "2026-03-29T05:00+00:00"),  # the day has 23 hours
            ("07:00", "2026-03-28T06:00+00:00"),
            ("02:30", "2026-03-29T01:30+00:00"),  # no clock ever shows that
            ("07:00", "2026-10-25T06:00+00:00"),  # the day has 25 hours
            ("02:30", "2026-10-25T01:30+00:00"),  # clocks show that twice
        ],
    )
    def test_on_days_the_clocks_change(self, at: str, utc: str) -> None:
        """What counts is what the clock on the wall shows; in doubt the later moment."""
        rhythm = By((time.fromisoformat(at),))
        due = datetime.fromisoformat(utc)
        came = due - timedelta(hours=25)
        second = timedelta(seconds=1)
        assert missed(rhythm, came, due - second) is None
        assert missed(rhythm, came, due) == due
        assert missed(rhythm, due - timedelta(minutes=10), due + second) is None

    @given(
        last=MOMENTS,
        later=st.timedeltas(timedelta(0), 20 * DAY),
        times=st.sets(st.times(), min_size=1, max_size=3),
        weekdays=st.sets(st.integers(0, 6), min_size=1),
    )
    def test_a_file_that_has_just_come_is_never_missing(
        self, last: datetime, later: timedelta, times: set[time], weekdays: set[int]
    ) -> None:
        """And what is missing was due after the last one, in the past, and stays so."""
        rhythm = By(tuple(sorted(times)), frozenset(weekdays))
        now = last + later
        assert missed(rhythm, now, now) is None
        due = missed(rhythm, last, now)
        if due is not None:
            assert last < due <= now
            assert due.astimezone(BERLIN).weekday() in weekdays
            assert missed(rhythm, last, now + DAY) == due

    @given(first=st.dates(local("2026-01-01").date(), local("2027-12-31").date()))
    def test_a_file_each_morning_is_never_missed(self, first: object) -> None:
        """Whatever the clocks do in between."""
        for days in range(10):
            came = local(str(first), "06:40") + days * DAY  # on the wall
            later = came + DAY - timedelta(minutes=1)
            assert missed(AT_SEVEN, came, later) is None


class TestCovering:
    """Which file is meant."""

    @pytest.mark.parametrize(
        ("kind", "pattern", "path", "is_it"),
        [
            (Kind.PRODUCTS, None, "products/any.csv", True),
            (Kind.PRODUCTS, None, "contacts/any.csv", False),
            (Kind.VOUCHERS, None, "vouchers/Spring/a.csv", True),
            (Kind.CONTACTS, "crm-*.csv", "contacts/CRM-1.CSV", True),
            (Kind.CONTACTS, "crm-*.csv", "contacts/shop.csv", False),
            (Kind.CONTACTS, "crm-*.csv", "products/crm-1.csv", False),
            (Kind.VOUCHERS, "*.csv", "vouchers/Spring/a.csv", False),
            (Kind.VOUCHERS, "Spring/*.csv", "vouchers/spring/a.csv", True),
            (Kind.VOUCHERS, "Spring/*.csv", "vouchers\\Spring\\a.csv", True),
            (Kind.VOUCHERS, "Spring/*.csv", "vouchers/Autumn/a.csv", False),
        ],
    )
    def test_paths(self, kind: Kind, pattern: str | None, path: str, *, is_it: bool) -> None:
        """By kind, and below it by a pattern of the same depth."""
        assert expected(kind=kind, pattern=pattern).covers(path) == is_it

    def test_a_job_tells_where_its_file_lay(self) -> None:
        """With the folder of a coupon set."""
        assert place_of(new_job(Kind.VOUCHERS, "a.csv", folder="Spring")) == "vouchers/Spring/a.csv"
        assert place_of(new_job(Kind.PRODUCTS, "a.csv")) == "products/a.csv"


class TestMissing:
    """All expectations together."""

    NOW = local("2026-01-15", "09:00")
    LONG_AGO = local("2026-01-12", "06:50")

    def test_those_that_have_not_come(self) -> None:
        """In the order in which they are written."""
        both = expected("first"), expected("second")
        known = {each.text: Known(self.LONG_AGO, self.LONG_AGO) for each in both}
        found = missing(both, known, Sight(()), self.NOW, BERLIN)
        assert [each.expectation for each in found] == list(both)
        assert found[0] == Missing(both[0], local("2026-01-13", "07:00"), self.LONG_AGO)

    def test_a_file_that_waits_in_the_inbox_has_come(self) -> None:
        """Why it waits there is told elsewhere."""
        one = expected("one", pattern="crm-*.csv")
        known = {"one": Known(self.LONG_AGO, self.LONG_AGO)}
        assert missing([one], known, Sight(("contacts/crm-3.csv",)), self.NOW, BERLIN) == ()
        assert missing([one], known, Sight(("contacts/crm-3.txt",)), self.NOW, BERLIN)

    def test_what_nothing_is_known_of_is_waited_for_from_now_on(self) -> None:
        """An expectation that was written a moment ago."""
        assert missing([expected()], {}, Sight(()), self.NOW, BERLIN) == ()

    def test_it_is_told_in_the_time_that_people_see(self) -> None:
        """When it was due, and when the last one came."""
        due = local("2026-07-15", "07:00").astimezone(UTC)
        gone = Missing(expected(), due, due - DAY)
        assert gone.sentence(BERLIN) == (
            "It was due at 2026-07-15 07:00; the last one came at 2026-07-14 07:00."
        )
        assert "none ever came" in Missing(expected(), due, None).sentence(BERLIN)


def test_what_is_known_is_the_latest_of_journal_and_memory() -> None:
    """Either may have forgotten: old entries are removed from journals."""
    early, late, now = (local(f"2026-01-{day}") for day in (10, 12, 15))
    new, kept, filed = (expected(text) for text in ("new", "kept", "filed"))
    in_journal = {"new": None, "kept": early, "filed": late}
    found = all_known(
        [new, kept, filed],
        {"kept": Known(early, late, told=True), "filed": Known(early, early), "gone": Known(now)},
        lambda each: in_journal[each.text],
        now,
    )
    assert found == {
        "new": Known(now),
        "kept": Known(early, late, told=True),
        "filed": Known(early, late),
    }


def test_what_a_clock_that_was_ahead_has_written_counts_as_now() -> None:
    """Once: what the journal has of that time is no reason to begin anew with each start."""
    now, later, ahead = local("2026-01-15"), local("2026-01-16"), local("2036-01-15")
    one = expected("one")
    first = all_known([one], {"one": Known(ahead)}, lambda _: ahead, now)
    assert first == {"one": Known(now, now)}
    assert all_known([one], first, lambda _: ahead, later) == first
