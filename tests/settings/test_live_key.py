"""A key that is replaced in agent.env is used without a restart."""

import os
from pathlib import Path

from dropbox_agent.settings import LiveKey, read_settings

OLD, NEW = "keyid:oldsecret", "keyid:newsecret"


class Hidden:
    """Remembers what was to be hidden."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def __call__(self, *texts: str) -> None:
        """Hide them."""
        self.texts.update(texts)


def write(home: Path, text: str, at: int) -> None:
    """Write agent.env, at a moment that no clock's resolution hides."""
    path = home / "agent.env"
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(at, at))


def live(home: Path, **environ: str) -> tuple[LiveKey, Hidden]:
    """Read a home with the old key."""
    write(home, f"CONNECTIF_API_KEY={OLD}\n", at=1)
    hidden = Hidden()
    return LiveKey(read_settings(home, environ), environ, hidden), hidden


def test_it_is_the_key_of_the_start(tmp_path: Path) -> None:
    """As long as nothing changes."""
    key, _ = live(tmp_path)
    assert key() == OLD


def test_a_replaced_key_is_used_and_hidden_from_the_log(tmp_path: Path) -> None:
    """Both the whole and its secret half."""
    key, hidden = live(tmp_path)
    write(tmp_path, f"CONNECTIF_API_KEY={NEW}\n", at=2)
    assert key() == NEW
    assert hidden.texts == {NEW, "newsecret"}


def test_a_file_that_is_being_written_changes_nothing(tmp_path: Path) -> None:
    """The last good key is kept until the file can be read again."""
    key, _ = live(tmp_path)
    write(tmp_path, "CONNECTIF_API_KE", at=2)
    assert key() == OLD
    write(tmp_path, f"CONNECTIF_API_KEY={NEW}\n", at=3)
    assert key() == NEW


def test_a_file_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    """Editors replace files; for a moment there is none."""
    key, _ = live(tmp_path)
    (tmp_path / "agent.env").unlink()
    assert key() == OLD


def test_the_environment_wins(tmp_path: Path) -> None:
    """A key given there is not replaced by the file."""
    key, _ = live(tmp_path, CONNECTIF_API_KEY="keyid:fromenviron")
    write(tmp_path, f"CONNECTIF_API_KEY={NEW}\n", at=2)
    assert key() == "keyid:fromenviron"
