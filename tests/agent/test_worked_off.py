"""When a run that waits for nothing new is at its end."""

from dataclasses import replace

from dropbox_agent.agent import WorkedOff
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Writer
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
