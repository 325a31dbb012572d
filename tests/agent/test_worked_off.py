"""When a run that waits for nothing new is at its end."""

import errno
import os
from dataclasses import replace
from pathlib import Path

from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.agent import WorkedOff
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Writer
from tests.crashes import QuickDisk
from tests.drops import contacts, products, vouchers
from tests.fakes import lose_answer_after_accepting
from tests.homes import Home
from tests.stand_ins import PatientPool

NETWORK = ApiUnavailable("There is no way to the server.", hint="Plug it in.", code="network-down")


def work_off(home: Home) -> WorkedOff:
    """Work off what is there."""
    worked_off = WorkedOff(home.agent)
    home.run_until(worked_off)
    return worked_off


def test_an_empty_home_is_worked_off_at_once(home: Home) -> None:
    """With nothing to do the run ends after its first look."""
    began = home.clock.monotonic()
    worked_off = work_off(home)
    assert home.clock.monotonic() == began
    assert (worked_off.stuck, worked_off.left_behind) == (None, [])


def test_all_files_are_worked_off(home: Home) -> None:
    """The run ends when the last report is written, and not before."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(2))
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(2))
    worked_off = work_off(home)
    assert len(home.reports()) == 3
    assert (worked_off.stuck, worked_off.left_behind) == (None, [])


def test_a_file_that_is_open_is_left_behind(home: Home) -> None:
    """A file that may stay open for hours is named, and not waited for."""
    home.writers["people.csv"] = Writer.BUSY
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(2))
    worked_off = work_off(home)
    assert len(home.reports()) == 1
    ((path, why),) = worked_off.left_behind
    assert path.endswith("people.csv")
    assert "open" in why


def test_a_dead_network_ends_the_run_with_its_reason(home: Home) -> None:
    """Somebody who called for one run hears why it could not be finished."""
    home.api.next_recent(*[NETWORK] * 99)
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    worked_off = work_off(home)
    assert worked_off.stuck is not None
    assert worked_off.stuck.why is NETWORK
    assert len(home.payloads()) == 1


class ClosedArchive(QuickDisk):
    """A disk on which nothing can be put into the archive."""

    def move(self, source: Path, target: Path) -> None:
        """Rename a file, but not into the archive."""
        if "processed" in target.parts:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        super().move(source, target)


def test_a_file_that_cannot_be_filed_ends_the_run_with_its_reason(home: Home) -> None:
    """It would be tried for ever; what can be done without it is done before."""
    home.disk = ClosedArchive()
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.drop(Kind.CONTACTS, "more.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "bad.csv", b"nonsense\n1\n")
    worked_off = work_off(home)
    assert worked_off.stuck is not None
    assert worked_off.stuck.why.exit_code == 77
    assert home.api.calls.count("create") == 2
    assert [each["file"]["name"] for _, each in home.reports()] == ["bad.csv"]


def test_a_file_that_waits_for_one_that_cannot_go_on_is_not_waited_for(home: Home) -> None:
    """In order, a later file is not sent before the earlier one."""

    class Unreadable(DiskSpool):
        def payload(self, job_id: JobId) -> Path:
            if (found := super().payload(job_id)).name == "first.csv":
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(found))
            return found

    home.open_spool = Unreadable
    home.drop(Kind.CONTACTS, "first.csv", contacts(2))
    home.drop(Kind.CONTACTS, "second.csv", contacts(3))
    worked_off = work_off(home)
    assert worked_off.stuck is not None
    assert "Input/output error" in worked_off.stuck.why.message
    assert len(home.payloads()) == 2


def test_a_lost_answer_is_waited_for(home: Home) -> None:
    """Finding out whether a file was taken is part of the run."""
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    worked_off = work_off(home)
    assert worked_off.stuck is None
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_step_under_way_is_waited_for(home: Home) -> None:
    """While a file is being worked on the run is not at its end."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    worked_off = WorkedOff(home.agent)
    home.run_until(lambda: home.agent.is_at_work)
    assert not worked_off()


def test_a_folder_that_hangs_is_not_waited_for(home: Home) -> None:
    """The run ends and says which folder does not answer; files of other kinds are done."""
    look = {**home.pools.look, Kind.CONTACTS: PatientPool()}
    home.pools = replace(home.pools, look=look)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(2))
    worked_off = work_off(home)
    assert worked_off.stuck is not None
    assert worked_off.stuck.why.code == "inbox-hangs"
    assert home.report("chairs.csv")["outcome"] == "imported"
