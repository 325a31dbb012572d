"""Whatever happens, in whatever order: the loop comes to rest with everything done."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dropbox_agent.agent import Rules
from dropbox_agent.core.imports import NotNow
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import SettleRules
from dropbox_agent.errors import TryLater
from tests.drops import contacts, products, vouchers
from tests.fakes import (
    Turn,
    answer_with,
    lose_answer_after_accepting,
    lose_answer_before_accepting,
)
from tests.homes import Home
from tests.promises import breaches

LIMIT = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=7.3)
CONTENT = {Kind.CONTACTS: contacts, Kind.PRODUCTS: products, Kind.VOUCHERS: vouchers}


@dataclass(frozen=True)
class Drop:
    """A file arrives."""

    kind: Kind


@dataclass(frozen=True)
class Wait:
    """Time goes on."""

    seconds: float


@dataclass(frozen=True)
class Answer:
    """The server answers the next send otherwise than with its acceptance."""

    turn: Turn


@dataclass(frozen=True)
class Start:
    """The agent is killed and started."""


TURNS = (answer_with(LIMIT), lose_answer_before_accepting(), lose_answer_after_accepting())
EVENTS = st.lists(
    st.one_of(
        st.builds(Drop),
        st.builds(Wait, st.floats(0, 40)),
        st.builds(Answer, st.sampled_from(TURNS)),
        st.builds(Start),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=EVENTS,
    rescan=st.floats(0.05, 30),
    quiet=st.floats(0, 9),
    import_seconds=st.floats(0, 50),
)
def test_the_loop_comes_to_rest(
    tmp_path_factory: pytest.TempPathFactory,
    events: list[Drop | Wait | Answer | Start],
    rescan: float,
    quiet: float,
    import_seconds: float,
) -> None:
    """Sleeping exactly as long as each turn says, it never spins and leaves nothing undone."""
    with Home(tmp_path_factory.mktemp("home")) as home:
        home.rules = Rules(rescan_seconds=rescan)
        home.settle = SettleRules(quiet_seconds=quiet)
        home.api.seconds_per_import = import_seconds
        home.default_set = "61fa54f238319b3bf1990fdc"
        for number, event in enumerate(events):
            happen(home, event, number)
        home.rest()
        assert breaches(home) == []
        assert [each["outcome"] for _, each in home.reports()] == ["imported"] * len(home.dropped)


def happen(home: Home, event: Drop | Wait | Answer | Start, number: int) -> None:
    """Let one thing happen."""
    match event:
        case Drop(kind):
            home.drop(kind, f"{number}.csv", CONTENT[kind](number + 1))
        case Wait(seconds):
            home.run_for(seconds)
        case Answer(turn):
            home.api.next_create(turn)
        case Start():
            home.start()
