"""Names in the archive, also for names that were never meant to be stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.job import JobId
from dropbox_agent.core.naming import (
    ERRORS_ENDING,
    FORBIDDEN,
    MAX_NAME_BYTES,
    PAYLOAD_ENDINGS,
    REPORT_ENDING,
    archived_as,
    is_compressed,
    payload_ending,
    readable,
    shown,
    stem,
)
from tests.jobs import NOON, new_job

JOB = JobId("c7k3m9px")

ANY_TEXT = st.text(st.characters(), max_size=300)
"""All of Unicode, with lone surrogates: undecodable bytes of a name on disk become these."""

ENDINGS = (*PAYLOAD_ENDINGS, REPORT_ENDING, ERRORS_ENDING)


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("customers.csv", "customers.csv"),
        ("Kunden März 2026 (1).csv", "Kunden März 2026 (1).csv"),
        ("客户.csv", "客户.csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\windows.csv", "_.._windows.csv"),
        ("C:evil.csv", "C_evil.csv"),
        ("a\x00b\nc\x1b[31m.csv", "a_b_c_[31m.csv"),
        ("a\u202egpj.csv", "a_gpj.csv"),
        ("caf\udce9.csv", "caf_.csv"),
        ("a\u00a0b.csv", "a_b.csv"),
        ("-rf.csv", "rf.csv"),
        (".hidden.csv", "hidden.csv"),
        ("trailing. . ", "trailing"),
        ('<>:"|?*', "_______"),
        ("...", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_is_shown_as_far_as_it_can_be_shown_anywhere(name: str, harmless: str) -> None:
    """What no terminal, share or file system would take is replaced."""
    assert readable(name) == harmless


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Kunden März 客户.csv", "Kunden März 客户.csv"),
        ("one line\nand another", "one line\\nand another"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\rc", "a\\tb\\rc"),
        ("caf\udce9", "caf\\udce9"),
    ],
)
def test_what_could_steer_a_terminal_is_shown_as_it_is_written(text: str, seen: str) -> None:
    """Nothing is lost, and it stays on one line."""
    assert shown(text) == seen


def test_names_fit_into_what_file_systems_allow() -> None:
    """Both Linux's bytes and Windows's letters, of which there are never more than bytes."""
    assert MAX_NAME_BYTES == 255


def test_an_archive_name_tells_time_job_and_file() -> None:
    """In this order, so that the archive is sorted by time."""
    assert stem(NOON, JOB, "customers.csv") == "20260115T120000Z-c7k3m9px-customers"
    assert stem(NOON, JOB, "X.CSV") == "20260115T120000Z-c7k3m9px-X"
    assert stem(NOON, JOB, "a.csv.csv") == "20260115T120000Z-c7k3m9px-a.csv"


def test_times_are_told_in_utc() -> None:
    """Wherever the machine stands, and whatever its summer does."""
    east = timezone(timedelta(hours=9))
    at = datetime(2026, 1, 16, 1, 30, tzinfo=east)
    assert stem(at, JOB, "a.csv") == "20260115T163000Z-c7k3m9px-a"


def test_a_long_name_is_cut_where_a_letter_ends() -> None:
    """A file system may refuse half a letter."""
    cut = stem(NOON, JOB, "é" * 200 + ".csv")
    assert cut.startswith("20260115T120000Z-c7k3m9px-éé")
    assert set(cut.split("-")[-1]) == {"é"}
    assert len(f"{cut}{REPORT_ENDING}".encode()) in {MAX_NAME_BYTES - 1, MAX_NAME_BYTES}


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.csv", ".csv"),
        ("A.CSV", ".csv"),
        ("a.csv.gz", ".csv.gz"),
        ("A.Csv.GZ", ".csv.gz"),
        ("a.csv.zip", ".zip"),
        ("a.zip", ".zip"),
    ],
)
def test_a_payload_keeps_its_ending_in_the_archive(name: str, ending: str) -> None:
    """In small letters, so that a compressed file can be opened there."""
    job = replace(new_job(), name=name, stem=stem(NOON, JOB, name))
    assert payload_ending(name) == ending
    assert archived_as(job) == f"20260115T120000Z-c7k3m9px-{name[: -len(ending)]}{ending}"
    assert is_compressed(name) is (ending != ".csv")


@given(name=ANY_TEXT)
def test_a_readable_name_never_leaves_its_folder(name: str) -> None:
    """Neither here nor on a share that Windows looks at; and it can be written down."""
    harmless = readable(name)
    assert harmless.isprintable()
    assert harmless.encode()
    assert not FORBIDDEN & set(harmless)
    assert not harmless.startswith((".", "-"))
    assert not harmless.endswith((".", " "))
    assert PurePosixPath("folder", harmless).parts == ("folder", harmless)
    assert PureWindowsPath("folder", harmless).parts == ("folder", harmless)


@given(name=ANY_TEXT)
def test_a_readable_name_stays_as_it_is(name: str) -> None:
    """Names are made readable once when claimed, and again for the archive."""
    assert readable(readable(name)) == readable(name)


@given(name=ANY_TEXT)
def test_an_archive_name_fits_with_every_ending(name: str) -> None:
    """It is never longer than file systems allow, and stays one name in one folder."""
    for ending in ENDINGS:
        file_name = f"{stem(NOON, JOB, name)}{ending}"
        assert len(file_name.encode()) <= MAX_NAME_BYTES
        assert PurePosixPath("folder", file_name).parts == ("folder", file_name)
        assert PureWindowsPath("folder", file_name).parts == ("folder", file_name)
        assert not FORBIDDEN & set(file_name)


@given(
    name=ANY_TEXT,
    other=ANY_TEXT,
    seconds=st.integers(1, 10**9),
)
def test_archive_names_sort_by_time_whatever_the_files_are_called(
    name: str, other: str, seconds: int
) -> None:
    """A later claim has the later name."""
    later = NOON.astimezone(UTC) + timedelta(seconds=seconds)
    assert stem(NOON, JOB, name) < stem(later, JobId("a0000000"), other)


@given(name=ANY_TEXT, other=ANY_TEXT)
def test_two_jobs_never_share_an_archive_name(name: str, other: str) -> None:
    """Also with files of the same name, claimed in the same second."""
    assert stem(NOON, JobId("c0000001"), name) != stem(NOON, JobId("c0000002"), other)
