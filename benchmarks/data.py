"""Writes the files that checking and sending are measured with; the same ones every time.

Three files of 50 MB: contacts are plain, with many short columns; products have long quoted cells
with commas, line breaks and accents; vouchers have one column and very many rows. From each, faulty
ones are made. They are kept in the system's folder for temporary files, to be there the next time.
"""

import csv
import io
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.measuring import MEGABYTE

FULL_BYTES = 50 * MEGABYTE
QUICK_BYTES = 300_000
"""Enough for more than one block of a check."""

CONTACTS = (
    "_email", "_externalId", "_name", "_surname", "_birthdate", "_mobilePhone", "_points",
    "_newsletterSubscriptionStatus", "_smsSubscriptionStatus", "_emailStatus",
    "_mobilePhoneStatus", "loyaltyTier",
)  # fmt: skip
PRODUCTS = (
    "productId", "name", "productDetailUrl", "unitPrice", "imageUrl", "description", "categories",
    "tags", "brand", "ratingCount", "rating", "unitPriceOriginal", "publishedAt", "inStockUnits",
    "availability",
)  # fmt: skip
VOUCHERS = ("code",)
HEADERS = {"contacts": CONTACTS, "products": PRODUCTS, "vouchers": VOUCHERS}

_NAMES = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Felipe", "Gloria", "Hugo", "Irene", "Javier")
_SURNAMES = ("Garcia", "Lopez", "Martin", "Ruiz", "Sanz", "Torres", "Vidal", "Moreno", "", "Gil")
_THINGS = (
    "Camión de juguete",
    "Lámpara de pie",
    "Sofá de tres plazas",
    "Cojín bordado",
    "Té verde",
)
_TEXTS = (
    'Hecho a mano en Àvila, con madera de haya; "edición limitada".',
    "Medidas: 120 x 60 x 75 cm, peso 14 kg.\nSe entrega montado.",
    "Ideal para el salón, la habitación o el jardín, según la estación.",
    "Algodón orgánico, lavable a 30 grados, no usar lejía.\r\nAñada el suyo hoy.",
)
_GROUPS = ("Hogar", "Jardín", "Niños", "Decoración", "Baño")
_BRANDS = ("Muñoz e Hijos, S.L.", "Peña", "Casa Azul", "Ibáñez")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LETTERS = 12

Row = list[str]


def file_of(kind: str, size: int) -> Path:
    """Return a good file of about that many bytes."""
    return _kept(kind, HEADERS[kind], _ROWS[kind], size)


def faulty_files(size: int) -> dict[str, tuple[str, Path]]:
    """Return files of about that many bytes in which every row has something wrong, by what.

    Each comes with its kind.
    """
    return {
        what: (kind, _kept(what.replace(" ", "-"), HEADERS[kind], rows, size, written))
        for what, (kind, rows, written) in _FAULTY.items()
    }


def file_of_keys(size: int) -> Path:
    """Return a file of contacts that has nothing but their two keys."""
    return _kept("contacts-keys", CONTACTS[:2], keys_only, size)


def contacts(chance: Random) -> Iterator[Row]:
    """Make contacts, each with an address and an id of its own."""
    number = 0
    while True:
        number += 1
        yield [
            f"customer{number}@example.com",
            f"{number:08d}",
            _NAMES[chance.randrange(10)],
            _SURNAMES[chance.randrange(10)],
            f"{chance.randrange(1940, 2006)}-{_month_and_day(chance)}",
            f"+346{chance.randrange(10**8):08d}",
            str(chance.randrange(1, 5000)),
            chance.choice(("subscribed", "unsubscribed")),
            chance.choice(("subscribed", "unsubscribed", "none")),
            "active",
            "active",
            chance.choice(("gold", "silver", "")),
        ]


def keys_only(chance: Random) -> Iterator[Row]:
    """Make contacts of nothing but two keys: most keys that can stand in so many bytes."""
    for row in contacts(chance):
        yield [f"c{row[1]}@example.com", row[1]]


