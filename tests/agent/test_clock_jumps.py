"""The machine's clock is set while the agent works: nothing changes but the times that are told."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.agent import Rules
from dropbox_agent.core.imports import ApiUnavailable, NotNow
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.clocks import FarClock, SetClock
from tests.drops import contacts, products, vouchers
from tests.fakes import (
    FakeImportApi,
    answer_with,
    lose_answer_after_accepting,
    lose_answer_before_accepting,
)
from tests.homes import Home
from tests.stand_ins import SetBell

HOUR, YEAR = 3600.0, 31_557_600.0
JUMPS = {
    "an hour on": (HOUR,),
    "an hour back": (-HOUR,),
    "a year on": (YEAR,),
    "a year back": (-YEAR,),
    "to and fro": (YEAR, -HOUR, -2 * YEAR, HOUR, YEAR),
}
SET = "61fa54f238319b3bf1990fdc"
NETWORK = ApiUnavailable("There is no way to the server.", hint="Plug it in.", code="network-down")
LIMIT = TryLater("One request too many.", hint="Nothing to do.", code="rate-limited")
TIMES = re.compile(r"\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")

each_jump = pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)


class JumpyBell(SetBell):
    """A bell at whose every wait somebody sets the machine's clock."""

    def __init__(self, clock: SetClock, jumps: tuple[float, ...]) -> None:
        super().__init__(clock)
        self._jumps = cycle(jumps)

    def wait(self, timeout_seconds: float) -> bool:
        """Let the time pass, and the clock jump."""
        self._clock.jump(next(self._jumps))
        return super().wait(timeout_seconds)


@dataclass(frozen=True)
class Course:
    """All that happened in a home, but for the times of day.

    Attributes:
        waits: How long the loop slept each time.
        calls: What the server was asked.
        sent: What it was sent, and whether it became an import.
        steps: Which file reached which stage.
        pauses: What was held up, why, and for how long.
        archive: Every archived file: reports without their times, payloads as they are.
    """

    waits: list[float]
    calls: list[str]
    sent: list[tuple[bytes, str | None]]
    steps: list[tuple[str, Stage]]
    pauses: list[tuple[str, str, float]]
    archive: dict[str, str]


def course_of(home: Home) -> Course:
    """Tell what happened in a home."""
    return Course(
        waits=[round(each, 6) for each in home.bell.waits],
        calls=home.api.calls,
        sent=[(each.content, each.became) for each in home.api.sent],
        steps=[(job.name, job.stage) for job in home.witness.steps],
        pauses=[(what, code, round(wait, 6)) for what, code, wait in home.witness.pauses],
        archive=dict(_archive(home)),
    )


def _archive(home: Home) -> Iterator[tuple[str, str]]:
    for root in (home.folders.processed, home.folders.failed):
        for path in root.rglob("*.*"):
            name = path.relative_to(home.root).as_posix()
            yield TIMES.sub("T", name), TIMES.sub("T", path.read_text(encoding="utf-8"))


def _settling(home: Home) -> None:
    path = home.drop(Kind.CONTACTS, "grows.csv", contacts(1))
    home.run_for(3)
    path.write_bytes(contacts(2))
    home.run_for(3)
    home.drop(Kind.CONTACTS, "grows.csv", contacts(3))


def _polling(home: Home) -> None:
    home.api.seconds_per_import = 500.0
    home.drop(Kind.PRODUCTS, "slow.csv", products(9))


def _grace(home: Home) -> None:
    home.api.next_create(lose_answer_before_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _adopting(home: Home) -> None:
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _backing_off(home: Home) -> None:
    home.api.next_recent(*[NETWORK] * 9)
    home.api.next_create(answer_with(NotNow(LIMIT, wait_seconds=40.0)))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))


def _order(home: Home) -> None:
    for number in range(3):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, name=f"Ada {number}"))
        home.run_for(7)


def _vanishing(home: Home) -> None:
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.api.vanish(home.api.imports[0].id)


def _starting_anew(home: Home) -> None:
    home.drop(Kind.CONTACTS, "first.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "second.csv", products(3))
    home.run_until(lambda: home.stage("first.csv") is Stage.SENT)
    home.start()


COURSES = {
    "settling": _settling,
    "polling": _polling,
    "grace": _grace,
    "adopting": _adopting,
    "backing off": _backing_off,
    "order": _order,
    "vanishing": _vanishing,
    "starting anew": _starting_anew,
}


def run(home: Home, begin: Callable[[Home], None], bell: SetBell) -> Course:
    """Let something happen in a home whose server has a clock of its own."""
    home.bell = bell
    home.api = FakeImportApi(FarClock(home.clock))
    begin(home)
    home.rest()
    return course_of(home)


@each_jump
@pytest.mark.parametrize("begin", COURSES.values(), ids=COURSES)
def test_jumps_change_nothing_but_times(
    tmp_path: Path, begin: Callable[[Home], None], jumps: tuple[float, ...]
) -> None:
    """The loop sleeps as long, asks as often, and files the same, however the clock is set."""
    with Home(tmp_path / "quiet") as quiet, Home(tmp_path / "jumpy") as jumpy:
        expected = run(quiet, begin, SetBell(quiet.clock))
        assert run(jumpy, begin, JumpyBell(jumpy.clock, jumps)) == expected


@each_jump
def test_a_quiet_time_is_never_shortened(home: Home, jumps: tuple[float, ...]) -> None:
    """A drop is claimed after five quiet seconds by a steady clock, not by the machine's."""
    home.bell = JumpyBell(home.clock, jumps)
    home.start()
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    began = home.clock.monotonic()
    home.run_until(lambda: any(home.agent.jobs))
    assert home.clock.monotonic() - began == pytest.approx(home.settle.quiet_seconds)


@each_jump
def test_an_import_is_not_called_slow_for_a_jump(home: Home, jumps: tuple[float, ...]) -> None:
    """The patience for an import counts the seconds that it was really followed."""
    home.bell = JumpyBell(home.clock, jumps)
    home.rules = Rules(import_patience_seconds=HOUR)
    home.api.seconds_per_import = HOUR / 2
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    assert home.witness.troubles == []
    assert home.report("people.csv")["outcome"] == "imported"


@each_jump
def test_archive_names_stay_unique(home: Home, jumps: tuple[float, ...]) -> None:
    """Files that arrive at the same time of day, again and again, lie side by side."""
    began = home.clock.now()
    for number in range(3):
        home.drop(Kind.CONTACTS, "people.csv", contacts(number + 1))
        home.rest()
        home.clock.jump((began - home.clock.now()).total_seconds() + jumps[0])
    assert len(home.archived("processed")) == 6
    payloads = {path.read_bytes() for path in home.folders.processed.glob("*/*.csv")}
    assert payloads == {contacts(1), contacts(2), contacts(3)}


@each_jump
def test_the_latest_outcomes_are_those_of_the_files_filed_last(
    home: Home, jumps: tuple[float, ...]
) -> None:
    """Whoever asks what became of the last file hears of it, whatever time it was filed at."""
    for number in range(3):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(number + 1))
        home.rest()
        home.clock.jump(jumps[0])
    assert [job.name for job in home.journal.latest(2)] == ["2.csv", "1.csv"]


def test_the_times_told_are_those_of_the_clock(home: Home) -> None:
    """The report names each moment as the machine's clock had it, also when that went back."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.clock.jump(-YEAR)
    home.rest()
    timeline: list[dict[str, Any]] = home.report("people.csv")["timeline"]
    years = {each["stage"]: each["at"][:4] for each in timeline}
    assert (years["claimed"], years["filed"]) == ("2026", "2025")
