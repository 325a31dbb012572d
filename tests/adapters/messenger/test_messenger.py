"""Tests for the messenger, with real servers; time is set by hand, waiting is real and short."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from dropbox_agent.adapters.messenger import Channel, Messenger, NotTaken, open_channels
from dropbox_agent.adapters.messenger.messenger import MOST_HANGING, PATIENT_SECONDS
from dropbox_agent.core.digest import FIRST_SECONDS, RETRY, News, Topic
from dropbox_agent.core.message import Message, Sender
from tests.clocks import SetClock
from tests.sinks import Sink

SENDER = Sender("shop-1", "/srv/drop")
SECONDS = 300.0


class Log:
    """Takes warnings, and lets tests wait for them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._came = threading.Condition()

    def warn(self, line: str) -> None:
        """Take a line."""
        with self._came:
            self.lines.append(line)
            self._came.notify_all()

    def wait_for(self, count: int) -> list[str]:
        """Wait until there are so many lines."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.lines) >= count, timeout=30)
        return self.lines


class Broken:
    """A channel that is at fault itself."""

    name = "broken://"
    room = 1000

    def send(self, message: Message) -> None:
        """Fail in a way that nobody has foreseen."""
        raise LookupError(message.title)


class Mute:
    """A channel that never answers."""

    name = "mute://"
    room = 1000

    def __init__(self) -> None:
        self.calls = 0
        self.called = threading.Event()
        self.answers = threading.Event()

    def send(self, message: Message) -> None:
        """Hang."""
        self.calls += 1
        self.called.set()
        self.answers.wait(60)
        raise NotTaken(message.title)


class Slow(Mute):
    """A channel that takes its time, and then the message."""

    name = "slow://"

    def send(self, message: Message) -> None:
        """Take a message at last."""
        with suppress(NotTaken):
            super().send(message)


@pytest.fixture
def clock() -> SetClock:
    """Make a clock that stands still."""
    return SetClock()


@pytest.fixture
def log() -> Log:
    """Make a log."""
    return Log()


@contextmanager
def telling(clock: SetClock, log: Log, *channels: Channel) -> Iterator[Messenger]:
    """Run a messenger."""
    messenger = Messenger(
        channels, digest_seconds=SECONDS, sender=SENDER, clock=clock, warn=log.warn
    )
    try:
        yield messenger
    finally:
        messenger.close()


def news(key: str) -> News:
    """Make news of a file that failed."""
    return News(Topic.FAILED, key, f"contacts: '{key}.csv'", "Refused.")


def after(clock: SetClock, seconds: float, messenger: Messenger) -> None:
    """Let time pass."""
    clock.advance(seconds)
    messenger.look()


def until(clock: SetClock, messenger: Messenger, sink: Sink, calls: int) -> None:
    """Let much time pass, until so many messages have come."""
    while not sink.has_come(calls, seconds=0.02):
        after(clock, SECONDS, messenger)


def test_news_is_gathered_into_one_message(clock: SetClock, log: Log) -> None:
    """The first soon, the next only after the time between two messages."""
    with Sink() as sink, telling(clock, log, *open_channels([sink.address])) as messenger:
        messenger.tell(news("one"))
        messenger.tell(news("two"))
        after(clock, FIRST_SECONDS, messenger)
        assert sink.has_come(1)
        messenger.tell(news("three"))
        messenger.tell(news("four"))
        messenger.tell(news("five"))
        until(clock, messenger, sink, 2)
    assert [each.rpartition(": ")[2] for each in sink.titles] == ["2 failed", "3 failed"]
    assert log.lines == []


def test_a_channel_that_refuses_keeps_its_news_and_is_told_once(clock: SetClock, log: Log) -> None:
    """The others get theirs in time; when it takes messages again, it gets all."""
    with Sink(503) as bad, Sink() as good:
        channels = open_channels([bad.address, good.address])
        with telling(clock, log, *channels) as messenger:
            messenger.tell(news("one"))
            after(clock, FIRST_SECONDS, messenger)
            assert good.has_come(1)
            log.wait_for(1)
            after(clock, RETRY.wait_seconds(1), messenger)
            assert bad.has_come(2)
            messenger.tell(news("two"))
            bad.status = 200
            until(clock, messenger, bad, 3)
            until(clock, messenger, good, 2)
            log.wait_for(2)
    assert [each.rpartition(": ")[2] for each in bad.titles] == ["2 failed"]
    assert [each.rpartition(": ")[2] for each in good.titles] == ["1 failed", "1 failed"]
    refused, again = log.lines
    assert refused.startswith("json://127.0.0.1 does not take messages: ")
    assert "503" in refused
    assert again == "json://127.0.0.1 takes messages again"


def test_at_the_end_what_is_left_is_sent(clock: SetClock, log: Log) -> None:
    """Nobody waits for the time between two messages then."""
    with Sink() as sink:
        with telling(clock, log, *open_channels([sink.address])) as messenger:
            messenger.tell(news("one"))
        assert len(sink.messages) == 1
    assert log.lines == []


def test_what_cannot_be_sent_at_the_end_is_counted_in_the_log(clock: SetClock, log: Log) -> None:
    """It is tried once more, and that is all."""
    with Sink(500) as sink:
        with telling(clock, log, *open_channels([sink.address])) as messenger:
            messenger.tell(news("one"))
            messenger.tell(news("two"))
        assert sink.calls == 1
    assert log.lines[-1].startswith(
        "json://127.0.0.1 has not taken the last message before the end: 2 news in it."
    )


def test_a_slow_channel_gets_the_last_message_where_the_end_may_wait(
    clock: SetClock, log: Log
) -> None:
    """A run from cron has nobody who waits for its end; it lasts no longer than it must."""
    slow = Slow()
    messenger = Messenger(
        [slow],
        digest_seconds=SECONDS,
        sender=SENDER,
        clock=clock,
        warn=log.warn,
        close_seconds=PATIENT_SECONDS,
    )
    messenger.tell(news("one"))
    ending = threading.Thread(target=messenger.close)
    ending.start()
    assert slow.called.wait(30)
    assert ending.is_alive()
    slow.answers.set()
    ending.join()
    assert log.lines == []


def test_what_a_channel_has_taken_is_known_to_be_told(clock: SetClock, log: Log) -> None:
    """And nothing else: one that refuses has told nobody."""
    told: list[str] = []
    with Sink() as good, Sink(500) as bad:
        with telling(clock, log, *open_channels([bad.address])) as messenger:
            messenger.when_told(lambda each: told.append(each.key))
            messenger.tell(news("one"))
        assert told == []
        with telling(clock, log, *open_channels([good.address])) as messenger:
            messenger.when_told(lambda each: told.append(each.key))
            messenger.tell(news("one"))
            messenger.tell(news("two"))
        assert told == ["one", "two"]


def test_a_channel_that_hangs_holds_up_nobody(clock: SetClock, log: Log) -> None:
    """Neither who tells news, nor the other channels, nor the end."""
    mute = Mute()
    with Sink() as sink:
        with telling(clock, log, mute, *open_channels([sink.address])) as messenger:
            messenger.tell(news("one"))
            after(clock, FIRST_SECONDS, messenger)
            assert mute.called.wait(30)
            assert sink.has_come(1)
            messenger.tell(news("two"))
        assert len(sink.messages) == 2
    (told,) = log.lines
    assert told.startswith("mute:// has not taken the last message before the end: 2 news in it.")
    mute.answers.set()


def test_a_channel_at_fault_itself_is_one_that_refuses(clock: SetClock, log: Log) -> None:
    """A surprise in it ends nothing."""
    with telling(clock, log, Broken()) as messenger:
        messenger.tell(news("one"))
        after(clock, FIRST_SECONDS, messenger)
        log.wait_for(1)
    assert log.lines[0].startswith("broken:// does not take messages: LookupError.")


def test_messages_that_hang_do_not_pile_up(clock: SetClock, log: Log) -> None:
    """Each counts as not taken after a while; after a few of them no more are sent."""
    mute = Mute()
    messenger = Messenger(
        [mute],
        digest_seconds=SECONDS,
        sender=SENDER,
        clock=clock,
        warn=log.warn,
        send_seconds=0.01,
    )
    messenger.tell(news("one"))
    while mute.calls < MOST_HANGING:
        mute.called.clear()
        after(clock, 10_000, messenger)
        mute.called.wait(0.05)
    messenger.close()
    mute.answers.set()
    assert mute.calls == MOST_HANGING
    assert log.lines[0].startswith("mute:// does not take messages: no answer within 0.01 s.")
    assert "1 news in it" in log.lines[-1]
