"""Creating imports: what is accepted, and how everything else is refused."""

import hashlib

import pytest

from dropbox_agent.sandbox import DEFAULT_COUPON_SET, ImportOptions
from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import CONTACTS, OPTIONS, Client

SINGLE_SET = "65f0a1b2c3d4e5f607182932"


def reasons(client: Client, csv: bytes = CONTACTS, **parts: str) -> dict[str, str]:
    """Collect the validation errors of a create that must be refused, by path."""
    answer = client.post(csv, **parts)
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["status"] == 422
    assert body["title"]
    assert body["detail"]
    return {each["path"]: each["reason"] for each in body["validationErrors"]}


def test_answers_with_the_queued_import(client: Client) -> None:
    """A create is answered with 201 and the whole import, its rows already counted."""
    answer = client.post()

    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert len(body.pop("id")) == 24
    assert body.pop("createdAt").endswith("Z")
    assert body == {
        "type": "contacts",
        "status": "queued",
        "origin": "api",
        "total": 2,
        "success": 0,
        "errors": 0,
        "options": {"delimiter": ",", "overrideExisting": True, "updateOnlyEmptyFields": False},
    }


@pytest.mark.parametrize("path", ["/imports", "/imports/"])
def test_both_paths_take_creates_without_redirect(client: Client, path: str) -> None:
    """The path is the same with and without a slash at its end."""
    assert client.post(path=path).status_code == 201


def test_success_code_can_be_200(start: Start) -> None:
    """Some clients were tested against 200 in place of 201."""
    assert start(created_status=200).post().status_code == 200


@pytest.mark.parametrize("part", list(OPTIONS))
def test_every_option_is_required(client: Client, part: str) -> None:
    """A missing part is a validation error that names it."""
    assert "required" in reasons(client, CONTACTS, **{part: ""})[f"/{part}"]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("type", "vouchers"),
        ("delimiter", "\t"),
        ("delimiter", "|"),
        ("overrideExisting", "yes"),
        ("updateOnlyEmptyFields", "1"),
    ],
)
def test_options_take_only_the_documented_values(client: Client, part: str, value: str) -> None:
    """Another value is a validation error that names the part."""
    assert f"/{part}" in reasons(client, CONTACTS, **{part: value})


def test_all_faults_are_told_at_once(client: Client) -> None:
    """One answer lists everything that is wrong."""
    assert set(reasons(client, type="x", delimiter="x")) == {"/type", "/delimiter"}


def test_only_empty_needs_override(client: Client) -> None:
    """Filling only empty fields without overriding is contradictory."""
    found = reasons(client, overrideExisting="false", updateOnlyEmptyFields="true")

    assert list(found) == ["/updateOnlyEmptyFields"]


@pytest.mark.parametrize(
    ("coupon_set", "reason"),
    [
        ("", "required"),
        ("summer", "not valid"),
        ("0" * 24, "no such"),
        (SINGLE_SET, "multiple"),
    ],
)
def test_coupons_need_a_set_of_many_codes(client: Client, coupon_set: str, reason: str) -> None:
    """The set of a coupon import is given, well-formed, known, and of type multiple."""
    found = reasons(client, b"code\nA1\n", type="coupons", couponSetId=coupon_set)

    assert reason in found["/couponSetId"]


def test_coupon_set_is_repeated_in_the_options(client: Client) -> None:
    """The import shows the set it goes into."""
    answer = client.post(b"code\nA1\n", type="coupons", couponSetId=DEFAULT_COUPON_SET)

    assert answer.json()["options"]["couponSetId"] == DEFAULT_COUPON_SET


def test_only_multipart_is_accepted(client: Client) -> None:
    """A JSON body is answered with 415."""
    answer = client.call("POST", "/imports/", json=OPTIONS)

    assert answer.status_code == 415
    assert answer.json()["title"] == "Unsupported Media Type"


