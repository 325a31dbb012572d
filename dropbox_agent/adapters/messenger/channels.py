"""Channels to people: mail, chats, web hooks and whatever else apprise can reach.

What apprise says of a failure is passed on without any part of the address that may be a secret.
"""

import logging
import threading
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, Protocol

from dropbox_agent.core.channel import is_host, scheme_of, secrets_in
from dropbox_agent.core.message import Message
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import BadConfiguration

HIDDEN: Final = "[hidden]"
LONGEST_REASON: Final = 200


class NotTaken(Exception):
    """A channel has not taken a message. Says why, as far as that is known, without secrets."""


class Channel(Protocol):
    """A way to people.

    Attributes:
        name: What it may be called: the scheme, and the host where that is none of its secrets.
        room: How many letters a text may have.
    """

    name: str
    room: int

    def send(self, message: Message) -> None:
        """Send a message. It may take as long as it likes.

        Raises:
            NotTaken: It did not arrive.
        """
        ...


def open_channels(addresses: Sequence[str]) -> list[Channel]:
    """Make a channel of each address. Nothing is sent.

    Raises:
        BadConfiguration: apprise is not installed, or does not understand an address.
    """
    try:
        import apprise
    except ImportError as error:
        raise BadConfiguration(
            "Messages cannot be sent: the package apprise is not installed.",
            hint="Run: pip install 'dropbox-agent[notify]', or leave AGENT_NOTIFY empty.",
            code="no-apprise",
        ) from error
    overheard = _overhear()
    asset = apprise.AppriseAsset(
        app_id="dropbox-agent", app_desc="dropbox-agent", async_mode=False, secure_logging=True
    )
    # Its own limit would hand the work to threads that the interpreter waits for at its end.
    asset._service_timeout = 0.0  # noqa: SLF001 - its argument is unknown to older versions
    names: Counter[str] = Counter()
    channels: list[Channel] = []
    for address in addresses:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # those of its modules, not ours
            plugin = apprise.Apprise.instantiate(address, asset=asset)
        if plugin is None:
            raise _not_understood(address)
        name = _name(address, plugin)
        names[name] += 1
        again = f" ({names[name]})" if names[name] > 1 else ""
        channels.append(_AppriseChannel(f"{name}{again}", address, plugin, overheard))
    return channels


class _Overheard(logging.Handler):
    """Keeps what apprise says while a message is sent, for each thread by itself."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._of_thread = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self._of_thread.lines = [*self._lines, record.getMessage()]

    def take(self) -> str:
        """Return what was said last in this thread, and forget all of it."""
        lines = self._lines
        self._of_thread.lines = []
        return lines[-1] if lines else ""

    @property
    def _lines(self) -> list[str]:
        return getattr(self._of_thread, "lines", [])


def _overhear() -> _Overheard:
    """Listen to apprise, and keep its lines out of our log: they may quote an address."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    known = next((each for each in logger.handlers if isinstance(each, _Overheard)), None)
    if known is None:
        known = _Overheard()
        logger.addHandler(known)
    return known


class _AppriseChannel:
    """A channel of apprise."""

    def __init__(self, name: str, address: str, plugin: Any, overheard: _Overheard) -> None:  # noqa: ANN401 - one of a hundred classes
        import apprise

        self.name = name
        title_room = 0 if plugin.title_maxlen else 200  # without titles, it goes before the text
        self.room = max(plugin.body_maxlen - title_room, 0)
        secrets = secrets_in(address) | _hidden_host(plugin)
        self._secrets = sorted(secrets, key=len, reverse=True)
        self._overheard = overheard
        self._service = apprise.Apprise(asset=plugin.asset)
        self._service.add(plugin)
        if "overflow=" not in address:
            plugin.overflow_mode = apprise.OverflowMode.TRUNCATE

    def send(self, message: Message) -> None:
        """Send a message."""
        import apprise

        self._overheard.take()
        good, bad = apprise.NotifyType.SUCCESS, apprise.NotifyType.WARNING
        try:
            taken = self._service.notify(
                title=message.title,
                body=message.body,
                notify_type=good if message.is_good else bad,
                body_format=apprise.NotifyFormat.TEXT,
            )
        except Exception as error:  # noqa: BLE001 - a hundred services, each with faults of its own
            raise NotTaken(self._safe(f"{type(error).__name__}: {error}")) from None
        if not taken:
            raise NotTaken(self._safe(self._overheard.take()) or "it does not say why")

    def _safe(self, text: str) -> str:
        for secret in self._secrets:
            if len(secret) > 1:
                text = text.replace(secret, HIDDEN)
        return shown(text.strip().rstrip("."))[:LONGEST_REASON]


def _name(address: str, plugin: Any) -> str:  # noqa: ANN401 - one of a hundred classes
    """Say what a channel may be called; where a service has no host, a token stands there."""
    may_be_shown = "host" in plugin.template_tokens and is_host(plugin.host or "")
    return f"{scheme_of(address)}://{shown(plugin.host) if may_be_shown else ''}"


def _hidden_host(plugin: Any) -> set[str]:  # noqa: ANN401 - likewise
    """Return what stands where a host should, and is none."""
    host = getattr(plugin, "host", None) or ""
    return {host} if host and not is_host(host) else set()


def _not_understood(address: str) -> BadConfiguration:
    return BadConfiguration(
        f"AGENT_NOTIFY has an address that begins with {scheme_of(address)}:// and cannot be used: "
        "apprise does not know it, or a part of it is missing.",
        hint="docs/notifications.md has examples; all services are listed at "
        "https://github.com/caronc/apprise/wiki. Try it with: dropbox-agent notify --test",
        code="notify-address",
    )
