"""What is told of a file that ends where it should not: the byte and the line."""

import io

import pytest

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.issue import Issue
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.wholeness import table_cut_short

BOM = b"\xef\xbb\xbf"
START = b"_email,_name\r\nada@example.com,Ada\r\n"


def only_issue(content: bytes, policy: CheckPolicy | None = None) -> Issue:
    """Check contacts with one fault."""
    (issue,) = check(io.BytesIO(content), Kind.CONTACTS, policy or CheckPolicy()).issues
    return issue


@pytest.mark.parametrize("before", [b"", BOM, BOM + b"\r\n"])
@pytest.mark.parametrize("rows", [0, 1, 1000])
def test_a_row_that_breaks_off_is_told_with_the_byte_it_ends_at(before: bytes, rows: int) -> None:
    """However far down in the file, and whatever comes before its header."""
    middle = b"".join(b"eva%d@example.com,Eva\r\n" % number for number in range(rows))
    content = before + START + middle + b"liv@exam"
    issue = only_issue(content, CheckPolicy(block_bytes=1000))
    assert (issue.code, issue.line) == ("truncated-last-row", rows + 3 + before.count(b"\n"))
    assert f"byte {len(content):,}, in the middle of its last row, after 1 of 2" in issue.message


def test_a_file_that_ends_within_quotes_says_so() -> None:
    """With the line that opens the cell, and where the end is."""
    content = START + b'eva@example.com,"Eva\r\nof London\r\n'
    issue = only_issue(content)
    assert (issue.code, issue.line) == ("quoting-broken", 3)
    assert f"ends inside a quoted cell, at byte {len(content)} in line 4;" in issue.message


def test_a_header_that_ends_within_quotes_says_so() -> None:
    """It is the first line then, and the last."""
    issue = only_issue(b'\n_email,"_na')
    assert (issue.code, issue.line) == ("quoting-broken", 2)
    assert "at byte 12 in line 2;" in issue.message


def test_quotes_that_do_not_match_within_the_file_say_nothing_of_its_end() -> None:
    """Nothing is missing there."""
    issue = only_issue(START + b'"eva"@example.com,Eva\r\n')
    assert issue.message == "The quotes of this row do not match."


@pytest.mark.parametrize("end", [b"liv@exam", b'liv@example.com,"Liv', b'"liv\r\n'])
def test_waiting_for_the_rest_and_checking_name_the_same_place(end: bytes) -> None:
    """What is told of a drop on hold is what its report will say."""
    content = START + end
    why, issue = table_cut_short(io.BytesIO(content)), only_issue(content)
    assert why is not None
    assert f"byte {len(content)} " in why
    assert f"line {issue.line}," in why
    assert f"byte {len(content)}" in issue.message
