"""A home with an agent's folders, and files to drop into it, each unlike all others."""

import os
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

HEADERS = {
    "contacts": "_email,_name",
    "products": "productId,name,productDetailUrl,unitPrice",
    "vouchers": "code",
}
ROWS = {
    "contacts": "c{0}@example.com,Name {0}",
    "products": "p{0},Thing {0},https://shop.example.com/{0},9.90",
    "vouchers": "V{0}",
}


@dataclass
class Yard:
    """A home, and files that are ready to be moved into its inboxes.

    Attributes:
        home: The home.
        dropped_at: When each was dropped, by kind and name, on the monotonic clock.
    """

    home: Path
    dropped_at: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the folders."""
        for folder in ("inbox", "processed", "failed", "ready"):
            for kind in HEADERS:
                (self.home / folder / kind).mkdir(parents=True)

    def make_ready(self, kind: str, numbers: Iterable[int]) -> list[str]:
        """Write files of one row where nobody looks for them."""
        names = []
        for number in numbers:
            names.append(f"{kind}-{number:06}.csv")
            content = f"{HEADERS[kind]}\n{ROWS[kind].format(number)}\n"
            (self.home / "ready" / kind / names[-1]).write_text(content)
        return names

    def drop(self, kind: str, names: Iterable[str]) -> float:
        """Move files into an inbox; return when the last was."""
        source, target = f"{self.home}/ready/{kind}", f"{self.home}/inbox/{kind}"
        now = time.monotonic()
        for name in names:
            os.rename(f"{source}/{name}", f"{target}/{name}")  # noqa: PTH104 - it has to be quick
            now = self.dropped_at[kind, name] = time.monotonic()
        return now

    def write(self, kind: str, name: str, content: bytes) -> float:
        """Write a file in the inbox itself, as careless senders do; return when it was closed."""
        (self.home / "inbox" / kind / name).write_bytes(content)
        now = self.dropped_at[kind, name] = time.monotonic()
        return now

    def filed(self) -> int:
        """Count the reports."""
        places = (self.home / root / kind for root in ("processed", "failed") for kind in HEADERS)
        return sum(name.endswith(".report.json") for place in places for name in os.listdir(place))  # noqa: PTH208 - quick

    def whole(self) -> int:
        """Count the dropped files that are there, unchanged, wherever they are by now."""
        found = Counter(
            path.read_text()
            for where in ("inbox/*/*.csv", "inbox/.claimed/*/*.csv", "[pf]*ed/*/*.csv")
            for path in self.home.glob(where)
        )
        contents = (
            f"{HEADERS[kind]}\n{ROWS[kind].format(int(name[-10:-4]))}\n"
            for kind, name in self.dropped_at
        )
        return sum(found[content] == 1 for content in contents)

    def breaches(self) -> dict[str, int]:
        """Count what must not be."""
        archived = Counter(
            (path.parent.name, path.read_text()) for path in self.home.glob("[pf]*/*/*.csv")
        )
        wanted = {
            (kind, f"{HEADERS[kind]}\n{ROWS[kind].format(int(name[-10:-4]))}\n")
            for kind, name in self.dropped_at
        }
        reports = sum(1 for _ in self.home.glob("processed/*/*.report.json"))
        return {
            "files lost": len(wanted - archived.keys()),
            "filed twice": sum(count > 1 for count in archived.values()),
            "changed, or not ours": len(archived.keys() - wanted),
            "without a report of success": len(wanted) - reports,
            "left in inbox or claims": len(list(self.home.glob("inbox/*/*.csv")))
            + len(list(self.home.glob("inbox/.claimed/*/*"))),
        }
