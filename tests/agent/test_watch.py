"""The watch on the inboxes is begun anew when it ends, and its troubles are told once."""

import pytest

from dropbox_agent.agent import Watch
from dropbox_agent.agent.watch import (
    DEAF_RENEWAL_SECONDS,
    REFUSED,
    RENEWAL_SECONDS,
    UNHEARD_RESCAN_SECONDS,
)
from dropbox_agent.core.hearing import DEAF_LISTINGS, JUDGED_LISTINGS, LENIENT_SECONDS
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mount import UNKNOWN, Mount
from dropbox_agent.errors import TryLater
from tests.clocks import SetClock
from tests.drops import contacts
from tests.homes import Home
from tests.stand_ins import PatientPool, SetWatcher
from tests.witnesses import RecordingWitness

NO_WATCHES = TryLater("There are no watches left.", hint="Raise the limit.", code="no-watches")
USUAL_SECONDS = 30.0


class WatchedInbox:
    """A watch, and the looks at an inbox that it looks after.

    Attributes:
        watcher: What it looks after.
        witness: Hears of troubles.
        clock: Goes on by one usual interval with each look.
    """

    def __init__(self, mount: Mount = UNKNOWN) -> None:
        self.watcher = SetWatcher()
        self.watcher.news = set()
        self.witness = RecordingWitness()
        self.clock = SetClock()
        self.watch = Watch(self.watcher, self.witness, rescan_seconds=USUAL_SECONDS, mount=mount)
        self._number = 0
        self.settle_in()

    def look(self, *found: str) -> None:
        """Look once, as the loop does."""
        self.clock.advance(USUAL_SECONDS)
        self.watch.keep(self.clock.monotonic())
        self.watch.found(found, self.clock.monotonic())

    def settle_in(self) -> None:
        """Look until a new watch is judged."""
        self.look()
        self.clock.advance(LENIENT_SECONDS)
        self.look()

    def miss(self, files: int = DEAF_LISTINGS) -> None:
        """Find files that nothing announces."""
        for _ in range(files):
            self._number += 1
            self.look(f"contacts/{self._number}.csv")
            self.look()

    def hear(self, files: int = JUDGED_LISTINGS) -> None:
        """Find files that were announced."""
        for _ in range(files):
            self._number += 1
            self.watcher.news = {f"contacts/{self._number}.csv"}
            self.look(f"contacts/{self._number}.csv")

    def go_deaf(self) -> None:
        """Miss files before and after the watch was begun anew."""
        self.miss()
        self.settle_in()
        self.miss()


@pytest.fixture
def inbox() -> WatchedInbox:
    """An inbox whose watch goes on, on a file system like any other."""
    return WatchedInbox()


