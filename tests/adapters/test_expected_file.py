"""Tests for what is kept of expected files over restarts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dropbox_agent.adapters.expected_file import NAME, ExpectedFile
from dropbox_agent.core.expecting import Known

AT = datetime(2026, 1, 15, 6, 50, tzinfo=UTC)


def test_it_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """All of it, as it was."""
    known = {"products every 24h": Known(AT, AT, told=True), "contacts every 7d": Known(AT)}
    ExpectedFile(tmp_path).write(known)
    assert ExpectedFile(tmp_path).read() == known


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"[]",
        b"\xff",
        b'{"x": 1}',
        b'{"x": {"since": "yesterday", "last": null, "told": false}}',
        b'{"x": {"since": "2026-01-15T06:50:00", "last": null, "told": false}}',
    ],
)
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes | None) -> None:
    """The journal knows the most important of it."""
    if content is not None:
        (tmp_path / NAME).write_bytes(content)
    assert ExpectedFile(tmp_path).read() == {}


def test_a_folder_that_cannot_be_written_to_stops_nobody(tmp_path: Path) -> None:
    """It is tried again with the next file."""
    ExpectedFile(tmp_path / "away").write({"x": Known(AT)})
    assert ExpectedFile(tmp_path / "away").read() == {}
