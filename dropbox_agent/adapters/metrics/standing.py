"""How things stand: what waits, what is under way and what is paused, from the last heartbeat."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from dropbox_agent.adapters.metrics.lanes import LANES
from dropbox_agent.adapters.metrics.registry import PREFIX
from dropbox_agent.core.gates import Gate
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json

GATES: Final = tuple(gate for gate in Gate if gate is not Gate.NAME)
"""A file with a wrong name is none that waits."""

MORE: Final = "more"
"""In place of a gate: drops of a crowd in which not each one is told."""

UNDER_WAY: Final = tuple(stage for stage in Stage if stage not in {Stage.FILED, Stage.HELD})

Values = Mapping[tuple[str, ...], float]


class Standing:
    """Reads each heartbeat, and gives out the last one whole whenever it is asked."""

    def __init__(self) -> None:
        """Begin with nothing read: then there is nothing to give out."""
        self._told: Json | None = None

    def write(self, status: Json) -> None:
        """Take in a heartbeat."""
        self._told = status

    def describe(self) -> Iterable[Metric]:
        """Claim no names: they are known only when a heartbeat has been read."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Give out how things stood at the last heartbeat. May be asked by any thread."""
        if (told := self._told) is None:
            return
        at = datetime.fromisoformat(told["at"])
        yield _gauge(
            "heartbeat_timestamp_seconds",
            "When the agent's loop last wrote its heartbeat, which it does every 30 seconds.",
            (),
            {(): at.timestamp()},
        )
        yield from _drops(told, at)
        yield from _jobs(told, at)
        yield from _pauses(told, at)
        if told["watch"]:
            yield CounterMetricFamily(
                f"{PREFIX}_missed_arrivals",
                "Files that were found by listing the inbox and that no event had announced.",
                value=told["watch"]["missed"],
            )


def _drops(told: Json, at: datetime) -> Iterator[Metric]:
    crowds = {each["kind"]: each for each in told["crowds"]}
    named = Counter((each["kind"], each["gate"]) for each in told["drops"])
    for kind, crowd in crowds.items():
        one_by_one = sum(each["kind"] == kind for each in told["drops"])
        named[kind, MORE] = max(crowd["drops"] - one_by_one, 0)
    yield _gauge(
        "drops_waiting",
        "Files in the inboxes, by the gate that is shut; those above 200 of a kind as 'more'.",
        ("kind", "gate"),
        {(kind, gate): named[kind, gate] for kind in Kind for gate in (*GATES, MORE)},
    )
    yield _gauge(
        "drops_stalled",
        "Those that have not become complete within AGENT_STALLED_SECONDS.",
        ("kind",),
        {(kind,): crowd["stalled"] for kind, crowd in crowds.items()},
    )
    yield _gauge(
        "oldest_drop_seconds",
        "For how long the oldest file has been waiting in the inbox; 0 when there is none.",
        ("kind",),
        {(kind,): _age(crowd["oldest_found_at"], at) for kind, crowd in crowds.items()},
    )


def _jobs(told: Json, at: datetime) -> Iterator[Metric]:
    jobs = told["jobs"]
    staged = Counter((each["kind"], each["stage"]) for each in jobs)
    yield _gauge(
        "jobs_under_way",
        "Files taken from the inbox and not yet done with, by their stage; without those held.",
        ("kind", "stage"),
        {(kind, stage): staged[kind, stage] for kind in Kind for stage in UNDER_WAY},
    )
    yield _gauge(
        "jobs_held",
        "Files that wait for a person to decide.",
        ("kind",),
        {(kind,): staged[kind, Stage.HELD] for kind in Kind},
    )
    yield _gauge(
        "oldest_job_seconds",
        "How long ago the oldest file under way was taken from the inbox; 0 when there is none.",
        ("kind",),
        {(kind,): _oldest_job_age(kind, jobs, at) for kind in Kind},
    )


def _pauses(told: Json, at: datetime) -> Iterator[Metric]:
    since = {each["what"]: each["since"] for each in told["pauses"]}
    yield _gauge(
        "lane_paused",
        "Whether looking, sending or asking is held up: 1 if so.",
        ("lane",),
        {(lane,): lane in since for lane in LANES},
    )
    yield _gauge(
        "lane_paused_seconds",
        "For how long it has been held up; 0 while it is not.",
        ("lane",),
        {(lane,): _age(since.get(lane), at) for lane in LANES},
    )


def _gauge(name: str, meaning: str, labels: Sequence[str], values: Values) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", meaning, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _oldest_job_age(kind: Kind, jobs: Iterable[Json], at: datetime) -> float:
    under_way = (
        each["received_at"] for each in jobs if each["kind"] == kind and each["stage"] != Stage.HELD
    )
    return _age(min(under_way, default=None), at)


def _age(since: str | None, at: datetime) -> float:
    """Tell the seconds from one time of day to another; none when the clock was set back."""
    if since is None:
        return 0.0
    return max((at - datetime.fromisoformat(since)).total_seconds(), 0.0)
