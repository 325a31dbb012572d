"""Tests for channels, with a real server that takes what they send."""

import logging
import sys

import pytest

from dropbox_agent.adapters.messenger import Channel, NotTaken, open_channels
from dropbox_agent.core.message import Message
from dropbox_agent.errors import BadConfiguration
from tests.sinks import Sink

MESSAGE = Message("a title", "first <line>\nsecond *line*", is_good=False)


def channel(address: str) -> Channel:
    """Open one channel."""
    (found,) = open_channels([address])
    return found


def test_a_message_arrives_as_it_was_written() -> None:
    """Title, text and whether it is good news."""
    with Sink() as sink:
        channel(sink.address).send(MESSAGE)
        channel(sink.address).send(Message("over", "text", is_good=True))
    first, second = sink.messages
    assert (first["title"], first["message"]) == (MESSAGE.title, MESSAGE.body)
    assert (first["type"], second["type"]) == ("warning", "success")


def test_a_refusal_is_told_without_the_address() -> None:
    """With the server's status."""
    with Sink(status=403) as sink, pytest.raises(NotTaken) as told:
        channel(sink.address).send(MESSAGE)
    assert "403" in str(told.value)
    assert "Hidden-Word-1" not in str(told.value)


def test_what_the_library_logs_by_itself_reaches_no_log_of_ours() -> None:
    """It may quote an address; what matters is in the reason."""
    lines: list[str] = []
    ours = logging.Handler()
    ours.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(ours)
    try:
        with Sink(status=403) as sink, pytest.raises(NotTaken):
            channel(sink.address).send(MESSAGE)
        logging.getLogger("apprise").error("an address")
    finally:
        logging.getLogger().removeHandler(ours)
    assert lines == []


def test_a_server_that_is_not_there_is_told() -> None:
    """In the words of the library."""
    with Sink() as sink:
        address = sink.address
    with pytest.raises(NotTaken, match="onnection"):
        channel(address).send(MESSAGE)


def test_what_the_library_says_of_an_address_is_hidden() -> None:
    """Should one of its many services quote a token."""
    found = channel("json://shop:Hidden-Word-1@127.0.0.1:1/Token12345")
    logging.getLogger("apprise").warning("other words")
    with pytest.raises(NotTaken) as told:
        found.send(MESSAGE)
    assert "Token12345" not in str(told.value)
    assert "other words" not in str(told.value)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("jsons://shop:word@hooks.example.com:8443/in", "jsons://hooks.example.com"),
        ("mailtos://shop:word@mail.example.com?to=a@example.com", "mailtos://mail.example.com"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack://"),
        ("tgram://123456789:ABCdefghijklmnopqrstuvwxyzABCDEFGHI/12315544", "tgram://"),
        ("bark://mykeyABC", "bark://"),
        ("ntfy://shop-imports-of-ours", "ntfy://"),
        ("ntfy://ntfy.example.com/shop-imports", "ntfy://ntfy.example.com"),
        ("json://LOCALHOST:8080/in", "json://LOCALHOST"),
        ("json://[::1]:8080/in", "json://[::1]"),
    ],
)
def test_its_name_is_the_scheme_and_a_host_that_is_no_secret(address: str, name: str) -> None:
    """Some services have a token where others have a host."""
    assert channel(address).name == name


def test_what_stands_in_place_of_a_host_is_never_quoted() -> None:
    """A topic of ntfy.sh is as good as a password."""
    found = channel("json://topic-of-ours.:1/in")
    with pytest.raises(NotTaken) as told:
        found.send(MESSAGE)
    assert "topic-of-ours" not in str(told.value)


def test_names_are_told_apart() -> None:
    """Two hooks on one host are not mistaken for one another."""
    names = [
        each.name for each in open_channels(["json://h.example.com/a", "json://h.example.com/b"])
    ]
    assert names == ["json://h.example.com", "json://h.example.com (2)"]


def test_a_channel_says_how_much_it_has_room_for() -> None:
    """A chat takes less than mail."""
    assert channel("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js").room == 2000
    assert channel("mailto://shop:word@mail.example.com").room > 10_000


@pytest.mark.parametrize("address", ["nosuchservice://Hidden-Word-1", "slack://Hidden-Word-1"])
def test_an_address_that_means_nothing_is_told_by_its_scheme_alone(address: str) -> None:
    """At the start, and not when something has happened."""
    with pytest.raises(BadConfiguration) as told:
        open_channels([address])
    assert f"begins with {address.partition('://')[0]}://" in told.value.message
    assert "Hidden" not in told.value.message + told.value.hint


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one of the extras."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(BadConfiguration) as told:
        open_channels(["json://hooks.example.com"])
    assert "pip install 'dropbox-agent[notify]'" in told.value.hint
