"""What is told when a file cannot go out as it is: nothing is changed in silence."""

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.issue import Severity

_NAMES = "documented (names of columns, letter for letter)"
_CSV = "inferred: the server's reader of CSV is not described"
_NOTHING = "Nothing to do; the archived file stays as it is."

NAMES_CLEANED = Rule(
    "names-cleaned",
    Severity.WARNING,
    "Spaces or invisible characters around names are left out in what is sent: {columns}.",
    _NOTHING,
    _NAMES,
)
TRAILING_DELIMITERS = Rule(
    "trailing-delimiters",
    Severity.WARNING,
    "Header and rows end with delimiters that have nothing behind them ({count}); they are left"
    " out in what is sent.",
    _NOTHING,
    _NAMES,
)
LINE_ENDS_NORMALISED = Rule(
    "line-ends-normalised",
    Severity.WARNING,
    "Lines end with a lone carriage return (CR), as old Macs had it. What is sent has line feeds.",
    _NOTHING,
    _CSV,
)
COLUMNS_RENAMED = Rule(
    "columns-renamed",
    Severity.WARNING,
    "Sent under other names, as columns.toml says: {columns}.",
    _NOTHING,
    _NAMES,
)
COLUMNS_DROPPED = Rule(
    "columns-dropped",
    Severity.WARNING,
    "Not sent, as columns.toml says: {columns}.",
    _NOTHING,
    _NAMES,
)
COLUMNS_ADDED = Rule(
    "columns-added",
    Severity.WARNING,
    "Added to every row, as columns.toml says: {columns}.",
    _NOTHING,
    _NAMES,
)
COLUMNS_NOT_THERE = Rule(
    "columns-not-there",
    Severity.WARNING,
    "columns.toml speaks of columns that the file does not have: {columns}.",
    "See whether the export has lost a column or names it otherwise now.",
    _NAMES,
)
COLUMN_ADDED_TWICE = Rule(
    "column-added-twice",
    Severity.ERROR,
    "columns.toml adds a column {column}, but the file has one already.",
    "Remove the column from the export, drop it in columns.toml, or remove it from the constants"
    " there.",
    _NAMES,
)

SENDING_RULES = tuple(rule for rule in dict(globals()).values() if isinstance(rule, Rule))
