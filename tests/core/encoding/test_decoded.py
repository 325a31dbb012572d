"""A text in UTF-16 can be read like a file, and judged by how it ends."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.encoding.decoded import PIECE_BYTES, decoded
from dropbox_agent.core.wholeness import table_cut_short

TEXT = "_email,_name\r\nada@example.com,Zoë\r\n"


def wide(text: str) -> io.BytesIO:
    """Write a text as Windows calls Unicode."""
    return io.BytesIO(f"\ufeff{text}".encode("utf-16-le"))


@given(st.lists(st.integers(0, 2 * PIECE_BYTES), max_size=4), st.integers(1, 9_999))
def test_any_place_can_be_read_from(places: list[int], size: int) -> None:
    """As if the file were UTF-8, without a mark."""
    text = "Zoë,12 €\n" * (PIECE_BYTES // 8)
    file = decoded(wide(text), "utf-16-le")
    for place in places:
        assert file.seek(place) == min(place, len(text.encode()))
        assert file.read(size) == text.encode()[place : place + size]
    file.seek(0)
    assert file.read() == text.encode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT, None),
        (TEXT + "eva@example.com,Eva", None),
        (TEXT + "eva@exa", "the record of line 3, after 1 of 2 cells"),
        (TEXT + 'eva@example.com,"Ev', "the record of line 3, inside a quoted cell"),
        (TEXT + '"eva@example.com","E\nva"\n"', "the record of line 5, inside a quoted cell"),
        ("", None),
    ],
)
def test_a_cut_file_is_known_by_its_end(text: str, told: str | None) -> None:
    """By the same rules as one in UTF-8, and with the size that the file itself has."""
    file = wide(text)
    found = table_cut_short(file)
    if told is None:
        assert found is None
    else:
        assert found == f"it ends at byte {len(file.getvalue())} in the middle of {told}"


def test_a_file_cut_within_a_character_is_cut() -> None:
    """An odd number of bytes is no UTF-16."""
    file = io.BytesIO(wide(TEXT + "eva@exa").getvalue()[:-1])
    assert "after 1 of 2 cells" in (table_cut_short(file) or "")
