"""What the tests of the import API adapter share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.core.budget import RequestBudget

KEY = "keyid123:topsecret456"
Connect = Callable[..., HttpImportApi]


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies of whoever runs the tests out of them."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Build adapters for an address; they are closed in the end."""
    with ExitStack() as stack:

        def build(url: str, budget: RequestBudget | None = None, **access: object) -> HttpImportApi:
            settings = {
                "key": lambda: KEY,
                "connect_timeout_seconds": 5.0,
                "read_timeout_seconds": 5.0,
            }
            api = HttpImportApi(
                ApiAccess(url, **{**settings, **access}),  # type: ignore[arg-type]
                budget or RequestBudget(limit=1000),
            )
            return stack.enter_context(closing(api))

        yield build
