"""The outlet to Prometheus."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dropbox_agent import __version__
from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.outlets.outlets import Outlets
from dropbox_agent.settings import Settings


@contextmanager
def metrics(settings: Settings, outlets: Outlets, witness: Witness) -> Iterator[None]:
    """Count for Prometheus, and give it out where the settings say."""
    try:
        from dropbox_agent.adapters.metrics import (
            Counting,
            PromFile,
            Standing,
            new_registry,
            served,
        )
    except ModuleNotFoundError as error:
        raise BadConfiguration(
            "Metrics need the package prometheus-client, which is not installed.",
            hint="Run pip install 'dropbox-agent[metrics]' (from a checkout: pip install "
            "'.[metrics]') with the pip that installed the agent, or remove AGENT_METRICS_FILE "
            "and AGENT_METRICS_LISTEN from the settings.",
            code="metrics-not-installed",
        ) from error
    registry = new_registry(settings.home, __version__)
    counting, standing = Counting(registry), Standing()
    registry.register(standing)
    outlets.witnesses.append(counting)
    outlets.readers.append(standing)
    outlets.observe = counting.observe
    with ExitStack() as stack:
        if where := settings.metrics_listen:
            stack.enter_context(served(registry, where.host, where.port))
        if path := settings.metrics_file:
            stack.enter_context(PromFile(path, registry, witness.noticed).kept_up())
        yield
