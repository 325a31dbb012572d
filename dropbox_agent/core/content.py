"""What is in a payload, as UTF-8 and piece by piece: expanded and converted where need be."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from dropbox_agent.core.checking.appearance import find_disguise
from dropbox_agent.core.checking.rules_encoding import ALSO_UTF8, NOT_IN_ENCODING
from dropbox_agent.core.encoding import HEAD_BYTES, encoding_of, is_converted, marked
from dropbox_agent.core.encoding.transcoding import Transcoding
from dropbox_agent.core.expanding import expand
from dropbox_agent.core.expanding.fault import too_big
from dropbox_agent.core.issue import Issue, Severity, Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import is_compressed

PIECE_BYTES = 262_144
MOST_ISSUES = 1_000


class Content:
    """What is in one payload.

    Attributes:
        is_payload: Whether that is the payload itself, byte for byte.
        encoding: What the text is in before it is converted; UTF-8 of any sort otherwise.
    """

    def __init__(self, file: BinaryIO, name: str, declared: str | None, max_bytes: int) -> None:
        """Look at the beginning of a payload.

        Args:
            file: Open at its beginning, and seekable; needed until all has been read.
            name: Its name, whose ending tells whether it is compressed.
            declared: What the people who run the agent say it is encoded in, as ``known`` spells
                it; None for UTF-8. A byte-order mark wins over it.
            max_bytes: The most to give out, unless it is the payload itself.

        Raises:
            NotExpandable: It cannot be expanded.
            OSError: It cannot be read.
        """
        compressed = is_compressed(name)
        raw = expand(file, name, max_bytes) if compressed else _pieces(file)
        head, raw = _look_at(raw)
        if find_disguise(head):
            declared = None  # no text at all, which shall be recognised for what it is
        self.encoding = encoding_of(head, declared)
        self._is_declared = marked(head) is None
        self._transcoding: Transcoding | None = None
        self._pieces = raw
        self.is_payload = not compressed
        if is_converted(self.encoding):
            self.is_payload = False
            self._transcoding = Transcoding(raw, self.encoding)
            self._pieces = _capped(self._transcoding, max_bytes)

    def __iter__(self) -> Iterator[bytes]:
        """Yield it in pieces, some of which may be empty; once only.

        Raises:
            NotExpandable: It cannot be expanded, or is larger than it may be.
            OSError: The payload cannot be read.
        """
        return self._pieces

    def judged(self, verdict: Verdict, kind: Kind, *, quotes_rows: bool = True) -> Verdict:
        """Tell in a verdict on all of it also what it was encoded in, and what of that was wrong.

        Args:
            verdict: Found by checking it.
            kind: Whose setting declares encodings.
            quotes_rows: Whether it may show a few characters of what stands in a row.
        """
        if self._transcoding is None:
            return verdict
        facts = replace(verdict.facts, encoding=self.encoding)
        verdict = replace(verdict, facts=facts)
        for issue in self._issues(self._transcoding, kind, quotes_rows=quotes_rows):
            verdict = _with(issue, verdict)
        return verdict

    def _issues(
        self, transcoding: Transcoding, kind: Kind, *, quotes_rows: bool
    ) -> Iterator[Issue]:
        setting = f"{kind.upper()}_ENCODING"
        if misfit := transcoding.misfit:
            advice = (
                "Export the file again; when it was copied, compare its size with the original."
            )
            if self._is_declared:
                advice += (
                    f" If such files are in another encoding, change what {setting}, or"
                    " columns.toml in the folder, says."
                )
            words = {
                "encoding": self.encoding,
                "why": "as declared" if self._is_declared else "as its byte-order mark says",
                "what": misfit.what,
                "advice": advice,
            }
            yield NOT_IN_ENCODING.issue(line=misfit.line, column=None, words=words)
        if self._is_declared and (twin := transcoding.lookalike):
            words = {
                "encoding": self.encoding,
                "read": twin.read,
                "utf8": twin.utf8,
                "setting": setting,
            }
            yield ALSO_UTF8.issue(line=twin.line, column=None, words=words, quotes_rows=quotes_rows)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _look_at(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Give the beginning of a text, and all of the text."""
    seen: list[bytes] = []
    for piece in pieces:
        seen.append(piece)
        if sum(map(len, seen)) >= HEAD_BYTES:
            break
    return b"".join(seen)[:HEAD_BYTES], chain(seen, pieces)


def _capped(pieces: Transcoding, max_bytes: int) -> Iterator[bytes]:
    left = max_bytes
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise too_big(max_bytes)
        yield piece


def _with(issue: Issue, verdict: Verdict) -> Verdict:
    """Add an issue to a verdict, in the order of lines; nothing is sent of a file with an error."""
    issues = sorted([issue, *verdict.issues], key=lambda each: each.line or 0)[:MOST_ISSUES]
    if issue.severity is Severity.WARNING:
        return replace(verdict, issues=tuple(issues), warnings=verdict.warnings + 1)
    return replace(
        verdict,
        issues=tuple(issues),
        errors=verdict.errors + 1,
        header=b"",
        slices=(),
        plan=None,
    )
