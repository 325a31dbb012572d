"""Contact rows: keys, types, and what they do to contacts that exist."""

import pytest

from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client

ANN = "ann@example.com"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody,5,2020-01-01,m,true", "_email is not an e-mail address"),
        (",5,2020-01-01,m,true", "Neither _email nor _externalId is filled"),
        ("ann@example.com,05,2020-01-01,m,true", "_points is not a whole number"),
        ("ann@example.com,,2020-01-01,m,true", "_points is blank"),
        ("ann@example.com,5,01/01/2020,m,true", "_birthdate is not a date"),
        ("ann@example.com,5,,m,true", "_birthdate is blank"),
        ("ann@example.com,5,2020-01-01,Medium,true", "shirtSize is not one of: s, m, l, xl"),
        ("ann@example.com,5,2020-01-01,,true", "shirtSize is blank"),
        ("ann@example.com,5,2020-01-01,m,yes", "vip is neither true nor false"),
        ("ann@example.com,5,2020-01-01,m", "The row has 4 cells, the header has 5"),
        ("ann@example.com,5,2020-01-01,m,true,x", "The row has 6 cells, the header has 5"),
    ],
)
def test_wrong_rows_are_refused_and_the_others_applied(
    client: Client, row: str, reason: str
) -> None:
    """A wrong row is counted and reported with its line, and harms no other row."""
    csv = f"_email,_points,_birthdate,shirtSize,vip\nbob@example.com,1,2020-01-01,s,\n{row}\n"
    lines = client.report(csv.encode())
    (received,) = client.sandbox.imports

    assert (received.success, received.errors) == (1, 1)
    assert "Line 3: " in lines[1]
    assert reason in lines[1]
    assert list(client.sandbox.account.contacts) == ["bob@example.com"]


def test_all_faults_of_a_row_are_told(client: Client) -> None:
    """One reason names every wrong cell."""
    line = client.report(b"_email,vip,_points\nnobody,x,y\n")[1]

    assert all(name in line for name in ("_email", "vip", "_points"))


def test_blank_cells_can_be_skipped(start: Start) -> None:
    """With that switch a blank cell leaves the field as it is."""
    client = start(blank_cells="skip")
    client.run(b"_email,_points\nann@example.com,5\n")

    assert client.run(b"_email,_points\nann@example.com,\n")["success"] == 1
    assert client.sandbox.account.contacts[ANN]["_points"] == "5"


def test_blank_texts_leave_what_is_there(client: Client) -> None:
    """A blank text cell neither fails nor clears."""
    client.run(b"_email,_name\nann@example.com,Ann\n")
    client.run(b"_email,_name,city\nann@example.com,,Vigo\n")

    assert client.sandbox.account.contacts[ANN] == {"_email": ANN, "_name": "Ann", "city": "Vigo"}


@pytest.mark.parametrize(
    ("override", "only_empty", "expected"),
    [
        ("true", "false", {"_name": "New", "_surname": "Lee", "city": "Vigo"}),
        ("true", "true", {"_name": "Old", "_surname": "Lee", "city": "Vigo"}),
        ("false", "false", {"_name": "Old", "city": "Vigo"}),
    ],
)
def test_existing_contacts(
    client: Client, override: str, only_empty: str, expected: dict[str, str]
) -> None:
    """The options decide what happens to a contact that exists; it counts as success."""
    client.run(b"_email,_name,city\nann@example.com,Old,Vigo\n")
    shown = client.run(
        b"_email,_name,_surname\nANN@example.com,New,Lee\n",
        overrideExisting=override,
        updateOnlyEmptyFields=only_empty,
    )
    contact = client.sandbox.account.contacts[ANN]

    assert (shown["success"], shown["errors"]) == (1, 0)
    assert {name: text for name, text in contact.items() if name != "_email"} == expected


def test_rows_left_alone_can_count_as_errors(start: Start) -> None:
    """With that switch a contact that exists is an error while nothing is overridden."""
    client = start(existing_rows="error")
    csv = b"_email\nann@example.com\n"
    client.run(csv)

    assert "exists already" in client.report(csv, overrideExisting="false")[1]


def test_the_last_row_of_a_key_wins(client: Client) -> None:
    """A key that is twice in a file is applied twice, and both rows count."""
    shown = client.run(b"_email,_name\nann@example.com,First\nann@example.com,Last\n")

    assert shown["success"] == 2
    assert client.sandbox.account.contacts[ANN]["_name"] == "Last"


def test_external_id_has_priority(client: Client) -> None:
    """With both keys the external id counts; contacts of the two kinds are never merged."""
    client.run(b"_email,_name\nann@example.com,By mail\n")
    client.run(b"_email,_externalId,_name\nann@example.com,7,By id\nbob@example.com,,Bob\n")
    account = client.sandbox.account

    assert account.contacts[ANN]["_name"] == "By mail"
    assert account.contacts_by_external_id["7"]["_name"] == "By id"
    assert account.contacts["bob@example.com"]["_name"] == "Bob"


def test_a_row_needs_one_of_two_keys(client: Client) -> None:
    """With both columns a row may leave one of them blank, not both."""
    lines = client.report(b"_email,_externalId\n,7\n,\n")

    assert lines[1].endswith("Line 3: Neither _email nor _externalId is filled")
    assert list(client.sandbox.account.contacts_by_external_id) == ["7"]


def test_phones_get_the_country_code(client: Client) -> None:
    """A number without country code is stored with the field's own."""
    client.run(b"_email,_mobilePhone\nann@example.com,651234567\nbob@example.com,+4915112345678\n")
    contacts = client.sandbox.account.contacts

    assert contacts[ANN]["_mobilePhone"] == "+34651234567"
    assert contacts["bob@example.com"]["_mobilePhone"] == "+4915112345678"


@pytest.mark.parametrize(
    "csv",
    [
        b"\xef\xbb\xbf_email,_name\r\nann@example.com,Ann\r\n",
        b'"_email","_name"\n"ann@example.com","Ann"\n',
        b"_email,_name\rann@example.com,Ann",
        b"\n_email,_name\n\nann@example.com,Ann\n\n",
    ],
)
def test_dialects(client: Client, csv: bytes) -> None:
    """A byte-order mark, quotes, any line ends and blank lines are understood."""
    shown = client.run(csv)

    assert (shown["total"], shown["success"]) == (1, 1)
    assert client.sandbox.account.contacts[ANN] == {"_email": ANN, "_name": "Ann"}


def test_cells_may_be_very_long(client: Client) -> None:
    """A cell beyond the csv module's own limit is a cell like any other."""
    csv = b'_email,x\nann@example.com,"' + b"x" * 200_000 + b'"\n'

    assert client.run(csv)["success"] == 1


def test_large_files_are_counted_and_applied_whole(client: Client) -> None:
    """A file that does not stay in memory loses no row."""
    rows = b"".join(b"c%d@example.com,Name\n" % i for i in range(60_000))
    shown = client.run(b"_email,_name\n" + rows)

    assert (shown["total"], shown["success"], shown["errors"]) == (60_000, 60_000, 0)
    assert len(client.sandbox.account.contacts) == 60_000
