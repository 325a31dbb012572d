"""``check``: says what is wrong with files, without sending anything."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from dropbox_agent.cli.account import account_at_hand
from dropbox_agent.cli.columns import columns_file, columns_option
from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking import check as check_file
from dropbox_agent.core.checking.codec import verdict_to_plain
from dropbox_agent.core.content import Content
from dropbox_agent.core.encoding import is_converted, known, nearest
from dropbox_agent.core.expanding import NotExpandable, as_file, of_payload
from dropbox_agent.core.issue import Issue, Severity, Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.telling import count, size

HEAD_BYTES = 65_536
"""How far to read for a first line."""

MOST_LINES = 8
"""How many lines with the same fault are named for people; ``--json`` has up to 1,000."""


@click.command(short_help="Say what is wrong with files, without sending them.")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="What the rows are. Without it the folder or the header tells.",
)
@click.option(
    "--encoding",
    callback=lambda _context, _option, name: _encoding(name),
    help="What text is in that has no byte-order mark, such as windows-1252. Without it the"
    " settings tell; otherwise it is UTF-8.",
)
@columns_option
@click.option(
    "--account",
    "ask_account",
    is_flag=True,
    help="Ask the account for its contact fields and coupon sets, with the key of the home.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@home_option
def check(
    files: tuple[Path, ...],
    kind: str | None,
    encoding: str | None,
    columns: Path | None,
    home: Path,
    *,
    ask_account: bool,
    as_json: bool,
) -> int:
    """Check FILES as they would be before sending, and list all faults with their lines.

    Nothing is sent, and without --account no account is needed. Ends with 1 if a file would be
    rejected.
    """
    from dropbox_agent.wiring import check_policy

    settings = settings_at(home)
    policy, max_bytes = check_policy(settings), settings.max_expanded
    results: list[tuple[Path, Kind, Verdict]] = []
    with account_at_hand(settings, wanted=ask_account) as account:
        for path in files:
            if not path.is_file():
                raise click.UsageError(f"{path} is not a plain file.")
            rows_are = Kind(kind) if kind else kind_of(path)
            rows_are = rows_are or kind_of_content(path, encoding, max_bytes)
            strict = account.of(rows_are).policy(policy)
            says = columns_file(path, rows_are, columns, settings.inbox, strict)
            strict = replace(strict, column_map=says.column_map)
            declared = encoding or says.encoding or settings.encodings[rows_are]
            verdict = verdict_on(path, rows_are, strict, declared, max_bytes)
            results.append((path, rows_are, account.judged(verdict, path, rows_are)))
    if as_json:
        told = [_to_json(*each) | account.told(each[1]) for each in results]
        click.echo(json.dumps(told, indent=2))
    else:
        show(results)
    return 0 if all(verdict.sendable for _, _, verdict in results) else 1


def verdict_on(
    path: Path, kind: Kind, policy: CheckPolicy, encoding: str | None, max_bytes: int
) -> Verdict:
    """Check one file, expanding and converting it as it is read if need be.

    Args:
        path: The file.
        kind: What its rows are.
        policy: How strict to be.
        encoding: What it is in unless a byte-order mark says otherwise; None for UTF-8.
        max_bytes: The most that it may be expanded or converted to.
    """
    with path.open("rb") as file:
        try:
            content = Content(file, path.name, encoding, max_bytes)
            verdict = content.judged(check_file(as_file(iter(content)), kind, policy), kind)
        except NotExpandable as fault:
            verdict = fault.as_verdict()
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return of_payload(verdict, path.stat().st_size, sha256)


def _encoding(name: str | None) -> str | None:
    if name and not known(name):
        meant = nearest(name)
        hint = f" Is it {meant}?" if meant else ""
        raise click.BadParameter(f"'{shown(name)}' is no encoding of text files.{hint}")
    return known(name) if name else None


def kind_of_content(path: Path, encoding: str | None, max_bytes: int) -> Kind:
    """Tell the kind from the first line of a file, if it has one."""
    with path.open("rb") as file:
        try:
            content = Content(file, path.name, encoding, max_bytes)
            line = as_file(iter(content)).readline(HEAD_BYTES)
        except NotExpandable:
            line = b""
        return kind_of_header(line)


def kind_of(path: Path) -> Kind | None:
    """Tell the kind from the folder names of a path, the innermost first."""
    for part in reversed(path.absolute().parent.parts):
        if part in set(Kind):
            return Kind(part)
    return None


def kind_of_header(line: bytes) -> Kind:
    """Tell the kind from a header line: the one whose own columns it names."""
    text = line.decode("utf-8-sig", errors="replace")
    names = {name.strip(" \"'\r\n") for name in re.split("[,;\t|]", text)}
    if "code" in names:
        return Kind.VOUCHERS
    return (
        Kind.PRODUCTS if names & {"productId", "productDetailUrl", "unitPrice"} else Kind.CONTACTS
    )


def show(results: Sequence[tuple[Path, Kind, Verdict]]) -> None:
    """Print what was found, for people."""
    console = Console(highlight=False)
    for path, kind, verdict in results:
        word = Text("can be sent", "green") if verdict.sendable else Text("REJECTED", "bold red")
        facts = f"{count(verdict.facts.rows, kind)}, {size(verdict.facts.bytes)}"
        if is_converted(verdict.facts.encoding):
            facts += f", {verdict.facts.encoding}"
        counts = f"{count(verdict.errors, 'errors')}, {count(verdict.warnings, 'warnings')}"
        console.print(
            Text.assemble((shown(str(path)), "bold"), ": ", word, f" ({facts}; {counts})"),
            soft_wrap=True,
        )
        for alike in _grouped(verdict.issues):
            console.print(_fault(alike))
        hidden = verdict.errors + verdict.warnings - len(verdict.issues)
        if hidden > 0:
            console.print(f"  ... and {count(hidden, 'faults')} more.")


def _grouped(issues: Sequence[Issue]) -> list[list[Issue]]:
    """Bring together what is wrong in the same way, so that it is told once."""
    groups: dict[tuple[str, str | None, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.code, issue.column, issue.message), []).append(issue)
    return list(groups.values())


def _fault(alike: Sequence[Issue]) -> Padding:
    first = alike[0]
    colour = "red" if first.severity is Severity.ERROR else "yellow"
    places = shown(_places(alike))
    head = Text.assemble(
        (first.severity, f"bold {colour}"),
        f" {places}" if places else "",
        (f" [{first.code}]", "dim"),
    )
    body = Text.assemble(shown(first.message), "\n", (shown(first.hint), "dim"))
    return Padding(Group(head, Padding(body, (0, 0, 0, 2))), (0, 0, 0, 2))


def _places(alike: Sequence[Issue]) -> str:
    """Write ``line 3, 7, 12 and 40 others, column 'x'``; nothing for a fault of the whole file."""
    lines = [str(issue.line) for issue in alike if issue.line]
    column = f"column '{alike[0].column}'" if alike[0].column else ""
    if not lines:
        return column
    shown = ", ".join(lines[:MOST_LINES])
    others = f" and {len(lines) - MOST_LINES:,} others" if len(lines) > MOST_LINES else ""
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {shown}{others}{f', {column}' if column else ''}"


def _to_json(path: Path, kind: Kind, verdict: Verdict) -> dict[str, Any]:
    return {
        "file": str(path),
        "kind": kind,
        "sendable": verdict.sendable,
        **verdict_to_plain(verdict),
    }
