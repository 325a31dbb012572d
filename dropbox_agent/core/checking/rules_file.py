"""The rules that hold for files of every kind: first of whole files, then of single rows.

Most follow from what the API documents: UTF-8, a first line with names, commas or semicolons.
"""

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.issue import Severity

_FORMAT = "documented (API imports: UTF-8 CSV, first row with names, comma or semicolon)"
_NAMES = "documented (names of columns for each kind)"
_CSV = "inferred: the server's reader of CSV is not described"

EMPTY_FILE = Rule(
    "empty-file",
    Severity.ERROR,
    "The file is empty.",
    "Export it again; if it was meant to be empty, simply leave it out.",
    _FORMAT,
)
NO_ROWS = Rule(
    "no-rows",
    Severity.ERROR,
    "The file has a header but no rows.",
    "Export it again with rows; if there is nothing to import, simply leave it out.",
    _FORMAT,
)
LOOKS_LIKE_HTML = Rule(
    "looks-like-html",
    Severity.ERROR,
    "This is {what}, not a CSV file.",
    "Open it in a browser: it is often a login page or an error saved in place of the export."
    " Mend that, then export again.",
    _FORMAT,
)
LOOKS_LIKE_XLSX = Rule(
    "looks-like-xlsx",
    Severity.ERROR,
    "This is {what} with the name of a CSV file.",
    "Renaming does not convert a file: open it in Excel or LibreOffice, and save it as CSV UTF-8.",
    _FORMAT,
)
LOOKS_COMPRESSED = Rule(
    "looks-compressed",
    Severity.ERROR,
    "This is {what}, where there should be a plain CSV file.",
    "{advice}",
    "inferred: the API takes plain CSV only, so expanding is ours, and follows the name",
)
LOOKS_LIKE_OTHER = Rule(
    "looks-like-other",
    Severity.ERROR,
    "This is {what} with the name of a CSV file.",
    "Renaming does not convert a file: let the program that made it export the data as CSV"
    " (UTF-8), a header and a row for each record.",
    _FORMAT,
)
NUL_BYTE = Rule(
    "nul-byte",
    Severity.ERROR,
    "There is a NUL byte in line {line}, the first at byte {offset}: the file is damaged or"
    " is no text.",
    "Export the file again; when it was copied, compare its size with the original.",
    _CSV,
)
LINE_TOO_LONG = Rule(
    "line-too-long",
    Severity.ERROR,
    "Line {line} has more than {limit:,} bytes without an end.",
    "Check that the file is a CSV with one record per line.",
    _CSV,
)
WRONG_DELIMITER = Rule(
    "wrong-delimiter",
    Severity.ERROR,
    "The columns are separated by {found}.",
    "Export the file with a comma or a semicolon between the columns.",
    _FORMAT,
)
DELIMITER_UNCLEAR = Rule(
    "delimiter-unclear",
    Severity.ERROR,
    "It is not clear what separates the columns: {why}.",
    "Use either commas or semicolons in the header and in all rows, and put quotes around"
    " cells that contain one.",
    _FORMAT,
)
HEADER_MISSING = Rule(
    "header-missing",
    Severity.ERROR,
    "The first line does not hold the names of the columns.",
    "Put a line with the names in front: {example}. If the line is a header, rename its columns"
    " so.",
    _FORMAT,
)
HEADER_BLANK = Rule(
    "header-blank",
    Severity.ERROR,
    "{columns} no name in the header{why}.",
    "Give each column its name, or remove it from header and rows (look for delimiters at the"
    " end of lines).",
    _NAMES,
)
HEADER_DUPLICATE = Rule(
    "header-duplicate",
    Severity.ERROR,
    "Columns {columns} have the same name, {column}.",
    "Leave one of them and remove or rename the others.",
    "documented for key columns; inferred for others",
)
TOO_MANY_COLUMNS = Rule(
    "too-many-columns",
    Severity.ERROR,
    "The first line has {found:,} columns; no import has more than {limit:,}.",
    "Check that the first line is the header and that lines end where they should.",
    "inferred from the documented number of fields",
)
WRONG_KIND = Rule(
    "wrong-kind",
    Severity.ERROR,
    "These look like {found}, but the file was dropped into {wanted}.",
    "Drop the file into the folder for {found}.",
    _NAMES,
)
COLUMN_MISSPELT = Rule(
    "column-misspelt",
    Severity.ERROR,
    "Column {number} is called {column}; the import needs '{meant}'.",
    "Rename the header to {meant} (capitals, spaces and punctuation count).",
    _NAMES,
)
COLUMN_UNKNOWN = Rule(
    "column-unknown",
    Severity.ERROR,
    "Column {number} is called {column}; {kind} have no such column.",
    "{advice}",
    _NAMES,
)
COLUMN_READ_ONLY = Rule(
    "column-read-only",
    Severity.ERROR,
    "Column {column} is kept by Connectif itself and cannot be imported.",
    "Remove the column from the file.",
    "documented (read-only contact fields); what an import does with one is not",
)
REQUIRED_COLUMN_MISSING = Rule(
    "required-column-missing",
    Severity.ERROR,
    "There is no column {wanted}.",
    "Add the column {wanted} to the export; without it nothing can be imported.",
    _NAMES,
)
RAGGED_ROW_SHORT = Rule(
    "ragged-row-short",
    Severity.ERROR,
    "The row has {found} of {wanted} cells.",
    "Write all delimiters, also those behind the last filled cell; look for a line break inside"
    " a cell without quotes.",
    _CSV,
)
RAGGED_ROW_LONG = Rule(
    "ragged-row-long",
    Severity.ERROR,
    "The row has {found} cells, the header only {wanted}.",
    "Put quotes around cells that contain the delimiter.",
    _CSV,
)
TRUNCATED_LAST_ROW = Rule(
    "truncated-last-row",
    Severity.ERROR,
    "The file ends at byte {end:,}, in the middle of its last row, after {found} of {wanted}"
    " cells.",
    "It was probably not copied completely: send it again.",
    _CSV,
)
QUOTING_BROKEN = Rule(
    "quoting-broken",
    Severity.ERROR,
    "The quotes of this row do not match{where}.",
    'Close every quoted cell, and double quotes inside one: "5"" screen".',
    "inferred: the usual CSV rules (RFC 4180)",
)
CELL_TOO_LONG = Rule(
    "cell-too-long",
    Severity.ERROR,
    "A cell of this row has more than {limit:,} characters.",
    "Look for a quote that is opened in this row and not closed.",
    _CSV,
)
ROW_TOO_LARGE = Rule(
    "row-too-large",
    Severity.ERROR,
    "The row does not fit into one import of {limit:,} bytes.",
    "Shorten its cells.",
    "documented (size of a file)",
)
BLANK_LINES = Rule(
    "blank-lines",
    Severity.WARNING,
    "Blank lines between rows: {count:,}, the first of them line {line}.",
    "Remove them; they count for nothing here, and the server may count them as faulty rows.",
    _CSV,
)

