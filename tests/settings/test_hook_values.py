"""What can be written as the hook, and as its outcomes."""

import json
import shlex
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.job import Outcome
from dropbox_agent.settings import read_settings
from dropbox_agent.settings.faults import BadSettings
from dropbox_agent.settings.reading import HOOK_VARIABLES

PLAIN = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="'\"<>|&;["), min_size=1
)


def hook(text: str) -> tuple[str, ...]:
    """Read a hook from the environment."""
    return read_settings(Path("/home-of-nobody"), {"AGENT_HOOK": text}).hook


def fault(**settings: str) -> str:
    """Read settings that have one fault."""
    with pytest.raises(BadSettings) as caught:
        read_settings(Path("/home-of-nobody"), settings)
    (found,) = caught.value.faults
    return str(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("hooks/tell.sh", ("hooks/tell.sh",)),
        ("tell  a b ", ("tell", "a", "b")),
        ("tell 'a b' \"c d\" ''", ("tell", "a b", "c d", "")),
        (r"C:\tools\new.exe \\server\share", (r"C:\tools\new.exe", r"\\server\share")),
        (r"tell 'C:\Program Files\x' --to='a b'", ("tell", r"C:\Program Files\x", "--to=a b")),
        ("tell # $HOME *", ("tell", "#", "$HOME", "*")),
        ('["C:\\\\Program Files\\\\tell.exe", "a b"]', (r"C:\Program Files\tell.exe", "a b")),
        ("[]", ()),
    ],
)
def test_a_command_is_split_as_it_is_written(text: str, words: tuple[str, ...]) -> None:
    """By blanks and quotes only; or it is JSON."""
    assert hook(text) == words


@given(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=1))
def test_any_words_can_be_written_as_json(words: list[str]) -> None:
    """Unless a shell would be needed, or there is no program."""
    words[0] = f"/{words[0]}"
    words = [word for word in words if not set(word) <= set("<>|&12")]
    assert hook(json.dumps(words)) == tuple(words)


@given(st.lists(PLAIN, min_size=1))
def test_plain_words_come_out_as_they_went_in(words: list[str]) -> None:
    """Backslashes, dollars and all."""
    assert hook(" ".join(words)) == tuple(words)


@given(st.text())
def test_whatever_is_written_is_a_command_or_a_fault(text: str) -> None:
    """Never a surprise."""
    with suppress(BadSettings):
        assert all(isinstance(word, str) for word in hook(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tell 'a", "quotation marks"),
        ("tell > log.txt", "no shell"),
        ("tell | mail", "no shell"),
        ('["C:\\Program Files\\tell.exe"]', r'Write: AGENT_HOOK=["C:\\Program Files\\tell.exe"]'),
        ("[1, 2]", "list of texts"),
        ("[tell]", "JSON"),
        ("'' a", "first word"),
        (r'["tell", "a\u0000b"]', "control character"),
        (r'["tell", "a\nb"]', "control character"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_command_that_cannot_be_meant_is_a_fault(text: str, words: str) -> None:
    """With what to write instead."""
    assert words in fault(AGENT_HOOK=text)


def test_a_command_in_the_file_is_written_as_the_documentation_says(tmp_path: Path) -> None:
    """The quotes that the file itself reads are those at the beginning of a value."""
    lines = {
        r"AGENT_HOOK=D:\tools\tell.exe 'spring sale'": (r"D:\tools\tell.exe", "spring sale"),
        r'AGENT_HOOK=["C:\\Program Files\\tell.exe", "spring sale"]': (
            r"C:\Program Files\tell.exe",
            "spring sale",
        ),
        r"AGENT_HOOK=py hooks\list.py imports.csv": ("py", r"hooks\list.py", "imports.csv"),
    }
    for line, words in lines.items():
        (tmp_path / "agent.env").write_text(f"{line}\n", encoding="utf-8")
        assert read_settings(tmp_path, {}).hook == words


def test_outcomes_are_read_in_any_order_and_case() -> None:
    """All of them, unless some are named."""
    home = Path("/home-of-nobody")
    assert read_settings(home, {}).hook_on == frozenset(Outcome)
    some = read_settings(home, {"AGENT_HOOK_ON": "Failed, rejected,"}).hook_on
    assert some == {Outcome.FAILED, Outcome.REJECTED}


@pytest.mark.parametrize("text", ["failed, broken", ",", "all"])
def test_an_outcome_that_there_is_not_is_a_fault(text: str) -> None:
    """All that there are are named."""
    assert "imported, partial, rejected, failed, duplicate" in fault(AGENT_HOOK_ON=text)


def test_the_variables_of_a_hook_are_not_taken_for_misspelt_settings() -> None:
    """A hook may run this program itself."""
    environ = dict.fromkeys(HOOK_VARIABLES, "x")
    assert read_settings(Path("/home-of-nobody"), environ).doubts == ()


def test_the_words_of_a_shell_are_read_as_shlex_does_where_no_backslash_is() -> None:
    """People know these rules."""
    text = "a 'b c' d\"e f\"g"
    assert hook(text) == tuple(shlex.split(text))
