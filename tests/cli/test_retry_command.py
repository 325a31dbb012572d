"""``retry``: archived files are imported once more."""

import json
import os
from collections.abc import Iterator

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.core.job import Stage
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command, Told
from tests.drops import contacts, gzipped, vouchers
from tests.jobs import job_at
from tests.processes import UNHURRIED, Home, account

BAD = b"Email\nada@example.com\n"
GOOD = b"_email\nada@example.com\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Give an account."""
    with Sandbox(UNHURRIED) as sandbox:
        yield sandbox


class Shop:
    """A home whose files are worked off at once."""

    def __init__(self, home: Home, command: Command, sandbox: Sandbox) -> None:
        self.home, self._command, self._sandbox = home, command, sandbox

    def once(self, **more: str) -> None:
        """Work off what is there."""
        self._command("once", "--home", self.home.path, **account(self._sandbox), **more)

    def job(self, name: str) -> str:
        """Name the job for a file."""
        return str(self.home.reports[name].content["job"])

    def retry(self, *words: str, **more: str) -> Told:
        """Ask for something to be sent again."""
        return self._command("retry", *words, "--home", self.home.path, **more)


@pytest.fixture
def shop(home: Home, command: Command, sandbox: Sandbox) -> Shop:
    """Give a home that has an account."""
    return Shop(home, command, sandbox)


def test_a_file_that_was_mended_in_the_archive_is_imported(shop: Shop) -> None:
    """The two reports name each other; the first file stays as it is."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    first = shop.home.reports["people.csv"]
    archived = first.path.with_name(first.content["file"]["archived_as"])
    archived.write_bytes(GOOD)
    told = shop.retry(shop.job("people.csv"))
    assert told.exit_code == 0
    assert str(shop.home.path / "inbox" / "contacts" / archived.name) in told.out
    shop.once()
    again = shop.home.reports[archived.name]
    assert again.outcome == "imported"
    assert again.content["follows"]["job"] == first.content["job"]
    (follower,) = json.loads(first.path.read_text("utf-8"))["followed_by"]
    assert follower["job"] == again.content["job"]
    assert archived.read_bytes() == GOOD
    assert again.path.name.count("-people") == again.path.name.count("Z-") == 1


def test_a_file_waits_in_the_inbox_only_once(shop: Shop) -> None:
    """A second word before the agent has taken it changes nothing."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    job = shop.job("people.csv")
    assert shop.retry(job).exit_code == 0
    told = shop.retry(job, "--again")
    assert (told.exit_code, "in the inbox already" in told.err) == (1, True)
    assert len(shop.home.waiting) == 1


