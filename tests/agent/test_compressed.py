"""Compressed drops: what is in them is checked and sent, and they are archived as they came."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.payload_checker import PayloadChecker
from tests.crashes import QuickDisk
from tests.disasters import FusedHome
from tests.drops import contacts, gzipped, products, zipped
from tests.homes import Home
from tests.promises import breaches

CSV = contacts(6)
PACKED = pytest.mark.parametrize(
    ("name", "payload"), [("people.csv.gz", gzipped(CSV)), ("PEOPLE.ZIP", zipped(CSV))]
)
CAP = 10_000_000


def made(home: Home) -> list[str]:
    """List what was made of compressed payloads and is still there."""
    return sorted(each.name for each in (home.state / "contents").glob("*"))


@PACKED
def test_a_compressed_file_is_imported_like_the_plain_one(
    home: Home, name: str, payload: bytes
) -> None:
    """The server gets the CSV, the archive the sender's bytes, and nothing is left behind."""
    home.drop(Kind.CONTACTS, name, payload)
    home.rest()
    assert [each.content for each in home.api.sent] == [CSV]
    file = home.report(name)["file"]
    assert (file["rows"], file["bytes"]) == (6, len(payload))
    assert file["sha256"] == hashlib.sha256(payload).hexdigest()
    assert file["archived_as"].endswith(name.lower()[name.index(".") :])
    assert home.payload_of(name) == payload
    assert breaches(home) == []
    assert made(home) == []


def test_parts_are_cut_from_what_is_in_it(home: Home) -> None:
    """Each begins with the header, and together they are all rows."""
    home.policy = CheckPolicy(max_slice_bytes=70)
    home.drop(Kind.CONTACTS, "people.csv.gz", gzipped(CSV))
    home.rest()
    header, *rows = CSV.splitlines(keepends=True)
    assert len(home.api.sent) == 3
    assert b"".join(each.content.removeprefix(header) for each in home.api.sent) == b"".join(rows)


def test_issues_have_the_lines_of_what_is_in_it(home: Home) -> None:
    """The sender looks at the CSV, not at what it was compressed to."""
    home.drop(Kind.CONTACTS, "bad.csv.gz", gzipped(b"_email\na@example.com\nb@example.com,\n"))
    home.rest()
    report = home.report("bad.csv.gz")
    assert report["outcome"] == "rejected"
    assert [each["line"] for each in report["check"]["issues"]] == [3]
    assert made(home) == []


def test_refused_rows_come_back_as_plain_csv(tmp_path: Path) -> None:
    """They can be mended and dropped again; that works also if the content is gone by then."""
    with FusedHome(tmp_path) as home:
        home.api.faulty_rows = 1
        home.api.refused = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"
        home.drop(Kind.CONTACTS, "people.csv.gz", gzipped(CSV))
        home.run_until(lambda: home.stage("people.csv.gz") is Stage.SENT)
        (made_of_it,) = (home.state / "contents").iterdir()
        made_of_it.unlink()
        home.rest()
        to_fix = home.report("people.csv.gz")["rows_to_fix"]
        text = (home.folders.processed / Kind.CONTACTS / to_fix).read_text("utf-8")
    assert list(csv.reader(io.StringIO(text))) == [
        ["_email", "_name", "_line", "_error"],
        ["customer1@example.com", "Ada", "3", "The mailbox is full"],
    ]


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("damaged.csv.gz", gzipped(CSV) + b"rest", "compressed-damaged"),
        ("plain.csv.gz", CSV, "not-compressed"),
        ("two.zip", zipped(CSV, CSV, names=("a.csv", "b.csv")), "zip-not-one-csv"),
        ("book.csv.gz", gzipped(zipped(CSV, names=("xl/workbook.xml",))), "looks-like-xlsx"),
    ],
)
def test_what_cannot_be_expanded_is_rejected(
    home: Home, name: str, payload: bytes, code: str
) -> None:
    """With the reason in the report, and the file as it came beside it."""
    home.drop(Kind.CONTACTS, name, payload)
    home.rest()
    report = home.report(name)
    assert (report["outcome"], report["reason"]["code"]) == ("rejected", code)
    assert [each["code"] for each in report["check"]["issues"]] == [code]
    assert home.payload_of(name) == payload
    assert breaches(home) == []
    assert home.api.sent == []


class MeasuringDisk(QuickDisk):
    """A disk that remembers how much was written to a file at the most.

    Attributes:
        most_bytes: That much.
    """

    most_bytes = 0

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a file."""
        super().write(path, self._measured(chunks), mode)

    def _measured(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self.most_bytes = max(self.most_bytes, size)
            yield chunk


@pytest.mark.parametrize(
    ("name", "payload"),
    [("bomb.csv.gz", gzipped(bytes(1 << 24)) * 64), ("bomb.zip", zipped(bytes(1 << 24)))],
)
def test_a_bomb_is_rejected_with_little_disk(home: Home, name: str, payload: bytes) -> None:
    """It would be a gigabyte; at the cap it is given up, and the other files go on."""
    home.disk = disk = MeasuringDisk()
    home.open_spool = partial(DiskSpool, max_expanded_bytes=CAP)
    home.drop(Kind.CONTACTS, name, payload)
    home.drop(Kind.PRODUCTS, "chairs.csv.gz", gzipped(products(2)))
    home.rest()
    assert home.report(name)["reason"]["code"] == "compressed-too-big"
    assert home.report("chairs.csv.gz")["outcome"] == "imported"
    assert disk.most_bytes <= CAP
    assert made(home) == []


def test_a_full_disk_is_not_the_files_fault(home: Home) -> None:
    """It waits, and goes on by itself when there is room."""
    disk = FullDisk()
    home.disk = disk
    home.drop(Kind.CONTACTS, "people.csv.gz", gzipped(CSV))
    home.run_for(60)
    assert home.stage("people.csv.gz") is Stage.CLAIMED
    assert made(home) == []
    disk.is_full = False
    home.rest()
    assert home.report("people.csv.gz")["outcome"] == "imported"


class FullDisk(QuickDisk):
    """A disk without room for contents.

    Attributes:
        is_full: Whether it still has none.
    """

    is_full = True

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a file, if there is room."""
        if self.is_full and path.parent.name == "contents":
            path.write_bytes(next(iter(chunks)))
            raise OSError(28, "No space left on device", str(path))
        super().write(path, chunks, mode)


def test_content_that_vanishes_while_it_is_checked_does_not_end_the_job(home: Home) -> None:
    """It is made again; only a payload that is gone is given up."""
    home.start()
    checker = Thief()
    home.checker = PayloadChecker(home.spool, checker, home.policy)
    home.start()
    home.drop(Kind.CONTACTS, "people.csv.gz", gzipped(CSV))
    home.rest()
    assert checker.stolen
    assert home.report("people.csv.gz")["outcome"] == "imported"


class Thief(Checker):
    """Takes the first file away that it is to check.

    Attributes:
        stolen: Whether it has.
    """

    stolen = False

    def check(self, path: Path, kind: Kind, policy: CheckPolicy) -> Verdict:
        """Check a file, if it is still there."""
        if not self.stolen:
            self.stolen = True
            path.unlink()
        return super().check(path, kind, policy)
