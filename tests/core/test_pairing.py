"""Which marker belongs to which drop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.pairing import NO_FILE, UNCLEAR, marked_by, pair

names = st.sampled_from(["x.csv", "x.csv.gz", "x.ZIP", "X.csv", "y.csv", "x.csv.csv"])
markers = st.sampled_from(["x.csv", "x", "x.csv.gz", "x.ZIP", "X", "y", "z", ""])


@pytest.mark.parametrize("marker", ["people.csv", "people"])
def test_a_marker_has_the_name_of_its_file_with_or_without_the_ending(marker: str) -> None:
    """Senders do it both ways."""
    assert pair(["people.csv"], {marker}).markers == {"people.csv": marker}


def test_the_whole_name_counts_for_more_than_a_short_one() -> None:
    """The short one is then for the other file."""
    found = pair(["x.csv", "x.csv.gz"], {"x.csv", "x"})
    assert found.markers == {"x.csv": "x.csv", "x.csv.gz": "x"}
    assert found.left_over == {}


def test_a_marker_that_can_mean_two_files_marks_neither() -> None:
    """One of them may still be on its way."""
    found = pair(["x.csv", "x.zip"], {"x"})
    assert found.markers == {}
    assert found.left_over == {"x": UNCLEAR}


def test_a_marker_without_a_file_is_left_over() -> None:
    """Also when a file is called the same but for capitals."""
    assert pair(["X.csv"], {"x", "y.csv"}).left_over == {"x": NO_FILE, "y.csv": NO_FILE}


@given(st.sets(names), st.sets(markers))
def test_no_marker_is_for_two_files_and_none_is_forgotten(drops: set[str], found: set[str]) -> None:
    """Each belongs to one of the drops that it can mean, or is told of."""
    pairing = pair(drops, found)
    used = list(pairing.markers.values())
    assert len(used) == len(set(used))
    assert set(used) | pairing.left_over.keys() == found
    assert not set(used) & pairing.left_over.keys()
    assert all(marker in marked_by(drop) for drop, marker in pairing.markers.items())
    assert all(pairing.markers[drop] == drop for drop in drops & found)
