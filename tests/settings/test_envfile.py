"""Tests for reading the text of ``agent.env``."""

import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.errors import NoPermission
from dropbox_agent.settings.envfile import Entry, parse, read_env_file
from dropbox_agent.settings.faults import SettingFault


def fault(text: str) -> SettingFault:
    """Return the one thing wrong with a text."""
    (only,) = parse(text).faults
    return only


def test_names_values_and_lines() -> None:
    """Blank lines, comments and other line ends do not disturb the count of lines."""
    file = parse("# a\r\n\r\n\r\nA=1\r\n  export B = 'x y' # note\r\nC=\r\n\r\nD=\"z\"\r\n")
    assert file.entries == {"A": Entry("1", 4), "B": Entry("x y", 5), "D": Entry("z", 8)}
    assert file.faults == ()


def test_nothing_is_substituted() -> None:
    """A dollar sign is a dollar sign."""
    assert parse("A=${HOME}/$x\n").entries["A"].text == "${HOME}/$x"


@pytest.mark.parametrize(
    "path", ["C:\\new\\test", "\\\\server\\share\\new", "/srv/in box", "D:\\a#b"]
)
def test_a_path_without_quotation_marks_stays_as_it_is(path: str) -> None:
    """This is the way to write Windows paths."""
    assert parse(f"A={path}\n").entries["A"].text == path


@pytest.mark.parametrize("path", ["C:\\new\\test", "C:\\in\\archive", "\\\\server\\share"])
def test_a_backslash_that_means_something_else_is_noticed(path: str) -> None:
    """Inside quotation marks a path may change; the message shows the line to write."""
    told = fault(f'\nA="{path}"\n')
    assert told.line == 2
    assert told.write == f"A={path}"
    assert "backslash" in told.what


def test_a_share_in_single_quotation_marks_is_noticed() -> None:
    """There a double backslash becomes one as well."""
    assert fault("A='\\\\server\\share'\n").write == "A=\\\\server\\share"


def test_doubled_backslashes_are_right() -> None:
    """Who knows the rule may use it."""
    file = parse('A="C:\\\\new"\nB="\\\\\\\\server\\\\share"\n')
    assert [entry.text for entry in file.entries.values()] == ["C:\\new", "\\\\server\\share"]
    assert file.faults == ()


def test_a_quotation_mark_that_closes_lines_later_is_noticed() -> None:
    """It would swallow the settings between."""
    told = fault('A="x\nB=1\nC=2"\n')
    assert (told.name, told.line) == ("A", 1)
    assert "line end" in told.what


def test_a_name_set_twice_is_noticed() -> None:
    """The first one counts until one of them is removed."""
    file = parse("A=1\nB=2\nA=3\n")
    (told,) = file.faults
    assert (told.name, told.line) == ("A", 3)
    assert "line 1" in told.what
    assert file.entries["A"].text == "1"


def test_a_name_without_a_value_is_noticed() -> None:
    """A line with a name alone sets nothing."""
    assert fault("A=1\nAGENT_ORDER\n").write == "AGENT_ORDER=value"


def test_a_line_that_cannot_be_read_is_noticed_and_not_shown() -> None:
    """The line may hold the key, so only its number is told."""
    told = fault("A=1\nCONNECTIF API KEY=id:s3cret\n")
    assert told.line == 2
    assert "s3cret" not in str(told)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, mark: bytes) -> None:
    """Editors on Windows put one there."""
    (tmp_path / "agent.env").write_bytes(mark + "A=ä".encode())
    assert read_env_file(tmp_path / "agent.env").entries == {"A": Entry("ä", 1)}


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    """The environment may say it all."""
    assert read_env_file(tmp_path / "agent.env").entries == {}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    """What a shell on Windows writes by default is told apart from other faults."""
    (tmp_path / "agent.env").write_bytes("A=1\r\n".encode(encoding))
    (told,) = read_env_file(tmp_path / "agent.env").faults
    assert "UTF-16" in told.what
    assert "UTF-8" in told.write


def test_a_character_in_another_encoding_is_named_by_its_line(tmp_path: Path) -> None:
    """Latin-1 text is not guessed at."""
    (tmp_path / "agent.env").write_bytes(b"A=1\nB=caf\xe9\n")
    (told,) = read_env_file(tmp_path / "agent.env").faults
    assert told.line == 2


def test_a_folder_in_its_place_is_a_mistake(tmp_path: Path) -> None:
    """Docker makes one for a file that is not there; the message says so."""
    (tmp_path / "agent.env").mkdir()
    (told,) = read_env_file(tmp_path / "agent.env").faults
    assert "a folder, not a file" in told.what
    assert "Docker" in str(told)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden to this user"
)
def test_a_file_we_may_not_read_is_a_matter_of_rights(tmp_path: Path) -> None:
    """That is another exit code than a mistake in the settings."""
    path = tmp_path / "agent.env"
    path.write_bytes(b"A=1\n")
    path.chmod(0)
    with pytest.raises(NoPermission, match=r"agent\.env"):
        read_env_file(path)
