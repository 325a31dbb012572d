"""Compares our check with the row loop on random files: same issues, same physical lines.

    python -m benchmarks.agreement 100000 7      that many files, with that seed

A file is a good header and rows of cells that are good, in doubt, bad, blank or odd, written with
and without quotes, with line ends of all three kinds, blank lines, rows too short or too long,
broken quotes, and an end that is cut off. Blocks are so small that records go over their ends.
"""

import io
import sys
from dataclasses import dataclass
from random import Random

from benchmarks import row_loop
from benchmarks.row_loop import Found
from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind

COLUMNS = {
    "contacts": (
        "_email", "_externalId", "_name", "_surname", "_birthdate", "_mobilePhone", "_points",
        "_newsletterSubscriptionStatus", "_smsSubscriptionStatus", "_emailStatus",
        "_mobilePhoneStatus",
    ),
    "products": (
        "productId", "name", "productDetailUrl", "unitPrice", "imageUrl", "description",
        "categories", "brand", "ratingCount", "rating", "unitPriceOriginal", "discountedAmount",
        "discountedPercentage", "publishedAt", "availability", "isBlacklisted",
    ),
    "vouchers": ("code",),
}  # fmt: skip
ALWAYS = {
    "contacts": (("_email",), ("_externalId",), ("_email", "_externalId")),
    "products": (("productId", "name", "productDetailUrl", "unitPrice"),),
    "vouchers": (("code",),),
}
GOOD = {
    "_email": ("ana@example.com", "ANA@example.com", "b.c+d@mail.example.com", "ñ@example.com"),
    "_externalId": ("1", "0001", "a", "A", "é"),
    "_birthdate": ("1990-12-31", "2000-02-29", "1904-02-29"),
    "_mobilePhone": ("+34651234567", "123456"),
    "_points": ("1", "-20", "0"),
    "_newsletterSubscriptionStatus": ("subscribed", "none"),
    "_smsSubscriptionStatus": ("unsubscribed",),
    "_emailStatus": ("active", "banned"),
    "_mobilePhoneStatus": ("active", "paused"),
    "productId": ("p1", "p2", "P1", "p3"),
    "productDetailUrl": ("https://shop.example.com/1", "http://shop.example.com/%C3%A9"),
    "unitPrice": ("1.50", "20", "1,50"),
    "unitPriceOriginal": ("2.50", "20", "2,50"),
    "discountedAmount": ("1", "-1", "1,0", "1.004"),
    "imageUrl": ("HTTPS://images.example.com/1.jpg",),
    "categories": ("a|b", "a"),
    "ratingCount": ("0", "12", "-3"),
    "rating": ("5", "4.5", "5.0", "4,5"),
    "discountedPercentage": ("100", "12.5", "100.0", "12,5"),
    "publishedAt": ("2024-01-01", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.5+0200"),
    "availability": ("instock",),
    "isBlacklisted": ("true", "false"),
    "code": ("A", "B", "C", "D", "a", "é"),
}
ODD = (
    "", "", " ", "\t", "x", "0", "-", "é", "\u2028", "\x1c", "\x85", "\u00a0", "1900-02-29",
    "1999-02-30", "0999-01-01", "a@b", "a@@b.es", "a b@c.es", "a.@b.es", "٣", "1e3", "5.1", "6",
    "101", "|", "a||b", "ftp://x", "https://", "2024-01-01T25:00:00Z", "True", "x" * 51, "nan",
)  # fmt: skip
QUOTED = ("\n", "\r\n", "\r", "\n\n", '""', "a,b", "a;b", "a\nb", "x y")
SLIPS = ('"', 'a"b', '"a"b', '"x\n')
LINE_ENDS = ("\n", "\n", "\r\n", "\r")
HEADER_CODES = frozenset({"email-column-missing", "line-ends-normalised", "no-rows"})
"""What is told of whole files; the row loop does not look at that."""


@dataclass(frozen=True)
class Case:
    """One random file."""

    kind: str
    content: bytes
    block_bytes: int


@dataclass
class Agreement:
    """How many files were compared, and those on which the two do not agree.

    Attributes:
        files: How many.
        issues: How many the row loop found in them.
        codes: Of which kinds.
        differing: Files on which the two do not agree, with the issues of each.
        unclear: Files left out, as we reject them without a look at rows: it is not clear what
            separates their columns.
    """

    files: int
    issues: int
    codes: set[str]
    differing: list[tuple[Case, list[Found], list[Found]]]
    unclear: int = 0


def compare(files: int, seed: int) -> Agreement:
    """Check that many random files in both ways."""
    chance = Random(seed)  # noqa: S311 - to be repeated
    agreement = Agreement(files, 0, set(), [])
    for _ in range(files):
        case = random_case(chance)
        ours, theirs = our_issues(case), their_issues(case)
        if any(each.code == "delimiter-unclear" for each in ours[1]):
            agreement.unclear += 1
            continue
        agreement.issues += len(theirs[1])
        agreement.codes |= {each.code for each in theirs[1]}
        if ours != theirs:
            agreement.differing.append((case, ours[1], theirs[1]))
    return agreement


def our_issues(case: Case) -> tuple[int, list[Found]]:
    """Return the number of rows and the issues that our check finds."""
    policy = CheckPolicy(block_bytes=case.block_bytes)
    verdict = check(io.BytesIO(case.content), Kind(case.kind), policy)
    found = [
        Found(issue.line or 0, _position(verdict, issue.column), issue.code, issue.column)
        for issue in verdict.issues
        if issue.code not in HEADER_CODES
    ]
    return verdict.facts.rows, sorted(found, key=str)


def their_issues(case: Case) -> tuple[int, list[Found]]:
    """Return the same from the row loop."""
    report = row_loop.check(io.BytesIO(case.content))
    found = [each._replace(position=0) if not each.column else each for each in report.listed]
    return report.rows, sorted(found, key=str)


def random_case(chance: Random) -> Case:
    """Make up a file."""
    kind = chance.choice(("contacts", "contacts", "products", "products", "vouchers"))
    names = list(chance.choice(ALWAYS[kind]))
    others = [name for name in COLUMNS[kind] if name not in names]
    names += chance.sample(others, chance.randint(0, min(4, len(others))))
    chance.shuffle(names)
    delimiter = chance.choice(",;") if len(names) > 1 else ","
    line_end = chance.choice(LINE_ENDS)
    oddness = chance.choice((0, 0, 0.02, 0.2, 0.5))
    text = delimiter.join(names) + line_end
    for _ in range(chance.randint(1, 30)):
        text += _row(names, delimiter, oddness, chance)
        text += chance.choice(LINE_ENDS) if _happens(oddness / 10, chance) else line_end
    if _happens(0.2, chance):
        text = text[: max(len(text) - chance.randint(1, 20), text.index(line_end) + len(line_end))]
    start = b"\xef\xbb\xbf" if _happens(0.1, chance) else b""
    return Case(kind, start + text.encode(), chance.choice((7, 64, 500, 131_072)))


def _row(names: list[str], delimiter: str, oddness: float, chance: Random) -> str:
    if _happens(oddness / 5, chance):
        return chance.choice(("", "", " ", delimiter * (len(names) - 1), delimiter))
    cells = [_cell(name, delimiter, oddness, chance) for name in names]
    if _happens(oddness / 5, chance):
        cells = cells[:-1] if _happens(0.5, chance) else [*cells, "more"]
    return delimiter.join(cells)


def _cell(name: str, delimiter: str, oddness: float, chance: Random) -> str:
    if _happens(oddness / 8, chance):
        return chance.choice(SLIPS)
    odd = _happens(oddness, chance)
    text = chance.choice(ODD) if odd else chance.choice(GOOD.get(name, ("some text",)))
    if _happens(oddness / 2, chance):
        text += chance.choice(QUOTED).replace('""', '"')
    if name in {"_externalId", "_email", "productId", "code"} and _happens(0.7, chance):
        text = str(chance.randrange(100)) + text
    if delimiter in text or set(text) & set('"\r\n') or _happens(oddness / 5, chance):
        text = '"' + text.replace('"', '""') + '"'
    return text


def _happens(share: float, chance: Random) -> bool:
    return chance.random() < share


def _position(verdict: Verdict, column: str | None) -> int:
    return verdict.facts.columns.index(column) if column else 0


def main() -> int:
    """Compare, and show the first files on which the two do not agree."""
    agreement = compare(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{agreement.files:,} files, {agreement.issues:,} issues of {len(agreement.codes)} codes")
    for case, ours, theirs in agreement.differing[:3]:
        print(case, "ours:", ours, "row loop:", theirs, sep="\n  ")
    print(f"{len(agreement.differing)} differ")
    return bool(agreement.differing)


if __name__ == "__main__":
    sys.exit(main())
