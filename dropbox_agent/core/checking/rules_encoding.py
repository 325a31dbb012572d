"""The rules for what a file is encoded in."""

from dropbox_agent.core.checking.rule import Rule, Wording
from dropbox_agent.core.issue import Severity

_FORMAT = "documented (API imports: UTF-8 CSV)"
_OURS = "inferred: the API takes UTF-8 only, so converting is ours"

NOT_UTF8 = Rule(
    "not-utf8",
    Severity.ERROR,
    "The text is not UTF-8: {what}. {looks}.",
    "Save or export the file as UTF-8 (in Excel: 'CSV UTF-8').{instead}",
    _FORMAT,
    discreet=Wording(
        "The text is not UTF-8: {what}.",
        "Save or export the file as UTF-8 (in Excel: 'CSV UTF-8').{instead}",
    ),
)
NOT_IN_ENCODING = Rule(
    "not-in-encoding",
    Severity.ERROR,
    "The text is not {encoding}, {why}: {what}.",
    "{advice}",
    _OURS,
)
_WHICH_IS_RIGHT = (
    "If the second is right, let the program that exports put a byte-order mark in front; or, if"
    " all such files are UTF-8, remove {setting} from agent.env, or the encoding from columns.toml"
    " in the folder."
)
ALSO_UTF8 = Rule(
    "also-utf8",
    Severity.WARNING,
    "The file was read as {encoding}, as declared, but all of it is UTF-8 as well: line {line} was"
    " read as {read}, and is {utf8} in UTF-8.",
    _WHICH_IS_RIGHT,
    _OURS,
    discreet=Wording(
        "The file was read as {encoding}, as declared, but all of it is UTF-8 as well; line {line}"
        " has something that differs.",
        _WHICH_IS_RIGHT,
    ),
)

ENCODING_RULES = tuple(rule for rule in dict(globals()).values() if isinstance(rule, Rule))
