"""The registry of an agent: its own, and fit to be read beside others."""

import re
from pathlib import Path

from prometheus_client import REGISTRY

from dropbox_agent.adapters.metrics import Counting, Standing, new_registry
from tests.expositions import HOME, Exposition, a_registry

NAME = re.compile(r"dropbox_agent_[a-z]+(_[a-z]+)*")


def test_names_follow_the_rules_of_the_trade() -> None:
    """One prefix, plain words, base units, and ``_total`` for counters."""
    registry = a_registry()
    Counting(registry)
    for family in Exposition.of(registry).families.values():
        assert NAME.fullmatch(family.name)
        assert family.documentation.endswith(".")
        names = {each.name for each in family.samples}
        assert family.type != "counter" or names == {f"{family.name}_total"}
        assert not any(each.endswith(("_created", "_ms", "_minutes", "_mb")) for each in names)


def test_the_version_is_told() -> None:
    """As monitors expect it: a series that is always 1, with the version as a label."""
    assert Exposition.of(a_registry())["build_info:1.2.3"] == 1


def test_two_agents_on_one_machine_have_no_series_in_common() -> None:
    """Their files are read by one node exporter, which refuses to give out a series twice."""

    def series(home: Path) -> set[tuple[str, frozenset[tuple[str, str]]]]:
        registry = new_registry(home, "1.2.3")
        Counting(registry)
        families = Exposition.of(registry).families.values()
        return {(s.name, frozenset(s.labels.items())) for each in families for s in each.samples}

    assert not series(HOME / "berlin") & series(HOME / "paris")


def test_a_home_with_a_name_that_is_no_text_can_be_told() -> None:
    """On Linux names of folders are bytes."""
    home = Path('/srv/caf\udce9 "x"')
    (sample,) = Exposition.of(new_registry(home, "1")).samples("dropbox_agent_build_info")
    assert sample.labels["home"].startswith("/srv/caf")


def test_nothing_is_registered_for_the_whole_process() -> None:
    """Two agents in one process, as in tests, do not get in each other's way."""
    for _ in range(2):
        registry = a_registry()
        Counting(registry)
        registry.register(Standing())
    assert not any(each.name.startswith("dropbox_agent") for each in REGISTRY.collect())