class TestKeeping:
    """A watch that has ended is begun anew."""

    def test_one_that_goes_on_is_left_alone(self, inbox: WatchedInbox) -> None:
        """Nothing is begun anew without need, and nothing said."""
        inbox.hear(100)
        assert (inbox.watcher.restarts, inbox.witness.notices) == (0, [])
        assert inbox.watch.mode == "The inbox is watched by events, and listed every 30 s."

    def test_one_that_has_ended_is_begun_anew(self, inbox: WatchedInbox) -> None:
        """An inbox that was replaced is watched again, without a word."""
        inbox.watcher.ended = "the folder was replaced"
        inbox.look()
        assert inbox.watcher.trouble() is None
        assert (inbox.watcher.restarts, inbox.witness.notices) == (1, [])

    def test_one_that_cannot_be_begun_is_told_of_once(self, inbox: WatchedInbox) -> None:
        """It is tried again and again, and people read about it once."""
        inbox.watcher.ended, inbox.watcher.refusal = "no inotify", NO_WATCHES
        for _ in range(10):
            inbox.look()
        assert inbox.watcher.restarts > 3
        assert inbox.witness.notices == ["There are no watches left. Raise the limit."]

    def test_it_is_tried_less_and_less_often(self, inbox: WatchedInbox) -> None:
        """But at least every minute, and at once when it had gone on in between."""
        inbox.watcher.ended, inbox.watcher.refusal = "no inotify", NO_WATCHES
        tried_at: list[int] = []
        for second in range(300):
            inbox.watch.keep(inbox.clock.monotonic() + 10.0 + second)
            if inbox.watcher.restarts > len(tried_at):
                tried_at.append(second)
        assert tried_at[:5] == [0, 1, 3, 7, 15]
        assert tried_at[-1] - tried_at[-2] == REFUSED.ceiling_seconds

    def test_a_trouble_that_comes_back_is_told_again(self, inbox: WatchedInbox) -> None:
        """When the watch had gone on in between, it is news."""
        for refusal in (NO_WATCHES, None, NO_WATCHES):
            inbox.watcher.ended = "no inotify" if refusal else None
            inbox.watcher.refusal = refusal
            inbox.look()
        assert len(inbox.witness.notices) == 2

    def test_without_a_watch_the_inbox_is_listed_more_often(self, inbox: WatchedInbox) -> None:
        """Until there is one again; what is found meanwhile is not its fault."""
        inbox.watcher.ended, inbox.watcher.refusal = "no inotify", NO_WATCHES
        inbox.miss(10)
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
        assert inbox.watch.mode == "The inbox cannot be watched, so it is listed every 5 s."
        inbox.watcher.refusal = None
        inbox.look()
        inbox.look()
        assert inbox.watch.rescan_seconds == USUAL_SECONDS
        assert inbox.watch.missed == 0

    def test_a_watch_is_replaced_in_time(self, inbox: WatchedInbox) -> None:
        """Whatever it gathers in memory goes back, and what it finds first is no miss."""
        inbox.clock.advance(RENEWAL_SECONDS - LENIENT_SECONDS - 3 * USUAL_SECONDS)
        inbox.look()
        assert inbox.watcher.restarts == 0
        inbox.look("contacts/a.csv")
        inbox.look()
        assert inbox.watcher.restarts == 1
        inbox.look()
        assert inbox.watcher.restarts == 1
        assert (inbox.watch.missed, inbox.witness.notices) == (0, [])


class TestOnSharesThatHang:
    """Looking after the watch may take for ever; the loop goes on."""

    def test_it_is_done_beside_the_loop(self) -> None:
        """Only one such task waits for the share at a time."""
        pool, watcher = PatientPool(), SetWatcher()
        watcher.ended = "the share was replaced"
        watch = Watch(watcher, RecordingWitness(), run=pool.submit)
        for second in range(10):
            watch.keep(float(second))
        assert (len(pool.tasks), watcher.restarts) == (1, 0)
        pool.run_one()
        assert watcher.restarts == 1
        watch.keep(20.0)
        watch.keep(30.0)
        assert len(pool.tasks) == 1

    def test_a_surprise_does_not_end_it(self) -> None:
        """It is told, and tried again."""

        class BrokenWatcher(SetWatcher):
            def trouble(self) -> str | None:
                if not self.restarts:
                    self.restarts = 1
                    raise ZeroDivisionError
                return super().trouble()

        witness = RecordingWitness()
        watch = Watch(BrokenWatcher(), witness)
        watch.keep(0.0)
        assert "ZeroDivisionError" in witness.notices[0]
        assert watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
        watch.keep(10.0)
        assert watch.rescan_seconds == USUAL_SECONDS / 3


