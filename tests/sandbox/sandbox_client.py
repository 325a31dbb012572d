"""A small client of the sandbox for its tests, and a clock that is set."""

from types import TracebackType
from typing import Any, Self

import requests

from dropbox_agent.sandbox import Sandbox, SandboxOptions

CONTACTS = b"_email,_name\nann@example.com,Ann\nbob@example.com,Bob\n"
OPTIONS = {
    "type": "contacts",
    "delimiter": ",",
    "overrideExisting": "true",
    "updateOnlyEmptyFields": "false",
}


class SetClock:
    """A monotonic clock that stands still until it is set on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Tell the time in seconds."""
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        """Set the clock on."""
        self.now += seconds


class Client:
    """A sandbox with a clock that is set, and a session that has its key."""

    def __init__(self, options: SandboxOptions | None = None, faults: tuple[str, ...] = ()) -> None:
        self.clock = SetClock()
        chosen = options or SandboxOptions(rows_per_second=None, requests_per_minute=None)
        self.sandbox = Sandbox(chosen, clock=self.clock, faults=faults)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"apiKey {self.sandbox.api_key}"

    def __enter__(self) -> Self:
        self.sandbox.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.session.close()
        self.sandbox.stop()

    def call(self, method: str, path: str, **more: Any) -> requests.Response:  # noqa: ANN401 - requests decides
        """Send one request; redirects are not followed."""
        more.setdefault("timeout", 10)
        return self.session.request(method, self.sandbox.url + path, allow_redirects=False, **more)

    def post(
        self, csv: bytes = CONTACTS, path: str = "/imports/", **parts: str
    ) -> requests.Response:
        """Create an import; ``parts`` replace or, when empty, leave out the usual ones."""
        scalars = {name: text for name, text in (OPTIONS | parts).items() if text}
        return self.call("POST", path, data=scalars, files={"file": ("a.csv", csv, "text/csv")})

    def create(self, csv: bytes = CONTACTS, **parts: str) -> str:
        """Create an import that must be accepted, and give its id."""
        answer = self.post(csv, **parts)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def look(self, import_id: str) -> dict[str, Any]:
        """Look at one import that must be there."""
        answer = self.call("GET", f"/imports/{import_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def run(self, csv: bytes = CONTACTS, **parts: str) -> dict[str, Any]:
        """Create an import and look at it once it has ended."""
        import_id = self.create(csv, **parts)
        self.clock.pass_seconds(1)
        return self.look(import_id)

    def listed(self) -> list[str]:
        """List the ids on the newest page."""
        return [each["id"] for each in self.call("GET", "/imports/").json()["results"]]

    def report(self, csv: bytes = CONTACTS, **parts: str) -> list[str]:
        """Run an import with refused rows and fetch the lines of its error report."""
        url = self.run(csv, **parts)["errorReportFileUrl"]
        return requests.get(url, timeout=10).text.splitlines()
