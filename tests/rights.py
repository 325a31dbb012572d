"""Working as somebody to whom things are forbidden, also where the tests run as administrator."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

NOBODY = 65_534

needs_rights = pytest.mark.skipif(
    sys.platform == "win32", reason="rights are given otherwise there"
)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder that everybody may enter and write to, unlike pytest's own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """Do without the rights of an administrator for a while."""
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
