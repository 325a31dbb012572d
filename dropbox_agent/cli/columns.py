"""Which ``columns.toml`` a file is checked with: the one that is named, or that of its inbox."""

from pathlib import Path

import click

from dropbox_agent.adapters.spool.columns_files import ColumnsText, find_columns_text
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.columns_file import NO_FILE, ColumnsFile, read_columns_file
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown

columns_option = click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A columns.toml to check with. Without it, files in an inbox are checked with the one"
    " that lies there.",
)


def columns_file(
    path: Path, kind: Kind, named: Path | None, inbox: Path, policy: CheckPolicy
) -> ColumnsFile:
    """Read what says how the columns of a file are called.

    Args:
        path: The file.
        kind: What its rows are.
        named: The ``columns.toml`` to take; None for that of the inbox folder the file lies in.
        inbox: The folder of all inboxes.
        policy: What is known of the account.

    Raises:
        ColumnsFileBroken: It says something that cannot be meant.
        click.UsageError: It cannot be read.
    """
    try:
        found = ColumnsText(named, named.read_bytes()) if named else _beside(path, inbox)
    except OSError as error:
        what = shown(str(error.filename or named))
        raise click.UsageError(f"{what} cannot be read: {error.strerror or error}.") from error
    if found is None:
        return NO_FILE
    return read_columns_file(found.raw, str(found.path), rules_for(kind, policy))


def _beside(path: Path, inbox: Path) -> ColumnsText | None:
    folder = path.absolute().parent.resolve()
    if not folder.is_relative_to(inbox.resolve()):
        return None
    kind, *below = folder.relative_to(inbox.resolve()).parts or ("",)
    if kind not in set(Kind):
        return None
    return find_columns_text(inbox, Kind(kind), below[0] if below else None)
