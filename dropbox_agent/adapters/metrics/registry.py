"""The registry: all metrics of one agent."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Info, Metric, ProcessCollector

from dropbox_agent.core.naming import shown

PREFIX: Final = "dropbox_agent"
"""Begins every name. Also those of the process: in a file read by the node exporter, names
without it would clash with its own, and it would give out nothing at all."""


class _Registry(CollectorRegistry):
    """Says of everything which home it is about.

    The files of two agents on one machine, read by one node exporter, would else hold the same
    series, and it would give out neither. When each series began is left out: it would double
    their number, and tells nobody much.
    """

    def __init__(self, home: str) -> None:
        super().__init__()
        self._label = {"home": home}

    def collect(self) -> Iterable[Metric]:
        for metric in super().collect():
            metric.samples = [
                each._replace(labels=self._label | each.labels)
                for each in metric.samples
                if not each.name.endswith("_created")
            ]
            yield metric


def new_registry(home: Path, version: str) -> CollectorRegistry:
    """Make a registry that knows the home, the program's version, and on Linux its process."""
    registry = _Registry(shown(str(home)))
    build = Info(f"{PREFIX}_build", "Which version of the agent this is.", registry=registry)
    build.info({"version": version})
    ProcessCollector(namespace=PREFIX, registry=registry)
    return registry
