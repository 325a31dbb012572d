"""Drops that are not UTF-8: converted for the server, and archived as they came."""

import csv
import hashlib
import io
from pathlib import Path

import pytest

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.disasters import FusedHome
from tests.drops import contacts, gzipped, zipped
from tests.homes import Home

CSV = contacts(6, name="Zoë")
UTF_16 = CSV.decode().encode("utf-16")
WESTERN = CSV.decode().encode("cp1252")


def made(home: Home) -> list[str]:
    """List what was made of payloads and is still there."""
    return sorted(each.name for each in (home.state / "contents").glob("*"))


@pytest.mark.parametrize(
    ("name", "payload", "declared", "encoding"),
    [
        ("a.csv", UTF_16, None, "utf-16-le"),
        ("a.csv.gz", gzipped(UTF_16), None, "utf-16-le"),
        ("a.zip", zipped(CSV.decode().encode("utf-32")), "windows-1252", "utf-32-le"),
        ("a.csv", WESTERN, "windows-1252", "windows-1252"),
        ("a.csv.gz", gzipped(WESTERN), "windows-1252", "windows-1252"),
    ],
    ids=["UTF-16", "UTF-16 in gzip", "UTF-32 in ZIP", "declared", "declared, in gzip"],
)
def test_it_is_imported_like_any_other(
    home: Home, name: str, payload: bytes, declared: str | None, encoding: str
) -> None:
    """The server gets UTF-8, the archive the sender's bytes, and the report says what they were."""
    home.encodings[Kind.CONTACTS] = declared
    home.drop(Kind.CONTACTS, name, payload)
    home.rest()
    assert [each.content for each in home.api.sent] == [CSV]
    file = home.report(name)["file"]
    assert (file["rows"], file["bytes"], file["encoding"]) == (6, len(payload), encoding)
    assert file["sha256"] == hashlib.sha256(payload).hexdigest()
    assert home.payload_of(name) == payload
    assert made(home) == []


def test_a_mark_of_utf_8_wins_over_the_declaration(home: Home) -> None:
    """So one folder can take files of old and of new programs."""
    home.encodings[Kind.CONTACTS] = "windows-1252"
    home.drop(Kind.CONTACTS, "a.csv", b"\xef\xbb\xbf" + CSV)
    home.rest()
    assert [each.content for each in home.api.sent] == [CSV]
    assert home.report("a.csv")["file"]["encoding"] == "utf-8-sig"


def test_without_a_declaration_it_is_rejected_with_what_would_help(home: Home) -> None:
    """Nothing is guessed into somebody's name."""
    home.drop(Kind.CONTACTS, "a.csv", WESTERN)
    home.rest()
    report = home.report("a.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("rejected", "not-utf8")
    assert "'Zoë'" in report["check"]["issues"][0]["message"]
    assert "CONTACTS_ENCODING=windows-1252" in report["check"]["issues"][0]["hint"]
    assert home.api.sent == []
    assert home.payload_of("a.csv") == WESTERN


def test_what_the_declared_encoding_does_not_know_is_rejected(home: Home) -> None:
    """With its place in the file."""
    home.encodings[Kind.CONTACTS] = "windows-1252"
    home.drop(Kind.CONTACTS, "a.csv", CSV + b"eva@example.com,E\x8fva\n")
    home.rest()
    report = home.report("a.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("rejected", "not-in-encoding")
    assert report["check"]["issues"][0]["line"] == 8
    assert made(home) == []


def test_parts_are_cut_from_the_converted_text(home: Home) -> None:
    """Their sizes count in UTF-8, as that is what is sent."""
    home.policy = CheckPolicy(max_slice_bytes=75)
    home.drop(Kind.CONTACTS, "a.csv", UTF_16)
    home.rest()
    header, *rows = CSV.splitlines(keepends=True)
    assert len(home.api.sent) == 3
    assert b"".join(each.content.removeprefix(header) for each in home.api.sent) == b"".join(rows)


def test_a_changed_declaration_does_not_change_what_was_checked(tmp_path: Path) -> None:
    """A job goes on as it began, also if what was made of its payload is gone after a crash."""
    with FusedHome(tmp_path) as home:
        home.encodings[Kind.CONTACTS] = "windows-1252"
        home.api.faulty_rows = 1
        home.api.refused = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"
        home.drop(Kind.CONTACTS, "a.csv", WESTERN)
        home.run_until(lambda: home.stage("a.csv") is Stage.SENT)
        (made_of_it,) = (home.state / "contents").iterdir()
        made_of_it.unlink()
        home.encodings[Kind.CONTACTS] = "mac-roman"
        home.start()
        home.rest()
        to_fix = home.report("a.csv")["rows_to_fix"]
        text = (home.folders.processed / Kind.CONTACTS / to_fix).read_text("utf-8")
    assert list(csv.reader(io.StringIO(text)))[1] == [
        *("customer1@example.com", "Zoë", "3", "The mailbox is full")
    ]
