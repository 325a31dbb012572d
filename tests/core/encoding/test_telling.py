"""What a file is in is told by its mark, then by what was declared."""

import codecs

import pytest

from dropbox_agent.core.encoding import HEAD_BYTES, encoding_of, is_converted, unmarked_wide

TEXT = "_email,_name\r\nzoe@example.com,Zoë\r\n"
MARKED = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("declared", [None, "windows-1252", "utf-16"])
@pytest.mark.parametrize("encoding", MARKED)
def test_a_mark_wins(encoding: str, declared: str | None) -> None:
    """Over whatever is declared: it is there for nothing else."""
    head = MARKED[encoding] + TEXT.encode(encoding.removesuffix("-sig"))
    assert encoding_of(head, declared) == encoding


@pytest.mark.parametrize("head", [TEXT.encode(), TEXT.encode("cp1252"), b"", b"\xff"])
def test_without_a_mark_the_declaration_counts(head: bytes) -> None:
    """Also for text that is valid UTF-8; without a declaration it is UTF-8."""
    assert encoding_of(head, "windows-1252") == "windows-1252"
    assert encoding_of(head, None) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_the_order_of_bytes_is_found_without_a_mark(encoding: str) -> None:
    """Where UTF-16 or UTF-32 is declared, or to say what a file is that is not UTF-8."""
    head = TEXT.encode(encoding)
    assert unmarked_wide(head) == encoding
    assert encoding_of(head, encoding[:6]) == encoding
    assert encoding_of("Ж".encode(encoding), encoding[:6]) == f"{encoding[:6]}-le"


@pytest.mark.parametrize("head", [b"", b"_em", TEXT.encode(), bytes(HEAD_BYTES), b"a,b\n\0\0\0\0"])
def test_text_and_zeros_are_not_taken_for_utf_16(head: bytes) -> None:
    """A file that is not filled yet has zeros everywhere."""
    assert unmarked_wide(head) is None


def test_only_utf_8_goes_out_as_it_is() -> None:
    """With a mark or without."""
    assert not any(map(is_converted, (None, "utf-8", "utf-8-sig")))
    assert all(map(is_converted, ("utf-16-le", "windows-1252", "ascii")))
