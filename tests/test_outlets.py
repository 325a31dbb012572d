"""The outlet for Prometheus: opened where the settings say so, and only there."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.core.exchange import unobserved
from dropbox_agent.core.job import Stage
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.outlets import Outlets, outlets_of
from dropbox_agent.settings import read_settings
from tests.clocks import SetClock
from tests.jobs import job_at, new_job
from tests.sinks import Sink
from tests.witnesses import RecordingWitness

METRICS = "dropbox_agent.adapters.metrics"


@contextmanager
def opened(home: Path, witness: RecordingWitness, environ: Mapping[str, str]) -> Iterator[Outlets]:
    """Open the outlets of a home."""
    settings = read_settings(home, environ)
    settings.state.mkdir(exist_ok=True)
    with (
        SqliteJournal(home / "journal.sqlite") as journal,
        outlets_of(settings, witness, journal, SetClock(), lambda: None) as outlets,
    ):
        yield outlets


def test_nobody_counts_unless_asked_to(tmp_path: Path) -> None:
    """The requests go by unobserved."""
    with opened(tmp_path, RecordingWitness(), {}) as outlets:
        assert outlets.observe is unobserved
        assert outlets.readers == []


def test_a_file_is_written_while_they_are_open(tmp_path: Path) -> None:
    """And says at the end what the heartbeat said last."""
    path = tmp_path / "agent.prom"
    with opened(tmp_path, RecordingWitness(), {"AGENT_METRICS_FILE": str(path)}) as outlets:
        assert outlets.observe is not unobserved
        (reader,) = outlets.readers
        reader.write(
            {
                "at": "2026-01-15T12:00:00.000Z",
                "jobs": [], "drops": [], "crowds": [], "pauses": [], "watch": None,
            }
        )  # fmt: skip
    assert "dropbox_agent_heartbeat_timestamp_seconds" in path.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told_to_the_first_witness(tmp_path: Path) -> None:
    """It is no reason not to start."""
    witness = RecordingWitness()
    with opened(tmp_path, witness, {"AGENT_METRICS_FILE": "nowhere/agent.prom"}):
        pass
    (notice,) = witness.notices
    assert "nowhere" in notice


def test_a_package_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that installs it, and the exit code of a configuration error."""
    for name in [each for each in sys.modules if each.startswith(METRICS)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with (
        pytest.raises(BadConfiguration) as told,
        opened(tmp_path, RecordingWitness(), {"AGENT_METRICS_LISTEN": "9464"}),
    ):
        pass
    assert told.value.exit_code == 78
    assert "pip install 'dropbox-agent[metrics]'" in told.value.hint
    assert "AGENT_METRICS_LISTEN" in told.value.hint


def test_a_file_that_was_held_just_before_a_crash_is_told_at_the_next_start(tmp_path: Path) -> None:
    """Once, when a channel has taken it."""
    with SqliteJournal(tmp_path / "journal.sqlite") as journal:
        journal.save(job_at(Stage.HELD, journal.add(new_job())))
    with Sink(status=500) as sink:
        settings = {"AGENT_NOTIFY": sink.address}
        with opened(tmp_path, RecordingWitness(), settings):
            pass
        sink.status = 200
        for _ in range(2):
            with opened(tmp_path, RecordingWitness(), settings):
                pass
        assert len(sink.messages) == 1
    assert "customers.csv" in sink.messages[0]["message"]