def products(chance: Random) -> Iterator[Row]:
    """Make products, most of their texts such that they have to be quoted."""
    number = 0
    while True:
        number += 1
        price = chance.randrange(100, 90_000) / 100
        yield [
            f"SKU-{number:07d}",
            f"{_THINGS[chance.randrange(5)]}, modelo {number}",
            f"https://shop.example.com/es/catalogo/{number}-camión",
            f"{price:.2f}",
            f"https://images.example.com/{number}.jpg",
            _TEXTS[chance.randrange(4)],
            f"{_GROUPS[chance.randrange(5)]}|{_GROUPS[chance.randrange(5)]}",
            "nuevo|oferta",
            _BRANDS[chance.randrange(4)],
            str(chance.randrange(500)),
            f"{chance.randrange(51) / 10}",
            f"{price * 1.2:.2f}",
            f"2024-{_month_and_day(chance)}T10:00:00Z",
            str(chance.randrange(200)),
            chance.choice(("instock", "outofstock")),
        ]


def vouchers(chance: Random) -> Iterator[Row]:
    """Make codes; two that are the same are not to be expected."""
    pairs = [one + other for one in _LETTERS for other in _LETTERS]
    while True:
        bits = chance.getrandbits(_CODE_LETTERS * 5)
        yield ["".join([pairs[bits >> shift & 1023] for shift in range(0, 60, 10)])]


_ROWS: dict[str, Callable[[Random], Iterator[Row]]] = {
    "contacts": contacts,
    "products": products,
    "vouchers": vouchers,
}


def _month_and_day(chance: Random) -> str:
    return f"{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"


def _bad_cells(chance: Random) -> Iterator[Row]:
    for row in contacts(chance):
        row[0] = row[0].replace("@", " at ")
        row[4] = row[4].replace("-", "/")
        row[6] = "many"
        yield row


def _cut_short(chance: Random) -> Iterator[Row]:
    return (row[:-1] for row in contacts(chance))


def _same_twice(chance: Random) -> Iterator[Row]:
    for row in vouchers(chance):
        yield row
        yield row


def _with_spaces(chance: Random) -> Iterator[Row]:
    return ([code[:6] + " " + code[6:]] for (code,) in vouchers(chance))


def _bad_prices(chance: Random) -> Iterator[Row]:
    for row in products(chance):
        row[3] += " EUR"
        row[2] = row[2].removeprefix("https://")
        yield row


def _plain(row: Row) -> str:
    return ",".join(row) + "\n"


def _quoted(row: Row) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()


def _unclosed(row: Row) -> str:
    return '"' + ",".join(row) + '"x\n'


_WRITTEN = {"products": _quoted}
_FAULTY: dict[str, tuple[str, Callable[[Random], Iterator[Row]], Callable[[Row], str]]] = {
    "contacts with three bad cells in each row": ("contacts", _bad_cells, _plain),
    "contacts with a cell too few in each row": ("contacts", _cut_short, _plain),
    "contacts with broken quotes in each row": ("contacts", contacts, _unclosed),
    "products with two bad cells in each row": ("products", _bad_prices, _quoted),
    "vouchers with each code twice": ("vouchers", _same_twice, _plain),
    "vouchers with a space in each code": ("vouchers", _with_spaces, _plain),
}


def _kept(
    name: str,
    header: tuple[str, ...],
    rows: Callable[[Random], Iterator[Row]],
    size: int,
    written: Callable[[Row], str] | None = None,
) -> Path:
    """Return the file of that name from the last time, or write it."""
    # With another version of this module come other files.
    folder = Path(tempfile.gettempdir()) / f"dropbox-agent-benchmarks-{_version():08x}"
    path = folder / f"{name}-{size}.csv"
    if not path.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        write = written or _WRITTEN.get(name, _plain)
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            left = size - file.write(_plain(list(header)))
            lines = map(write, rows(Random(name)))  # noqa: S311 - no secret
            while left > 0:
                line = next(lines)
                file.write(line)
                left -= len(line.encode())
        unfinished.replace(path)
    return path


def _version() -> int:
    return zlib.crc32(Path(__file__).read_bytes())
