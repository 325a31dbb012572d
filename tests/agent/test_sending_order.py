"""Which file is sent when: later drops win, and whatever can go side by side does."""

import os
from functools import partial

from dropbox_agent.agent import Rules
from dropbox_agent.core.imports import NotNow
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order
from dropbox_agent.errors import TryLater
from tests.drops import contacts, products, vouchers
from tests.fakes import answer_with, lose_answer_after_accepting
from tests.homes import Home

SETS = ("61fa54f238319b3bf1990fdc", "61fa54f238319b3bf1990fdd")
PLACES = TryLater("There is no place left.", hint="Nothing to do.", code="queue-full")


def drop_in_turn(home: Home, count: int) -> None:
    """Drop contacts one after the other, each when the one before has been claimed."""
    for number in range(count):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, name=f"Ada {number}"))
        home.run_until(partial(home.stage, f"{number}.csv"))


def order_of_imports(home: Home, count: int) -> list[int]:
    """List which of the files dropped in turn became an import first, second, third."""
    contents = [contacts(1, name=f"Ada {number}") for number in range(count)]
    return [contents.index(each.content) for each in home.api.sent if each.became]


def most_under_way(home: Home) -> int:
    """Let everything be imported; return how many imports were under way at once at most."""
    most = 0

    def look() -> bool:
        nonlocal most
        most = max(most, sum(not each.status.ended for each in home.api.imports))
        return home.is_at_rest

    home.run_until(look)
    return most


def test_a_later_file_waits_until_the_earlier_one_has_ended(home: Home) -> None:
    """Of one kind only one import is under way, so that the later drop wins."""
    drop_in_turn(home, 3)
    assert most_under_way(home) == 1
    assert order_of_imports(home, 3) == [0, 1, 2]


def test_the_order_survives_pauses_lost_answers_and_a_start(home: Home) -> None:
    """Whatever happens to the first file, the second does not overtake it."""
    home.api.next_create(answer_with(NotNow(PLACES)), lose_answer_after_accepting())
    drop_in_turn(home, 3)
    home.start()
    assert most_under_way(home) == 1
    assert order_of_imports(home, 3) == [0, 1, 2]


def test_a_file_still_being_checked_is_not_overtaken(home: Home) -> None:
    """A later file waits also for an earlier one that has not come as far as itself."""
    home.drop(Kind.CONTACTS, "0.csv", contacts(1, name="Ada 0"))
    home.run_until(lambda: home.stage("0.csv") is Stage.CHECKED)
    home.payloads()[0].write_bytes(contacts(1, name="Ada 0"))
    home.drop(Kind.CONTACTS, "1.csv", contacts(1, name="Ada 1"))
    home.rest()
    assert order_of_imports(home, 2) == [0, 1]


def test_files_found_together_keep_the_order_of_their_own_times(home: Home) -> None:
    """Of files that lay there at the start the one written first is sent first."""
    for number in (2, 0, 1):
        path = home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, name=f"Ada {number}"))
        os.utime(path, (1_700_000_000 + number,) * 2)
    home.rest()
    assert order_of_imports(home, 3) == [0, 1, 2]


def test_different_kinds_and_sets_go_side_by_side(home: Home) -> None:
    """Contacts, products and vouchers for two sets do not wait for each other."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(1))
    for coupon_set in SETS:
        home.drop(Kind.VOUCHERS, f"{coupon_set}.csv", vouchers(1), folder=coupon_set)
    assert most_under_way(home) == 4


def test_vouchers_for_one_set_wait_for_each_other(home: Home) -> None:
    """Two files for the same set are sent one after the other."""
    home.drop(Kind.VOUCHERS, "spring.csv", vouchers(1), folder=SETS[0])
    home.drop(Kind.VOUCHERS, "summer.csv", vouchers(2), folder=SETS[0])
    assert most_under_way(home) == 1


def test_a_relaxed_order_fills_the_places(home: Home) -> None:
    """Nobody waits for the earlier file, but never more than so many are under way."""
    home.rules = Rules(order=Order.RELAXED, max_queued=3)
    for number in range(7):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, name=f"Ada {number}"))
    assert most_under_way(home) == 3
    assert len(home.api.imports) == 7


def test_places_limit_different_kinds_too(home: Home) -> None:
    """The places of the account are one number for all kinds."""
    home.rules = Rules(max_queued=1)
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(1))
    assert most_under_way(home) == 1


def test_a_failed_file_does_not_block_the_next(home: Home) -> None:
    """A rejected file lets the one behind it pass."""
    home.drop(Kind.CONTACTS, "0.csv", b"Email\nann@example.com\n")
    home.run_until(lambda: bool(home.reports()))
    home.drop(Kind.CONTACTS, "1.csv", contacts(1))
    home.rest()
    assert home.report("1.csv")["outcome"] == "imported"
