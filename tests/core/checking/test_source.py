"""Blocks are whole physical lines, and together they are the file."""

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking.source import Source
from dropbox_agent.core.checking.tally import Tally

TEXTS = st.text(st.sampled_from('aé\n\r\u2028\x0b;"'), max_size=60)


@given(TEXTS, st.integers(1, 20))
def test_blocks_are_whole_lines(text: str, block_bytes: int) -> None:
    """Nothing is lost, no line is cut, and lines and offsets are counted right."""
    data = text.encode()
    source = Source(io.BytesIO(data), Tally(9), block_bytes=block_bytes)
    lines = list(io.StringIO(text, newline=""))
    blocks = list(source)
    assert b"".join(block.raw for block in blocks) == data
    line, offset = 1, 0
    for block in blocks:
        assert (block.line, block.offset) == (line, offset)
        assert list(block.lines()) == lines[line - 1 : block.next_line - 1]
        ends = [len("".join(lines[:n]).encode()) for n in range(line - 1, block.next_line)]
        assert block.line_offsets() == ends
        line, offset = block.next_line, block.end
    assert line == len(lines) + 1
    assert source.drain() == hashlib.sha256(data).hexdigest()


def test_the_head_ends_with_a_whole_line() -> None:
    """What is looked at beforehand holds no half line and no half character."""
    data = ("é" * 50 + "\n").encode() * 2_000
    source = Source(io.BytesIO(data), Tally(9), block_bytes=1_000)
    assert not source.head_is_all
    assert source.head.endswith(b"\n")
    assert data.startswith(source.head)


def test_takes_lines_in_front() -> None:
    """The header is taken off, and the blocks go on behind it."""
    source = Source(io.BytesIO(b"\xef\xbb\xbfa\r\nb\nc\n"), Tally(9), block_bytes=100)
    first = source.take_lines(2)
    assert (first.raw, first.offset, first.line) == (b"a\r\nb\n", 3, 1)
    assert [(block.raw, block.offset, block.line) for block in source] == [(b"c\n", 8, 3)]
    assert source.encoding == "utf-8-sig"
