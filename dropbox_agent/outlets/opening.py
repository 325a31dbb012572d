"""Opens the outlets that the settings ask for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.messenger import CLOSE_SECONDS, PATIENT_SECONDS
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.ports import Witness
from dropbox_agent.outlets.hooks import hooks
from dropbox_agent.outlets.messages import messages
from dropbox_agent.outlets.metrics import metrics
from dropbox_agent.outlets.outlets import Outlets
from dropbox_agent.settings import Settings


@contextmanager
def outlets_of(
    settings: Settings,
    witness: Witness,
    journal: SqliteJournal,
    clock: Clock,
    ring: Callable[[], None],
    *,
    patiently: bool = False,
) -> Iterator[Outlets]:
    """Open the outlets that the settings ask for, and close them when the block ends.

    Args:
        settings: Say which.
        witness: Told first, and of what goes wrong in an outlet.
        journal: What has been done so far.
        clock: The time.
        ring: Called when an outlet has ended what it was at.
        patiently: Whether the end may take time: a slow channel gets its last message then.

    Raises:
        BadConfiguration: An outlet cannot be opened as the settings say.
    """
    with ExitStack() as stack:
        outlets = Outlets([witness])
        if settings.metrics_file or settings.metrics_listen:
            stack.enter_context(metrics(settings, outlets, witness))
        seconds = PATIENT_SECONDS if patiently else CLOSE_SECONDS
        stack.enter_context(
            messages(settings, outlets, witness, journal, clock, close_seconds=seconds)
        )
        stack.enter_context(hooks(settings, outlets, witness, journal, ring))
        yield outlets
