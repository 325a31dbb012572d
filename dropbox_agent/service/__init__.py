"""The agent as a service of the operating system: systemd units, Windows services and tasks.

Stands on its own: it knows nothing of the agent but the commands that start and stop it.
"""

from dropbox_agent.service.commands import Run, run_command
from dropbox_agent.service.plan import Plan, Service
from dropbox_agent.service.systemd import SystemdService
from dropbox_agent.service.windows import TaskService, WrapperService

__all__ = [
    "Plan",
    "Run",
    "Service",
    "SystemdService",
    "TaskService",
    "WrapperService",
    "run_command",
]
