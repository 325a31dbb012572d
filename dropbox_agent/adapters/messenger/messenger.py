"""Sends news to all channels, each at its own pace.

Whoever tells news never waits. A channel that hangs or refuses holds up nobody, not even the end
of the program: nobody waits for a message any longer than the limits here. Until a channel takes
it, news is kept, up to a number.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from dropbox_agent.adapters.messenger.channels import Channel, NotTaken
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.digest import Batch, Digest, News
from dropbox_agent.core.message import Message, Sender, compose

SEND_SECONDS: Final = 60.0
"""How long a channel may take for a message before that counts as not taken."""

CLOSE_SECONDS: Final = 2.5
"""How long the end of a service is held up for what has not been told: it has to stop soon."""

PATIENT_SECONDS: Final = 30.0
"""The same where nobody waits for the end: a slow mail server has time to take a message."""

MOST_HANGING: Final = 3
"""How many messages may hang in a channel before no more is sent there."""


class Attempt:
    """One message on its way to one channel, in a thread that nobody has to wait for."""

    def __init__(self, channel: Channel, message: Message) -> None:
        """Begin to send."""
        self._why: str | None = None
        self._thread = threading.Thread(
            target=self._send, args=(channel, message), name=f"send {channel.name}", daemon=True
        )
        self._thread.start()

    @property
    def is_under_way(self) -> bool:
        """Whether nothing is known of it yet."""
        return self._thread.is_alive()

    def why_not(self, seconds: float) -> str | None:
        """Wait for the end; say why the message has not been taken, or None if it has."""
        self._thread.join(seconds)
        return f"no answer within {seconds:g} s" if self.is_under_way else self._why

    def _send(self, channel: Channel, message: Message) -> None:
        try:
            channel.send(message)
        except NotTaken as error:
            self._why = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message has not arrived
            self._why = type(error).__name__


class Messenger:
    """Tells people news."""

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        digest_seconds: float,
        sender: Sender,
        clock: Clock,
        warn: Callable[[str], None],
        send_seconds: float = SEND_SECONDS,
        close_seconds: float = CLOSE_SECONDS,
    ) -> None:
        """Begin to wait for news.

        Args:
            channels: To whom.
            digest_seconds: How long news is gathered into one message.
            sender: Who tells it.
            clock: The time.
            warn: Told when a channel takes nothing, and when it does again, from any thread.
            send_seconds: How long a channel may take for a message.
            close_seconds: How long the end waits for what has not been told.
        """
        self._close_seconds = close_seconds
        self._when_told: list[Callable[[News], None]] = []
        self._lines = [
            _Line(
                each,
                digest=Digest(digest_seconds),
                sender=sender,
                clock=clock,
                warn=warn,
                told=self._told,
                send_seconds=send_seconds,
            )
            for each in channels
        ]

    def when_told(self, told: Callable[[News], None]) -> None:
        """Have somebody called, from any thread, for each news that a channel has taken.

        Nobody is called any more once ``close`` has returned.
        """
        self._when_told.append(told)

    def tell(self, news: News) -> None:
        """Take news in. Returns at once."""
        for line in self._lines:
            line.add(news)

    def look(self) -> None:
        """Send what is due by now. Returns at once."""
        for line in self._lines:
            line.look()

    def close(self) -> None:
        """Send what has not been told, for a short time; what is left then is dropped."""
        until = time.monotonic() + self._close_seconds
        for line in self._lines:
            line.finish()
        for line in self._lines:
            line.leave(until - time.monotonic())

    def _told(self, news: News) -> None:
        for told in self._when_told:
            told(news)


class _Line:
    """One channel, and what is to be told there."""

    def __init__(
        self,
        channel: Channel,
        *,
        digest: Digest,
        sender: Sender,
        clock: Clock,
        warn: Callable[[str], None],
        told: Callable[[News], None],
        send_seconds: float,
    ) -> None:
        self._channel = channel
        self._digest = digest
        self._sender = sender
        self._clock = clock
        self._warn = warn
        self._told = told
        self._send_seconds = send_seconds
        self._changed = threading.Condition()
        self._finishing = False
        self._is_left = False
        self._is_broken = False
        self._hanging: list[Attempt] = []
        self._thread = threading.Thread(target=self._run, name=channel.name, daemon=True)
        self._thread.start()

    def add(self, news: News) -> None:
        with self._changed:
            self._digest.add(news, self._clock.monotonic())
            self._changed.notify()

    def look(self) -> None:
        with self._changed:
            self._changed.notify()

    def finish(self) -> None:
        """Send what there is without waiting for more, then end."""
        with self._changed:
            self._finishing = True
            self._changed.notify()

    def leave(self, seconds: float) -> None:
        """Wait for the end a little; log what has not been told."""
        self._thread.join(max(seconds, 0.0))
        with self._changed:
            self._is_left = True
            left = len(self._digest)
        if left:
            self._warn(
                f"{self._channel.name} has not taken the last message before the end: "
                f"{left:,} news in it. See: dropbox-agent status"
            )

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            why_not = self._deliver(batch)
            with self._changed:
                settle = self._digest.failed if why_not else self._digest.sent
                settle(self._clock.monotonic())
                is_last = self._finishing and why_not
                is_known = not (why_not or self._is_left)
            if is_known:
                for news in batch.news:
                    self._told(news)
            self._note(why_not)
            if is_last:
                return

    def _next(self) -> Batch | None:
        """Wait until there is something to send; None when the end has come."""
        with self._changed:
            while not self._finishing:
                seconds = self._digest.due_at - self._clock.monotonic()
                if seconds <= 0:
                    return self._digest.take()
                self._changed.wait(min(seconds, threading.TIMEOUT_MAX))
            return self._digest.take() if len(self._digest) else None

    def _deliver(self, batch: Batch) -> str | None:
        """Send a message; say why it has not been taken, or None if it has."""
        self._hanging = [each for each in self._hanging if each.is_under_way]
        if len(self._hanging) >= MOST_HANGING:
            return "earlier messages still hang there"
        try:
            attempt = Attempt(self._channel, compose(batch, self._sender, self._channel.room))
        except RuntimeError as error:  # the system gives no more threads
            return str(error)
        why_not = attempt.why_not(self._send_seconds)
        if attempt.is_under_way:
            self._hanging.append(attempt)
        return why_not

    def _note(self, why_not: str | None) -> None:
        """Log that the channel has begun to take nothing, or to take messages again."""
        name = self._channel.name
        if why_not and not self._is_broken:
            self._warn(f"{name} does not take messages: {why_not}. It is tried again later.")
        elif self._is_broken and not why_not:
            self._warn(f"{name} takes messages again")
        self._is_broken = bool(why_not)
