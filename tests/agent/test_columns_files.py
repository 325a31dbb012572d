"""Exports with headers of their own: columns.toml says what their columns are."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.homes import Home

EXPORT = b'"Kunden-Nr";"E-Mail";"Notiz"\r\n7;a@example.com;"lang;\r\nlang"\r\n8;b@example.com;\r\n'
SAYS = """
drop = ["Notiz"]
[columns]
"E-Mail" = "_email"
"Kunden-Nr" = "_externalId"
[constants]
shop = "north"
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give a home with nothing in it."""
    with Home(tmp_path) as home:
        yield home


def say(home: Home, text: str, folder: str = "contacts") -> Path:
    """Put a columns.toml into an inbox folder."""
    path = home.folders.inbox / folder / "columns.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sent(home: Home) -> list[list[list[str]]]:
    """Read what each import was sent."""
    bodies = [each.content.decode() for each in home.api.sent]
    return [list(csv.reader(io.StringIO(body, newline=""), delimiter=";")) for body in bodies]


def test_an_export_is_sent_under_the_names_of_the_fields(home: Home) -> None:
    """Columns are renamed, left out and added, and the archived file is the sender's."""
    say(home, SAYS)
    home.drop(Kind.CONTACTS, "kunden.csv", EXPORT)
    home.rest()
    assert sent(home) == [
        [
            ["_externalId", "_email", "shop"],
            ["7", "a@example.com", "north"],
            ["8", "b@example.com", "north"],
        ]
    ]
    report = home.report("kunden.csv")
    assert report["outcome"] == "imported"
    told = [each["code"] for each in report["check"]["issues"]]
    assert {"columns-renamed", "columns-dropped", "columns-added"} <= set(told)
    assert home.payload_of("kunden.csv") == EXPORT
    assert list((home.state / "contents").iterdir()) == []
    assert not home.overview.mistakes


@pytest.mark.parametrize("as_link", [True, False], ids=["link", "folder"])
def test_a_file_waits_while_its_columns_file_is_no_plain_file(home: Home, *, as_link: bool) -> None:
    """What is wrong with it is told with the file, and what to do."""
    path = say(home, SAYS)
    path.rename(elsewhere := home.root / "elsewhere.toml")
    if as_link:
        path.symlink_to(elsewhere)
    else:
        path.mkdir()
    home.drop(Kind.CONTACTS, "kunden.csv", EXPORT)
    home.run_for(30)
    (job,) = home.status["jobs"]
    assert "not a plain file" in job["reason"]
    assert job["hint"].startswith("Put a plain file there")
    if as_link:
        path.unlink()
    else:
        path.rmdir()
    say(home, SAYS)
    home.rest()
    assert home.report("kunden.csv")["outcome"] == "imported"


def test_a_file_waits_while_its_columns_file_is_broken(home: Home) -> None:
    """A broken columns.toml is not the file's fault: it is checked as soon as that is mended."""
    say(home, "[columns]\n'E-Mail' = '_emial'\n")
    home.drop(Kind.CONTACTS, "kunden.csv", EXPORT)
    home.run_until(lambda: home.witness.troubles)
    home.run_for(30)
    assert home.stage("kunden.csv") is Stage.CLAIMED
    assert ("columns-file-broken", "kunden.csv") in home.witness.troubles
    say(home, SAYS)
    home.rest()
    assert home.report("kunden.csv")["outcome"] == "imported"


def test_a_job_keeps_the_plan_it_was_checked_with(home: Home) -> None:
    """Who changes columns.toml changes nothing for files that were checked before."""
    path = say(home, SAYS)
    home.drop(Kind.CONTACTS, "kunden.csv", EXPORT)
    home.run_until(lambda: home.stage("kunden.csv") is Stage.CHECKED)
    path.unlink()
    for each in (home.state / "contents").iterdir():
        each.unlink()
    home.start()
    home.rest()
    assert sent(home)[0][0] == ["_externalId", "_email", "shop"]


def test_the_folder_of_a_set_has_a_columns_file_of_its_own(home: Home) -> None:
    """What lies nearest to a file counts; the folder above serves all others."""
    one, other = "a" * 24, "b" * 24
    say(home, "[columns]\n'Gutschein' = 'code'\n", "vouchers")
    say(home, "[columns]\n'Kupon' = 'code'\n", f"vouchers/{one}")
    home.drop(Kind.VOUCHERS, "kupon.csv", b"Kupon\nA1\nA2\n", one)
    home.drop(Kind.VOUCHERS, "gutschein.csv", b"Gutschein\nB1\n", other)
    home.rest()
    assert sorted(each.content for each in home.api.sent) == [b"code\nA1\nA2\n", b"code\nB1\n"]


def test_a_declared_encoding_counts_for_the_folder(home: Home) -> None:
    """An export in another encoding needs nothing but a line in columns.toml."""
    say(home, 'encoding = "windows-1252"\n[columns]\n"Größe" = "size"\n')
    home.drop(Kind.CONTACTS, "x.csv", "_email;Größe\na@example.com;Ü\n".encode("cp1252"))
    home.rest()
    assert sent(home) == [[["_email", "size"], ["a@example.com", "Ü"]]]
