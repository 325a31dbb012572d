"""An inbox and a bell for each test of the watcher."""

from pathlib import Path

import pytest

from dropbox_agent.adapters.bell import Bell


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox as the agent lays it out."""
    folder = tmp_path / "inbox"
    for name in ("contacts", "vouchers", ".claimed"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def bell() -> Bell:
    """The bell that the watcher rings."""
    return Bell()
