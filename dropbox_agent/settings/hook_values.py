"""What can be written as the hook, and as the outcomes that it is run after."""

import json
import shlex
from typing import Annotated, Final

from pydantic import BeforeValidator

from dropbox_agent.core.job import Outcome
from dropbox_agent.settings.faults import Unusable, shown
from dropbox_agent.settings.values import CONTROL

SHELL_WORDS: Final = {"|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", "&>"}
"""Words that mean something to a shell only."""


def _command(text: str) -> tuple[str, ...]:
    _need_plain(text)
    words = _from_json(text) if text.startswith("[") else _from_plain(text)
    _need_plain("".join(words))
    if words and not words[0].strip():
        raise Unusable("the first word, which names the program, is empty.")
    if for_shell := SHELL_WORDS.intersection(words):
        raise Unusable(
            f"{shown(min(for_shell))} does nothing here, as no shell reads the command: write it "
            "into a script, and name the script.",
            instead="hooks/after-import.sh",
        )
    return words


def _need_plain(text: str) -> None:
    if CONTROL.search(text):
        raise Unusable("there is a line end or another control character in the command.")


def _from_plain(text: str) -> tuple[str, ...]:
    """Split words at blanks; quotes keep words together, and a backslash is one."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    try:
        return tuple(lexer)
    except ValueError:
        raise Unusable(f"the quotation marks in {shown(text)} do not match.") from None


def _from_json(text: str) -> tuple[str, ...]:
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        doubled = text.replace("\\", "\\\\")
        hint = " Inside it a backslash is written twice." if "\\" in text else ""
        raise Unusable(
            f"{shown(text)} begins like a JSON list and is none.{hint}",
            instead=doubled if hint else '["program", "first word"]',
        ) from None
    if not all(isinstance(word, str) for word in words):
        raise Unusable(
            f"{shown(text)} is not a list of texts only.", instead='["program", "first word"]'
        )
    return tuple(words)


def _outcomes(text: str) -> frozenset[Outcome]:
    words = [each.strip().lower() for each in text.split(",") if each.strip()]
    known = ", ".join(Outcome)
    if not words:
        raise Unusable(f"there is no outcome in {shown(text)}; there are {known}.")
    for word in words:
        if word not in set(Outcome):
            raise Unusable(f"{shown(word)} is no outcome; there are {known}.")
    return frozenset(map(Outcome, words))


Command = Annotated[tuple[str, ...], BeforeValidator(_command)]
Outcomes = Annotated[frozenset[Outcome], BeforeValidator(_outcomes)]
