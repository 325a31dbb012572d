"""What every import API promises the agent, whichever it is: the fake, or the real one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pytest

from dropbox_agent.core.account import AccountApi
from dropbox_agent.core.imports import (
    Accepted,
    Import,
    ImportApi,
    ImportId,
    ImportOptions,
    NotNow,
    OutcomeUnknown,
    Status,
)
from dropbox_agent.core.kind import Kind
from tests.bodies import BrokenBody, BytesBody

PRODUCTS = BytesBody(
    b"productDetailUrl,productId,name,unitPrice\n"
    b"https://shop.example.com/1,1,One,1.00\n"
    b"https://shop.example.com/2,2,Two,2.00\n"
)
CONTACTS = BytesBody("_email;_name\nann@example.com;Ann\nbob@example.com;Böb\n".encode())
ODD_CONTACTS = BytesBody('_email,_name\r\nann@example.com,"Änn\n"'.encode(), piece=5)
VOUCHERS = BytesBody(b"code\nSUMMER1\n")
LONG_ENOUGH = 1000.0


class Api(ImportApi, AccountApi, Protocol):
    """All that the agent needs of the server."""


@dataclass(frozen=True)
class Side:
    """An import API and what stands behind it.

    Attributes:
        api: What is tried.
        coupon_set: Id of a set that vouchers may go into.
        advance: Let so many seconds pass for the server.
        hashes: SHA-256 of every file that became an import, oldest first.
        lose_next_answer: Let the next file be taken and its answer be lost.
        start_in_app: Make an import as a person does in the web application.
        cancel: Cancel an import as a person does there.
    """

    api: Api
    coupon_set: str
    advance: Callable[[float], None]
    hashes: Callable[[], Sequence[str]]
    lose_next_answer: Callable[[], None]
    start_in_app: Callable[[], object]
    cancel: Callable[[ImportId], None]

    def take(self, body: BytesBody = PRODUCTS, kind: Kind = Kind.PRODUCTS) -> Import:
        """Send a file and expect it to be taken."""
        sent = self.api.create(kind, ImportOptions(), body)
        assert isinstance(sent, Accepted)
        return sent.imported


class ImportApiContract:
    """Run by a subclass whose fixture ``side`` gives an empty account."""

    @pytest.fixture
    def side(self) -> Side:
        """Give the import API to be tried."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("kind", "body", "options", "rows"),
        [
            (Kind.PRODUCTS, PRODUCTS, ImportOptions(override_existing=False), 2),
            (
                Kind.CONTACTS,
                CONTACTS,
                ImportOptions(delimiter=";", update_only_empty_fields=True),
                2,
            ),
        ],
    )
    def test_what_was_taken_is_told_back(
        self, side: Side, kind: Kind, body: BytesBody, options: ImportOptions, rows: int
    ) -> None:
        """Kind, options and rows are those that were sent, and the way was the API."""
        sent = side.api.create(kind, options, body)
        assert isinstance(sent, Accepted)
        made = sent.imported
        assert made.id
        assert (made.kind, made.options, made.total) == (kind, options, rows)
        assert (made.status, made.origin, made.done) == (Status.QUEUED, "api", 0)

    def test_vouchers_go_into_their_set(self, side: Side) -> None:
        """The set is told back with the other options."""
        options = ImportOptions(coupon_set=side.coupon_set)
        sent = side.api.create(Kind.VOUCHERS, options, VOUCHERS)
        assert isinstance(sent, Accepted)
        assert (sent.imported.kind, sent.imported.options) == (Kind.VOUCHERS, options)

    def test_the_bytes_arrive_as_they_are(self, side: Side) -> None:
        """Each file becomes one import of exactly these bytes."""
        side.take(PRODUCTS)
        side.take(ODD_CONTACTS, Kind.CONTACTS)
        assert side.hashes() == [PRODUCTS.sha256, ODD_CONTACTS.sha256]

    def test_an_import_ends_with_all_rows_accounted_for(self, side: Side) -> None:
        """After a while it is finished, and every row counts as gone in."""
        made = side.take()
        side.advance(LONG_ENOUGH)
        told = side.api.get(made.id)
        assert told is not None
        assert (told.id, told.status, told.success, told.errors) == (
            made.id,
            Status.FINISHED,
            2,
            0,
        )

    def test_an_unknown_import_is_none(self, side: Side) -> None:
        """No error: the server just does not know it."""
        assert side.api.get(ImportId("0" * 23 + "f")) is None

    def test_an_account_without_imports_lists_none(self, side: Side) -> None:
        """An empty list is an answer."""
        assert side.api.recent() == ()

    def test_the_list_is_newest_first_and_shows_everyones(self, side: Side) -> None:
        """Imports started in the web application are listed too, and told apart."""
        first = side.take()
        side.advance(1)
        side.start_in_app()
        side.advance(1)
        last = side.take()
        listed = side.api.recent()
        assert [each.origin for each in listed] == ["api", "app", "api"]
        assert (listed[0].id, listed[-1].id) == (last.id, first.id)

    def test_a_full_queue_asks_to_wait_and_takes_files_again(self, side: Side) -> None:
        """The eleventh waiting import is refused for now, and nothing is made of it."""
        for _ in range(10):
            side.take()
        refused = side.api.create(Kind.PRODUCTS, ImportOptions(), PRODUCTS)
        assert isinstance(refused, NotNow)
        assert refused.why.code == "queue-full"
        assert len(side.hashes()) == 10
        side.advance(LONG_ENOUGH)
        side.take()

    def test_a_file_that_cannot_be_read_becomes_no_import(self, side: Side) -> None:
        """The disk's error comes through, and the server has nothing."""
        with pytest.raises(OSError, match="disk on fire"):
            side.api.create(Kind.PRODUCTS, ImportOptions(), BrokenBody(OSError("disk on fire")))
        assert side.hashes() == []

    def test_an_import_whose_answer_was_lost_can_be_found(self, side: Side) -> None:
        """The outcome is unknown, and the list shows what became of it."""
        side.lose_next_answer()
        sent = side.api.create(Kind.PRODUCTS, ImportOptions(), PRODUCTS)
        assert isinstance(sent, OutcomeUnknown)
        (found,) = side.api.recent()
        assert (found.kind, found.total, found.origin) == (Kind.PRODUCTS, 2, "api")
        assert len(side.hashes()) == 1

    def test_the_account_tells_its_contact_fields(self, side: Side) -> None:
        """System fields and custom ones, with all that a check needs."""
        fields = {each.id: each for each in side.api.contact_fields()}
        assert (fields["_email"].type, fields["_email"].read_only) == ("email", False)
        assert fields["_createdAt"].read_only
        assert (fields["city"].name, fields["city"].max_length) == ("City", 100)
        size = fields["shirtSize"]
        assert (size.type, size.options[:2], size.labels[:2]) == (
            "radio",
            ("s", "m"),
            ("Small", "Medium"),
        )

    def test_the_account_tells_its_coupon_sets(self, side: Side) -> None:
        """Their ids, names and types."""
        sets = {each.id: each for each in side.api.coupon_sets()}
        assert sets[side.coupon_set].type == "multiple"
        assert {each.name: each.takes_codes for each in sets.values()} == {
            "Sandbox vouchers": True,
            "Welcome vouchers": True,
            "Summer for all": False,
        }

    def test_an_import_can_be_cancelled_from_elsewhere(self, side: Side) -> None:
        """It then has ended, though it is not finished."""
        made = side.take()
        side.cancel(made.id)
        told = side.api.get(made.id)
        assert told is not None
        assert told.status is Status.CANCELLED
