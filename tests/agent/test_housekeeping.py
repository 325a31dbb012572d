"""What is old is deleted beside the work: only our own, in order, and never by a wrong clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.keeping import Thing
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sweeping import ENTRIES_AT_ONCE, MOST_TOLD
from tests.crashes import Crash
from tests.drops import contacts, vouchers
from tests.homes import Home
from tests.rights import needs_rights
from tests.sweeps import DAY, SweptHome, for_days, up_to

EVERYTHING = {Thing.FILES: for_days(10), Thing.REPORT: for_days(20), Thing.ENTRY: for_days(40)}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[SweptHome]:
    """A home in which nothing is kept for ever."""
    with SweptHome(tmp_path) as home:
        home.keepings = dict(EVERYTHING)
        yield home


def imported(home: Home, *names: str) -> None:
    """Have files imported."""
    for number, name in enumerate(names):
        home.drop(Kind.CONTACTS, name, contacts(2, name=name, first=number))
    home.rest()


def test_files_go_first_then_reports_then_the_journal(home: SweptHome) -> None:
    """Each when its time has come; the journal remembers a job the longest."""
    home.drop(Kind.CONTACTS, "bad.csv", b"_email;_email\na@example.com;b@example.com\n")
    home.rest()
    (job,) = home.journal.latest(1)
    home.live(9)
    assert home.files() == ["bad.csv", "bad.report.json"]
    home.live(3)
    assert home.files() == ["bad.report.json"]
    home.live(10)
    assert home.files() == []
    assert home.journal.find(job.id)
    home.drop(Kind.CONTACTS, "worse.csv", b"\n")
    home.live(20)
    assert home.journal.find(job.id) is None
    assert [line.partition(" (")[0] for line in home.told[:3]] == [
        "deleted the file of 'bad.csv'",
        "deleted the report of 'bad.csv'",
        "deleted the file of 'worse.csv'",
    ]


def test_without_rules_nothing_goes(home: SweptHome) -> None:
    """Not even after years."""
    home.keepings = {}
    imported(home, "a.csv")
    home.live(40)
    assert home.files() == ["a.csv", "a.report.json"]
    assert home.told == []


def test_what_the_journal_remembers_is_told(home: SweptHome) -> None:
    """So people learn who has deleted a file, and when."""
    imported(home, "a.csv")
    (job,) = home.journal.latest(1)
    home.live(12)
    removed = home.journal.removed(job.id)
    assert list(removed) == [Thing.FILES]
    assert 0 <= (home.clock.now() - removed[Thing.FILES]).days <= 2


def test_the_last_imports_of_a_kind_and_set_are_remembered(home: SweptHome) -> None:
    """They tell duplicates, and what is usual, whatever their age."""
    names = [f"{number:02}.csv" for number in range(12)]
    for name in names:
        imported(home, name)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder="61fa54f238319b3bf1990fdc")
    home.rest()
    for kind in (Kind.CONTACTS, Kind.VOUCHERS):
        (home.folders.processed / kind / "note.txt").touch()
    home.live(45)
    assert {job.name for job in home.journal.latest(99)} == {*names[2:], "codes.csv"}


def test_the_entry_of_a_file_that_is_still_there_stays(home: SweptHome) -> None:
    """Without it the agent would not know the file for its own."""
    home.keepings = {Thing.ENTRY: for_days(31)}
    home.drop(Kind.CONTACTS, "bad.csv", b"\n")
    home.rest()
    home.live(40)
    assert len(home.journal.latest(9)) == 1


def test_an_archive_that_is_empty_may_be_a_mount_that_is_away(home: SweptHome) -> None:
    """The journal forgets nothing because of that."""
    home.keepings = {Thing.ENTRY: for_days(31)}
    home.drop(Kind.CONTACTS, "bad.csv", b"\n")
    home.rest()
    for path in (home.folders.failed / Kind.CONTACTS).iterdir():
        path.unlink()
    home.live(40)
    assert len(home.journal.latest(9)) == 1
    (home.folders.failed / Kind.CONTACTS / "note.txt").touch()
    home.sweep()
    assert home.journal.latest(9) == []


def test_beyond_a_size_the_oldest_go(home: SweptHome) -> None:
    """As large as they are on disk, at the next look."""
    size = len(contacts(2, name="1.csv"))
    home.keepings = {Thing.FILES: up_to(2 * size)}
    imported(home, "1.csv", "2.csv", "3.csv")
    home.sweep()
    assert [name for name in home.files() if name.endswith(".csv")] == ["2.csv", "3.csv"]


def test_strangers_files_are_left_alone(home: SweptHome) -> None:
    """Also ones named as the agent names its own, and links in the place of a file."""
    imported(home, "a.csv", "b.csv")
    folder = home.folders.processed / Kind.CONTACTS
    stranger = folder / "20200101T000000Z-cabcdefg-old.csv"
    stranger.write_bytes(b"keep me")
    precious = home.root / "precious.csv"
    precious.write_bytes(b"keep me too")
    (payload,) = folder.glob("*-a.csv")
    payload.unlink()
    payload.symlink_to(precious)
    home.live(25)
    assert stranger.exists()
    assert precious.exists()
    assert payload.is_symlink()
    assert not list(folder.glob("*-b.csv"))


def test_files_that_people_took_away_are_no_trouble(home: SweptHome) -> None:
    """There is nothing to delete, and nothing is said to be deleted."""
    imported(home, "a.csv")
    (payload,) = (home.folders.processed / Kind.CONTACTS).glob("*-a.csv")
    payload.unlink()
    home.live(12)
    assert home.told == []
    assert home.witness.troubles == []


def test_nothing_goes_that_a_job_under_way_refers_to(home: SweptHome) -> None:
    """Its report is about to name the earlier one, and the other way round."""
    imported(home, "a.csv")
    (payload,) = (home.folders.processed / Kind.CONTACTS).glob("*-a.csv")
    home.api.seconds_per_import = 100 * DAY
    home.drop(Kind.CONTACTS, payload.name, payload.read_bytes())
    home.run_until(lambda: any(job.checked for job in home.agent.jobs))
    (job,) = home.agent.jobs
    assert job.checked
    assert job.checked.follows
    home.live(25)
    assert payload.exists()


@pytest.mark.parametrize("years", [-1, 1, 50])
def test_a_clock_that_leaps_deletes_nothing(home: SweptHome, years: int) -> None:
    """Not while it is wrong, nor when it is right again."""
    home.live(1)
    imported(home, "before.csv")
    home.sweep()
    home.clock.jump(years * 365 * DAY)
    imported(home, "meanwhile.csv")
    home.live(3)
    home.start()
    home.live(2)
    home.clock.jump(-years * 365 * DAY)
    imported(home, "after.csv")
    home.live(1)
    assert [name for name in home.files() if name.endswith(".csv")] == [
        "after.csv",
        "before.csv",
        "meanwhile.csv",
    ]
    assert "The clock has leapt" in home.witness.notices[0]
    home.live(12)
    assert not [name for name in home.files() if name.endswith(".csv")]


@pytest.mark.parametrize("hours", [-1, 1, 23])
def test_an_hour_more_or_less_makes_no_difference(home: SweptHome, hours: int) -> None:
    """Summer time and time servers do that."""
    imported(home, "a.csv")
    home.sweep()
    home.clock.jump(hours * 3_600)
    home.live(9)
    assert "a.csv" in home.files()
    home.live(3)
    assert "a.csv" not in home.files()


def test_a_clock_that_stays_is_believed_after_a_week(home: SweptHome) -> None:
    """It may have been wrong before."""
    imported(home, "a.csv")
    home.sweep()
    home.clock.jump(365 * DAY)
    home.live(9)
    assert "a.csv" in home.files()
    home.live(4)
    assert "a.csv" not in home.files()


def test_what_was_filed_by_a_wrong_clock_is_kept_as_long_as_anything(home: SweptHome) -> None:
    """A machine may begin years ago, until it has asked for the time: that ages nothing."""
    home.keepings = {Thing.FILES: for_days(100)}
    home.clock.jump(-6 * 365 * DAY)
    imported(home, "a.csv")
    home.sweep()
    home.clock.jump(6 * 365 * DAY)
    home.live(95)
    assert "a.csv" in home.files()
    home.live(10)
    assert "a.csv" not in home.files()


def test_a_new_file_is_as_new_after_all_others_are_forgotten(home: SweptHome) -> None:
    """It is kept like any other, whatever stood in the journal before."""
    (home.folders.failed / Kind.CONTACTS / "note.txt").touch()
    for name in ("first.csv", "second.csv"):
        home.drop(Kind.CONTACTS, name, b"\n")
        home.rest()
        home.live(9)
        assert name in home.files()
        home.live(40)
        assert home.journal.latest(9) == []


def test_a_part_of_the_archive_that_is_no_folder_holds_up_no_other(home: SweptHome) -> None:
    """It is told, and what is old elsewhere goes."""
    home.keepings = {Thing.FILES: for_days(10), Thing.REPORT: up_to(1)}
    home.drop(Kind.CONTACTS, "bad.csv", b"\n")
    imported(home, "a.csv", "b.csv")
    contacts_failed = home.folders.failed / Kind.CONTACTS
    contacts_failed.rename(home.root / "elsewhere")
    contacts_failed.touch()
    home.live(12)
    assert set(home.witness.troubles) == {("disk-trouble", None)}
    assert [name for name in home.files() if name] == ["b.report.json"]


@needs_rights
def test_one_file_that_cannot_be_deleted_holds_up_no_other(home: SweptHome) -> None:
    """It is told once a look, and tried again."""
    imported(home, "a.csv", "b.csv")
    home.live(9)
    refusal = PermissionError(13, "Permission denied")
    first = iter([refusal])
    home.fuse.fail_while(lambda name: next(first, None) if name == "disk.remove to do" else None)
    home.live(4)
    assert home.witness.troubles == [("disk-trouble", None)]
    assert home.files() == ["a.report.json", "b.report.json"]


def test_trouble_with_the_archive_is_told_and_tried_again(home: SweptHome) -> None:
    """The work goes on meanwhile."""
    imported(home, "a.csv")
    home.live(9)
    home.fuse.fail_while(
        lambda name: OSError(5, "Input/output error") if name == "disk.sync_folder" else None
    )
    home.live(3)
    home.fuse.mend()
    assert set(home.witness.troubles) == {("disk-trouble", None)}
    imported(home, "b.csv")
    home.sweep()
    assert "a.csv" not in home.files()
    assert len(home.journal.removed(home.journal.named("a.csv", 1)[0].id)) == 1


def test_many_are_deleted_in_bites_and_told_in_a_sum(home: SweptHome) -> None:
    """No more than some lines, whatever there is to delete."""
    count = ENTRIES_AT_ONCE + MOST_TOLD
    home.keepings = {Thing.FILES: for_days(1)}
    home.policy = CheckPolicy()
    for number in range(count):
        home.drop(Kind.CONTACTS, f"{number}.csv", b"\n")
    home.rest()
    home.live(3)
    assert len(home.told) == MOST_TOLD + 1
    assert home.told[-1] == f"deleted {count - MOST_TOLD:,} more, {count:,} in all"
    assert not [name for name in home.files() if name.endswith(".csv")]


NOTES = ["", ""]
"""All that is left: what other people have put there."""


def points_of_deletions(root: Path) -> list[tuple[int, str]]:
    """Live through all deletions undisturbed, and list the points they pass."""
    with SweptHome(root) as home:
        begin(home)
        begun = len(home.fuse.points)
        home.live(12)
        home.live(14)
        home.live(20)
        assert home.files() == NOTES
        return list(enumerate(home.fuse.points))[begun:]


def begin(home: SweptHome) -> None:
    """Have two files filed that are to go some day: one with rows to fix, one rejected."""
    home.keepings = dict(EVERYTHING)
    home.policy = CheckPolicy(row_faults="reject")
    home.drop(Kind.CONTACTS, "faulty.csv", contacts(2) + b"nobody,Eva\r\n")
    home.drop(Kind.PRODUCTS, "empty.csv", b"\n")
    home.rest()
    home.sweep()
    for kind in (Kind.CONTACTS, Kind.PRODUCTS):  # else it may be a mount that is away
        (home.folders.failed / kind / "note.txt").touch()


def test_no_crash_leaves_anything_behind_or_out_of_order(tmp_path: Path) -> None:
    """Killed at any point, the next start goes on; no file is ever without its report."""
    walked = points_of_deletions(tmp_path / "undisturbed")
    assert {"disk.remove done", "records.begin files done", "records.forget done"} <= {
        name for _, name in walked
    }
    for at, name in walked:
        if not name.endswith(" done"):
            continue  # nothing lasts that happens between a point done and the next one to do
        with SweptHome(tmp_path / str(at)) as home:
            begin(home)
            home.fuse.blow(at, Crash())
            with pytest.raises(Crash):
                home.live(46)
            files = [name for name in home.files() if name]
            reported = {name.removesuffix(".report.json") for name in files}
            assert {name.partition(".")[0] for name in files} <= reported
            known = {job.stem for job in home.journal.latest(9)}
            for root in (home.folders.processed, home.folders.failed):
                assert all(each.name.partition(".")[0] in known for each in root.glob("*/2*"))
            home.start()
            home.live(46)
            assert home.files() == NOTES
            assert home.journal.latest(9) == []