class TestHearing:
    """A watch that misses what arrives is begun anew, and if that does not help, done without."""

    def test_a_few_misses_are_only_counted(self, inbox: WatchedInbox) -> None:
        """One listing with a surprise is no reason to do anything."""
        inbox.miss(DEAF_LISTINGS - 1)
        inbox.look()
        assert (inbox.watch.missed, inbox.watcher.restarts) == (DEAF_LISTINGS - 1, 0)

    def test_one_that_keeps_missing_is_begun_anew(self, inbox: WatchedInbox) -> None:
        """And people are told so once."""
        inbox.miss()
        inbox.settle_in()
        inbox.hear(20)
        assert inbox.watcher.restarts == 1
        (notice,) = inbox.witness.notices
        assert "begun anew" in notice
        assert inbox.watch.rescan_seconds == USUAL_SECONDS

    def test_one_that_still_misses_is_done_without(self, inbox: WatchedInbox) -> None:
        """The inbox is then listed more often, which is told once."""
        inbox.go_deaf()
        inbox.miss(20)
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
        assert inbox.watch.mode == (
            "Files arrive in the inbox without the operating system telling, so it is listed "
            "every 5 s."
        )
        assert len(inbox.witness.notices) == 2
        assert inbox.watch.mode in inbox.witness.notices[1]

    def test_a_deaf_one_is_replaced_more_often(self, inbox: WatchedInbox) -> None:
        """Perhaps a new one hears."""
        inbox.go_deaf()
        before = inbox.watcher.restarts
        for _ in range(2):
            inbox.clock.advance(DEAF_RENEWAL_SECONDS)
            inbox.look()
        assert inbox.watcher.restarts == before + 2

    def test_a_deaf_one_that_hears_again_is_relied_on_again(self, inbox: WatchedInbox) -> None:
        """After a while, and people are told."""
        inbox.go_deaf()
        inbox.hear(JUDGED_LISTINGS - 1)
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
        inbox.hear(JUDGED_LISTINGS)
        assert inbox.watch.rescan_seconds == USUAL_SECONDS
        assert inbox.witness.notices[2:] == [
            "Arrivals are announced again. The inbox is watched by events, and listed every 30 s."
        ]

    def test_it_may_go_deaf_again(self, inbox: WatchedInbox) -> None:
        """It is then told again, and again a new watch is tried first."""
        inbox.go_deaf()
        inbox.hear(2 * JUDGED_LISTINGS)
        inbox.go_deaf()
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
        assert len(inbox.witness.notices) == 5

    def test_an_interval_that_is_short_already_is_kept(self) -> None:
        """Nobody is listed less often for being deaf."""
        watch = Watch(
            SetWatcher(), RecordingWitness(), rescan_seconds=0.5, mount=Mount.of_type("nfs", "/")
        )
        assert watch.rescan_seconds == 0.5


class TestShares:
    """Where others write, nobody announces it: that is known from the start."""

    def test_it_is_told_at_the_start(self) -> None:
        """In one line, with the reason, and the interval is short."""
        inbox = WatchedInbox(Mount.of_type("cifs", "/srv/drop"))
        inbox.miss(10)
        (notice,) = inbox.witness.notices
        assert notice == (
            "The inbox is on a network share (cifs): what others put there is not announced, so "
            "it is listed every 5 s."
        )
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS

    def test_what_is_not_announced_there_is_no_reason_to_begin_anew(self) -> None:
        """It is counted, to show what announcements are worth there."""
        inbox = WatchedInbox(Mount.of_type("nfs4", "/srv/drop"))
        inbox.miss(10)
        assert (inbox.watch.missed, inbox.watcher.restarts) == (10, 0)

    def test_announcements_do_not_make_it_local(self) -> None:
        """A server on this machine may write there too, and others still unheard."""
        inbox = WatchedInbox(Mount.of_type("virtiofs", "/srv/drop"))
        inbox.hear(20)
        assert inbox.watch.rescan_seconds == UNHEARD_RESCAN_SECONDS


def test_files_are_found_without_a_watch(home: Home) -> None:
    """The listing is the truth: without any event a file is only found later."""
    home.watcher.ended, home.watcher.refusal = "no inotify", NO_WATCHES
    home.start()
    (home.folders.inbox / "contacts" / "people.csv").write_bytes(contacts(2))
    home.run_until(lambda: bool(home.reports()), seconds=120)
    assert home.report("people.csv")["file"]["kind"] == Kind.CONTACTS