def test_a_multipart_body_without_end_is_refused(client: Client) -> None:
    """A form whose last boundary is missing creates nothing."""
    answer = client.call(
        "POST",
        "/imports/",
        data=b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\ncontacts',
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert answer.status_code == 400
    assert client.sandbox.imports == ()


def test_the_file_must_be_there(client: Client) -> None:
    """A form without a file part is a validation error."""
    answer = client.call("POST", "/imports/", files={k: (None, v) for k, v in OPTIONS.items()})

    assert answer.json()["validationErrors"][0]["path"] == "/file"


def test_the_file_must_be_labelled_as_csv(client: Client) -> None:
    """Another content type of the file part is a validation error."""
    parts = {"file": ("a.csv", CONTACTS, "application/octet-stream")}
    answer = client.call("POST", "/imports/", data=OPTIONS, files=parts)

    assert answer.status_code == 422
    assert "text/csv" in answer.json()["validationErrors"][0]["reason"]


@pytest.mark.parametrize("strict", [False, True])
def test_options_after_the_file(start: Start, *, strict: bool) -> None:
    """Late options are accepted, unless the sandbox is told to be strict."""
    parts = [("file", ("a.csv", CONTACTS, "text/csv"))]
    parts += [(name, (None, text)) for name, text in OPTIONS.items()]  # type: ignore[misc]  # no file name
    answer = start(strict_part_order=strict).call("POST", "/imports/", files=parts)

    assert answer.status_code == (422 if strict else 201)


@pytest.mark.parametrize(("size", "status"), [(len(CONTACTS), 201), (len(CONTACTS) - 1, 413)])
def test_size_limit_is_about_the_file(start: Start, size: int, status: int) -> None:
    """A file of exactly the limit is accepted, one byte more is not."""
    client = start(max_file_bytes=size)
    answer = client.post()

    assert answer.status_code == status
    assert len(client.sandbox.imports) == (status == 201)


@pytest.mark.parametrize(
    ("csv", "reason"),
    [
        (b"", "header"),
        (b"\n\n", "header"),
        ("_email,_name\nann@example.com,Zo\xeb\n".encode("latin-1"), "UTF-8"),
        (b"_email\nann@example.com\0\n", "UTF-8"),
        (b'_email\n"ann@example.com\n', "line 2"),
        (b"_name,_surname\nAnn,Lee\n", "_email"),
        (b"_email;_name\nann@example.com;Ann\n", "_email"),
        (b"_email,_name,_email\na@example.com,A,a@example.com\n", "more than once"),
    ],
)
def test_unusable_files_are_refused(client: Client, csv: bytes, reason: str) -> None:
    """A file that is no CSV in UTF-8, or has no key column, is a validation error."""
    assert reason in reasons(client, csv)["/file"]
    assert client.sandbox.imports == ()


def test_unusable_files_can_fail_later(start: Start) -> None:
    """With that switch the file is accepted, and its import ends with an error."""
    client = start(header_faults="fail")

    assert client.run(b"_name\nAnn\n")["status"] == "error"
    assert client.run(b'_email\n"broken\n')["status"] == "error"


@pytest.mark.parametrize("columns", ["_email,shoeSize", "_email,_createdAt"])
def test_unknown_and_read_only_columns(start: Start, columns: str) -> None:
    """Columns that cannot be written are left out, or refused where the switch says so."""
    csv = f"{columns}\nann@example.com,7\n".encode()
    client = start()

    assert client.run(csv)["success"] == 1
    assert client.sandbox.account.contacts["ann@example.com"] == {"_email": "ann@example.com"}
    assert start(unknown_columns="refuse").post(csv).status_code == 422


def test_email_column_can_be_required(start: Start) -> None:
    """With that switch contacts by external id alone are refused."""
    csv = b"_externalId\n7\n"

    assert start().post(csv).status_code == 201
    assert start(require_email=True).post(csv).status_code == 422


def test_the_eleventh_queued_import_is_refused(start: Start) -> None:
    """Ten may be queued besides the running one; the next gets 400 with E0401."""
    client = start(rows_per_second=1)
    for _ in range(11):
        client.create()
    answer = client.post()

    assert answer.status_code == 400
    assert answer.json()["code"] == "E0401"
    client.clock.pass_seconds(2)
    assert client.post().status_code == 201


def test_the_running_import_can_take_a_place(start: Start) -> None:
    """With that switch the running import counts, too."""
    client = start(rows_per_second=1, running_takes_a_place=True, max_queued=1)
    client.create()

    assert client.post().status_code == 400


def test_imports_of_the_app_take_places(start: Start) -> None:
    """Imports made in the web application share the queue and the list."""
    client = start(rows_per_second=1, max_queued=1)
    ours = client.create()
    theirs = client.sandbox.import_from_app("contacts", CONTACTS)

    assert client.post().status_code == 400
    assert client.listed() == [theirs.id, ours]
    assert client.look(theirs.id)["origin"] == "app"


def test_tells_what_was_received(client: Client) -> None:
    """Code can read every import with the hash of its bytes, in order."""
    first = client.create(CONTACTS)
    client.create(b"_email;vip\nann@example.com;true\n", delimiter=";", overrideExisting="false")
    received = client.sandbox.imports

    assert received[0].id == first
    assert received[0].sha256 == hashlib.sha256(CONTACTS).hexdigest()
    assert [each.rows for each in received] == [2, 1]
    assert received[1].options == ImportOptions(delimiter=";", override_existing=False)


def test_counts_requests_by_route(client: Client) -> None:
    """Code can read how often each route was asked for."""
    import_id = client.create()
    client.look(import_id)
    client.look(import_id)

    assert client.sandbox.requests == {
        ("POST", "/imports/"): 1,
        ("GET", "/imports/<import_id>"): 2,
    }
