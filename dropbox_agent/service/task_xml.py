"""The text of a task for the Windows Task Scheduler (documented: Task Scheduler Schema)."""

import subprocess
import xml.etree.ElementTree as ET
from pathlib import PurePath
from typing import Final

from dropbox_agent.service.plan import Plan

SCHEMA: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
LOCAL_SERVICE: Final = "S-1-5-19"
"""The account NT AUTHORITY\\LOCAL SERVICE: few rights here, none on other machines."""

SETTINGS: Final = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "RunOnlyIfNetworkAvailable": "false",
    "RunOnlyIfIdle": "false",
    "ExecutionTimeLimit": "PT0S",
    "Priority": "6",
}
"""``PT0S`` is no limit; without it the scheduler ends the agent after three days. Priority 6 is
that of ordinary programs; tasks have a lower one otherwise."""

AGAIN: Final = "PT5M"
"""How often the scheduler sees whether it runs. A task that ended with an exit code does not count
as failed for it, so the restart on failure alone would not bring the agent back."""


def task_xml(plan: Plan) -> str:
    """Write the task: starts with the machine, without anybody logged on, and stays."""
    task = ET.Element("Task", version="1.2", xmlns=SCHEMA)
    about = ET.SubElement(task, "RegistrationInfo")
    ET.SubElement(about, "Description").text = f"Imports CSV files from {plan.home} into Connectif."
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "BootTrigger")
    again = ET.SubElement(trigger, "Repetition")
    ET.SubElement(again, "Interval").text = AGAIN
    ET.SubElement(again, "StopAtDurationEnd").text = "false"
    _principal(task, plan.user)
    settings = ET.SubElement(task, "Settings")
    for name, text in SETTINGS.items():
        ET.SubElement(settings, name).text = text
    idle = ET.SubElement(settings, "IdleSettings")
    ET.SubElement(idle, "StopOnIdleEnd").text = "false"
    ET.SubElement(idle, "RestartOnIdle").text = "false"
    restart = ET.SubElement(settings, "RestartOnFailure")
    ET.SubElement(restart, "Interval").text = "PT1M"
    ET.SubElement(restart, "Count").text = "999"
    _action(task, plan)
    ET.indent(task)
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, "unicode") + "\n"


def _principal(task: ET.Element, user: str | None) -> None:
    principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", id="Author")
    ET.SubElement(principal, "UserId").text = user or LOCAL_SERVICE
    if user:
        ET.SubElement(principal, "LogonType").text = "Password"
    ET.SubElement(principal, "RunLevel").text = "LeastPrivilege"


def _action(task: ET.Element, plan: Plan) -> None:
    program, *first = _command(plan)
    action = ET.SubElement(ET.SubElement(task, "Actions", Context="Author"), "Exec")
    ET.SubElement(action, "Command").text = program
    words = [*first, "run", "--home", str(plan.home)]
    ET.SubElement(action, "Arguments").text = subprocess.list2cmdline(words)
    ET.SubElement(action, "WorkingDirectory").text = str(plan.home)


def _command(plan: Plan) -> tuple[str, ...]:
    """A task has no environment of its own, so Python is told where its packages lie.

    The base interpreter is run, not the launcher of a virtual environment: ending a launcher
    leaves the agent behind it running.
    """
    if plan.python_path is None:
        return plan.program
    python, *_ = plan.program
    return python, "-c", start_code(plan.python_path)


def start_code(python_path: PurePath) -> str:
    """Write the Python that starts the agent from packages that lie somewhere."""
    return (
        f"import os, sys; os.environ['PYTHONPATH'] = {str(python_path)!r}; "
        f"sys.path.insert(0, {str(python_path)!r}); "
        "from dropbox_agent.__main__ import main; main()"
    )
