"""``check``: says what is wrong with files, without sending anything."""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from dropbox_agent.cli.account import account_at_hand
from dropbox_agent.cli.columns import columns_file, columns_option
from dropbox_agent.cli.excerpts import lines_of
from dropbox_agent.cli.faults import Checked, lines_to_show, show
from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking import check as check_file
from dropbox_agent.core.checking.codec import verdict_to_plain
from dropbox_agent.core.content import Content
from dropbox_agent.core.encoding import known, nearest
from dropbox_agent.core.expanding import NotExpandable, as_file, of_payload
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json

HEAD_BYTES = 65_536
"""How far to read for a first line."""

STANDARD_INPUT = "-"


@click.command(short_help="Say what is wrong with files, without sending them.")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
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

    A dash stands for standard input, and needs --kind.

    Nothing is sent, and without --account no account is needed. Ends with 1 if a file would be
    rejected.
    """
    from dropbox_agent.wiring import check_policy

    settings = settings_at(home)
    policy, max_bytes = check_policy(settings), settings.max_expanded
    results: list[Checked] = []
    with account_at_hand(settings, wanted=ask_account) as account, _on_disk(files, kind) as paths:
        for name, path in zip(files, paths, strict=True):
            if not path.is_file():
                raise click.UsageError(f"{path} is not a plain file.")
            rows_are = Kind(kind) if kind else kind_of(path)
            rows_are = rows_are or kind_of_content(path, encoding, max_bytes)
            strict = account.of(rows_are).policy(policy)
            says = columns_file(path, rows_are, columns, settings.inbox, strict)
            strict = replace(strict, column_map=says.column_map)
            declared = encoding or says.encoding or settings.encodings[rows_are]
            verdict = verdict_on(path, rows_are, strict, declared, max_bytes)
            verdict = account.judged(verdict, path, rows_are)
            lines = {} if as_json else _excerpts(path, verdict, declared, max_bytes)
            shown_name = "standard input" if name == Path(STANDARD_INPUT) else str(name)
            results.append(Checked(shown_name, rows_are, verdict, lines))
    if as_json:
        told = [_to_json(each, account.told(each.kind)["account"]) for each in results]
        click.echo(json.dumps(told, indent=2))
    else:
        show(results)
    return 0 if all(each.verdict.sendable for each in results) else 1


@contextmanager
def _on_disk(files: Sequence[Path], kind: str | None) -> Iterator[list[Path]]:
    """Give the files to check, standard input among them as a file for as long as the block."""
    if Path(STANDARD_INPUT) not in files:
        yield list(files)
        return
    if kind is None:
        raise click.UsageError("What comes from standard input needs --kind.")
    with TemporaryDirectory(prefix="dropbox-agent-check-") as folder:
        copy = Path(folder, "standard-input.csv")
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [copy if each == Path(STANDARD_INPUT) else each for each in files]


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


def _excerpts(path: Path, verdict: Verdict, encoding: str | None, max_bytes: int) -> dict[int, str]:
    """Read the lines again that are shown with their faults."""
    wanted = lines_to_show(verdict.issues)
    with path.open("rb") as file:
        try:
            content = as_file(iter(Content(file, path.name, encoding, max_bytes)))
            return lines_of(content, wanted)
        except NotExpandable:
            return {}


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


def _to_json(result: Checked, account: Json | None) -> Json:
    verdict = result.verdict
    return {
        "file": result.name,
        "kind": result.kind,
        "sendable": verdict.sendable,
        "facts": verdict_to_plain(verdict)["facts"],
        "check": {
            "errors": verdict.errors,
            "warnings": verdict.warnings,
            "account": account,
            "issues": [asdict(issue) for issue in verdict.issues],
            "truncated": verdict.truncated,
        },
    }
