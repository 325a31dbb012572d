"""Which names are those of drops, and which are left alone."""

import pytest

from dropbox_agent.core.dropnames import IGNORED_NAMES, is_wanted


@pytest.mark.parametrize(
    "name", ["customers.csv", "X.CSV", "a b.Csv", "é.csv", "-x.csv", "a.tmp.csv", "name (1).csv"]
)
def test_csv_files_are_wanted(name: str) -> None:
    """In any case, whatever stands before the ending."""
    assert is_wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        ".customers.csv",
        ".in.customers.csv",
        "._customers.csv",
        "~$customers.csv",
        "~customers.csv",
        "customers.csv~",
        "customers.csv.tmp",
        "customers.csv.temp",
        "customers.csv.part",
        "customers.csv.partial",
        "customers.csv.filepart",
        "customers.csv.crdownload",
        "customers.csv.download",
        "customers.csv.writing",
        "customers.csv.inprogress",
        "customers.csv.uploading",
        "customers.csv.!sync",
        "customers.csv.camelLock",
        "customers.csv.bts-wip",
        ".customers.csv.swp",
        ".customers.csv.Xy12Zz",
        ".~tmp~",
        "Thumbs.db",
        "desktop.ini",
        "customers.xlsx",
        "customers.csv.done",
        "csv",
        "",
    ],
)
def test_what_tools_leave_behind_is_not_wanted(name: str) -> None:
    """In any case of letters."""
    assert not is_wanted(name)
    assert not is_wanted(name.upper())


def test_the_list_of_names_ignored_is_complete() -> None:
    """Patterns are compared with names in small letters."""
    assert set(IGNORED_NAMES) == {
        "@eadir",
        "#recycle",
        "$recycle.bin",
        "system volume information",
        ".*", "~*", "*~", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload",
        "*.download", "*.writing", "*.inprogress", "*.uploading", "*.!sync", "*.camellock",
        "*.bts-wip", "*.swp", "thumbs.db", "desktop.ini",
    }  # fmt: skip
    assert all(pattern == pattern.lower() for pattern in IGNORED_NAMES)


@pytest.mark.parametrize(
    ("pattern", "name", "wanted"),
    [
        ("draft-*", "draft-1.csv", False),
        ("DRAFT-*", "Draft-1.csv", False),
        ("*_old.csv", "customers_OLD.CSV", False),
        ("test?.csv", "test1.csv", False),
        ("test?.csv", "test12.csv", True),
        ("draft", "draft.csv", True),
    ],
)
def test_users_add_patterns_of_their_own(pattern: str, name: str, *, wanted: bool) -> None:
    """A pattern is about the whole name, in any case of letters."""
    assert is_wanted(name, [pattern]) is wanted
