"""What we ask the import API for, and what it answers."""

import pytest

from dropbox_agent.core.imports import ApiUnavailable, ImportOptions, Status
from tests.jobs import an_import


@pytest.mark.parametrize("delimiter", ["", "\t", "|", ",,", ", "])
def test_the_api_takes_commas_and_semicolons_only(delimiter: str) -> None:
    """Any other delimiter is a mistake of ours."""
    with pytest.raises(ValueError, match="delimiter"):
        ImportOptions(delimiter=delimiter)


def test_filling_empty_fields_only_needs_overriding() -> None:
    """The server refuses the one without the other."""
    with pytest.raises(ValueError, match="update_only_empty_fields"):
        ImportOptions(override_existing=False, update_only_empty_fields=True)


@pytest.mark.parametrize(("override", "only_empty"), [(False, False), (True, False), (True, True)])
def test_any_other_choice_of_options_can_be_made(*, override: bool, only_empty: bool) -> None:
    """With either delimiter."""
    options = ImportOptions(";", override_existing=override, update_only_empty_fields=only_empty)
    assert (options.override_existing, options.update_only_empty_fields) == (override, only_empty)


@pytest.mark.parametrize("status", Status)
def test_every_status_is_read_from_its_own_word(status: Status) -> None:
    """What the server says is what we understand."""
    assert Status.parse(status.value) is status


@pytest.mark.parametrize("word", ["paused", "Finished", "", None, 7, ["finished"], {}])
def test_a_status_nobody_knows_is_taken_to_be_running(word: object) -> None:
    """A word of tomorrow must not end an import today."""
    assert Status.parse(word) is Status.OTHER
    assert not Status.parse(word).ended


def test_three_statuses_are_the_end() -> None:
    """After these the server does nothing more."""
    assert {each for each in Status if each.ended} == {
        Status.FINISHED,
        Status.ERROR,
        Status.CANCELLED,
    }


def test_rows_done_went_in_or_were_refused() -> None:
    """Both count as progress."""
    assert an_import(Status.IN_PROGRESS, success=3, errors=2).done == 5


def test_an_unavailable_api_may_say_how_long_to_wait() -> None:
    """The server's own delay travels with the error."""
    told = ApiUnavailable("Too many requests.", hint="Wait.", code="rate-limited", wait_seconds=7)
    assert (told.message, told.hint, told.wait_seconds) == ("Too many requests.", "Wait.", 7)
    assert ApiUnavailable("No network.", hint="Wait.", code="network-down").wait_seconds is None
