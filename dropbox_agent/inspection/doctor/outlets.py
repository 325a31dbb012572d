"""Examines what is told of the work: a program of the administrator's, messages, and metrics."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec

from dropbox_agent.adapters.hooks import find_program
from dropbox_agent.adapters.messenger import open_channels
from dropbox_agent.core.diagnosis import Finding, Verdict
from dropbox_agent.core.diagnosis.finding import ok
from dropbox_agent.core.telling import count
from dropbox_agent.errors import AgentError
from dropbox_agent.settings import Settings


def examine_outlets(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Try what the settings ask for; nothing is run or sent.

    Args:
        settings: Say which.
        environ: The environment, which says where programs are.
    """
    if settings.hook:
        words = settings.hook
        yield _tried(
            "hook",
            lambda: f"{find_program(words, settings.home, environ)} is run after each file.",
        )
    if settings.channels:
        yield _tried(
            "messages",
            lambda: (
                f"{count(len(open_channels(settings.channels)), 'channels')} for messages; "
                "dropbox-agent notify --test sends one to each."
            ),
        )
    if settings.metrics_file or settings.metrics_listen:
        yield _metrics()


def _tried(check: str, trial: Callable[[], str]) -> Finding:
    try:
        return ok(check, trial())
    except AgentError as error:
        return Finding(check, Verdict.FAULT, error.message, error.hint)


def _metrics() -> Finding:
    if find_spec("prometheus_client"):
        return ok("metrics", "The package prometheus-client is installed.")
    return Finding(
        "metrics",
        Verdict.FAULT,
        "The package prometheus-client is not installed.",
        "Run pip install 'dropbox-agent[metrics]' with the pip that installed the agent.",
    )
