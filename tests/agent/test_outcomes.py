"""What becomes of one file, from the inbox to its report."""

from collections.abc import Callable

import pytest

from dropbox_agent.adapters.spool.mark import MARK_NAME
from dropbox_agent.core.imports import Accepted, Import, ImportId, Refused, SendAnswer, Status
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.crashes import Fuse, FusedDisk
from tests.drops import contacts, products, vouchers
from tests.fakes import Turn, answer_with
from tests.homes import Home

SET = "61fa54f238319b3bf1990fdc"
FIRST_IMPORT = ImportId(f"{1:024x}")


def accept_then(change: Callable[[ImportId], None]) -> Turn:
    """Accept a file, and have something happen to its import."""

    def turn(accept: Callable[[], Import]) -> SendAnswer:
        made = accept()
        change(made.id)
        return Accepted(made)

    return turn


def test_a_file_goes_through_every_stage_to_processed(home: Home) -> None:
    """A good file is claimed, checked, sent once, followed to its end, and filed with a report."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    assert home.witness.stages("people.csv") == [
        Stage.CLAIMED,
        Stage.CHECKED,
        Stage.SENDING,
        Stage.SENT,
        Stage.ENDED,
        Stage.JUDGED,
        Stage.FILED,
    ]
    assert [each.content for each in home.api.sent] == [contacts(3)]
    stem = "20260115T120005Z-c0000001-people"
    assert home.archived("processed") == [f"{stem}.csv", f"{stem}.report.json"]
    assert home.archived("failed") == []


def test_the_archived_file_is_the_senders_to_the_byte(home: Home) -> None:
    """Byte-order mark, line ends and blank lines of the original survive."""
    content = b'\xef\xbb\xbf_email;_name\r\n\r\n ann@example.com;"A\nnn"\r\n\n\r\n'
    home.drop(Kind.CONTACTS, "people.csv", content)
    home.rest()
    assert home.payload_of("people.csv") == content


def test_the_inbox_and_the_claims_are_empty_afterwards(home: Home) -> None:
    """Nothing of a filed job is left where it came from."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    left = {each.name for each in home.folders.inbox.rglob("*")}
    assert left == {"contacts", "products", "vouchers", ".claimed", MARK_NAME}


def test_the_report_becomes_visible_last(home: Home) -> None:
    """A program that waits for the report finds the file already there."""
    fuse = Fuse()
    home.disk = FusedDisk(fuse)
    home.start()
    begun = len(fuse.points)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    claimed, archived, reported = (
        name for name in fuse.points[begun:] if name in {"disk.move done", "disk.replace done"}
    )
    assert (claimed, archived, reported) == (
        "disk.move done",
        "disk.move done",
        "disk.replace done",
    )


def test_the_report_tells_of_every_row(home: Home) -> None:
    """Totals, import and file facts of a good file add up."""
    home.drop(Kind.PRODUCTS, "chairs.csv", products(5))
    home.rest()
    report = home.report("chairs.csv")
    assert report["outcome"] == "imported"
    assert report["reason"] is None
    assert report["totals"] == {"rows": 5, "success": 5, "errors": 0, "unaccounted": 0}
    assert [each["id"] for each in report["imports"]] == [FIRST_IMPORT]
    assert report["file"]["bytes"] == len(products(5))
    assert report["timeline"][-1]["stage"] == "filed"


def test_rows_that_the_server_refuses_make_a_file_partial(home: Home) -> None:
    """A file of which some rows went in is processed, and its reason says how many did not."""
    home.api.faulty_rows = 2
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("partial", "rows-refused")
    assert report["totals"] == {"rows": 3, "success": 1, "errors": 2, "unaccounted": 0}
    assert len(home.archived("processed")) == 2


def test_a_rejected_file_is_never_sent(home: Home) -> None:
    """A file with a fault lies in failed, with the reason, and the server heard nothing of it."""
    home.drop(Kind.CONTACTS, "people.csv", b"Email,_name\nann@example.com,Ann\n")
    home.rest()
    assert home.api.calls == []
    report = home.report("people.csv")
    assert report["outcome"] == "rejected"
    assert report["reason"]["hint"]
    assert report["check"]["errors"] == len(report["check"]["issues"]) > 0
    assert len(home.archived("failed")) == 2