def test_what_was_sent_again_before_is_not_sent_by_mistake(shop: Shop) -> None:
    """The later job is named; --again does it all the same."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    job = shop.job("people.csv")
    shop.retry(job)
    shop.once()
    told = shop.retry(job)
    assert told.exit_code == 1
    assert "dropped again before" in told.err
    assert shop.home.waiting == []
    assert shop.retry(job, "--again").exit_code == 0


def test_what_went_in_is_only_sent_again_on_purpose(shop: Shop) -> None:
    """Not even then is it skipped as a duplicate."""
    shop.home.drop("vouchers", "codes.csv", vouchers(3))
    shop.once()
    job = shop.job("codes.csv")
    told = shop.retry(job)
    assert (told.exit_code, f"retry --home {shop.home.path} --again {job}" in told.err) == (1, True)
    assert shop.retry("--again", job).exit_code == 0
    shop.once()
    assert [bool(each.content["imports"]) for each in shop.home.reports.values()] == [True, True]


def test_what_has_gone_in_since_is_only_sent_again_on_purpose(shop: Shop, sandbox: Sandbox) -> None:
    """Whoever dropped the same file anew has its codes in already; the later job is named."""
    sandbox.faults.add("POST:422")
    shop.home.drop("vouchers", "codes.csv", vouchers(3))
    shop.once()
    shop.home.drop("vouchers", "codes-anew.csv", vouchers(3))
    shop.once()
    job, later = shop.job("codes.csv"), shop.job("codes-anew.csv")
    assert [each.outcome for each in shop.home.reports.values()].count("imported") == 1
    for words in ([job], ["--outcome", "failed", "--since", "1h"]):
        told = shop.retry(*words)
        assert told.exit_code == 1
        assert f"'codes-anew.csv' (job {later}), which went in since" in told.err
    assert shop.home.waiting == []
    assert shop.retry(job, "--again").exit_code == 0


def test_a_file_that_was_mended_since_is_not_taken_for_what_has_gone_in(
    shop: Shop, sandbox: Sandbox
) -> None:
    """What counts is what would be sent now; a later file with other bytes is another one."""
    sandbox.faults.add("POST:422")
    shop.home.drop("vouchers", "codes.csv", vouchers(3))
    shop.once()
    shop.home.drop("vouchers", "codes-anew.csv", vouchers(3))
    shop.once()
    first = shop.home.reports["codes.csv"]
    archived = first.path.with_name(first.content["file"]["archived_as"])
    archived.write_bytes(b"code\r\nSUMMER-1\r\n")
    assert shop.retry(shop.job("codes.csv")).exit_code == 0


def test_of_failed_files_with_the_same_codes_one_is_put_back(shop: Shop, sandbox: Sandbox) -> None:
    """Both would be imported: neither is skipped as a duplicate. Contacts may come twice."""
    for name in ("a.csv", "b.csv"):
        sandbox.faults.add("POST:422*2")
        shop.home.drop("vouchers", name, vouchers(3))
        shop.home.drop("contacts", name, GOOD)
        shop.once()
    told = shop.retry("--outcome", "failed", "--since", "1h")
    assert (told.exit_code, "3 files put back, 1 not." in told.out) == (1, True)
    assert "put back just now" in told.err


def test_codes_that_went_in_are_only_sent_again_on_purpose(shop: Shop, sandbox: Sandbox) -> None:
    """Of vouchers that were cut off as well; what to do about the others is said."""
    sandbox.faults.add("ends=cancelled")
    shop.home.drop("vouchers", "codes.csv", vouchers(10))
    shop.once()
    report = shop.home.reports["codes.csv"]
    assert (report.outcome, report.content["totals"]["success"]) == ("failed", 5)
    told = shop.retry(shop.job("codes.csv"))
    assert (told.exit_code, "5 codes are in already" in told.err) == (1, True)
    assert shop.retry(shop.job("codes.csv"), "--again").exit_code == 0


def test_contacts_that_went_in_in_part_are_sent_again_at_once(shop: Shop, sandbox: Sandbox) -> None:
    """It does no harm to those that are in."""
    sandbox.faults.add("ends=cancelled")
    shop.home.drop("contacts", "people.csv", contacts(10))
    shop.once()
    assert shop.retry(shop.job("people.csv")).exit_code == 0


def test_a_duplicate_is_only_sent_on_purpose(shop: Shop) -> None:
    """Its rows are in; the job that they went in with is named."""
    for name in ("codes.csv", "codes-anew.csv"):
        shop.home.drop("vouchers", name, vouchers(3))
        shop.once()
    job = shop.job("codes-anew.csv")
    assert shop.home.reports["codes-anew.csv"].outcome == "duplicate"
    told = shop.retry(job)
    assert (told.exit_code, f"went in with job {shop.job('codes.csv')}" in told.err) == (1, True)
    assert shop.retry(job, "--again").exit_code == 0


def test_nothing_is_put_where_the_inbox_should_be(shop: Shop) -> None:
    """An unmounted share looks like an empty folder."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    inbox = shop.home.path / "inbox"
    inbox.rename(shop.home.path / "share")
    (inbox / "contacts").mkdir(parents=True)
    told = shop.retry(shop.job("people.csv"))
    assert (told.exit_code, "is not available" in told.err) == (1, True)
    assert shop.home.waiting == []


def test_a_long_name_is_no_hindrance(shop: Shop) -> None:
    """Two bytes a letter, and the longest endings of file and marker."""
    name = f"{'ж' * 119}.csv.gz"
    shop.home.drop("contacts", "short.csv.gz", gzipped(BAD)).replace(
        shop.home.path / "inbox" / "contacts" / name
    )
    shop.once()
    assert shop.retry(shop.job(name), AGENT_DONE_SUFFIX=".complete").exit_code == 0
    shop.once(AGENT_DONE_SUFFIX=".complete")
    assert shop.home.waiting == []


def test_a_file_that_cannot_be_put_keeps_no_other_back(shop: Shop) -> None:
    """It is told and counted; without its marker it does not lie there either."""
    for name in ("a.csv", "b.csv"):
        shop.home.drop("contacts", name, BAD + name.encode())
        shop.once()
    archived = shop.home.reports["a.csv"].content["file"]["archived_as"]
    in_the_way = shop.home.path / "inbox" / "contacts" / f"{archived}.done"
    in_the_way.mkdir()
    words = ("--outcome", "rejected", "--since", "1h")
    told = shop.retry(*words, AGENT_DONE_SUFFIX=".done")
    assert (told.exit_code, "1 file put back, 1 not." in told.out) == (1, True)
    assert f"{shop.job('a.csv')} ('a.csv') was not put back" in told.err
    assert archived not in shop.home.waiting
    in_the_way.rmdir()
    assert shop.retry(shop.job("a.csv"), AGENT_DONE_SUFFIX=".done").exit_code == 0


