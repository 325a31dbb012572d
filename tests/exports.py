"""The corpus: small files as real exporters write them, and what checking must say of each."""

import io
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.content import Content
from dropbox_agent.core.encoding import known
from dropbox_agent.core.expanding import NotExpandable
from dropbox_agent.core.issue import Issue, Verdict
from dropbox_agent.core.kind import Kind

CORPUS = Path(__file__).parent / "corpus"
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Export:
    """One file of the corpus, as ``corpus/cases.toml`` describes it.

    Attributes:
        file: Its name.
        kind: The folder it is dropped into.
        about: Who writes such files.
        sendable: Whether it may be sent.
        rows: How many rows it has.
        issues: What is wrong with it: ``code``, ``code:line`` or ``code:line:column``.
        encoding: What is declared for it.
        columns: What a ``columns.toml`` says of it.
        drop: Likewise.
        constants: Likewise.
    """

    file: str
    kind: Kind
    about: str
    sendable: bool
    rows: int
    issues: list[str]
    encoding: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> bytes:
        """What the sender drops."""
        return (CORPUS / self.file).read_bytes()

    @property
    def policy(self) -> CheckPolicy:
        """How it is checked."""
        return CheckPolicy(column_map=ColumnMap(self.columns, tuple(self.drop), self.constants))


class Judged(NamedTuple):
    """What was found out about an export: the verdict, and its text as UTF-8."""

    verdict: Verdict
    content: bytes


def exports() -> list[Export]:
    """Read the whole corpus."""
    told: dict[str, list[dict[str, Any]]] = tomllib.loads(
        (CORPUS / "cases.toml").read_text(encoding="utf-8")
    )
    return [Export(**{**each, "kind": Kind(each["kind"])}) for each in told["case"]]


def judged(
    payload: bytes, name: str, kind: Kind, policy: CheckPolicy, encoding: str | None = None
) -> Judged:
    """Check a payload as the agent does: expanded and converted first, where need be."""
    declared = known(encoding) if encoding else None
    try:
        content = Content(io.BytesIO(payload), name, declared, MOST_BYTES)
        text = b"".join(content)
    except NotExpandable as fault:
        return Judged(fault.as_verdict(), b"")
    return Judged(content.judged(check(io.BytesIO(text), kind, policy), kind), text)


def judge(export: Export) -> Judged:
    """Check a file of the corpus."""
    return judged(export.payload, export.file, export.kind, export.policy, export.encoding)


def told(issue: Issue) -> str:
    """Write an issue as the corpus does."""
    place = [str(each) for each in (issue.line, issue.column) if each is not None]
    return ":".join([issue.code, *place])
