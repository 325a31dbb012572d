"""Text that is not UTF-8: where that shows, what it may be, and what would help."""

import io

import pytest

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.issue import Issue, Verdict
from dropbox_agent.core.kind import Kind
from tests.drops import contacts

HEADER = b"_email,_name\n"


def verdict_on(content: bytes, kind: Kind = Kind.CONTACTS) -> Verdict:
    """Check a file of which a block has only a few lines."""
    return check(io.BytesIO(content), kind, CheckPolicy(block_bytes=100))


def told(content: bytes, kind: Kind = Kind.CONTACTS) -> Issue:
    """Tell the one issue about the encoding of a file."""
    (issue,) = (each for each in verdict_on(content, kind).issues if each.code == "not-utf8")
    return issue


def test_everything_is_said_that_helps() -> None:
    """The byte and its place, what it would be, and the setting to write."""
    issue = told(contacts(300) + "zoe@example.com,Jürgen Müller\n".encode("cp1252"))
    offset = len(contacts(300)) + 17
    assert issue.line == 302
    assert issue.message == (
        f"The text is not UTF-8: byte 0xFC in line 302, character 18 (byte {offset:,} of the file)"
        " does not belong. Most likely it is windows-1252, with words such as 'Jürgen'."
    )
    assert issue.hint == (
        "Save or export the file as UTF-8 (in Excel: 'CSV UTF-8'). If all files for contacts are"
        " windows-1252, you may instead write CONTACTS_ENCODING=windows-1252 into agent.env."
    )


def test_all_of_the_file_helps_to_guess() -> None:
    """Rows far behind the first bad byte tell what that was."""
    rows = "a@example.com,José\n" + "b@example.com,Łukasz\nc@example.com,Święch\n" * 50
    rows += "d@example.com,Małgorzata Wałęsa\n"
    assert "windows-1250" in told(HEADER + rows.encode("cp1250")).message


def test_where_it_is_not_clear_both_readings_are_shown() -> None:
    """The words are shown as they would read, and nothing is promised."""
    issue = told(HEADER + "a@example.com,crème\n".encode("cp1252"))
    assert "cannot be told for sure: windows-1252 ('crème') or" in issue.message
    assert "windows-1250 ('crčme')" in issue.message
    assert "If one of these readings is right" in issue.hint
    assert verdict_on(HEADER + "a@example.com,crème\n".encode("cp1252")).facts.encoding is None


def test_the_setting_is_that_of_the_kind() -> None:
    """What helps contacts would not help products."""
    header = b"productId,name,productDetailUrl,unitPrice\n"
    row = "1,Stühle,https://shop.example.com/1,1\n".encode("cp1252")
    assert "PRODUCTS_ENCODING=windows-1252" in told(header + row, Kind.PRODUCTS).hint


def test_a_damaged_file_is_not_taken_for_another_encoding() -> None:
    """Where nearly all is UTF-8 no setting would help."""
    good = "".join(f"n{n}@example.com,Jürgen\n" for n in range(9)).encode()
    issue = told(HEADER + good + b"x@example.com,J\xfcrgen\n" + good)
    assert issue.line == 11
    assert "Most of the text is UTF-8, so this place is damaged" in issue.message
    assert "ENCODING" not in issue.hint


@pytest.mark.parametrize("rows", [1, 200])
def test_a_file_cut_within_a_character_says_so(rows: int) -> None:
    """Provided that other characters show it to be UTF-8, here or far before."""
    good = "a@example.com,Jürgen\n".encode() + contacts(rows)
    issue = told(HEADER + good + b"b@example.com,J\xc3")
    assert "ends in the middle of a character, as if it had been cut off" in issue.message


def test_a_last_letter_may_be_one_or_a_half() -> None:
    """If there is no other character beyond ASCII, both are said."""
    issue = told(HEADER + "b@example.com,José".encode("cp1252"))
    assert "it may have been cut off" in issue.message
    assert "windows-1252" in issue.message


def test_noise_is_not_guessed_about() -> None:
    """And the report does not name an encoding."""
    verdict = verdict_on(HEADER + bytes(n * n % 251 + 1 for n in range(4_000)))
    (issue,) = (each for each in verdict.issues if each.code == "not-utf8")
    assert "does not look like text in another common encoding either" in issue.message
    assert verdict.facts.encoding is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_without_a_mark_is_named(encoding: str) -> None:
    """With the setting that would accept it."""
    verdict = verdict_on(contacts(9).decode().encode(encoding))
    (issue,) = verdict.issues
    assert f"it is {encoding}, two or four bytes a character, without" in issue.message
    assert f"CONTACTS_ENCODING={encoding}" in issue.hint
    assert verdict.facts.encoding == encoding


def test_few_characters_are_shown() -> None:
    """A report need not hold more of a customer than it takes to recognise a word."""
    word = "ä" + "geheimnisvoll" * 9
    issue = told(HEADER + f"a@example.com,{word} {word}\n".encode("cp1252"))
    assert "'ägeheimni'" in issue.message
    assert "geheimnisv" not in issue.message


@pytest.mark.parametrize("block_bytes", [1, 64, 300, 100_000])
def test_what_is_told_does_not_depend_on_how_much_is_read_at_a_time(block_bytes: int) -> None:
    """One bad byte does not make another encoding of all that is UTF-8 around it."""
    good = "".join(f"n{n}@example.com,Jürgen\n" for n in range(20)).encode()
    content = HEADER + good + b"x@example.com,J\xfcrgen\n" + good
    verdict = check(io.BytesIO(content), Kind.CONTACTS, CheckPolicy(block_bytes=block_bytes))
    bad, *others = verdict.issues
    assert "Most of the text is UTF-8" in bad.message
    assert [each.code for each in others] == ["key-duplicate"] * 20
    assert verdict.facts.encoding == "utf-8"


@pytest.mark.parametrize("block_bytes", [20, 100_000])
def test_line_ends_are_not_told_of_where_quotes_are_broken(block_bytes: int) -> None:
    """Nobody knows what ends a line there."""
    content = HEADER + b'c@b.de,"5"x\na@b.de,A\rb@b.de,"5"y\n'
    verdict = check(io.BytesIO(content), Kind.CONTACTS, CheckPolicy(block_bytes=block_bytes))
    assert "line-ends-normalised" not in {each.code for each in verdict.issues}
    assert "quoting-broken" in {each.code for each in verdict.issues}
