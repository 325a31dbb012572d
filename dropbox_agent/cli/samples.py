"""Sample files for the demo: good ones, and some of the ways in which files are not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.core.kind import Kind

LARGE_ROWS = 200_000
SMALL_ROWS = 1_200
NAMES = ("Ada", "Björn", "Chloé", "Dmitri", "Eva", "Fátima", "George", "Hana")


@dataclass(frozen=True, slots=True)
class Sample:
    """One file to drop.

    Attributes:
        kind: Whose inbox it goes into.
        name: Its file name.
        header: Its first line.
        rows: Its other lines.
        about: What it is there to show.
    """

    kind: Kind
    name: str
    header: str
    rows: Iterable[str]
    about: str

    def write(self, inbox: Path) -> Path:
        """Write the file as good senders do: under another name first."""
        target = inbox / self.kind / self.name
        unfinished = target.with_name(f"{target.name}.part")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{self.header}\r\n")
            file.writelines(f"{row}\r\n" for row in self.rows)
        return unfinished.replace(target)


def samples() -> list[Sample]:
    """Make the sample files."""
    contact = "_email,_name,_birthdate,_points"
    product = "productId,name,productDetailUrl,unitPrice,categories"
    return [
        Sample(
            Kind.CONTACTS, "newsletter-subscribers.csv", contact, _contacts(SMALL_ROWS),
            "contacts that are all in order",
        ),
        Sample(
            Kind.CONTACTS, "crm-export-with-bad-rows.csv", contact, _contacts(SMALL_ROWS, bad=25),
            "every 25th row has a birthday that is no date: Connectif refuses those rows",
        ),
        Sample(
            Kind.CONTACTS, "old-shop-export.csv", "Email,_name,_points",
            ("ada@example.com,Ada,10", "eva@example.com,Eva"),
            "a misspelt column and a row cut short: rejected before anything is sent",
        ),
        Sample(
            Kind.CONTACTS, "all-customers.csv", contact, _contacts(LARGE_ROWS),
            f"{LARGE_ROWS:,} contacts",
        ),
        Sample(
            Kind.PRODUCTS, "catalogue.csv", product, _products(SMALL_ROWS),
            "products, with quoted cells",
        ),
        Sample(
            Kind.VOUCHERS, "spring-codes.csv", "code", (f"SPRING-{n:06d}" for n in range(5_000)),
            "vouchers for the default coupon set",
        ),
    ]  # fmt: skip


def _contacts(count: int, bad: int = 0) -> Iterator[str]:
    for n in range(count):
        birthday = "yesterday" if bad and n % bad == 0 else f"19{50 + n % 50}-0{1 + n % 9}-15"
        name = NAMES[n % len(NAMES)]
        yield f"customer{n:06d}@example.com,{name},{birthday},{n % 500 + 1}"


def _products(count: int) -> Iterator[str]:
    for n in range(count):
        yield (
            f'SKU-{n:05d},"Chair no. {n}, ""oak""",https://shop.example.com/chairs/{n},'
            f"{19 + n % 80}.90,/Furniture/Chairs"
        )
