"""What the names in an inbox say: a drop, something on its way, or a mistake."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from dropbox_agent.core.naming import PAYLOAD_ENDINGS

IGNORED_NAMES = (
    ".*", "~*", "*~", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload",
    "*.download", "*.writing", "*.inprogress", "*.uploading", "*.!sync", "*.camellock",
    "*.bts-wip", "*.swp", "thumbs.db", "desktop.ini", "@eadir", "#recycle", "$recycle.bin",
    "system volume information",
)  # fmt: skip
"""Names that transfer tools, editors and desktops give to what is not (yet) a drop."""

WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")


def ignored_by(name: str, ignore: Iterable[str] = ()) -> str | None:
    """Return the pattern because of which a name is left alone; None if there is none."""
    folded = name.lower()
    patterns = (*IGNORED_NAMES, *ignore)
    return next((each for each in patterns if fnmatchcase(folded, each.lower())), None)


def is_wanted(name: str, ignore: Iterable[str] = ()) -> bool:
    """Whether a name is that of a drop: ``*.csv`` or a compressed one, and not left alone."""
    return name.lower().endswith(PAYLOAD_ENDINGS) and ignored_by(name, ignore) is None


def mistake(name: str) -> str:
    """Say why something is no drop whose name no pattern explains, and what to do about it."""
    folded = name.lower()
    if folded.endswith(WORKBOOKS):
        return "a workbook: save it as CSV (UTF-8), renaming does not convert it"
    if ".csv" in folded:
        return "its name does not end in .csv: rename it"
    return "neither a .csv nor a .csv.gz nor a .zip: nothing is done with it"
