"""The rules for files that are compressed: what keeps one from being expanded to a CSV."""

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.issue import Severity

_OURS = "inferred: the API takes plain CSV only, so expanding is ours, and so are its limits"

COMPRESSED_DAMAGED = Rule(
    "compressed-damaged",
    Severity.ERROR,
    "The compressed file is damaged: {what}.",
    "Compress the CSV again and send it; when it was copied, compare its size with the original.",
    _OURS,
)
COMPRESSED_CUT_SHORT = Rule(
    "compressed-cut-short",
    Severity.ERROR,
    "The compressed file breaks off at byte {end:,}: the rest of it is missing.",
    "It was probably not copied completely: send it again.",
    _OURS,
)
COMPRESSED_TOO_BIG = Rule(
    "compressed-too-big",
    Severity.ERROR,
    "The file is larger than {limit} when it is expanded or converted to UTF-8.",
    "Split the export into smaller files. If it is meant to be so large, raise"
    " AGENT_MAX_EXPANDED in agent.env.",
    _OURS,
)
NOT_COMPRESSED = Rule(
    "not-compressed",
    Severity.ERROR,
    "The file's name ends in {ending}, but the file is not compressed in that way.",
    "If it is a plain CSV, let its name end in .csv; otherwise export it again.",
    _OURS,
)
ZIP_NOT_ONE_CSV = Rule(
    "zip-not-one-csv",
    Severity.ERROR,
    "The ZIP file must hold exactly one CSV, and no other archive; it holds {what}.",
    "Put each CSV into a ZIP file of its own, or drop the CSV files as they are.",
    _OURS,
)
ZIP_ENCRYPTED = Rule(
    "zip-encrypted",
    Severity.ERROR,
    "The ZIP file is locked with a password.",
    "Make it without a password.",
    _OURS,
)
ZIP_METHOD = Rule(
    "zip-method",
    Severity.ERROR,
    "The CSV in the ZIP file is compressed in an unusual way (method {method}).",
    "Make an ordinary ZIP file (method Deflate), or compress the CSV with gzip.",
    _OURS,
)

COMPRESSED_RULES = tuple(rule for rule in dict(globals()).values() if isinstance(rule, Rule))
