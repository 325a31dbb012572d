"""Moments as people write them."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
import pytest

from dropbox_agent.cli import moments

CONTEXT, OPTION = click.Context(click.Command("history")), click.Option(["--since"])


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine be where clocks change in March."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of this system cannot be set for a test")
    with monkeypatch.context() as environ:
        environ.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def since(text: str | None) -> datetime | None:
    """Read a moment from which on."""
    return moments.since(CONTEXT, OPTION, text)


def until(text: str | None) -> datetime | None:
    """Read a moment up to which."""
    return moments.until(CONTEXT, OPTION, text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-15T14:30", "2026-01-15T13:30+00:00"),
        ("2026-01-15 14:30:10", "2026-01-15T13:30:10+00:00"),
        ("2026-07-15T14:30", "2026-07-15T12:30+00:00"),
        ("2026-07-15T14:30Z", "2026-07-15T14:30+00:00"),
        ("2026-07-15T14:30-05:00", "2026-07-15T19:30+00:00"),
    ],
)
def test_a_time_is_local_unless_it_says_otherwise(text: str, moment: str) -> None:
    """The same for both options."""
    assert since(text) == until(text) == datetime.fromisoformat(moment)


def test_a_date_is_all_of_that_day() -> None:
    """Also one with 23 hours."""
    assert since("2026-03-29") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert until("2026-03-29") == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("20260115", "2026-01-15", "2026-01-15"),
        ("2026-W03-4", "2026-01-15", "2026-01-15"),
        ("2026W034", "2026-01-15", "2026-01-15"),
        ("2026-W03", "2026-01-12", "2026-01-18"),
        ("2026W03", "2026-01-12", "2026-01-18"),
    ],
)
def test_a_date_may_be_written_otherwise(text: str, first: str, last: str) -> None:
    """As the standard has it; a week is all of its days."""
    assert (since(text), until(text)) == (since(first), until(last))


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("12H", timedelta(hours=12)),
        (" 7d", timedelta(days=7)),
        ("2 w", timedelta(weeks=2)),
    ],
)
def test_an_age_is_counted_from_now(text: str, age: timedelta) -> None:
    """In any case, with or without a blank."""
    before = datetime.now(UTC)
    moment = since(text)
    assert moment is not None
    assert before - age <= moment <= datetime.now(UTC) - age


@pytest.mark.parametrize("text", ["", "yesterday", "7", "7y", "2026-13-01", "999999w", "-3d"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    """No text is taken for another moment than was meant."""
    with pytest.raises(click.BadParameter, match="nor an age"):
        since(text)


def test_without_a_moment_there_is_no_limit() -> None:
    """The option was not given."""
    assert since(None) is until(None) is None
    assert os.environ["TZ"]