def test_a_file_goes_back_into_the_folder_of_its_set(shop: Shop) -> None:
    """Also if somebody has removed that meanwhile."""
    folder = shop.home.path / "inbox" / "vouchers" / "No such set"
    folder.mkdir()
    (folder / "codes.csv").write_bytes(vouchers(3))
    shop.once()
    folder.rmdir()
    assert shop.retry(shop.job("codes.csv")).exit_code == 0
    assert [each.name.endswith("-codes.csv") for each in folder.iterdir()] == [True]


def test_the_marker_is_put_beside_it_where_markers_are_waited_for(shop: Shop) -> None:
    """Without it the file would wait for ever."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    shop.retry(shop.job("people.csv"), AGENT_DONE_SUFFIX=".done")
    assert [name.endswith(".csv.done") for name in shop.home.waiting] == [False, True]
    shop.once(AGENT_DONE_SUFFIX=".done")
    assert shop.home.waiting == []


def test_several_jobs_at_once_each_tell_what_became_of_them(shop: Shop) -> None:
    """One that cannot be put back keeps no other from it."""
    for name in ("a.csv", "b.csv"):
        shop.home.drop("contacts", name, BAD + name.encode() + b"@example.com\n")
    shop.once()
    first = shop.home.reports["a.csv"]
    first.path.with_name(first.content["file"]["archived_as"]).unlink()
    told = shop.retry(shop.job("a.csv"), shop.job("b.csv"))
    assert told.exit_code == 1
    assert "not in the archive any more" in told.err
    assert len(shop.home.waiting) == 1


def test_a_name_that_is_ignored_is_told(shop: Shop) -> None:
    """It would lie in the inbox for ever."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    told = shop.retry(shop.job("people.csv"), AGENT_IGNORE="*people*")
    assert (told.exit_code, "AGENT_IGNORE" in told.err) == (1, True)
    assert shop.home.waiting == []


@pytest.mark.parametrize(("stage", "hint"), [(Stage.SENT, "explain"), (Stage.HELD, "release")])
def test_a_job_that_is_not_done_with_is_left_alone(shop: Shop, stage: Stage, hint: str) -> None:
    """The words say what to do instead."""
    (shop.home.path / "state").mkdir(exist_ok=True)
    with SqliteJournal(shop.home.path / "state" / JOURNAL_NAME) as journal:
        job = journal.add(job_at(stage))
    told = shop.retry(job.id)
    assert (told.exit_code, f"dropbox-agent {hint}" in told.err) == (1, True)


def test_a_job_that_nobody_knows_is_a_mistake(shop: Shop) -> None:
    """With and without a journal."""
    assert shop.retry("c9999999").exit_code == 2
    shop.home.drop("contacts", "people.csv", contacts(1))
    shop.once()
    assert shop.retry("c9999999").exit_code == 2


def test_a_job_may_be_asked_for_in_bytes_that_are_no_text(shop: Shop) -> None:
    """It is a mistake like any other, and is shown so that every terminal can."""
    shop.home.drop("contacts", "people.csv", contacts(1))
    shop.once()
    told = shop.retry(os.fsdecode(b"bad\xff.csv"))
    assert told.exit_code == 2
    assert "There is no job bad\\udcff.csv." in told.err


def test_without_a_job_there_is_nothing_to_do(shop: Shop) -> None:
    """The words say where ids are found."""
    told = shop.retry()
    assert (told.exit_code, "explain" in told.err) == (2, True)


def test_all_of_an_outcome_since_a_time_are_put_back(shop: Shop) -> None:
    """The earliest first; those of other outcomes and kinds stay where they are."""
    for name in ("a.csv", "b.csv"):
        shop.home.drop("contacts", name, BAD + name.encode() + b"@example.com\n")
        shop.once()
    shop.home.drop("vouchers", "codes.csv", vouchers(3) + b'"')
    shop.home.drop("contacts", "good.csv", GOOD)
    shop.once()
    told = shop.retry("--outcome", "rejected", "--since", "1h", "--kind", "contacts")
    assert told.exit_code == 0
    assert "2 files put back, 0 not." in told.out
    assert told.out.index("a.csv") < told.out.index("b.csv")
    assert sorted(name[-5:] for name in shop.home.waiting) == ["a.csv", "b.csv"]


def test_none_that_was_sent_again_is_among_all(shop: Shop) -> None:
    """It is told, and counted."""
    shop.home.drop("contacts", "people.csv", BAD)
    shop.once()
    shop.retry(shop.job("people.csv"))
    told = shop.retry("--outcome", "rejected", "--since", "7d")
    assert (told.exit_code, "0 files put back, 1 not." in told.out) == (1, True)
    assert len(shop.home.waiting) == 1


@pytest.mark.parametrize("words", [["--outcome", "failed"], ["c1", "--outcome", "failed"]])
def test_all_of_an_outcome_are_only_sent_again_on_purpose(shop: Shop, words: list[str]) -> None:
    """Not without a time, nor beside the name of a job."""
    assert shop.retry(*words).exit_code == 2