def test_an_empty_file_is_rejected_after_a_while(home: Home) -> None:
    """A file of no bytes may be a placeholder; it is not taken for one for ever."""
    home.drop(Kind.CONTACTS, "people.csv", b"")
    home.run_for(50)
    assert home.archived("failed") == []
    home.run_until(lambda: bool(home.archived("failed")))
    assert home.report("people.csv")["reason"]["code"] == "empty-file"


def test_a_file_that_the_server_refuses_has_failed(home: Home) -> None:
    """An answer about this very request counts against the file, with the server's own reason."""
    home.api.next_create(answer_with(Refused(422, "validation-error", "No such set.", "Mend it.")))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.rest()
    report = home.report("chairs.csv")
    assert report["outcome"] == "failed"
    assert report["reason"] == {
        "code": "validation-error",
        "message": "No such set.",
        "hint": "Mend it.",
    }
    assert report["imports"] == []
    assert home.api.calls.count("create") == 1


@pytest.mark.parametrize(
    ("status", "code"), [(Status.ERROR, "import-error"), (Status.CANCELLED, "import-cancelled")]
)
def test_an_import_that_ends_badly_has_failed(home: Home, status: Status, code: str) -> None:
    """An import that errored or was cancelled takes its file to failed, and is not repeated."""
    home.drop(Kind.PRODUCTS, "chairs.csv", products(4))
    home.run_until(lambda: bool(home.api.imports))
    home.api.end(FIRST_IMPORT, status)
    home.rest()
    report = home.report("chairs.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", code)
    assert report["totals"] == {"rows": 4, "success": 2, "errors": 0, "unaccounted": 2}
    assert home.api.calls.count("create") == 1


def test_an_import_that_vanishes_has_failed_after_a_grace(home: Home) -> None:
    """An import the server knows no longer is given up, but not at the first look."""
    home.drop(Kind.PRODUCTS, "chairs.csv", products(4))
    home.run_until(lambda: bool(home.api.imports))
    home.api.vanish(FIRST_IMPORT)
    home.run_for(home.rules.unknown_grace_seconds - 2)
    assert home.reports() == []
    home.rest()
    report = home.report("chairs.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", "import-vanished")
    assert report["imports"][0]["status"] == "vanished"
    assert home.api.calls.count("create") == 1


def test_an_import_without_a_good_row_has_failed(home: Home) -> None:
    """A finished import of which nothing went in is no success."""
    home.api.faulty_rows = 3
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.rest()
    assert home.report("chairs.csv")["reason"]["code"] == "no-row-imported"
    assert len(home.archived("failed")) == 2


def test_rows_of_which_the_server_says_nothing_are_counted(home: Home) -> None:
    """Counts that do not add up make a file partial."""
    home.api.next_create(accept_then(lambda made: home.api.claim(made, success=1)))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.rest()
    report = home.report("chairs.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("partial", "rows-unaccounted")
    assert report["totals"]["unaccounted"] == 2


@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_an_import_that_ends_at_once_is_concluded(home: Home, seconds: float) -> None:
    """A server that is through with a file before it answers is as good as any other."""
    home.api.seconds_per_import = seconds
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_status_that_nobody_knows_is_still_running(home: Home) -> None:
    """A new word for a status keeps us asking, with an alarm, and fails nothing."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.run_until(lambda: bool(home.api.imports))
    home.api.claim(FIRST_IMPORT, status=Status.OTHER, status_text="pondering")
    home.run_for(300)
    assert home.job("people.csv").stage is Stage.SENT
    assert home.witness.troubles == [("status-unknown", "people.csv")]
    home.api.claim(FIRST_IMPORT, status=Status.FINISHED, status_text="finished")
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def test_the_folder_names_the_coupon_set(home: Home) -> None:
    """Vouchers dropped into a set's folder go into that set."""
    home.default_set = "f" * 24
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(2), folder=SET)
    home.drop(Kind.VOUCHERS, "others.csv", vouchers(3))
    home.rest()
    assert {each.rows: each.options.coupon_set for each in home.api.sent} == {2: SET, 3: "f" * 24}
    assert home.report("codes.csv")["file"]["folder"] == SET


@pytest.mark.parametrize(
    ("folder", "code"), [(None, "coupon-set-missing"), ("summer", "coupon-set-unknown")]
)
def test_vouchers_without_a_set_are_rejected(home: Home, folder: str | None, code: str) -> None:
    """Vouchers for no set, or for what cannot be a set, are not sent."""
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(2), folder=folder)
    home.rest()
    assert home.api.calls == []
    assert home.report("codes.csv")["reason"]["code"] == code
