"""Every example in the documentation is one that works."""

import re
from pathlib import Path

import pytest

from dropbox_agent.adapters.messenger import open_channels
from dropbox_agent.adapters.messenger.messenger import CLOSE_SECONDS
from dropbox_agent.core.digest import FIRST_SECONDS, MOST_KEPT, RETRY, Topic
from dropbox_agent.core.message import CAPS
from dropbox_agent.settings import read_settings

PAGE = (Path(__file__).parents[3] / "docs" / "notifications.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^(AGENT_[A-Z_]+)=(.+)$", PAGE, re.MULTILINE)


def test_there_are_examples() -> None:
    """Of mail, Slack, Teams, a web hook, and of files that are expected."""
    found = {text.partition("://")[0] for name, text in EXAMPLES if name == "AGENT_NOTIFY"}
    assert found == {"mailtos", "slack", "workflows", "jsons"}
    assert "AGENT_EXPECT" in dict(EXAMPLES)


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_an_example_can_be_written_into_agent_env(tmp_path: Path, name: str, text: str) -> None:
    """As it stands there; its channels can be opened."""
    (tmp_path / "agent.env").write_text(f"{name}={text}\n", encoding="utf-8")
    settings = read_settings(tmp_path, {})
    assert settings.expect or len(open_channels(settings.channels)) == len(text.split())


def test_an_address_of_a_web_hook_may_be_pasted() -> None:
    """Slack's own is known by its host."""
    (address,) = re.findall(r"`(https://hooks\.slack\.com/\S+)`", PAGE)
    assert len(open_channels([address])) == 1


def test_the_page_has_all_words_and_the_right_numbers() -> None:
    """Those that the program goes by."""
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(Topic)
    assert f"waits {FIRST_SECONDS:g} seconds" in PAGE
    assert f"({MOST_KEPT} one by one" in PAGE
    assert f"within {CLOSE_SECONDS:g} seconds" in PAGE
    assert (RETRY.floor_seconds, RETRY.ceiling_seconds) == (30, 30 * 60)
    assert CAPS[0] == 10
