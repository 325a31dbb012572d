"""A home for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home

MEMORY = Path("/dev/shm")  # noqa: S108 - it is the memory that is wanted
"""Where Linux keeps folders in memory."""


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: some tests here begin a home a thousand times.

    What a disk would add is played by the tests themselves: its faults and its losses.
    """
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="dropbox-agent-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give an empty home, in which no agent works yet."""
    with Home(tmp_path) as home:
        yield home
