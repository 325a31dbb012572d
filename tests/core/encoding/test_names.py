"""Encodings can be called by any of their names, and have one here."""

import pytest

from dropbox_agent.core.encoding import known, nearest


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("cp1252", "windows-1252"),
        ("Windows-1252", "windows-1252"),
        ("latin1", "iso-8859-1"),
        ("ISO-8859-15", "iso-8859-15"),
        ("sjis", "shift-jis"),
        ("macintosh", "mac-roman"),
        ("utf8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("UTF-16", "utf-16"),
        (" utf_16_le ", "utf-16-le"),
        ("cp874", "cp874"),
    ],
)
def test_every_name_leads_to_one(said: str, name: str) -> None:
    """It is spelt as people spell it, and can be written again as a setting."""
    assert known(said) == name
    assert known(name) == name


@pytest.mark.parametrize(
    "said",
    [
        *(
            "rot13",
            "base64",
            "bz2",
            "hex",
            "punycode",
            "unicode_escape",
            "utf-7",
            "mbcs",
            "iso2022-jp",
        ),
        *("cp037", "klingon", "", " ", "ö", "x\0", "../utf-8", "a" * 1_000),
    ],
)
def test_what_no_export_is_in_has_no_name(said: str) -> None:
    """Neither what is no encoding of text, nor one in which a line end is not a line end."""
    assert known(said) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("windows1252", "windows-1252"),
        ("win-1252", "windows-1252"),
        ("ANSI", "windows-1252"),
        ("iso8859 15", "iso-8859-15"),
        ("shiftjiss", "shift-jis"),
        ("klingon", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_offered(said: str, meant: str | None) -> None:
    """For slips of the pen, and for the names that programs give to encodings in their menus."""
    assert nearest(said) == meant
