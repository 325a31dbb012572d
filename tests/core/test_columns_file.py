"""What a columns.toml may say, and what is told of one that cannot be meant."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.columns_file import ColumnsFile, ColumnsFileBroken, read_columns_file
from dropbox_agent.core.kind import Kind


def read(text: str | bytes, kind: Kind = Kind.CONTACTS) -> ColumnsFile:
    """Understand a file with this text."""
    raw = text.encode() if isinstance(text, str) else text
    return read_columns_file(raw, "inbox/contacts/columns.toml", rules_for(kind, CheckPolicy()))


def test_reads_all_that_it_may_say() -> None:
    """Headers become fields, columns are dropped and added, and the encoding is declared."""
    says = read("""
        encoding = "cp1252"
        drop = [" Notiz ", "Foo"]
        [columns]
        "E-Mail " = "_email"
        Vorname = "_name"
        [constants]
        country = "ES"
        _newsletterSubscriptionStatus = "subscribed"
    """)
    assert says.column_map.names == {"E-Mail": "_email", "Vorname": "_name"}
    assert says.column_map.drop == ("Notiz", "Foo")
    assert says.column_map.constants["country"] == "ES"
    assert says.encoding == "windows-1252"


def test_an_empty_file_says_nothing() -> None:
    """Without anything in it, everything stays as it is."""
    assert read("\ufeff# nothing yet\n") == ColumnsFile()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[columns]\nE-Mail Adresse = '_email'\n", "Line 2: it is no TOML there"),
        ("[columns]\n'A' = '_email'\n'A' = '_name'\n", "Line 3: it is no TOML there"),
        ("[columns]\n'A' = '_email", "At its end: it is no TOML there"),
        (b"[columns]\n'Stra\xdfe' = 'street'\n", "not UTF-8"),
        ("\n[colums]\n'A' = '_email'\n", "Line 2: 'colums' is nothing it may hold. Did you mean"),
        ("columns = 'x'\n", "Line 1: columns has to be a section: write [columns]"),
        ("drop = 'Notes'\n", "Line 1: drop has to be a list"),
        ("drop = [1]\n", "Line 1: drop has to be a list"),
        ("[columns]\n'A' = '_email'\ndrop = ['B']\n", "Line 3: drop has to stand above"),
        ("[columns]\nencoding = 'latin1'\n", "Line 2: encoding has to stand above"),
        ("[constants]\n_points = 5\n", "Line 2: What '_points' is set to has to be in quotes."),
        ("encoding = 'windows-1525'\n", "Line 1: That is no encoding of text files."),
        ("encoding = 5\n", "Line 1: That is no encoding of text files."),
        (
            "[columns]\n'A' = '_email'\n'B' = '_email'\n",
            "Line 3: 'B' and 'A' cannot both become '_email'",
        ),
        ("drop = ['A']\n[columns]\n' A' = '_email'\n", "'A' is spoken of twice"),
        ("drop = ['A', 'A']\n", "'A' is spoken of twice"),
        ("[columns]\n'A' = '_emial'\n", "Line 2: Contacts have no column '_emial'. Did you mean"),
        ("[columns]\n'A' = 'Email'\n", "Did you mean _email?"),
        ("[columns]\n'A' = ''\n", "Line 2: Contacts have no column ''."),
        ("[columns]\n'A' = ' shoe'\n", "Line 2: Contacts have no column ' shoe'."),
        ("[columns]\n'A' = '_createdAt'\n", "Line 2: '_createdAt' is kept by Connectif itself"),
        ("[constants]\n_email = 'a@example.com'\n", "Line 2: '_email' tells rows apart"),
        ("[constants]\n_birthdate = 'x'\n", "Line 2: '_birthdate' cannot hold 'x'."),
        (
            "[columns]\n'A' = '_name'\n[constants]\n_name = 'x'\n",
            "Line 4: '_name' comes from 'A' already",
        ),
    ],
)
def test_tells_of_what_cannot_be_meant(text: str | bytes, told: str) -> None:
    """Whatever is wrong is told with its line and what to do about it."""
    with pytest.raises(ColumnsFileBroken) as caught:
        read(text)
    assert told in caught.value.message
    assert "inbox/contacts/columns.toml" in caught.value.hint


def test_fields_of_products_are_a_fixed_set() -> None:
    """Where all columns are known, no other can be meant."""
    with pytest.raises(ColumnsFileBroken, match="Did you mean unitPrice"):
        read("[columns]\n'Preis' = 'unit_price'\n", Kind.PRODUCTS)


def test_tells_of_everything_at_once() -> None:
    """One look shows every mistake, up to a number that one can read."""
    many = "[columns]\n" + "".join(f"'h{n}' = '_x{n}'\n" for n in range(8))
    with pytest.raises(ColumnsFileBroken, match="And 3 more"):
        read(many)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_whatever_it_holds_is_understood_or_told(text: str | bytes) -> None:
    """Nothing in such a file is a surprise."""
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    with suppress(ColumnsFileBroken):
        assert isinstance(read(raw), ColumnsFile)
