"""What one check of a home has found: a verdict, a plain sentence, and the mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dropbox_agent.core.report import Json


class Verdict(StrEnum):
    """How it stands with one thing, the worst last."""

    OK = "ok"
    """As it should be."""

    UNKNOWN = "cannot tell"
    """This check could not find out."""

    WARNING = "warning"
    """It works, but not as well as it could."""

    FAULT = "fault"
    """It does not work until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check has found.

    Attributes:
        check: The name of the check.
        verdict: How it stands.
        found: What was found, in a plain sentence.
        mend: What to do about it; empty where there is nothing to do.
    """

    check: str
    verdict: Verdict
    found: str
    mend: str = ""

    def to_json(self) -> Json:
        """Write it down."""
        return {
            "check": self.check,
            "verdict": self.verdict.value,
            "found": self.found,
            "mend": self.mend,
        }


def ok(check: str, found: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(check, Verdict.OK, found)


def unclear(check: str, found: str, mend: str = "") -> Finding:
    """Say that something could not be found out."""
    return Finding(check, Verdict.UNKNOWN, found, mend)


def warning(check: str, found: str, mend: str) -> Finding:
    """Say that something could be better."""
    return Finding(check, Verdict.WARNING, found, mend)


def fault(check: str, found: str, mend: str) -> Finding:
    """Say that something does not work."""
    return Finding(check, Verdict.FAULT, found, mend)


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return the worst verdict of all."""
    order = list(Verdict)
    return max((each.verdict for each in findings), key=order.index, default=Verdict.OK)


def in_short(findings: Sequence[Finding], all_well: Finding) -> list[Finding]:
    """Leave out what is well; say so in one finding if everything is."""
    return [each for each in findings if each.verdict is not Verdict.OK] or [all_well]
