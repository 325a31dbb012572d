"""Finding our import after an answer was lost."""

from dataclasses import replace

import pytest

from dropbox_agent.core.imports import Import, ImportId, ImportOptions, Status
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reconciling import CannotTell, Finding, Found, NotThere, find_ours
from tests.jobs import an_import, parts

OURS = an_import(import_id="ours")
(SENT,) = parts(10)


def look(*listed: Import, known: str = "", owned: str = "") -> Finding:
    """Look for what ten contacts became; ``known`` and ``owned`` are ids."""
    part = replace(SENT, known=tuple(ImportId(each) for each in known.split()))
    others = frozenset(ImportId(each) for each in owned.split())
    return find_ours(part, Kind.CONTACTS, listed, others)


def test_the_one_that_was_not_there_before_is_ours() -> None:
    """It has our kind, our options and our number of rows."""
    older = replace(OURS, id=ImportId("older"))
    assert look(OURS, older, known="older") == Found(OURS)


def test_what_was_there_before_is_not_ours() -> None:
    """However much it looks like it."""
    assert look(OURS, known="older ours") == NotThere()


def test_what_belongs_to_another_job_is_not_ours() -> None:
    """Two files of as many rows may be on their way."""
    assert look(OURS, owned="other ours") == NotThere()


def test_an_empty_list_shows_nothing() -> None:
    """Whether that is final is for the grace period to say."""
    assert look() == NotThere()


@pytest.mark.parametrize(
    "foreign",
    [
        replace(OURS, kind=Kind.PRODUCTS),
        replace(OURS, kind=None),
        replace(OURS, origin="app"),
        replace(OURS, origin="somewhere"),
        replace(OURS, options=ImportOptions(delimiter=";")),
        replace(OURS, options=ImportOptions(override_existing=False)),
        replace(OURS, options=ImportOptions(update_only_empty_fields=True)),
        replace(OURS, options=ImportOptions(coupon_set="5f0c6a1b2c3d4e5f60718293")),
    ],
    ids=["kind", "no kind", "app", "origin", "delimiter", "override", "only empty", "set"],
)
def test_what_differs_from_what_we_sent_is_not_ours(foreign: Import) -> None:
    """Somebody works in Connectif's own pages, or another script imports."""
    assert look(foreign) == NotThere()
    assert look(foreign, OURS) == Found(OURS)


@pytest.mark.parametrize(
    "terse",
    [
        replace(OURS, origin=""),
        replace(OURS, options=None),
        replace(OURS, total=None),
        replace(OURS, total=0),
        replace(OURS, origin="", options=None, total=None),
    ],
    ids=["origin", "options", "total", "not counted yet", "nothing"],
)
def test_what_the_server_does_not_tell_speaks_for_it(terse: Import) -> None:
    """Nothing optional is documented to be there always."""
    assert look(terse) == Found(terse)


@pytest.mark.parametrize("status", Status)
def test_its_status_does_not_matter(status: Status) -> None:
    """It may have ended before we look."""
    told = replace(OURS, status=status, status_text=status.value)
    assert look(told) == Found(told)


def test_of_two_that_could_be_ours_neither_is_taken() -> None:
    """Adopting the wrong one would leave ours without an owner."""
    twin = replace(OURS, id=ImportId("twin"))
    assert look(OURS, twin) == CannotTell((ImportId("ours"), ImportId("twin")))


def test_one_with_another_number_of_rows_is_doubtful() -> None:
    """The server may count otherwise than we do: blank rows, for one."""
    longer = replace(OURS, total=11)
    assert look(longer) == CannotTell((ImportId("ours"),))


def test_the_right_number_of_rows_decides_between_several() -> None:
    """One of them matches; the others are somebody else's."""
    longer = replace(OURS, id=ImportId("longer"), total=11)
    assert look(longer, OURS) == Found(OURS)
