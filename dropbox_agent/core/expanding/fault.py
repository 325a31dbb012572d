"""What keeps a compressed file from being expanded, as a verdict on that file."""

from dataclasses import replace

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rules_compressed import COMPRESSED_TOO_BIG
from dropbox_agent.core.issue import FileFacts, Verdict
from dropbox_agent.core.telling import size


class NotExpandable(Exception):
    """A compressed file has a fault that keeps it from being expanded.

    Attributes:
        issue: What to tell its sender.
    """

    def __init__(self, rule: Rule, **words: object) -> None:
        self.issue = rule.issue(line=None, column=None, words=words)
        super().__init__(self.issue.message)

    def as_verdict(self) -> Verdict:
        """Reject the file for this one fault; nothing is known of what is in it."""
        return Verdict(FileFacts(bytes=0, sha256=""), issues=(self.issue,), errors=1)


def of_payload(verdict: Verdict, payload_bytes: int, sha256: str) -> Verdict:
    """Let a verdict on what was in a compressed file tell size and hash of that file itself."""
    return replace(verdict, facts=replace(verdict.facts, bytes=payload_bytes, sha256=sha256))


def told(error: Exception) -> str:
    """Say what a library found, in its own words."""
    text = str(error).strip().rstrip(".")
    return text if text and text.isprintable() else "its parts do not fit together"


def too_big(max_bytes: int) -> NotExpandable:
    """Tell of a file that is larger than it may be."""
    return NotExpandable(COMPRESSED_TOO_BIG, limit=size(max_bytes))
