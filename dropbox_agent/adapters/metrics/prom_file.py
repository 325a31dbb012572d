"""The file with all metrics, for the node exporter's textfile collector."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest

EVERY_SECONDS: Final = 10.0
LAST_WRITE_SECONDS: Final = 5.0
"""How long the end waits for the last writing: the folder may be on a share that hangs."""

FOR_ALL_TO_READ: Final = 0o644
"""Whatever the umask: the node exporter is another user, and there is nothing secret in it."""


class PromFile:
    """Replaced whole every ten seconds, by a thread of its own.

    It is not synced: after a power cut it is out of date anyhow. When the agent ends, its last
    state stays: the time of the heartbeat in it tells its age.
    """

    def __init__(
        self, path: Path, registry: CollectorRegistry, notice: Callable[[str], None]
    ) -> None:
        """Take the place, what to write, and who is told when that does not work."""
        self._path = path
        # Hidden, and without the ending by which the node exporter knows its files.
        self._halfway = path.with_name(f".{path.name}.tmp")
        self._registry = registry
        self._notice = notice
        self._has_failed = False

    @contextmanager
    def kept_up(self) -> Iterator[None]:
        """Write now, every ten seconds, and once more when the block ends."""
        ended = Event()
        writing = Thread(target=self._keep_up, args=(ended,), name="metrics-file", daemon=True)
        writing.start()
        try:
            yield
        finally:
            ended.set()
            writing.join(LAST_WRITE_SECONDS)

    def _keep_up(self, ended: Event) -> None:
        self.write()
        while not ended.wait(EVERY_SECONDS):
            self.write()
        self.write()

    def write(self) -> None:
        """Replace the file. A failure is told once, until it works again; it never raises."""
        try:
            self._replace(generate_latest(self._registry))
        except OSError as error:
            if not self._has_failed:
                self._notice(
                    f"The metrics cannot be written to {self._path}: {error.strerror or error}. "
                    "Files are imported all the same. See that its folder is there, has room, and "
                    "lets the agent's user write, or change AGENT_METRICS_FILE."
                )
            self._has_failed = True
            return
        if self._has_failed:
            self._notice(f"The metrics are written to {self._path} again.")
        self._has_failed = False

    def _replace(self, content: bytes) -> None:
        # What a killed process left; and in a folder of others, never follow a link of theirs.
        self._halfway.unlink(missing_ok=True)
        try:
            with self._halfway.open("xb") as file:
                file.write(content)
            self._halfway.chmod(FOR_ALL_TO_READ)
            self._halfway.replace(self._path)
        except OSError:
            with suppress(OSError):
                self._halfway.unlink(missing_ok=True)
            raise
