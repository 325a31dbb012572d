"""What can go wrong with one import on the server."""

import re
from dataclasses import dataclass
from typing import Literal

IMPORT_ACTIONS = frozenset({"late-visible", "ends", "vanish", "lying-counts", "unknown-status"})

End = Literal["finished", "error", "cancelled", "never", "vanished"]
Counts = Literal["honest", "short", "over", "falling"]

_ENDS: dict[str, End] = {"error": "error", "cancelled": "cancelled", "never": "never"}
_COUNTS: dict[str, Counts] = {
    "": "short",
    "short": "short",
    "over": "over",
    "falling": "falling",
}
_LATE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<seconds>s?)")


@dataclass(frozen=True, slots=True)
class Misfortune:
    """The fate of one import; by default nothing goes wrong.

    Attributes:
        end: How it ends; anything but ``finished`` happens at half of its rows.
        counts: How its ``success`` is told.
        running: The status while it is under way.
        hidden_listings: How many listings do not show it yet.
        hidden_seconds: For how long listings do not show it.
    """

    end: End = "finished"
    counts: Counts = "honest"
    running: str = "inProgress"
    hidden_listings: int = 0
    hidden_seconds: float = 0.0

    @classmethod
    def of(cls, action: str, value: str) -> "Misfortune":
        """Make the fate that a fault text describes.

        Raises:
            ValueError: There is no such value for the action.
        """
        match action:
            case "vanish":
                return cls(end="vanished")
            case "unknown-status":
                return cls(running=value or "validating")
            case "ends" if value in _ENDS:
                return cls(end=_ENDS[value])
            case "lying-counts" if value in _COUNTS:
                return cls(counts=_COUNTS[value])
            case "late-visible" if late := _LATE.fullmatch(value or "1"):
                number = float(late["number"])
                if late["seconds"]:
                    return cls(hidden_seconds=number)
                return cls(hidden_listings=int(number))
        raise ValueError(f"{action} cannot be {value or 'empty'}")

    def rows_until_end(self, total: int) -> int:
        """Tell after how many of its rows the import stops."""
        return total if self.end == "finished" else total // 2

    def told_success(self, success: int, total: int) -> int:
        """Tell the ``success`` that clients are shown."""
        match self.counts:
            case "honest":
                return success
            case "short":
                return success - success // 10 - (success > 0)
            case "over":
                return success + total // 10 + 1
            case "falling":
                return max(0, total - success)
