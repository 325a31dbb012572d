"""What is in a payload arrives as UTF-8, and the verdict tells what it was in."""

import csv
import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.content import MOST_ISSUES, Content
from dropbox_agent.core.expanding import NotExpandable, as_file
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from tests.drops import contacts, gzipped, zipped

CAP = 1_000_000
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
PACKED = pytest.mark.parametrize(
    ("name", "pack"), [("a.csv", bytes), ("a.csv.gz", gzipped), ("a.zip", zipped)]
)


def marked(text: str, encoding: str) -> bytes:
    """Write a text with a byte-order mark in front."""
    return f"\ufeff{text}".encode(encoding)


def read(payload: bytes, name: str = "a.csv", declared: str | None = None) -> bytes:
    """Read what is in a payload."""
    return b"".join(Content(io.BytesIO(payload), name, declared, CAP))


def verdict_on(payload: bytes, declared: str | None = None, name: str = "a.csv") -> Verdict:
    """Check what is in a payload of contacts."""
    content = Content(io.BytesIO(payload), name, declared, CAP)
    verdict = check(as_file(iter(content)), Kind.CONTACTS, CheckPolicy())
    return content.judged(verdict, Kind.CONTACTS)


@PACKED
@pytest.mark.parametrize("payload", [contacts(3), b"\xef\xbb\xbf" + contacts(3), b"", b"\xff"])
def test_utf_8_and_noise_are_left_alone(name: str, pack: type[bytes], payload: bytes) -> None:
    """Whatever has no mark and no declaration is checked byte by byte as it is."""
    content = Content(io.BytesIO(pack(payload)), name, None, CAP)
    assert content.is_payload is (name == "a.csv")
    assert b"".join(content) == payload


@PACKED
@pytest.mark.parametrize("encoding", WIDE)
def test_a_mark_is_enough(name: str, pack: type[bytes], encoding: str) -> None:
    """UTF-16 and UTF-32 are accepted, and the verdict tells which it was."""
    payload = pack(marked(contacts(3, name="Zoë").decode(), encoding))
    assert read(payload, name) == contacts(3, name="Zoë")
    verdict = verdict_on(payload, name=name)
    assert verdict.sendable
    assert verdict.facts.encoding == encoding


@PACKED
def test_other_encodings_are_declared(name: str, pack: type[bytes]) -> None:
    """And so are UTF-16 and UTF-32 without a mark."""
    text = contacts(3, name="Zoë").decode()
    for encoding in ("windows-1252", "mac-roman", "shift-jis", "utf-16-be", "utf-16"):
        written = encoding if encoding != "utf-16" else "utf-16-be"
        payload = pack(text.encode(written, "ignore"))
        verdict = verdict_on(payload, encoding, name)
        assert verdict.sendable
        assert verdict.facts.encoding == written


@st.composite
def written(draw: st.DrawFn) -> tuple[list[list[str]], str, str]:
    """Write a table of contacts in an encoding, as the csv module writes it."""
    encoding = draw(st.sampled_from(["cp1252", "iso8859_15", "mac_roman", "shift_jis", *WIDE]))
    any_text = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=9)
    cell = any_text.map(lambda text: text.encode(encoding, "ignore").decode(encoding))
    rows = draw(st.lists(cell, min_size=1, max_size=9))
    table = [["_email", "_name"], *([f"n{n}@example.com", each] for n, each in enumerate(rows))]
    text = io.StringIO(newline="")
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    return table, text.getvalue(), encoding


@given(written())
def test_every_cell_arrives(drawn: tuple[list[list[str]], str, str]) -> None:
    """In any encoding, and the file can be sent."""
    table, text, encoding = drawn
    payload = marked(text, encoding) if encoding in WIDE else text.encode(encoding)
    declared = None if encoding in WIDE else encoding
    content = read(payload, declared=declared).decode()
    assert list(csv.reader(io.StringIO(content, newline=""))) == table
    verdict = verdict_on(payload, declared)
    assert verdict.sendable
    assert verdict.facts.rows == len(table) - 1


