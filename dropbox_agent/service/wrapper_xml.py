"""The text of the configuration of WinSW, which makes any program a Windows service.

Its elements are those of WinSW 2.12 that WinSW 3 has as well (documented: its xml-config-file.md).
"""

import subprocess
import xml.etree.ElementTree as ET
from typing import Final

from dropbox_agent.service.plan import Plan

RESTARTS: Final = ("5 sec", "1 min", "5 min")
"""How long Windows waits before each new start; the last one is repeated."""


def wrapper_xml(plan: Plan) -> str:
    """Write the configuration; the wrapper reads it from beside its own file."""
    service = ET.Element("service")
    program, *first = plan.program
    home = str(plan.home)
    texts = {
        "id": plan.name,
        "name": plan.name,
        "description": f"Imports CSV files from {home} into Connectif.",
        "executable": program,
        "startarguments": _line([*first, "run", "--home", home]),
        "stopexecutable": program,
        "stoparguments": _line([*first, "service", "stop", "--home", home]),
        "stoptimeout": f"{plan.stop_seconds} sec",
        "workingdirectory": home,
        "startmode": "Automatic",
        "resetfailure": "1 day",
    }
    for name, text in texts.items():
        ET.SubElement(service, name).text = text
    for delay in RESTARTS:
        ET.SubElement(service, "onfailure", action="restart", delay=delay)
    if plan.python_path:
        ET.SubElement(service, "env", name="PYTHONPATH", value=str(plan.python_path))
    ET.SubElement(service, "env", name="PYTHONUTF8", value="1")
    log = ET.SubElement(service, "log", mode="roll-by-size")
    ET.SubElement(log, "sizeThreshold").text = "10240"
    ET.SubElement(log, "keepFiles").text = "5"
    ET.indent(service)
    return ET.tostring(service, encoding="unicode") + "\n"


def _line(words: list[str]) -> str:
    return subprocess.list2cmdline(words)
