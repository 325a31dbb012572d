"""What the names in an inbox say: a drop, something on its way, or a mistake."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase, translate
from functools import cache

from dropbox_agent.core.naming import PAYLOAD_ENDINGS

IGNORED_NAMES = (
    ".*", "~*", "*~", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload",
    "*.download", "*.writing", "*.inprogress", "*.uploading", "*.!sync", "*.camellock",
    "*.bts-wip", "*.swp", "thumbs.db", "desktop.ini", "@eadir", "#recycle", "$recycle.bin",
    "system volume information",
)  # fmt: skip
"""Names that transfer tools, editors and desktops give to what is not (yet) a drop."""

COLUMNS_NAME = "columns.toml"
"""The file in an inbox folder that says how the columns of its drops are called."""

WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
MARKERS = (".done", ".ok", ".ready", ".complete", ".fin", ".trg", ".md5", ".sha1", ".sha256")


def ignored_by(name: str, ignore: Iterable[str] = ()) -> str | None:
    """Return the pattern because of which a name is left alone; None if there is none."""
    folded = name.lower()
    patterns = (*IGNORED_NAMES, *ignore)
    if _any_of(patterns).match(folded) is None:
        return None
    return next(each for each in patterns if fnmatchcase(folded, each.lower()))


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Make one pattern of all: in a long listing, trying each by itself takes half the time."""
    return re.compile("|".join(translate(each.lower()) for each in patterns))


def is_wanted(name: str, ignore: Iterable[str] = ()) -> bool:
    """Whether a name is that of a drop: ``*.csv`` or a compressed one, and not left alone."""
    return name.lower().endswith(PAYLOAD_ENDINGS) and ignored_by(name, ignore) is None


def mistake(name: str) -> str:
    """Say why something is no drop whose name no pattern explains, and what to do about it."""
    folded = name.lower()
    if folded.endswith(WORKBOOKS):
        return "a workbook: save it as CSV (UTF-8), renaming does not convert it"
    if folded.endswith(MARKERS):
        return "a marker, and none are waited for: set AGENT_DONE_SUFFIX to what it ends in"
    if ".toml" in folded:
        return f"only the name {COLUMNS_NAME} means something: rename it"
    if ".csv" in folded:
        return "its name does not end in .csv: rename it"
    return "neither a .csv nor a .csv.gz nor a .zip: nothing is done with it"
