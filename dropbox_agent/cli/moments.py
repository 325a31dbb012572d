"""Moments as people write them: a date, a time, or how long ago."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import click

AGE: Final = re.compile(r"(\d{1,6})\s*([smhdw])", re.IGNORECASE)
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
WEEK: Final = re.compile(r"\d{4}-?W\d\d")
"""A week without a day, which is a date as well: that of its Monday."""


def since(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """Read an option; a date alone means the beginning of that day."""
    return None if text is None else _moment(text.strip())


def until(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """Read an option; a date alone means the end of that day, a week alone that of the week."""
    return None if text is None else _moment(text.strip(), end_of_day=True)


def _moment(text: str, *, end_of_day: bool = False) -> datetime:
    """Read a moment; a time without a zone is local."""
    try:
        if age := AGE.fullmatch(text):
            return datetime.now(UTC) - timedelta(**{UNITS[age[2].lower()]: int(age[1])})
        moment = datetime.fromisoformat(text)
        if end_of_day and _is_date(text):
            moment += timedelta(weeks=1) if WEEK.fullmatch(text) else timedelta(days=1)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(
            f"'{text}' is neither a date (2026-01-15), nor a time (2026-01-15T14:30), nor an age "
            "(30m, 12h, 7d, 2w)."
        ) from None


def _is_date(text: str) -> bool:
    """Whether a text is a date without a time, in any of the ways to write one."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
