"""Mistakes in the settings, each with its place and what to write instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dropbox_agent.errors import BadConfiguration

ENV_FILE: Final = "agent.env"
ENVIRONMENT: Final = "environment"


class Unusable(ValueError):
    """A value cannot be used. Says why, as the end of a sentence, and may know a better one."""

    def __init__(self, what: str, *, instead: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One mistake in the settings.

    Attributes:
        name: The setting, as it was written; the file's name where the whole file is wrong.
        line: The line in ``agent.env``, from 1; None when it comes from elsewhere.
        what: What is wrong, one sentence.
        write: What to write there.
        place: Where it comes from, if not from a line of ``agent.env``.
    """

    name: str
    line: int | None
    what: str
    write: str
    place: str = ENVIRONMENT

    @property
    def told(self) -> str:
        """Say where what is wrong."""
        place = self.place if self.line is None else f"{ENV_FILE}, line {self.line}"
        return f"{place}: {self.name}: {self.what}"

    def __str__(self) -> str:
        return f"{self.told} Write: {self.write}"


class BadSettings(BadConfiguration):
    """The settings cannot be used; lists every mistake in them.

    Attributes:
        faults: The mistakes, those of the file first, in the order of its lines.
    """

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda each: each.line or 1_000_000))
        count = "1 mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
        super().__init__(
            "\n".join([f"The settings have {count}:", *(f"  {each}" for each in self.faults)]),
            hint="Change what is named above, then run the command again.",
            code="bad-settings",
        )


def shown(text: str) -> str:
    """Quote a value for a message: short, and without anything that could not be shown."""
    short = text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - fits a terminal
    return f"'{short if short.isprintable() else ascii(short)[1:-1]}'"
