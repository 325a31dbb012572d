"""What ``run`` and ``once`` try before they begin. Nothing is drawn here, so no Rich is loaded."""

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.settings import Settings


def check_at_start(settings: Settings) -> None:
    """Try in short what a start depends on; log what is not well, one line each.

    Raises:
        AgentError: No file could be taken.
    """
    from loguru import logger

    from dropbox_agent.inspection.doctor import examine_start

    start = examine_start(settings)
    if start.stop:
        raise start.stop
    for each in start.findings:
        if each.verdict in {Verdict.WARNING, Verdict.FAULT}:
            logger.warning("{}: {} {}", each.check, each.found, each.mend)
