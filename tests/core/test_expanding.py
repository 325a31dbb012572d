"""Compressed files give back what was put in, or tell of one fault; the cap is never passed."""

import gzip
import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.expanding import NotExpandable, as_file, expand, of_payload
from dropbox_agent.core.expanding.gunzip import PIECE_BYTES, READ_BYTES
from dropbox_agent.core.expanding.unzip import MOST_AT_ONCE
from dropbox_agent.core.issue import Severity
from tests.drops import contacts, gzipped, zipped

CSV = contacts(3)
CAP = 1_000_000
BOTH = pytest.mark.parametrize("name", ["a.csv.gz", "A.ZIP"])


def expanded(payload: bytes, name: str = "a.csv.gz", cap: int = CAP) -> bytes:
    """Expand all of a file."""
    return b"".join(expand(io.BytesIO(payload), name, cap))


def fault_of(payload: bytes, name: str = "a.csv.gz", cap: int = CAP) -> NotExpandable:
    """Expand a file that cannot be."""
    with pytest.raises(NotExpandable) as caught:
        expanded(payload, name, cap)
    return caught.value


def code_of(payload: bytes, name: str = "a.csv.gz", cap: int = CAP) -> str:
    """Tell which fault a file has."""
    return fault_of(payload, name, cap).issue.code


def pack(name: str, content: bytes) -> bytes:
    """Compress in the way that the name says."""
    return gzipped(content) if name.endswith(".gz") else zipped(content)


