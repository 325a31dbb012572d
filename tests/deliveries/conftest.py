"""What the deliveries share: one agent, its servers, and the time that passes.

A file takes a second or more to settle, and so these tests wait most of the time. Therefore the
next few of them are always under way, each in a thread of its own; when it is a test's turn,
pytest is told how it ended.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.parcels import Site

SIDE_BY_SIDE: Final = 32


class Begun:
    """The tests of this folder that have been begun.

    Args:
        items: All of them, in their order.
        site: What each is called with.
    """

    def __init__(self, items: list[pytest.Function], site: Site) -> None:
        self._items = items
        self._site = site
        self._threads = ThreadPoolExecutor(SIDE_BY_SIDE)
        self._begun: dict[pytest.Function, Future[None]] = {}

    def outcome(self, item: pytest.Function) -> Future[None]:
        """Begin a test and the next ones, as far as they have not begun; tell how it ends."""
        first = self._items.index(item)
        for each in self._items[first : first + SIDE_BY_SIDE]:
            if each not in self._begun:
                params = each.callspec.params if hasattr(each, "callspec") else {}
                self._begun[each] = self._threads.submit(each.obj, site=self._site, **params)
        return self._begun[item]

    def end(self) -> None:
        """Wait for those that are under way."""
        self._threads.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run an agent that settles files in a second."""
    if sys.platform != "linux":
        pytest.skip("these servers and clients are those of Linux")
    with Site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session", autouse=True)
def begun(request: pytest.FixtureRequest, site: Site) -> Iterator[Begun]:
    """Begin tests ahead of their turn; see in the end that nothing else was imported."""
    here = Path(__file__).parent
    items = (each for each in request.session.items if each.path.parent == here)
    begun = Begun([each for each in items if isinstance(each, pytest.Function)], site)
    yield begun
    begun.end()
    assert not site.strangers()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run a test, or rather: wait for its end."""
    begun = pyfuncitem.funcargs["begun"]
    assert isinstance(begun, Begun)
    begun.outcome(pyfuncitem).result()
    return True
