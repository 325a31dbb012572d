"""What the stories share."""

from pathlib import Path

import pytest

from tests.processes import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make a home."""
    return Home.made(tmp_path / "home")
