"""A home for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give an empty home, in which no agent works yet."""
    with Home(tmp_path) as home:
        yield home
