"""What holds for all tests: no proxy, no setting of the agent in the environment."""

import os

import pytest

OURS = ("AGENT_", "CONNECTIF_", "CONTACTS_", "PRODUCTS_", "VOUCHERS_")


def pytest_xdist_auto_num_workers() -> int:
    """Take more workers than processors: many tests wait for programs that they have started."""
    processors = os.cpu_count() or 1
    return processors + (processors + 1) // 2


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine's own environment would change."""
    for name in os.environ:
        if name.lower().endswith("_proxy") or name.startswith(OURS):
            monkeypatch.delenv(name)
