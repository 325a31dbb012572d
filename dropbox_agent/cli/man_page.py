"""Prints the manual page: ``python -m dropbox_agent.cli.man_page > docs/dropbox-agent.1``.

Commands, options, exit codes and settings are those of the program; only what is said nowhere else
is written here.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Final

import click

from dropbox_agent import __version__
from dropbox_agent.cli import group
from dropbox_agent.settings.model import DEFAULTS, MEANINGS
from dropbox_agent.settings.showing import HEADINGS

NAME: Final = "dropbox-agent"
PREFORMATTED: Final = "\b"
"""With this alone in its first line, a paragraph keeps its lines, as click has it."""

INTRODUCTION: Final = f"""\
.\\" Made by: python -m dropbox_agent.cli.man_page > docs/dropbox-agent.1
.TH DROPBOX\\-AGENT 1 "" "dropbox\\-agent {__version__}" "User Commands"
.\\" Lines are not stretched, and words are not broken: most of them are typed.
.nh
.ad l
"""

SHORT: Final = "import CSV files into Connectif by dropping them into a folder"

OUTCOMES: Final = {
    "imported": "Every row went in. The file lies in processed/.",
    "partial": "Connectif refused some rows; the others went in. The file lies in processed/, the "
    "refused rows beside it, each with the reason.",
    "duplicate": "It is, byte for byte, what was imported last. Nothing was sent; the file lies in "
    "processed/.",
    "rejected": "It has faults, all of which the report lists. Nothing was sent; the file lies in "
    "failed/.",
    "failed": "Connectif refused, cancelled or broke off the import, or no row went in. The file "
    "lies in failed/.",
}

FILES: Final = {
    "inbox/contacts/, inbox/products/, inbox/vouchers/": "Drop files here.",
    "inbox/vouchers/SET/": "Vouchers for the coupon set of that name or id.",
    "inbox/KIND/columns.toml": "Says how the headers of your own exporter are called in Connectif.",
    "inbox/.claimed/": "Files that were taken and are being imported. Never touch these.",
    "processed/, failed/": "Files that are done with, under the time, the job and the sender's "
    "name, each with a .report.json and, where rows were refused, an .errors.csv.",
    "state/": "What the agent has to remember. On a disk of this machine.",
    "agent.env": "The settings. Only the agent's user should be able to read it.",
}

FOLDERS: Final = "All of them lie in the home folder, unless settings say otherwise."

SETTINGS: Final = """\
They are read from the environment, then from agent.env in the home folder. The API key may also be
handed over as a file connectif_api_key in $CREDENTIALS_DIRECTORY, as systemd and containers do.
All mistakes are told at once. Numbers of seconds may have fractions."""

EXAMPLES: Final = {
    "dropbox-agent demo": "Everything once, on samples, against a local double of Connectif.",
    "dropbox-agent init --home /srv/drop": "Make the folders and agent.env. Write the API key "
    "into that, then:",
    "dropbox-agent doctor --home /srv/drop": "See that all is set up as it must be.",
    "dropbox-agent run --home /srv/drop": "Watch the folders until stopped.",
    "dropbox-agent explain contacts.csv --home /srv/drop": "Where is this file, and what does it "
    "wait for?",
    "dropbox-agent status --check --home /srv/drop": "For monitoring: one line and an exit code.",
}

SEE_ALSO: Final = ".BR systemctl (1),\n.BR journalctl (1),\n.BR sftp (1)"


def man_page() -> str:
    """Write the page, as ``man`` reads it."""
    root = click.Context(group, info_name=NAME, **group.context_settings)
    sections = {
        "NAME": [f"{roff(NAME)} \\- {roff(SHORT)}"],
        "SYNOPSIS": [f".B {roff(NAME)}\n{roff(_pieces(root))}"],
        "DESCRIPTION": _paragraphs(group.help or ""),
        "OPTIONS": _options(root),
        "COMMANDS": _commands(group, root),
        "OUTCOMES": _items(OUTCOMES),
        "EXIT STATUS": _paragraphs((group.epilog or "").replace("Exit codes:\n", "")),
        "SETTINGS": _settings(),
        "FILES": [FOLDERS, *_items(FILES)],
        "EXAMPLES": _items(EXAMPLES),
        "SEE ALSO": [SEE_ALSO],
    }
    lines = [f".SH {name}\n" + "\n".join(body) for name, body in sections.items()]
    return INTRODUCTION + "\n".join(lines) + "\n"


def roff(text: str) -> str:
    """Write a text so that it stays as it is: no requests, no escapes, plain hyphens."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\`")
    return re.sub(r"^\.", r"\\&.", plain, flags=re.MULTILINE)


def inner_contexts(of: click.Group, context: click.Context) -> Iterator[click.Context]:
    """List the commands of a group, each as if it had been called."""
    for name in of.list_commands(context):
        if command := of.get_command(context, name):
            yield click.Context(command, info_name=name, parent=context)


def _commands(of: click.Group, context: click.Context) -> Iterator[str]:
    """Describe all commands of a group, in the order of its help, and theirs in turn."""
    for inner in sorted(inner_contexts(of, context), key=lambda each: each.info_name or ""):
        command = inner.command
        yield f".SS {roff(f'{inner.command_path} {_pieces(inner)}')}"
        yield from _paragraphs(command.help or "")
        yield from _options(inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _pieces(context: click.Context) -> str:
    return " ".join(context.command.collect_usage_pieces(context))


def _options(context: click.Context) -> Iterator[str]:
    """Describe options as the help does; what every command has is described once."""
    for each in context.command.get_params(context):
        name, meaning = each.get_help_record(context) or ("", "")
        if meaning and not (context.parent and "--help" in each.opts):
            yield _item(name, " ".join(meaning.split()))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if first.strip() == PREFORMATTED:
            yield f".PP\n.nf\n{roff(rest)}\n.fi"
        else:
            yield f".PP\n{roff(paragraph)}"


def _items(items: dict[str, str]) -> Iterator[str]:
    yield from (_item(name, meaning) for name, meaning in items.items())


def _item(name: str, meaning: str) -> str:
    return f".TP\n.B {roff(name)}\n{roff(meaning)}"


def _settings() -> Iterator[str]:
    yield roff(SETTINGS)
    for name, default in DEFAULTS.items():
        if name in HEADINGS:
            yield f".SS {roff(HEADINGS[name])}"
        shown = f"{MEANINGS[name]} [default: {default}]" if default else MEANINGS[name]
        yield _item(name, shown)


if __name__ == "__main__":
    click.echo(man_page(), nl=False)
