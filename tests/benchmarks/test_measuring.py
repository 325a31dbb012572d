"""Medians, ratios and tables of the benchmarks."""

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.measuring import (
    Scale,
    Spread,
    Table,
    at_least,
    at_most,
    gathered,
    interleaved,
    markdown,
    number,
    ratio,
    spread,
)


def test_a_spread_is_the_middle_and_both_ends() -> None:
    """In whatever order they were measured."""
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert str(spread([3.0, 1.0, 2.0]).times(1000)) == "2,000 (1,000 to 3,000)"


def test_a_ratio_compares_what_was_measured_in_the_same_round() -> None:
    """A machine that gets slower from round to round does not change it."""
    assert ratio([2.0, 4.0, 8.0], [1.0, 2.0, 4.0]) == Spread(2.0, 2.0, 2.0)


def test_every_way_has_its_turn_in_every_round_and_each_is_first_once() -> None:
    """So none always runs on what another one has left behind."""
    order: list[str] = []
    ways = {name: lambda name=name: order.append(name) for name in "abc"}
    found = gathered(ways, 3)
    assert order == [*"abc", *"bca", *"cab"]
    assert {name: len(each) for name, each in found.items()} == {"a": 3, "b": 3, "c": 3}


def test_ways_are_timed() -> None:
    """In seconds, one for each round."""
    times = interleaved({"nothing": lambda: None}, 2)
    assert len(times["nothing"]) == 2
    assert all(seconds >= 0 for seconds in times["nothing"])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.000"), (0.00012, "0.0001"), (0.5, "0.500"), (1.234, "1.23"), (1e4, "10,000")],
)
def test_a_number_has_as_many_digits_as_mean_something(value: float, text: str) -> None:
    """Three of them, at least."""
    assert number(value) == text


def test_a_target_is_judged_by_the_median() -> None:
    """And not by the best or the worst of some runs."""
    got = Spread(2.0, 1.0, 4.0)
    assert at_least("speed", got, 2.0).met
    assert not at_least("speed", got, 2.1).met
    assert at_most("time", got, 2.0).met
    assert not at_most("time", got, 1.9).met


def test_a_table_says_which_target_is_missed_and_why() -> None:
    """Below its cells."""
    target = at_most("time", 3.0, 2.0, unit="s", limited_by="The disk.")
    text = str(Table("Time", ("way", "s"), [("ours", "3.00")], ["One run."], [target]))
    assert "One run." in text
    assert "- time: 3.00 s, wanted at most 2.00 s: MISSED. The disk." in text


def test_columns_are_as_wide_as_their_cells() -> None:
    """So that a table can be read without being rendered."""
    assert markdown(("way", "MB/s"), [("a longer one", "1")]).splitlines() == [
        "| way          | MB/s |",
        "| ------------ | ---: |",
        "| a longer one |    1 |",
    ]


def test_a_scale_chooses_sizes() -> None:
    """Tiny ones for tests."""
    assert Scale().pick(full=9, quick=1) == 9
    assert Scale(quick=True).pick(full=9, quick=1) == 1


def test_an_unknown_benchmark_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    """With the names of those there are."""
    with pytest.raises(SystemExit):
        main(["--only", "everything"])
    assert BENCHMARKS[0] in capsys.readouterr().err
