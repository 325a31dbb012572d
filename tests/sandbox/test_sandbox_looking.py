"""Looking at imports, listing and deleting them, and fetching error reports."""

import io
import zipfile

import pytest
import requests

from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import CONTACTS, Client

ONE_BAD = b"_email,_name\nann@example.com,Ann\nnobody,Bob\n"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("import_id", ["0" * 24, "not-an-id"])
def test_unknown_imports(client: Client, method: str, import_id: str) -> None:
    """An unknown id is answered with 404 as JSON, whatever it looks like."""
    answer = client.call(method, f"/imports/{import_id}")

    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_progress_is_told_while_time_passes(start: Start) -> None:
    """Status and counts follow the clock and the chosen speed."""
    client = start(rows_per_second=1)
    import_id = client.create()

    assert client.look(import_id)["status"] == "inProgress"
    client.clock.pass_seconds(1.5)
    assert client.look(import_id)["success"] == 1
    client.clock.pass_seconds(1)
    done = client.look(import_id)
    assert (done["status"], done["success"], done["errors"]) == ("finished", 2, 0)
    assert done["createdAt"] <= done["startedAt"] < done["finishedAt"]


def test_optional_members_are_absent_or_null(start: Start) -> None:
    """Members that do not apply are left out, or null where the switch says so."""
    optional = {"startedAt", "finishedAt", "cancelledAt", "errorReportFileUrl"}

    assert not optional & start().post().json().keys()
    with_nulls = start(null_members=True).post().json()
    assert {each for each in with_nulls if with_nulls[each] is None} == optional
    assert with_nulls["options"]["couponSetId"] is None


def test_total_can_come_late(start: Start) -> None:
    """With that switch the total is unknown until the import starts."""
    client = start(total_at_creation=False, start_seconds=5)
    answer = client.post().json()

    assert answer["total"] == 0
    client.clock.pass_seconds(6)
    assert client.look(answer["id"])["total"] == 2


def test_list_is_empty_at_first(client: Client) -> None:
    """A new account has no imports."""
    assert client.call("GET", "/imports").json() == {"links": {}, "results": []}


def test_list_goes_newest_first_in_pages(start: Start) -> None:
    """The next link leads on until nothing is left; unknown parameters do no harm."""
    client = start(page_size=2)
    ids = [client.create() for _ in range(5)]
    seen, page = [], client.call("GET", "/imports/?status=any&page=x").json()
    while page["results"]:
        assert len(page["results"]) <= 2
        seen += [each["id"] for each in page["results"]]
        if "next" not in page["links"]:
            break
        page = client.session.get(page["links"]["next"], timeout=10).json()

    assert seen == ids[::-1]
    assert page["links"]["prev"].endswith("page=2")


def test_list_shows_the_same_as_a_single_look(client: Client) -> None:
    """Both ways of looking give the same resource."""
    import_id = client.create()
    client.look(import_id)

    assert client.call("GET", "/imports/").json()["results"] == [client.look(import_id)]