@BOTH
@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, CAP])
def test_what_was_put_in_comes_out(name: str, size: int) -> None:
    """Whatever its size, up to the cap."""
    content = (b"0123456789" * (size // 10 + 1))[:size]
    assert expanded(pack(name, content), name) == content


@BOTH
def test_it_comes_in_pieces(name: str) -> None:
    """No piece is larger than a few hundred kilobytes, however well it was compressed."""
    pieces = list(expand(io.BytesIO(pack(name, bytes(CAP))), name, CAP))
    assert max(map(len, pieces)) <= PIECE_BYTES


@BOTH
def test_one_byte_over_the_cap_is_too_much(name: str) -> None:
    """The limit is told, and the setting that moves it."""
    fault = fault_of(pack(name, bytes(CAP + 1)), name)
    assert fault.issue.code == "compressed-too-big"
    assert "1.0 MB" in fault.issue.message
    assert "AGENT_MAX_EXPANDED" in fault.issue.hint


def test_a_zip_that_admits_to_be_too_large_is_not_begun() -> None:
    """Its list of contents says so."""
    packed = zipped(bytes(CAP + 1))
    assert next(pieces_until_fault(packed, "a.zip"), None) is None


def test_a_zip_that_lies_about_its_size_is_damaged() -> None:
    """It gives out no more than it has announced, and then its checksum is wrong."""
    packed = zipped(bytes(CAP + 1)).replace((CAP + 1).to_bytes(4, "little"), bytes([9, 0, 0, 0]))
    assert sum(map(len, pieces_until_fault(packed, "a.zip"))) <= 9
    assert code_of(packed, "a.zip") == "compressed-damaged"


def test_a_bomb_costs_no_memory() -> None:
    """A gigabyte of zeros is given up at the cap with a few pieces in memory."""
    bomb = gzipped(bytes(1 << 24)) * 64
    tracemalloc.start()
    try:
        given_out = sum(map(len, pieces_until_fault(bomb, "a.csv.gz", 10_000_000)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 9_000_000 < given_out <= 10_000_000
    assert peak < 5_000_000


def pieces_until_fault(payload: bytes, name: str, cap: int = CAP) -> Iterator[bytes]:
    """Yield what is given out before it ends or a fault is found."""
    try:
        yield from expand(io.BytesIO(payload), name, cap)
    except NotExpandable:
        return


@BOTH
def test_an_empty_file_is_told_as_any_other(name: str) -> None:
    """There is nothing that could be compressed."""
    assert code_of(b"", name) == "empty-file"


@BOTH
def test_a_file_that_is_not_compressed_has_the_wrong_name(name: str) -> None:
    """A plain CSV is one, and other kinds of files."""
    for content in (CSV, b"\x89PNG", b"P"):
        assert code_of(content, name) == "not-compressed"


@pytest.mark.parametrize("left", range(1, len(gzipped(CSV))))
def test_gzip_cut_off_anywhere_is_told_with_the_byte(left: int) -> None:
    """It is the transfer that broke off there."""
    fault = fault_of(gzipped(CSV)[:left])
    assert (fault.issue.code, f"byte {left}:" in fault.issue.message) == (
        "compressed-cut-short",
        True,
    )


@pytest.mark.parametrize("left", range(4, len(zipped(CSV))))
def test_zip_cut_off_anywhere_is_told_with_the_byte(left: int) -> None:
    """It has lost at least a part of its end."""
    fault = fault_of(zipped(CSV)[:left], "a.zip")
    assert (fault.issue.code, f"byte {left}:" in fault.issue.message) == (
        "compressed-cut-short",
        True,
    )


@pytest.mark.parametrize("at", range(2, len(gzipped(CSV))))
def test_no_flipped_byte_of_gzip_goes_unnoticed(at: int) -> None:
    """Either something is wrong, or the byte was none of the content's."""
    packed = bytearray(gzipped(CSV))
    packed[at] ^= 0xFF
    try:
        assert expanded(bytes(packed)) == CSV
    except NotExpandable as fault:
        assert fault.issue.code in {"compressed-damaged", "compressed-cut-short"}  # noqa: PT017


def test_damage_is_told_with_its_place() -> None:
    """And in the words of who found it."""
    packed = gzipped(CSV) + b"rest"
    issue = fault_of(packed).issue
    assert issue.code == "compressed-damaged"
    assert f"near byte {len(packed) - 4}" in issue.message


def test_several_gzip_members_are_one_file() -> None:
    """As gzip has it when files are put one behind the other, and with what tapes add."""
    assert expanded(gzipped(CSV) + gzipped(b"") + gzipped(b"more")) == CSV + b"more"
    assert expanded(gzipped(CSV) + bytes(3 * READ_BYTES)) == CSV


def test_a_zip_may_hold_litter_and_other_files_beside_its_csv() -> None:
    """Folders, what desktops add, and a readme do not stand in the way of the only CSV."""
    names = (
        "out/",
        "__MACOSX/out/._a.csv",
        "out/.hidden.csv",
        "Thumbs.db",
        "out/readme.txt",
        "out/A.CSV",
    )
    packed = zipped(b"", b"x", b"x", b"x", b"x", CSV, names=names)
    assert expanded(packed, "a.zip") == CSV


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), "no file"),
        (("__MACOSX/._a.csv",), "no file"),
        (("a.xlsx",), "'a.xlsx'"),
        (("a.csv", "b/a.csv"), "'a.csv', 'b/a.csv'"),
        (("1.csv", "2.csv", "3.csv", "4.csv", "5.csv"), "'3.csv', 2 more"),
        (("inner.zip",), "'inner.zip'"),
        (("a.csv", "inner.zip"), "'a.csv', 'inner.zip'"),
        (("a.csv.gz",), "'a.csv.gz'"),
        (("esc\x1b[31m.csv", "b.csv"), "'esc\\x1b[31m.csv'"),
    ],
)
def test_a_zip_must_hold_one_csv(names: tuple[str, ...], told: str) -> None:
    """What it holds instead is told, in names that cannot harm a terminal."""
    issue = fault_of(zipped(*[CSV] * len(names), names=names), "a.zip").issue
    assert issue.code == "zip-not-one-csv"
    assert told in issue.message


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "-rf.csv"])
def test_names_inside_are_no_paths(name: str) -> None:
    """They only tell that there is a CSV."""
    assert expanded(zipped(CSV, names=(name,)), "a.zip") == CSV


