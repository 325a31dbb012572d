"""Tests for the words of a message."""

import shlex
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.digest import Batch, News, Topic
from dropbox_agent.core.message import Message, Sender, compose, trial_message

SENDER = Sender("shop-1", "/srv/drop")
ROOM = 30_000


def failed(number: int = 1, name: str = "crm.csv") -> News:
    """Make news of a file that failed."""
    subject = f"contacts: '{name}' (job c{number})"
    return News(Topic.FAILED, f"c{number}", subject, "Refused. Ask them.", f"Report: /r/{number}")


def written(*news: News, room: int = ROOM, more: int = 0) -> Message:
    """Write a message."""
    return compose(Batch(news, Counter({Topic.FAILED: more} if more else {})), SENDER, room)


def test_a_message_says_what_why_and_where() -> None:
    """In plain text, with the machine and the home."""
    paused = News(Topic.PAUSED, "sending", "sending, since 2026-01-15 10:03", "No network. Wait.")
    told = written(failed(), paused)
    assert told.title == "dropbox-agent on shop-1: 1 failed, 1 paused"
    assert told.body == (
        "FAILED\n"
        "- contacts: 'crm.csv' (job c1)\n"
        "  Refused. Ask them.\n"
        "  Report: /r/1\n"
        "\n"
        "PAUSED\n"
        "- sending, since 2026-01-15 10:03\n"
        "  No network. Wait.\n"
        "\n"
        "Home: /srv/drop on shop-1. See: dropbox-agent status --home /srv/drop"
    )
    assert not told.is_good


@pytest.mark.parametrize("home", ["/srv/drop", "/srv/our drop", "/srv/it's", "C:\\drop"])
def test_the_command_works_in_a_home_of_any_name(home: str) -> None:
    """Whoever copies it into a shell names one folder."""
    body = compose(Batch((failed(),), Counter()), Sender("shop-1", home), 4_000).body
    assert shlex.split(body.rpartition("See: ")[2])[-2:] == ["--home", home]


def test_many_are_told_by_the_first_and_their_number() -> None:
    """Ten of each topic, and how many more there are."""
    told = written(*map(failed, range(47)), more=3)
    assert told.title == "dropbox-agent on shop-1: 50 failed"
    assert told.body.count("Report:") == 10
    assert "\n... and 40 more\n" in told.body


def test_what_is_over_comes_last_and_is_good_news() -> None:
    """Alone, it is a good message."""
    over = News(Topic.HELD, "v1", "vouchers: 'a.csv' (job v1)", "Decided.", is_over=True)
    told = written(over)
    assert told.title == "dropbox-agent on shop-1: 1 over"
    assert told.body.startswith("OVER\n- vouchers: 'a.csv' (job v1)\n  Decided.\n")
    assert told.is_good
    mixed = written(over, failed())
    assert mixed.title.endswith("1 failed, 1 over")
    assert mixed.body.index("FAILED") < mixed.body.index("OVER")
    assert not mixed.is_good


def test_names_of_files_stay_names() -> None:
    """They begin no line, call nobody in a chat, and do not grow without end."""
    told = written(failed(name="@everyone\n<!channel>\x1b[31m" + "x" * 5000))
    first, second, third = told.body.splitlines()[:3]
    assert first == "FAILED"
    assert second.startswith("- contacts: '(at)everyone\\n< !channel>\\x1b[31mxxx")
    assert third == "  Refused. Ask them."


def test_where_there_is_little_room_there_are_numbers() -> None:
    """A short message of a phone says how much there is of what."""
    many = [failed(number) for number in range(30)]
    assert "30 in all" in written(*many, room=100).body
    assert written(*many, room=20).body == "30 failed"
    assert written(*many, room=3).body == "30 "


@given(count=st.integers(1, 60), more=st.integers(0, 60), room=st.integers(0, 4000))
def test_a_message_never_needs_more_room_than_there_is(count: int, more: int, room: int) -> None:
    """And its title always tells how much there is in all."""
    told = written(*map(failed, range(count)), more=more, room=room)
    assert len(told.body) <= room
    assert told.title.endswith(f": {count + more} failed")


def test_a_trial_says_that_it_is_one() -> None:
    """So nobody looks for a fault."""
    told = trial_message(SENDER)
    assert told.title == "dropbox-agent on shop-1: a test"
    assert told.is_good
