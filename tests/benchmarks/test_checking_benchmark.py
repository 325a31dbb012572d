"""The benchmarks of checking and uploading yield tables, and the row loop finds what it should."""

import io
import random
from pathlib import Path

import pytest

from benchmarks import checking, checks, data, row_loop, uploading
from benchmarks.__main__ import main
from benchmarks.agreement import Case, compare, our_issues, random_case, their_issues
from benchmarks.measuring import Scale

QUICK = Scale(quick=True)


def test_checking_is_measured() -> None:
    """A table for each kind, then one for each of the other things."""
    tables = list(checking.measure(QUICK))
    assert [table.title.partition(",")[0] for table in tables] == [
        "Contacts",
        "Products",
        "Vouchers",
        "One more column rule",
        "Files full of faults",
        "Memory of a check",
        "Agreement with the row loop",
    ]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    counted = [each for each in tables[-3].targets if each.what.endswith("faults counted")]
    assert counted
    assert all(each.met for each in (*counted, *tables[-1].targets))


def test_uploading_is_measured(tmp_path: Path) -> None:
    """And what was measured can be written into a file."""
    results = tmp_path / "RESULTS.md"
    assert main(["--only", "uploading", "--quick", "--into", str(results)]) == 0
    text = results.read_text(encoding="utf-8")
    assert all(way in text for way in uploading.WAYS)
    assert "## Targets" in text


def test_files_are_the_same_every_time() -> None:
    """They come from a seed, and are about as large as wanted."""
    path = data.file_of("products", 20_000)
    content = path.read_bytes()
    path.unlink()
    assert data.file_of("products", 20_000).read_bytes() == content
    assert 20_000 <= len(content) < 21_000


@pytest.mark.parametrize("kind", data.HEADERS)
@pytest.mark.parametrize("way", [checks.ours, checks.loop, checks.objects])
def test_the_files_have_nothing_wrong(way: checks.Way, kind: str) -> None:
    """Whoever checks them."""
    assert way(str(data.file_of(kind, 20_000)), kind)["faults"] == 0


def test_all_ways_find_the_same_faults() -> None:
    """In a file with two bad cells in each row."""
    kind, path = data.faulty_files(20_000)["products with two bad cells in each row"]
    found = [way(str(path), kind) for way in (checks.ours, checks.loop, checks.objects)]
    assert len({each["faults"] for each in found}) == 1
    assert len({each["rows"] for each in found}) == 1


def test_our_check_and_the_row_loop_agree() -> None:
    """On files that hold every kind of fault."""
    agreement = compare(400, seed=3)
    assert agreement.differing == []
    assert {"email-form", "key-duplicate", "quoting-broken", "truncated-last-row"} < agreement.codes


def test_a_disagreement_would_be_seen() -> None:
    """Two files with a fault in another line differ."""
    one = Case("vouchers", b"code\nA\nB\nA\n", 7)
    other = Case("vouchers", b"code\nA\nA\nB\n", 7)
    assert our_issues(one) == their_issues(one) != their_issues(other)


def test_random_files_come_from_the_seed() -> None:
    """To be looked at again."""
    one, other = (random_case(random.Random(5)) for _ in range(2))  # noqa: S311 - to be repeated
    assert one == other


def test_the_row_loop_lists_a_thousand_issues_and_counts_all() -> None:
    """As ours does."""
    report = row_loop.check(io.BytesIO(b"code\n" + b"A B\n" * 1_500))
    assert len(report.listed) == row_loop.MOST_LISTED
    assert report.totals == {"voucher-form": 1_500, "key-duplicate": 1_499}
