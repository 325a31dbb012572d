"""Soak: a real agent in real folders, a server that fails, and kills at random moments.

    python benchmarks/soak.py --files 1000 --kills 200

Drops files of all kinds while an agent process is killed with SIGKILL and started again, over and
over. The server resets, stalls, garbles, refuses and forgets. In the end every file must be filed
with a report, byte for byte; every file that could be sent must have been taken by the server
once; none twice; none that must not be. Ends with 1 on any breach.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions

FAULTS = (
    "POST:reset-before",
    "POST:reset-after-accept",
    "POST:503",
    "POST:503-after-accept",
    "POST:garbled",
    "POST:html",
    "POST:429=ratelimit",
    "POST:slow=1",
    "GET:reset-before",
    "GET:503",
    "GET:garbled",
    "GET:429",
    "GET:slow=1",
    "late-visible=1",
    "late-visible=0.5s",
)

QUICK = {
    "AGENT_SETTLE_SECONDS": "0.2",
    "AGENT_RESCAN_SECONDS": "1",
    "AGENT_POLL_FLOOR_SECONDS": "0.1",
    "AGENT_POLL_CEILING_SECONDS": "1",
    "AGENT_BACKOFF_FLOOR_SECONDS": "0.05",
    "AGENT_BACKOFF_CEILING_SECONDS": "0.5",
    "AGENT_UNKNOWN_GRACE_SECONDS": "1",
    "AGENT_READ_TIMEOUT_SECONDS": "5",
    "AGENT_REQUESTS_PER_MINUTE": "10000",
    "AGENT_LOG_LEVEL": "warning",
}

REST_SECONDS = 300.0
"""How long the last agent, which is not killed, may take to bring all to rest."""


@dataclass
class Drops:
    """What was dropped.

    Attributes:
        sendable: Hashes of files that the server has to take once.
        rejected: Hashes of files that must never be sent.
    """

    sendable: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    _inbox: Path = Path()
    _chance: random.Random = field(default_factory=random.Random)

    def drop(self, number: int) -> None:
        """Write one file as good senders do: under another name first."""
        kind = self._chance.choice(("contacts", "products", "vouchers"))
        bad = self._chance.random() < 0.1  # noqa: PLR2004 - one in ten
        content = _content(kind, number, self._chance.randint(1, 200), bad=bad)
        digest = hashlib.sha256(content).hexdigest()
        (self.rejected if bad else self.sendable).add(digest)
        target = self._inbox / kind / f"{kind}-{number:05d}.csv"
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.rename(target)


def _content(kind: str, number: int, rows: int, *, bad: bool) -> bytes:
    """Make a file that no other is equal to."""
    if kind == "contacts":
        header = "_emial,_name" if bad else "_email,_name"
        lines = [f"c{number}-{row}@example.com,Name {row}" for row in range(rows)]
    elif kind == "products":
        header = "productId,name,productDetailUrl" + ("" if bad else ",unitPrice")
        price = "" if bad else ",9.90"
        link = "https://shop.example.com"
        lines = [f"p{number}-{row},Thing,{link}/{number}/{row}{price}" for row in range(rows)]
    else:
        header = "codes" if bad else "code"
        lines = [f"V{number}-{row}" for row in range(rows)]
    return "\n".join([header, *lines, ""]).encode()


def _start(home: Path, sandbox: Sandbox, log: Path) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        **QUICK,
        "CONNECTIF_API_URL": sandbox.url,
        "CONNECTIF_API_KEY": sandbox.api_key,
        "VOUCHERS_COUPON_SET": DEFAULT_COUPON_SET,
    }
    command = [sys.executable, "-m", "dropbox_agent", "run", "--home", str(home)]
    with log.open("ab") as stream:
        return subprocess.Popen(command, env=environ, stderr=stream)  # noqa: S603 - our own


def soak(home: Path, files: int, kills: int, seed: int) -> int:
    """Run it; return the number of breaches."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for folder in ("inbox", "processed", "failed"):
        for kind in ("contacts", "products", "vouchers"):
            (home / folder / kind).mkdir(parents=True)
    drops = Drops(_inbox=home / "inbox", _chance=chance)
    options = SandboxOptions(rows_per_second=20_000, requests_per_minute=None)
    begun = time.monotonic()
    with Sandbox(options) as sandbox:
        numbers = iter(range(files))
        for kill in range(kills):
            agent = _start(home, sandbox, home / "agent.log")
            until = time.monotonic() + chance.uniform(0.3, 4.0)
            share = range(files // kills + 1)
            while time.monotonic() < until:
                for number in (next(numbers, None) for _ in share):
                    if number is not None:
                        drops.drop(number)
                share = range(0)
                if chance.random() < 0.1:  # noqa: PLR2004 - about once a second
                    sandbox.faults.add(chance.choice(FAULTS))
                time.sleep(0.1)
            agent.kill()
            agent.wait()
            if kill % 20 == 19:  # noqa: PLR2004 - now and then
                print(f"  {kill + 1} kills, {len(sandbox.imports)} imports", flush=True)
        for number in numbers:
            drops.drop(number)
        sandbox.faults.clear()
        agent = _start(home, sandbox, home / "agent.log")
        _wait_for_rest(home, files)
        agent.terminate()
        agent.wait()
        received = Counter(each.sha256 for each in sandbox.imports)
    seconds = time.monotonic() - begun
    print(f"files {files}, kills {kills}, restarts {kills + 1}, seconds {seconds:.0f}")
    return _report(home, drops, received, files)


def _wait_for_rest(home: Path, files: int) -> None:
    until = time.monotonic() + REST_SECONDS
    while len(list(home.glob("[pf]*/*/*.report.json"))) < files and time.monotonic() < until:
        time.sleep(0.5)


def _report(home: Path, drops: Drops, received: Counter[str], files: int) -> int:
    reports = [json.loads(path.read_text()) for path in home.glob("[pf]*/*/*.report.json")]
    outcomes = Counter(str(report["outcome"]) for report in reports)
    archived = {_digest(path) for path in home.glob("[pf]*/*/*.csv")}
    held = len(list((home / "inbox" / ".claimed").glob("*/*")))
    breaches = {
        "files lost": len((drops.sendable | drops.rejected) - archived) - held,
        "reports missing": files - len(reports) - held,
        "taken by the server twice": sum(count > 1 for count in received.values()),
        "never taken": len(drops.sendable - received.keys()) - held,
        "taken but must not be": len(received.keys() & drops.rejected),
        "fragments taken": len(received.keys() - drops.sendable - drops.rejected),
        "tracebacks in the log": (home / "agent.log").read_text().count("Traceback"),
    }
    once = sum(count == 1 for count in received.values())
    print(f"outcomes: {dict(outcomes)}, held for a person: {held}")
    print(f"files to send {len(drops.sendable)}, received once {once}")
    for what, count in breaches.items():
        print(f"  {what}: {count}")
    return sum(count != 0 for count in breaches.values())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Read the command line and run the soak."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="soak-"))
    print(f"home: {home}")
    breaches = soak(home, arguments.files, arguments.kills, arguments.seed)
    print("no breach" if not breaches else f"{breaches} kinds of breach")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
