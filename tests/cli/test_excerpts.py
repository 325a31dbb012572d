"""Lines that are shown, and the cell in them that is marked."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dropbox_agent.cli.excerpts import LONGEST_LINE, Span, drawn, lines_of, span_of


@pytest.mark.parametrize(
    ("line", "position", "expected"),
    [
        ("a,b,c", 0, "a"),
        ("a,b,c", 2, "c"),
        ("a,,c", 1, ""),
        ('"a,1",b', 0, '"a,1"'),
        ('"a ""x"", 1",b', 1, "b"),
        ('5" a,7" b', 1, '7" b'),
        ('a,"begins here', 1, '"begins here'),
        ('a,"begins here', 2, None),
        ("a", 1, None),
    ],
)
def test_a_cell_is_found_in_its_line(line: str, position: int, expected: str | None) -> None:
    """With its quotes; one that begins in another line is not there."""
    span = span_of(line, position, ",")
    assert (line[span.start : span.end] if span else None) == expected


def test_lines_end_as_they_are_counted() -> None:
    """LF, CRLF and lone CR, and neither a mark nor bytes that are no text disturb."""
    content = io.BytesIO(b"\xef\xbb\xbf1\r\n2\r3\n\n5\xe2\x80\xa8\xff" + b"x" * 9_000 + b"\n6")
    lines = lines_of(content, {1, 2, 3, 4, 5, 6, 7})
    assert [lines.get(n, "")[:4] for n in range(1, 8)] == ["1", "2", "3", "", "5\u2028\\x", "6", ""]
    assert len(lines[5]) <= LONGEST_LINE


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.integers(30, 120))
def test_a_drawing_keeps_within_its_width(before: str, cell: str, behind: str, width: int) -> None:
    """And the signs stand below the cell, however wide its characters are."""
    line = before + cell + behind
    text = drawn(7, line, Span(len(before), len(before) + len(cell)), width).plain
    above, below = text.split("\n")
    assert max(cell_len(above), cell_len(below)) <= width
    assert above.isprintable()
    assert below.endswith("^")
