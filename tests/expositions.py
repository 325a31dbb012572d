"""What is given out for Prometheus, read as Prometheus reads it."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import Sample
from prometheus_client.parser import text_string_to_metric_families

from dropbox_agent.adapters.metrics import new_registry

HOME = Path("/srv/drop")


class Exposition:
    """All samples of one scrape.

    Attributes:
        families: The metrics, each with its samples, by their names.
    """

    def __init__(self, text: str) -> None:
        self.families: dict[str, Metric] = {}
        for family in text_string_to_metric_families(text):
            assert family.name not in self.families, f"{family.name} is there twice"
            self.families[family.name] = family

    @classmethod
    def of(cls, registry: CollectorRegistry) -> "Exposition":
        """Read what a registry gives out."""
        return cls(generate_latest(registry).decode())

    def __getitem__(self, wanted: str) -> float:
        """Return the value of a sample: a name, then values of labels with colons between."""
        (value,) = self._values(wanted)
        return value

    def get(self, wanted: str) -> float | None:
        """Return the value of a sample, or none where there is none yet."""
        return next(self._values(wanted), None)

    def _values(self, wanted: str) -> Iterator[float]:
        name, *labels = wanted.split(":")
        for sample in self.samples(f"dropbox_agent_{name}"):
            if {*labels} == {value for label, value in sample.labels.items() if label != "home"}:
                yield sample.value

    def samples(self, name: str) -> Iterator[Sample]:
        """List the samples with a name."""
        for family in self.families.values():
            yield from (each for each in family.samples if each.name == name)

    @property
    def names(self) -> set[str]:
        """Names of all samples."""
        return {each.name for family in self.families.values() for each in family.samples}


def a_registry() -> CollectorRegistry:
    """Make a registry as the agent does."""
    return new_registry(HOME, "1.2.3")
