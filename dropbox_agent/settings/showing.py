"""Shows all settings to people: the template of ``agent.env``, and the table of the README."""

import textwrap
from typing import Final

from dropbox_agent.settings.model import DEFAULTS, MEANINGS

FILLED_IN: Final = "CONNECTIF_API_KEY"
"""The one setting without which nothing can be sent."""

HEADINGS: Final = {
    "CONNECTIF_API_KEY": "The account",
    "AGENT_INBOX": "Folders; relative ones start where this file is",
    "AGENT_SETTLE_SECONDS": "Arrival",
    "AGENT_ROW_FAULTS": "Checking",
    "AGENT_ORDER": "Sending, and asking what became of it",
    "CONTACTS_FIELDS": "Options of one kind",
    "AGENT_KEEP_FILES": "What is kept for how long",
    "AGENT_STOP_SECONDS": "Stopping and logs",
    "AGENT_NOTIFY": "Messages, and files that are expected",
    "AGENT_METRICS_FILE": "Metrics for Prometheus",
    "AGENT_HOOK": "A program to run after each outcome",
}
"""By the first setting of each group, what the group is about."""

INTRODUCTION: Final = """\
# Settings of dropbox-agent. Save this file as agent.env, in UTF-8.
#
# A line that begins with # is not read: each setting below shows its default. Remove the # to
# change it. Numbers of seconds may have fractions. The same names in the environment win over
# this file. Write Windows paths as they are, without quotation marks.
"""


def settings_template() -> str:
    """Return the text of a new ``agent.env``: every setting with its meaning and default."""
    lines = [INTRODUCTION]
    for name, default in DEFAULTS.items():
        if name in HEADINGS:
            lines.append(f"\n# --- {HEADINGS[name]} ---\n")
        lines += [f"# {line}" for line in textwrap.wrap(MEANINGS[name], width=98)]
        lines.append(f"{'' if name == FILLED_IN else '#'}{name}={default}\n")
    return "\n".join(lines)


def settings_table() -> str:
    """Return all settings as a Markdown table."""
    rows = ["| Setting | Default | Meaning |", "|---|---|---|"]
    for name, default in DEFAULTS.items():
        meaning = MEANINGS[name].replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
        rows.append(f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |")
    return "\n".join(rows) + "\n"