def test_a_locked_zip_is_told_as_such() -> None:
    """Nobody could give us the password."""
    packed = bytearray(zipped(CSV))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(magic) + offset] |= 1
    assert code_of(bytes(packed), "a.zip") == "zip-encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_methods_are_refused(method: int) -> None:
    """Some of them may want more memory than there is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.csv", CSV)
    fault = fault_of(packed.getvalue(), "a.zip")
    assert (fault.issue.code, f"method {method}" in fault.issue.message) == ("zip-method", True)


def test_a_zip_with_endless_contents_is_not_read() -> None:
    """The list of contents is no way to fill the memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(MOST_AT_ONCE // 60):
            archive.writestr(f"{number:020}.txt", b"")
    assert code_of(packed.getvalue(), "a.zip") == "zip-not-one-csv"


@BOTH
@pytest.mark.parametrize("reads", range(9))
def test_trouble_with_the_disk_is_no_fault_of_the_file(name: str, reads: int) -> None:
    """A file that cannot be read now may be whole."""
    payload = pack(name, b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256)))
    file = FailingFile(payload, reads)
    try:
        assert len(b"".join(expand(file, name, CAP))) == 8192
    except OSError as error:
        assert str(error) == "the disk is ill"  # noqa: PT017
    else:
        assert file.reads_left >= 0


class FailingFile(io.BytesIO):
    """A file of which only so many reads succeed."""

    def __init__(self, content: bytes, reads: int) -> None:
        super().__init__(content)
        self.reads_left = reads

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, or fail."""
        self.reads_left -= 1
        if self.reads_left < 0:
            raise OSError("the disk is ill")
        return super().read(size)


def test_a_fault_is_a_verdict() -> None:
    """The file is rejected for it, and told by its own size and hash."""
    verdict = of_payload(fault_of(CSV).as_verdict(), 7, "abc")
    assert not verdict.sendable
    assert [each.severity for each in verdict.issues] == [Severity.ERROR]
    assert (verdict.errors, verdict.facts.bytes, verdict.facts.sha256) == (1, 7, "abc")


@given(content=st.binary(max_size=2_000), size=st.integers(1, 300))
def test_pieces_are_read_like_a_file(content: bytes, size: int) -> None:
    """Nothing is lost or doubled at their borders, and empty ones are no end."""
    pieces = [piece for at in range(0, len(content), 7) for piece in (b"", content[at : at + 7])]
    file = as_file(iter(pieces))
    read = iter(lambda: file.read(size), b"")
    assert b"".join(read) == content


@given(
    contents=st.lists(st.binary(max_size=5_000), min_size=1, max_size=4), level=st.integers(0, 9)
)
def test_any_bytes_survive_gzip(contents: list[bytes], level: int) -> None:
    """In any number of members, at any level."""
    packed = b"".join(gzip.compress(each, level) for each in contents)
    assert expanded(packed) == b"".join(contents)


@given(
    content=st.binary(max_size=5_000),
    method=st.sampled_from([0, 8]),
    comment=st.binary(max_size=99),
)
def test_any_bytes_survive_zip(content: bytes, method: int, comment: bytes) -> None:
    """Compressed or only stored, and whatever else the archive tells."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.csv", content)
        archive.comment = comment.replace(b"PK", b"")
    assert expanded(packed.getvalue(), "a.zip") == content


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Spoil a compressed file: cut it, change bytes of it, put something before or behind it."""
    content = draw(st.binary(max_size=300))
    packed = bytearray(draw(st.sampled_from([gzipped(content), zipped(content), content])))
    for _ in range(draw(st.integers(0, 4))):
        if packed:
            packed[draw(st.integers(0, len(packed) - 1))] = draw(st.integers(0, 255))
    cut = draw(st.integers(0, len(packed)))
    return draw(st.sampled_from([bytes(packed), bytes(packed[:cut]), bytes(packed) + content]))


@given(payload=spoilt(), name=st.sampled_from(["a.csv.gz", "a.zip"]), cap=st.integers(0, 400))
def test_no_bytes_ever_crash_it_or_pass_the_cap(payload: bytes, name: str, cap: int) -> None:
    """Whatever is dropped, there is content within the cap or one fault."""
    given_out = 0
    try:
        for piece in expand(io.BytesIO(payload), name, cap):
            given_out += len(piece)
    except NotExpandable as fault:
        assert fault.issue.message  # noqa: PT017
    assert given_out <= cap
