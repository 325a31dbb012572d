"""Faults on request: what shall go wrong, written as short texts.

A text is ``[METHOD[ PATH]:]ACTION[=VALUE][*TIMES]``. Without TIMES a fault happens once, with ``*``
alone it happens always. Faults wait in line: each request takes the first that is meant for it,
each import the first that is meant for imports.

Requests (``POST:503*3``, ``GET /imports/:garbled``, ``slow=2*``):

    reset-before         the connection is reset before the request is looked at
    reset-after-accept   the request is carried out, then the connection is reset
    <status>             any 4xx or 5xx, nothing carried out; 429=FAMILY picks the rate headers
    <status>-after-accept   carried out, answered with that status
    garbled              carried out, half of the answer's JSON comes
    html                 carried out, answered with 200 and a web page
    flood                nothing carried out, 500 with eight megabytes of text
    redirect=URL         nothing carried out, 307 to elsewhere
    slow=SECONDS         carried out, answered that much later
    endless              carried out, an answer that never ends

Imports (``ends=error``, ``late-visible=3``):

    late-visible=N or Ns the list shows it only after N listings, or N seconds
    ends=error|cancelled|never   at half of its rows
    vanish               it is gone at half of its rows
    lying-counts=short|over|falling   success and errors do not add up
    unknown-status       an unknown status in place of inProgress
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock

from dropbox_agent.sandbox.misfortune import IMPORT_ACTIONS, Misfortune
from dropbox_agent.sandbox.options import RATE_HEADERS

REQUEST_ACTIONS = frozenset(
    {
        "reset-before",
        "reset-after-accept",
        "garbled",
        "html",
        "flood",
        "redirect",
        "slow",
        "endless",
    }
)
STATUS_ACTION = re.compile(r"(?P<status>[45][0-9]{2})(?P<accepted>-after-accept)?")

_TEXT = re.compile(
    r"(?:(?P<method>[A-Z]+)(?: (?P<path>/\S*))?:)?(?P<action>[a-z0-9-]+)(?:=(?P<value>[^*]+))?"
    r"(?P<star>\*(?P<times>[1-9][0-9]*)?)?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that shall go wrong.

    Attributes:
        action: What happens; see the list above.
        value: What follows ``=``, or nothing.
        method: The HTTP method it waits for; empty for any.
        path: What the path begins with; empty for any.
        times: How often it happens; None for always.
    """

    action: str
    value: str = ""
    method: str = ""
    path: str = ""
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.concerns_imports:
            if self.method:
                raise ValueError(f"{self.action} is about imports and takes no method")
            Misfortune.of(self.action, self.value)
        elif self.action not in REQUEST_ACTIONS and not STATUS_ACTION.fullmatch(self.action):
            raise ValueError(f"no such fault: {self.action}")
        if self.action == "slow" and not _is_number(self.value):
            raise ValueError("slow needs a number of seconds, for example slow=2")
        if self.action.startswith("429") and self.value not in {"", *RATE_HEADERS}:
            raise ValueError(f"{self.action} takes one of: {', '.join(RATE_HEADERS)}")

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read a fault as it is written on a command line.

        Raises:
            ValueError: The text is no fault; the message says why.
        """
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a fault: {text!r}; write for example POST:503*3 or slow=2")
        once = 1 if not found["star"] else None
        return cls(
            action=found["action"],
            value=found["value"] or "",
            method=found["method"] or "",
            path=found["path"] or "",
            times=int(found["times"]) if found["times"] else once,
        )

    @property
    def concerns_imports(self) -> bool:
        """Whether it happens to an import rather than to a request."""
        return self.action in IMPORT_ACTIONS

    def meets(self, method: str, path: str) -> bool:
        """Whether it is meant for such a request."""
        return (
            not self.concerns_imports and self.method in {"", method} and path.startswith(self.path)
        )


class Faults:
    """The faults that are still to come, in order."""

    def __init__(self, faults: Iterable[Fault | str] = ()) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []
        self.add(*faults)

    def add(self, *faults: Fault | str) -> None:
        """Put faults at the end of the line.

        Raises:
            ValueError: A text is no fault.
        """
        parsed = [Fault.parse(each) if isinstance(each, str) else each for each in faults]
        with self._lock:
            self._waiting.extend(parsed)

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._waiting.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """The faults that have not happened yet, or not often enough."""
        with self._lock:
            return tuple(self._waiting)

    def for_request(self, method: str, path: str) -> Fault | None:
        """Take the first fault meant for such a request."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.meets(method, path):
                    return self._take(at)
        return None

    def for_import(self) -> Misfortune:
        """Take the first fault meant for imports, as what will happen to one."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.concerns_imports:
                    taken = self._take(at)
                    return Misfortune.of(taken.action, taken.value)
        return Misfortune()

    def _take(self, at: int) -> Fault:
        fault = self._waiting[at]
        if fault.times == 1:
            del self._waiting[at]
        elif fault.times is not None:
            self._waiting[at] = replace(fault, times=fault.times - 1)
        return fault


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) is not None