@given(st.lists(st.sampled_from(["Zoë", '"Zoë\r\nNoë"', '"\r\r\n\n"']), max_size=20))
def test_lines_are_those_of_the_sender(names: list[str]) -> None:
    """A fault below cells with line breaks is told with its line in the sender's editor."""
    lines = ["_email,_name", *(f"n{n}@example.com,{each}" for n, each in enumerate(names))]
    text = "\r\n".join([*lines, "no-address,Zoë"])
    before = text[: text.index("no-address")]
    line = len(before.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for payload, declared in ((marked(text, "utf-16-be"), None), (text.encode("cp1252"), "cp1252")):
        (issue,) = verdict_on(payload, declared).issues
        assert issue.line == line


@given(st.binary(max_size=300), st.sampled_from(["cp1252", "gb18030", "utf-16", "euc-kr", None]))
def test_any_bytes_get_a_verdict(payload: bytes, declared: str | None) -> None:
    """Also behind a mark that promises text."""
    for start in (b"", b"\xff\xfe", b"\x00\x00\xfe\xff"):
        verdict_on(start + payload, declared)


def test_bytes_that_the_encoding_does_not_know_reject() -> None:
    """With everything else that is wrong, and where the first of them is."""
    text = "_email,_name\nada@example.com,Zo\x81\neva@example.com\n".encode("latin-1")
    verdict = verdict_on(text, "windows-1252")
    assert not verdict.sendable
    assert [(each.code, each.line) for each in verdict.issues] == [
        ("not-in-encoding", 2),
        ("ragged-row-short", 3),
    ]
    issue = verdict.issues[0]
    assert issue.message == (
        "The text is not windows-1252, as declared: byte 0x81 in line 2, character 19 (byte 31 of"
        " the file) means nothing in it."
    )
    assert "change what CONTACTS_ENCODING, or columns.toml in the folder, says" in issue.hint


def test_a_mark_that_lies_is_told() -> None:
    """No setting is to blame for it."""
    issue = verdict_on(marked("_email\na@example.com\n", "utf-16-le") + b"\xdc").issues[0]
    assert issue.message.startswith("The text is not utf-16-le, as its byte-order mark says:")
    assert "only half a character" in issue.message
    assert "ENCODING" not in issue.hint


def test_utf_8_that_is_declared_to_be_something_else_is_doubted() -> None:
    """It is read as declared, but a person sees both readings and can judge."""
    verdict = verdict_on(contacts(2, name="Zoë"), "windows-1252")
    assert verdict.sendable
    (issue,) = verdict.issues
    assert (issue.code, issue.line, verdict.warnings) == ("also-utf8", 2, 1)
    assert "line 2 was read as 'ZoÃ«', and is 'Zoë' in UTF-8" in issue.message


@pytest.mark.parametrize("payload", [contacts(2), b"\xef\xbb\xbf" + contacts(2, name="Zoë")])
def test_text_that_is_beyond_doubt_is_not_doubted(payload: bytes) -> None:
    """ASCII is the same in both, and a mark says what it is."""
    assert verdict_on(payload, "windows-1252").issues == ()


def test_no_more_issues_are_listed_than_promised() -> None:
    """All of them are counted."""
    text = b"_email\n\x81@example.com\n" + b"x\n" * MOST_ISSUES
    verdict = verdict_on(text, "windows-1252")
    assert len(verdict.issues) == MOST_ISSUES
    assert verdict.truncated


def test_what_is_no_text_is_recognised() -> None:
    """An XLS is not first made unreadable by converting it."""
    xls = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256))
    assert [each.code for each in verdict_on(xls, "windows-1251").issues] == ["looks-like-xlsx"]


@PACKED
def test_the_cap_holds_for_what_it_is_converted_to(name: str, pack: type[bytes]) -> None:
    """Three bytes may come out for each that went in."""
    payload = pack(b"\x80" * (CAP // 3 + 1))
    with pytest.raises(NotExpandable, match="expanded or converted"):
        read(payload, name, "windows-1252")


def test_memory_is_bounded() -> None:
    """Whatever is in it, and however well it was compressed."""
    payload = gzipped("\ufeff".encode("utf-16-le") + "é\n".encode("utf-16-le") * 5_000_000)
    tracemalloc.start()
    digest = hashlib.sha256()
    for piece in Content(io.BytesIO(payload), "a.csv.gz", None, 1 << 30):
        digest.update(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert digest.hexdigest() == hashlib.sha256("é\n".encode() * 5_000_000).hexdigest()
    assert peak < 6_000_000
