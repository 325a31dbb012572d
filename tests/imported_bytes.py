"""What each import of a file has to get, worked out without folders and journal."""

import io

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reshaping import Reshaping


def bytes_of_imports(content: bytes, kind: Kind, policy: CheckPolicy) -> list[bytes]:
    """Cut a file, reshaped where need be, into what one import after the other is sent."""
    return cut(content, check(io.BytesIO(content), kind, policy), policy.max_slice_bytes)


def cut(content: bytes, verdict: Verdict, limit: int) -> list[bytes]:
    """Do the same with a file that was checked already.

    Args:
        content: The file.
        verdict: What checking said of it.
        limit: Most bytes of one import.
    """
    plan, slices, rows = verdict.plan, verdict.slices, content
    if plan and plan.copies_rows:
        reshaping = Reshaping(
            plan,
            delimiter=verdict.facts.delimiter or ",",
            header_lines=verdict.facts.header_lines,
            room=limit - len(verdict.header),
        )
        rows = b"".join(reshaping.pieces(io.BytesIO(content)))
        slices = reshaping.slices
    pieces = [rows[each.start : each.end] for each in slices]
    if plan is None and pieces:  # the first one begins with the header as it is
        return [pieces[0], *(verdict.header + each for each in pieces[1:])]
    return [verdict.header + each for each in pieces]
