"""Tells what a file is encoded in: by its byte-order mark, or by what was declared."""

import codecs
from typing import Final, TypeGuard

from dropbox_agent.core.encoding.names import UTF_8, WIDE

UTF_8_MARKED: Final = "utf-8-sig"
HEAD_BYTES: Final = 2_048
"""How much of a file it takes to tell."""

# Those of UTF-32 first: one of them begins like one of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8_MARKED),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHARE_OF_NULS: Final = 0.3  # Latin text in UTF-16 has half; random bytes have 1 in 256


def encoding_of(head: bytes, declared: str | None) -> str:
    """Tell the encoding of a file: a byte-order mark wins over what is declared.

    Nothing but a mark does. Text that happens to be UTF-8 as well is read as declared: who
    declares an encoding knows the program that exports.

    Args:
        head: The first ``HEAD_BYTES`` of the file.
        declared: What the people who run the agent say of such files, as ``known`` spells it.
    """
    if mark := marked(head):
        return mark
    if declared in WIDE:
        order = unmarked_wide(head) or f"{declared}-le"  # as everything on Windows has it
        return order if order.startswith(declared) else f"{declared}-le"
    return declared or UTF_8


def is_converted(encoding: str | None) -> TypeGuard[str]:
    """Whether text in an encoding has to be converted to be UTF-8."""
    return encoding not in {None, UTF_8, UTF_8_MARKED}


def marked(head: bytes) -> str | None:
    """Tell an encoding by its byte-order mark."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def unmarked_wide(head: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without a byte-order mark, by where the NUL bytes are."""
    sample = head[: min(len(head), HEAD_BYTES) // 4 * 4]
    if not sample:
        return None
    shares = [sample[place::4].count(0) * 4 / len(sample) for place in range(4)]
    match [True if share >= _SHARE_OF_NULS else None if share else False for share in shares]:
        case [False, True, True, True]:
            return "utf-32-le"
        case [True, True, True, False]:
            return "utf-32-be"
        case [False, True, False, True]:
            return "utf-16-le"
        case [True, False, True, False]:
            return "utf-16-be"
        case _:
            return None
