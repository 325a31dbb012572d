"""The API key as it is now: one that is replaced in ``agent.env`` is used without a restart."""

from collections.abc import Callable, Mapping
from pathlib import Path

from dropbox_agent.errors import AgentError
from dropbox_agent.settings.faults import ENV_FILE
from dropbox_agent.settings.model import Settings
from dropbox_agent.settings.reading import read_settings


class LiveKey:
    """Gives the key, and reads the settings again when their file has changed."""

    def __init__(
        self, settings: Settings, environ: Mapping[str, str], hide: Callable[..., None]
    ) -> None:
        """Take the settings the agent began with.

        Args:
            settings: They hold the first key.
            environ: The environment, which wins over the file.
            hide: Told the texts of a new key, so that they never reach the log.

        Raises:
            BadConfiguration: There is no key.
        """
        self._key = settings.require_key().get_secret_value()
        self._home = settings.home
        self._environ = environ
        self._hide = hide
        self._seen = _fingerprint(self._home / ENV_FILE)

    def __call__(self) -> str:
        """Return the key; the last good one while the file is missing or cannot be read."""
        seen = _fingerprint(self._home / ENV_FILE)
        if seen != self._seen:
            self._seen = seen
            self._read_again()
        return self._key

    def _read_again(self) -> None:
        try:
            settings = read_settings(self._home, self._environ)
        except AgentError:
            return  # somebody is in the middle of writing it, or made a mistake: keep what works
        if settings.api_key is not None:
            self._hide(*settings.secrets)
            self._key = settings.api_key.get_secret_value()


def _fingerprint(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
