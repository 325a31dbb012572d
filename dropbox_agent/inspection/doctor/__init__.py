"""Examines a home for everything that could keep its agent from working, and at every start.

It changes nothing but files of its own, which it removes again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.adapters.examination import try_folder
from dropbox_agent.core.diagnosis import Finding
from dropbox_agent.core.diagnosis.folders import of_home
from dropbox_agent.core.diagnosis.starting import reason_to_stop
from dropbox_agent.errors import AgentError
from dropbox_agent.inspection.doctor.agent import examine_agent, largest_drop
from dropbox_agent.inspection.doctor.arrival import examine_arrival, glance_at_arrival
from dropbox_agent.inspection.doctor.folders import (
    Claims,
    examine_folders,
    glance_at_archive,
    is_folder,
    user,
)
from dropbox_agent.inspection.doctor.machine import examine_machine, glance_at_machine
from dropbox_agent.inspection.doctor.network import examine_network
from dropbox_agent.inspection.doctor.outlets import examine_outlets
from dropbox_agent.inspection.doctor.settings import examine_settings, of_env_file
from dropbox_agent.settings import Settings

__all__ = ["Start", "examine_home", "examine_start"]


@dataclass(frozen=True, slots=True)
class Start:
    """What a starting agent has found out.

    Attributes:
        findings: About all that was looked at.
        stop: Why it need not start; None if it may.
    """

    findings: tuple[Finding, ...]
    stop: AgentError | None


def examine_home(
    home: Path,
    environ: Mapping[str, str],
    *,
    offline: bool = False,
    stored_keys: Sequence[str] = (),
) -> list[Finding]:
    """Try everything that the agent of a home depends on.

    Args:
        home: The folder that holds ``agent.env``.
        environ: The environment.
        offline: Whether to leave the network alone.
        stored_keys: Files with keys that a service manager hands to services.
    """
    home = home.absolute()
    if not is_folder(home):
        return [of_home(try_folder(home), user())]
    read = examine_settings(home, environ)
    findings = list(read.findings)
    if (settings := read.settings) is None:
        return findings
    about_agent = examine_agent(settings)
    findings += examine_machine(settings, largest_drop(settings), about_agent.runs_as)
    findings += examine_folders(settings)
    findings += examine_arrival(settings, is_watching=about_agent.is_running)
    findings += about_agent.findings
    findings += examine_outlets(settings, environ)
    findings += examine_network(
        settings, environ, read.faulty, offline=offline, stored_keys=stored_keys
    )
    return findings


def examine_start(settings: Settings) -> Start:
    """Try what can be tried in an instant, without the network: for every start."""
    claims = Claims.tried(settings)
    findings = [
        *claims.findings,
        *glance_at_archive(settings),
        *glance_at_arrival(settings),
        *glance_at_machine(settings),
        *of_env_file(settings.home),
    ]
    stop = reason_to_stop(claims.refusals, claims.findings[0])
    return Start(tuple(findings), stop)
