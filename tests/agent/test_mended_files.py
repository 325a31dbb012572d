"""Back to the user: rows to fix are mended, dropped again, and the two reports belong together."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from dropbox_agent.core.explaining import Surroundings, tell_story
from dropbox_agent.core.imports import Accepted, Body, ImportOptions, SendAnswer
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json
from tests.crashes import Crash
from tests.disasters import FusedHome
from tests.drops import contacts
from tests.fakes import FakeImportApi
from tests.homes import Home

REFUSED = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"


class ReportingApi(FakeImportApi):
    """A server that has a file of refused rows for every import.

    Attributes:
        refused: That file.
    """

    refused = REFUSED

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Take one CSV."""
        answer = super().create(kind, options, body)
        if isinstance(answer, Accepted):
            self.claim(answer.imported.id, error_report_url="https://files.example.com/x.csv")
        return answer

    def error_report(self, url: str) -> bytes:
        """Give the file."""
        self.calls.append(f"error_report {url}")
        return self.refused


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give a home with nothing in it."""
    with Home(tmp_path) as home:
        yield home


@pytest.fixture
def api(home: Home) -> ReportingApi:
    """The server of the home, which refuses one row of every import."""
    api = home.api = ReportingApi(home.clock)
    api.faulty_rows = 1
    return api


def archived_stem(report: Json) -> str:
    """Tell how the names of a report and its file begin."""
    name: str = report["file"]["archived_as"]
    return name.removesuffix(".csv")


def rows_to_fix(home: Home, name: str) -> Path:
    """Find the rows to fix of a file."""
    (path,) = (path for path, each in home.reports() if each["file"]["name"] == name)
    return path.with_name(home.report(name)["rows_to_fix"])


def test_a_mended_file_is_imported_and_names_the_first_job(home: Home, api: ReportingApi) -> None:
    """Our own columns go no further, and the new report tells where the rows came from."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    fixes = rows_to_fix(home, "people.csv")
    api.faulty_rows = 0
    home.drop(Kind.CONTACTS, fixes.name, fixes.read_bytes())
    home.rest()
    first, second = home.report("people.csv"), home.report(fixes.name)
    assert second["outcome"] == "imported"
    assert second["follows"] == {
        "job": first["job"],
        "report": fixes.name.replace(".errors.csv", ".report.json"),
    }
    assert (first["follows"], second["followed_by"]) == (None, [])
    report = f"{archived_stem(second)}.report.json"
    assert first["followed_by"] == [{"job": second["job"], "report": report}]
    header = api.sent[1].content.split(b"\n", 1)[0].strip()
    assert header == api.sent[0].content.split(b"\n", 1)[0].strip()
    (follower,) = home.journal.followers(first["job"])
    assert follower.id == second["job"]
    job = home.journal.find(first["job"])
    assert job is not None
    told = tell_story(job, Surroundings(is_running=True, followers=(follower,))).to_json()
    assert told["followed_by"][0]["job"] == second["job"]


def test_a_name_like_that_of_an_unknown_job_is_just_a_name(home: Home) -> None:
    """Who makes up a name makes up no history."""
    home.drop(Kind.CONTACTS, "20260101T000000Z-cabcdefg-x.errors.csv", contacts(1))
    home.rest()
    assert home.report("20260101T000000Z-cabcdefg-x.errors.csv")["follows"] is None


def test_rows_that_keep_a_file_back_are_listed_beside_it(home: Home) -> None:
    """A file that is rejected for its rows comes with those rows, and the way to go on."""
    home.policy = replace(home.policy, row_faults="reject")
    home.drop(Kind.CONTACTS, "people.csv", b"_email,_name\na@example.com,A\nx,B\n")
    home.rest()
    report = home.report("people.csv")
    assert report["outcome"] == "rejected"
    assert "drop all of it again" in report["reason"]["hint"]
    told = rows_to_fix(home, "people.csv").read_text(encoding="utf-8").splitlines()
    assert told[0] == "_email,_name,_line,_error"
    assert told[1].startswith("x,B,3,")
    assert not home.api.sent


def test_rows_to_fix_of_another_encoding_are_read_right_again(
    home: Home, api: ReportingApi
) -> None:
    """Where an encoding is declared, the file we give back is not taken to be in it."""
    columns = home.folders.inbox / "contacts" / "columns.toml"
    columns.write_text('encoding = "windows-1252"\n', encoding="utf-8")
    api.refused = b"_email,reason\na@example.com,bad\n"
    home.drop(Kind.CONTACTS, "people.csv", "_email,_name\na@example.com,Zoë\n".encode("cp1252"))
    home.rest()
    fixes = rows_to_fix(home, "people.csv")
    api.faulty_rows = 0
    home.drop(Kind.CONTACTS, fixes.name, fixes.read_bytes())
    home.rest()
    assert api.sent[1].content.decode() == "_email,_name\na@example.com,Zoë\n"


def test_a_report_that_somebody_took_away_names_nobody(home: Home, api: ReportingApi) -> None:
    """The mended file is filed all the same, also where something else lies in its place."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    fixes = rows_to_fix(home, "people.csv")
    api.faulty_rows = 0
    report = fixes.with_name(fixes.name.replace(".errors.csv", ".report.json"))
    report.write_text("[]", encoding="utf-8")
    home.drop(Kind.CONTACTS, fixes.name, fixes.read_bytes())
    home.rest()
    assert report.read_text(encoding="utf-8") == "[]"
    report.unlink()
    home.drop(Kind.CONTACTS, fixes.name, fixes.read_bytes())
    home.rest()
    assert not report.exists()
    assert len(home.archived("processed")) == 6


def drop_mended(home: FusedHome) -> None:
    """File a file of which a row was refused, and drop its rows to fix again."""
    home.api.faulty_rows, home.api.refused = 1, REFUSED
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    fixes = rows_to_fix(home, "people.csv")
    home.api.faulty_rows = 0
    home.drop(Kind.CONTACTS, fixes.name, fixes.read_bytes())


def test_no_crash_names_a_mended_file_twice_or_never(tmp_path: Path) -> None:
    """Wherever the agent is killed: the first report is whole, and names the second once."""
    faults = []
    for at in count():
        with FusedHome(tmp_path / str(at)) as home:
            drop_mended(home)
            home.fuse.blow(len(home.fuse.points) + at, Crash())
            try:
                home.rest()
            except Crash:
                home.start()
                home.rest()
            else:
                break
            if len(home.report("people.csv")["followed_by"]) != 1:
                faults.append(at)
    assert (faults, at > 40) == ([], True)
