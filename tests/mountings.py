"""Mounts that come and go with a test, for those who may make them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOUNT = shutil.which("mount")


@contextmanager
def mounted(folder: Path, *arguments: str | Path) -> Iterator[None]:
    """Mount something upon a folder; the test is skipped where that is not possible.

    Args:
        folder: The folder.
        arguments: What ``mount`` is told besides it.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or MOUNT is None:
        pytest.skip("only root on Linux may mount")
    command = [MOUNT, *map(str, arguments), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a test's own
    if done.returncode != 0:
        pytest.skip("this root may not mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607 - likewise
