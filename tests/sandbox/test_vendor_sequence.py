"""The sequence of requests that the vendor's sample makes."""

from tests.sandbox.conftest import Start


def test_upload_then_ask_until_all_rows_are_done(start: Start) -> None:
    """Parts in the sample's order, no slash, total from the first answer, then asking by id."""
    client = start(rows_per_second=1_000)
    rows = b"".join(b"c%d@example.com,Name\n" % number for number in range(2_500))
    parts = [
        ("type", (None, "contacts")),
        ("delimiter", (None, ",")),
        ("overrideExisting", (None, "true")),
        ("updateOnlyEmptyFields", (None, "false")),
        ("file", ("file.csv", b"_email,_name\n" + rows, "text/csv")),
    ]
    created = client.call("POST", "/imports", files=parts).json()
    progress = []
    while (shown := client.look(created["id"]))["status"] != "finished":
        progress.append((shown["success"] + shown["errors"]) / created["total"])
        client.clock.pass_seconds(1)

    assert progress == [0, 0.4, 0.8]
    assert shown["success"] == created["total"] == 2_500