def test_ended_imports_can_be_deleted(client: Client) -> None:
    """Deleting removes the record and nothing that was imported."""
    import_id = client.run()["id"]
    answer = client.call("DELETE", f"/imports/{import_id}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert client.call("GET", f"/imports/{import_id}").status_code == 404
    assert client.listed() == []
    assert len(client.sandbox.account.contacts) == 2
    assert client.sandbox.imports[0].deleted


def test_running_and_queued_imports_cannot_be_deleted(start: Start) -> None:
    """An import that has not ended is kept."""
    client = start(rows_per_second=1)
    running, queued = client.create(), client.create()

    for import_id in (running, queued):
        answer = client.call("DELETE", f"/imports/{import_id}")
        assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert client.listed() == [queued, running]


def test_cancelled_imports_can_be_deleted(start: Start) -> None:
    """An import that somebody cancelled tells when, and can be deleted."""
    client = start(rows_per_second=1)
    import_id = client.create()
    client.clock.pass_seconds(1)
    client.sandbox.cancel(import_id)
    shown = client.look(import_id)

    assert (shown["status"], shown["success"]) == ("cancelled", 1)
    assert shown["cancelledAt"]
    assert "finishedAt" not in shown
    assert client.call("DELETE", f"/imports/{import_id}").status_code == 204


def test_cancelling_an_unknown_import(client: Client) -> None:
    """There is nothing to cancel."""
    with pytest.raises(KeyError):
        client.sandbox.cancel("0" * 24)


def test_error_report_tells_rows_with_line_and_reason(client: Client) -> None:
    """The report holds the refused rows as they were, with a column for the reason."""
    lines = client.report(b'_email,_name\n"ann@example.com","A\nB"\n\nnobody,"x, y"\n')

    assert lines == [
        "_email,_name,reason",
        'nobody,"x, y",Line 5: _email is not an e-mail address',
    ]


def test_error_report_needs_errors_and_an_end(start: Start) -> None:
    """There is no link while an import runs, nor when nothing was refused."""
    client = start(rows_per_second=1)
    import_id = client.create(b"_email\nnobody\nann@example.com\n")
    client.clock.pass_seconds(1.5)
    running = client.look(import_id)

    assert running["errors"] == 1
    assert "errorReportFileUrl" not in running
    client.clock.pass_seconds(1)
    assert client.look(import_id)["errorReportFileUrl"].startswith(client.sandbox.url)
    assert "errorReportFileUrl" not in start().run()


def test_error_report_uses_the_delimiter_of_the_import(client: Client) -> None:
    """A report reads like the file that it is about."""
    assert client.report(b"_email;_name\nnobody;Bob\n", delimiter=";")[0] == "_email;_name;reason"


def test_error_report_can_be_a_zip(start: Start) -> None:
    """With that switch the report is packed as exports are."""
    url = start(report_format="zip").run(ONE_BAD)["errorReportFileUrl"]
    packed = requests.get(url, timeout=10)

    assert packed.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        (name,) = archive.namelist()
        assert b"nobody" in archive.read(name)


def test_links_to_reports_expire(client: Client) -> None:
    """After 100 minutes a link is dead, and a new look gives a new one."""
    shown = client.run(ONE_BAD)
    client.clock.pass_seconds(100 * 60 + 1)

    assert requests.get(shown["errorReportFileUrl"], timeout=10).status_code == 403
    fresh = client.look(shown["id"])["errorReportFileUrl"]
    assert requests.get(fresh, timeout=10).status_code == 200


@pytest.mark.parametrize("query", ["", "?until=9999999&signature=00", "?until=x&signature=y"])
def test_links_to_reports_cannot_be_guessed(client: Client, query: str) -> None:
    """Without a genuine signature there is no report."""
    import_id = client.run(ONE_BAD)["id"]
    url = f"{client.sandbox.url}/error-reports/{import_id}.csv{query}"

    assert requests.get(url, timeout=10).status_code == 403


def test_report_of_a_deleted_import_is_gone(client: Client) -> None:
    """Deleting an import takes its report along."""
    shown = client.run(ONE_BAD)
    client.call("DELETE", f"/imports/{shown['id']}")

    assert requests.get(shown["errorReportFileUrl"], timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/segments/", 404), ("PUT", "/imports/", 405), ("PATCH", "/store/", 405)],
)
def test_unknown_places_and_methods(client: Client, method: str, path: str, status: int) -> None:
    """What is not there is refused as JSON."""
    answer = client.call(method, path)

    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_being_offline_keeps_the_account(client: Client) -> None:
    """For a while nobody can connect; afterwards everything is as before."""
    import_id, url = client.create(), client.sandbox.url
    with client.sandbox.offline(), pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)

    assert client.sandbox.url == url
    assert client.look(import_id)["total"] == len(CONTACTS.splitlines()) - 1
