"""Converted text is the text it was, in any encoding and in pieces of any size."""

import codecs
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.encoding.names import _names
from dropbox_agent.core.encoding.transcoding import Misfit, Transcoding

ENCODINGS = sorted({*_names(), "cp874", "koi8-u", "mac-croatian"} - {"utf-16", "utf-32", "utf-8"})
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Cut bytes into pieces, and put an empty one in between as decompressors do."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
        yield b""


def converted(data: bytes, encoding: str, size: int = 7) -> bytes:
    """Convert a whole text."""
    return b"".join(Transcoding(in_pieces(data, size), encoding))


def misfit(data: bytes, encoding: str, size: int = 7) -> Misfit | None:
    """Convert a whole text and tell what of it could not be read."""
    transcoding = Transcoding(in_pieces(data, size), encoding)
    for _ in transcoding:
        pass
    return transcoding.misfit


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """Write a text in an encoding that has all its characters."""
    encoding = draw(st.sampled_from(ENCODINGS))
    plain = st.sampled_from('ab ,;"\r\n')
    text = draw(st.text(plain | st.characters(codec="utf-8"), max_size=40))
    # What comes back is what the encoding holds of it: some cannot tell all characters apart.
    return text.encode(encoding, "ignore").decode(encoding, "ignore"), encoding


@given(texts(), st.integers(1, 9), st.booleans())
def test_any_text_arrives(written: tuple[str, str], size: int, mark: bool) -> None:  # noqa: FBT001 - drawn
    """Wherever it is cut: within a character, or between the two bytes of a line end."""
    text, encoding = written
    text = text.removeprefix("\ufeff")
    data = text.encode(encoding, "ignore")
    text = data.decode(encoding, "ignore")
    if mark:
        data = MARKS.get(encoding, b"") + data
    transcoding = Transcoding(in_pieces(data, size), encoding)
    assert b"".join(transcoding).decode() == text.removeprefix("\ufeff")
    assert transcoding.misfit is None


@given(st.sampled_from(ENCODINGS), st.binary(max_size=60), st.integers(1, 9))
def test_any_bytes_come_through(encoding: str, data: bytes, size: int) -> None:
    """What cannot be read is replaced, told once, and does not depend on where it was cut."""
    whole = Transcoding([data], encoding)
    text = b"".join(whole).decode()
    cut = Transcoding(in_pieces(data, size), encoding)
    assert b"".join(cut).decode() == text
    assert cut.misfit == whole.misfit
    if whole.misfit:
        assert "\ufffd" in text


@given(st.text(st.sampled_from("aé\r\n\u2028\x0b"), max_size=30), st.integers(1, 9))
def test_the_first_misfit_is_placed_as_an_editor_counts(text: str, size: int) -> None:
    """By line and character, and by its byte in the file."""
    data = text.encode("cp1252", "ignore")
    text = data.decode("cp1252")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if text.endswith("\r"):
        data, text = data + b"a", text + "a"
        lines[-1] = "a"
    found = misfit(data + b"\x81\x8d,\n\x81", "windows-1252", size)
    assert found == Misfit(
        len(lines),
        f"byte 0x81 in line {len(lines)}, character {len(lines[-1]) + 1} (byte {len(data)} of the"
        " file) means nothing in it",
    )


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_mark_is_no_character(size: int) -> None:
    """Neither for the text nor for places in it."""
    data = codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"\x00\xdc" + "\n".encode("utf-16-le")
    assert converted(data, "utf-16-le", size) == "ab\ufffd\n".encode()
    found = misfit(data, "utf-16-le", size)
    assert found is not None
    assert found.what.startswith("bytes 0x00 0xDC in line 1, character 3 (byte 6 of the file)")


@pytest.mark.parametrize("size", [1, 2, 100])
def test_text_that_ends_within_a_character(size: int) -> None:
    """It is told as such: the file was probably cut."""
    found = misfit("a\nb".encode("utf-16-be") + b"\x00", "utf-16-be", size)
    assert found is not None
    assert "line 2, character 2 (byte 6 of the file) is only half a character" in found.what


def test_memory_does_not_grow_with_the_text() -> None:
    """A few pieces are in memory, whatever their number."""
    piece = ("Zoë\n" * 4_096).encode("utf-16-le")
    tracemalloc.start()
    for _ in Transcoding((piece for _ in range(400)), "utf-16-le"):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * len(piece)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_utf_8_is_noticed(size: int) -> None:
    """Text beyond ASCII that is UTF-8 to its end is hardly ever anything else."""
    transcoding = Transcoding(in_pieces("a\nb,Zoë\n".encode(), size), "windows-1252")
    for _ in transcoding:
        pass
    assert transcoding.lookalike is not None
    assert transcoding.lookalike.line == 2


@pytest.mark.parametrize(
    "data", [b"", b"plain\n", "Zoë\n".encode("cp1252"), "Zoë, ".encode() + b"\xeb", b"a\xc3"]
)
def test_other_text_is_not_taken_for_utf_8(data: bytes) -> None:
    """One byte that does not fit is enough; so is text without anything beyond ASCII."""
    transcoding = Transcoding(in_pieces(data, 3), "windows-1252")
    for _ in transcoding:
        pass
    assert transcoding.lookalike is None


def test_both_readings_are_shown() -> None:
    """A person sees at once which of them is right."""
    transcoding = Transcoding(["_name\nJürgen Groß\n".encode()], "windows-1252")
    for _ in transcoding:
        pass
    assert transcoding.lookalike == (2, "'JÃ¼rgen'", "'Jürgen'")


def test_wide_text_is_no_lookalike_whatever_its_bytes() -> None:
    """Its NUL bytes are in no text in UTF-8, though every byte of it might be."""
    raw = "_email\r\n".encode("utf-16-le") + b"e\xf0\x9f\x98\x80\0"
    transcoding = Transcoding([raw], "utf-16-le")
    assert b"_email" in b"".join(transcoding)
    assert transcoding.lookalike is None
