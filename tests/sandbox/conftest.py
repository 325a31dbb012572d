"""Sandboxes that are stopped again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from dropbox_agent.sandbox import SandboxOptions
from tests.sandbox.sandbox_client import Client

Start = Callable[..., Client]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start sandboxes: instant and without a rate limit, unless the options say otherwise."""
    with ExitStack() as running:

        def start_one(*faults: str, **options: object) -> Client:
            settings = {"rows_per_second": None, "requests_per_minute": None, **options}
            return running.enter_context(Client(SandboxOptions(**settings), faults))  # type: ignore[arg-type]  # checked by use

        yield start_one


@pytest.fixture
def client(start: Start) -> Client:
    """Start a sandbox that imports at once and has no rate limit."""
    return start()