ROW_EMPTY = Rule(
    "row-empty",
    Severity.WARNING,
    "The row holds nothing but delimiters.",
    "Delete the row. Excel writes such rows where cells were cleared or formatted: mark the rows"
    " below the last one, delete them, and save again.",
    "inferred: rows without a key cannot be imported (documented), and this one has nothing",
    per_row=True,
)
KEY_BLANK = Rule(
    "key-blank",
    Severity.WARNING,
    "The row has nothing in {wanted}, by which rows are told apart.",
    "Fill it in, or remove the row.",
    _NAMES,
    per_row=True,
)
KEY_DUPLICATE = Rule(
    "key-duplicate",
    Severity.WARNING,
    "The same value in {column} as in line {first}.",
    "Leave one of the two rows: which of them counts in the end is not certain.",
    "documented as unique; the order in which rows are applied is not",
    per_row=True,
)
VALUE_BLANK = Rule(
    "value-blank",
    Severity.WARNING,
    "Column {column} is blank, but every row needs it.",
    "Fill it in, or remove the row.",
    _NAMES,
    per_row=True,
)

ENDS_IN_QUOTES = (
    ": the file ends inside a quoted cell, at byte {end:,} in line {line:,}; perhaps it was not"
    " copied completely"
)
"""Where the quotes of a row do not match because the file is at its end."""

SHARED_RULES = tuple(rule for rule in dict(globals()).values() if isinstance(rule, Rule))
