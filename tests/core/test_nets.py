"""Safety nets: what is held because it is not like the files before it."""

import pytest

from dropbox_agent.core.issue import FileFacts
from dropbox_agent.core.nets import FEWEST_TO_COMPARE, SafetyNets


def facts(rows: int = 100, *columns: str, row_faults: int = 0) -> FileFacts:
    """Tell of a file."""
    return FileFacts(bytes=1, sha256="", rows=rows, columns=columns, row_faults=row_faults)


def test_without_a_net_nothing_is_held() -> None:
    """They are off unless they are set."""
    past = [facts(1000, "_email", "_name")] * 5
    assert SafetyNets().doubt(facts(1, "_email", row_faults=1), past) is None
    assert not SafetyNets().look_back


@pytest.mark.parametrize(("rows", "is_held"), [(49, True), (50, False), (1000, False)])
def test_a_file_with_few_rows_is_held(rows: int, *, is_held: bool) -> None:
    """An export that broke off is a good file, only shorter than usual."""
    past = [facts(100), facts(90), facts(100_000), facts(110), facts(100)]
    doubt = SafetyNets(least_rows=0.5).doubt(facts(rows), past)
    assert (doubt is not None) is is_held
    if doubt:
        assert "49 rows" in doubt
        assert "100 are usual" in doubt


def test_what_is_usual_shows_only_after_some_files() -> None:
    """The first files of a kind are held for no number of rows."""
    past = [facts(100)] * (FEWEST_TO_COMPARE - 1)
    assert SafetyNets(least_rows=0.5).doubt(facts(1), past) is None


def test_only_the_latest_files_tell_what_is_usual() -> None:
    """A shop that has grown, or shrunk, is not held for ever."""
    past = [facts(10)] * 10 + [facts(1000)] * 90
    assert SafetyNets(least_rows=0.5).doubt(facts(10), past) is None


def test_a_file_that_lacks_a_column_is_held() -> None:
    """The columns are named; new ones, and another order, are no reason."""
    nets = SafetyNets(all_columns=True)
    past = [facts(1, "_email", "_name", "_points"), facts(1, "other")]
    assert nets.doubt(facts(1, "_points", "_email", "new", "_name"), past) is None
    doubt = nets.doubt(facts(1, "_email"), past)
    assert doubt is not None
    assert "_name, _points" in doubt
    assert nets.doubt(facts(1, "_email"), []) is None


@pytest.mark.parametrize(("faults", "is_held"), [(5, False), (6, True)])
def test_a_file_with_many_faulty_rows_is_held(faults: int, *, is_held: bool) -> None:
    """Up to the share that was set they are left to the server."""
    doubt = SafetyNets(most_faulty=0.05).doubt(facts(100, row_faults=faults), [])
    assert (doubt is not None) is is_held
