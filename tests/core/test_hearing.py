"""Whether arrivals are announced shows in what the listings find."""

from collections.abc import Collection

import pytest

from dropbox_agent.core.hearing import (
    DEAF_LISTINGS,
    GRACE_SECONDS,
    JUDGED_LISTINGS,
    LENIENT_SECONDS,
    MEMORY_SECONDS,
    MOST_REMEMBERED,
    Hearing,
)


class Listings:
    """Gives listings to one ``Hearing``, each ten seconds after the one before."""

    def __init__(self) -> None:
        self.hearing = Hearing()
        self.hearing.begin(0.0)
        self.now = LENIENT_SECONDS

    def list(
        self,
        *found: str,
        announced: Collection[str] | None = (),
        after: float = 10.0,
    ) -> None:
        """List some files that are new, after something was announced."""
        self.now += after
        self.hearing.listed(found, announced, self.now)

    def miss(self, name: str) -> None:
        """Let a file be found that is never announced."""
        self.list(name)
        self.list()


@pytest.fixture
def listings() -> Listings:
    """A watch that is not new any more."""
    return Listings()


def test_an_announced_file_is_not_missed(listings: Listings) -> None:
    """The usual course."""
    listings.list("a.csv", announced={"a.csv"})
    listings.list()
    assert listings.hearing.missed == 0


def test_a_file_that_was_never_announced_is_missed(listings: Listings) -> None:
    """It is counted once, however often it is looked for."""
    listings.list("a.csv", announced={"b.csv"})
    listings.list()
    listings.list()
    assert listings.hearing.missed == 1


def test_an_announcement_may_come_a_moment_after_the_listing(listings: Listings) -> None:
    """The listing can be quicker than the event."""
    listings.list("a.csv")
    listings.list(announced={"a.csv"}, after=GRACE_SECONDS)
    listings.list()
    assert listings.hearing.missed == 0


def test_a_listing_too_soon_proves_nothing(listings: Listings) -> None:
    """Another file may ring a millisecond later."""
    listings.list("a.csv")
    listings.list("b.csv", announced={"b.csv"}, after=0.001)
    assert listings.hearing.missed == 0
    listings.list(announced={"a.csv"}, after=0.001)
    listings.list()
    assert listings.hearing.missed == 0


def test_a_file_may_be_announced_long_before_it_is_found(listings: Listings) -> None:
    """Other inboxes were listed in between, or the listing was a long one."""
    listings.list(announced={"a.csv"})
    while listings.now < LENIENT_SECONDS + MEMORY_SECONDS - 20:
        listings.list()
    listings.list("a.csv")
    listings.list()
    assert listings.hearing.missed == 0


def test_an_announcement_counts_for_one_arrival_only(listings: Listings) -> None:
    """The same name tomorrow has to be announced again."""
    listings.list("a.csv", announced={"a.csv"})
    listings.list(after=MEMORY_SECONDS)
    listings.miss("a.csv")
    assert listings.hearing.missed == 1


def test_the_latest_announcements_are_remembered(listings: Listings) -> None:
    """Of a hundred thousand, only so many; one that is repeated counts as new."""
    listings.list(announced=["a.csv", "b.csv"])
    listings.list(announced=["a.csv", *(f"{number}.csv" for number in range(MOST_REMEMBERED - 1))])
    listings.list("a.csv", "b.csv")
    listings.list()
    assert listings.hearing.missed == 1


def test_what_a_new_watch_finds_first_was_there_before(listings: Listings) -> None:
    """After a watch was replaced."""
    listings.list("a.csv")
    listings.hearing.begin(listings.now)
    listings.list("b.csv")
    listings.list(after=LENIENT_SECONDS)
    assert listings.hearing.missed == 0
    listings.miss("c.csv")
    assert listings.hearing.missed == 1


def test_without_a_watch_nothing_is_missed() -> None:
    """Before the first has begun."""
    hearing = Hearing()
    for second in range(1000):
        hearing.listed([f"{second}.csv"], (), second)
    assert hearing.missed == 0


def test_with_too_many_announcements_to_remember_nothing_is_judged(listings: Listings) -> None:
    """For a while: nobody can tell what was among them."""
    listings.list("a.csv")
    listings.list("b.csv", announced=None)
    listings.list("c.csv")
    listings.list(after=LENIENT_SECONDS)
    assert listings.hearing.missed == 0


def test_one_listing_without_announcements_is_not_bad_yet(listings: Listings) -> None:
    """However many files it found."""
    listings.list(*(f"{number}.csv" for number in range(100)))
    listings.list()
    assert listings.hearing.missed == 100
    assert not listings.hearing.is_bad


def test_several_are(listings: Listings) -> None:
    """Also with good ones between them."""
    for number in range(DEAF_LISTINGS):
        assert not listings.hearing.is_bad
        listings.list(f"heard {number}.csv", announced={f"heard {number}.csv"})
        listings.miss(f"missed {number}.csv")
    assert listings.hearing.is_bad
    listings.hearing.forget()
    assert not listings.hearing.is_bad


def test_a_listing_of_which_a_part_was_announced_proves_nothing(listings: Listings) -> None:
    """In a burst some announcements are dropped by the operating system; they are counted."""
    for number in range(10):
        listings.list(f"missed {number}.csv")
        listings.list(f"heard {number}.csv", announced={f"heard {number}.csv"})
    assert listings.hearing.missed == 10
    assert not listings.hearing.is_bad
    assert not listings.hearing.is_good


def test_all_is_good_only_after_a_while(listings: Listings) -> None:
    """One announcement may be that of a file of our own on a share."""
    for number in range(JUDGED_LISTINGS):
        assert not listings.hearing.is_good
        listings.list(f"{number}.csv", announced={f"{number}.csv"})
    assert listings.hearing.is_good
    listings.miss("missed.csv")
    assert not listings.hearing.is_good


def test_only_so_many_files_wait_to_be_announced(listings: Listings) -> None:
    """A hundred thousand files at once are not kept a second time."""
    listings.list(*(f"{number}.csv" for number in range(3 * MOST_REMEMBERED)))
    listings.list()
    assert listings.hearing.missed == MOST_REMEMBERED
