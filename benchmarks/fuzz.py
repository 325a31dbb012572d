"""Fuzzes the reader: mutates the corpus, and looks for files that checking gets wrong.

    python benchmarks/fuzz.py --minutes 10        ten minutes, with a seed that it prints
    python benchmarks/fuzz.py --seed 7            the same files in the same order again
    python benchmarks/fuzz.py --replay FILE...    look at findings once more

Every file is checked with blocks of two sizes, and if it can be sent it is cut into parts, read as
the server reads it, and compared with what a naive reader finds (tests/readings.py). A finding is
an exception, a disagreement, a check that takes longer than two seconds, or memory that grows. It
is written to a file of its own, with all that is needed to see it again. Ends with 1 if there are
any.
"""

import argparse
import hashlib
import json
import random
import sys
import time
import traceback
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dropbox_agent.core.kind import Kind
from tests.exports import Export, exports
from tests.readings import Dropped, examine

MOST_SECONDS = 2.0
MOST_BYTES = 200_000
MOST_MEMORY = 64_000_000
"""What checking one small file may take at its peak, with all that is compared."""

MEMORY_EVERY = 50
"""How many files are looked at until the memory of one is measured, as that is slow."""

MOST_CHANGES = 3
SHARE_OF_RIGHT_KIND = 0.9
SHARE_OF_GOOD = 0.8
"""How many files are made from one that can be sent; most of these no longer can."""

MOST_FINDINGS = 20
TELL_EVERY = 60.0

TOKENS = (
    b'"', b'""', b'"""', b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\r\r\n", b"\0", b" ",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xc3", b"\xe9", b"\xe2\x80\xa8", b"\xc2\xa0",
    b"\x1c", b"\x1a", b"sep=;\n", b'"\r"', b'"\n\n"', b";;;\n", b",,,\n", b"\n\n", b"_email",
    b"_externalId", b"code", b"0", b"1,5", b"%20", b"\xf0\x9f\x98\x80", b"_line", b"_error",
)  # fmt: skip


@dataclass(frozen=True)
class Try:
    """One file to look at, and how to look at it."""

    export: str
    kind: Kind
    payload: bytes
    block_bytes: int
    limit: int

    def look(self, corpus: dict[str, Export]) -> bool:
        """Examine it; return whether it could be sent."""
        export = corpus[self.export]
        dropped = Dropped(self.payload, export.file, self.kind, export.policy, export.encoding)
        return examine(dropped, block_bytes=self.block_bytes, limit=self.limit).sendable

    def save(self, folder: Path, why: str) -> Path:
        """Write all that is needed to look at it again."""
        folder.mkdir(parents=True, exist_ok=True)
        told = {
            "export": self.export,
            "kind": self.kind,
            "payload": self.payload.hex(),
            "block_bytes": self.block_bytes,
            "limit": self.limit,
            "why": why,
        }
        text = json.dumps(told, indent=1)
        path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
        path.write_text(text, encoding="utf-8")
        return path


def loaded(path: Path) -> Try:
    """Read what ``save`` wrote."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Try(
        told["export"],
        Kind(told["kind"]),
        bytes.fromhex(told["payload"]),
        told["block_bytes"],
        told["limit"],
    )


def mutated(raw: bytes, other: bytes, chance: random.Random) -> bytes:
    """Change a file in a few places."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((1, 2, 5, 20, 100)))
        match chance.randrange(8):
            case 0:
                del data[at:to]
            case 1:
                data[at:at] = chance.choice(TOKENS)
            case 2:
                data[at:to] = chance.choice(TOKENS)
            case 3:
                data[at:at] = data[at:to] * chance.randint(1, 4)
            case 4:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 5:
                start = chance.randrange(len(other) + 1)
                data[at:at] = other[start : start + chance.randint(1, 200)]
            case 6:
                del data[at:]
            case _:
                lines = data.splitlines(keepends=True) or [bytearray()]
                line = lines[chance.randrange(len(lines))]
                data += line * chance.randint(1, 30)
    return bytes(data[:MOST_BYTES])


def tries(seed: int, corpus: dict[str, Export]) -> Iterable[Try]:
    """Make files without end; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    payloads = {name: export.payload for name, export in corpus.items()}
    small = [name for name, payload in payloads.items() if len(payload) <= MOST_BYTES // 10]
    good = [name for name in small if corpus[name].sendable]
    while True:
        name = chance.choice(good if chance.random() < SHARE_OF_GOOD else small)
        other = chance.choice(small)
        kind = (
            corpus[name].kind
            if chance.random() < SHARE_OF_RIGHT_KIND
            else chance.choice(list(Kind))
        )
        yield Try(
            name,
            kind,
            mutated(payloads[name], payloads[other], chance),
            chance.choice((1, 3, 16, 64, 300, 1000)),
            chance.choice((30, 100, 300, 5000)),
        )


def fault_of(each: Try, corpus: dict[str, Export], *, measured: bool) -> tuple[str | None, bool]:
    """Say what is wrong with how a file is treated, and whether it could be sent."""
    began = time.perf_counter()
    if measured:
        tracemalloc.start()
    try:
        sendable = each.look(corpus)
        peak = tracemalloc.get_traced_memory()[1]
    except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
        return traceback.format_exc(), False
    finally:
        tracemalloc.stop()
    seconds = time.perf_counter() - began
    if seconds > MOST_SECONDS and not measured:
        return f"it took {seconds:.1f} seconds", sendable
    if peak > MOST_MEMORY:
        return f"it took {peak:,} bytes of memory", sendable
    return None, sendable


def fuzz(seed: int, minutes: float, folder: Path) -> int:
    """Look at files until the time is over; return the number of findings."""
    corpus = {export.file: export for export in exports()}
    until = time.monotonic() + minutes * 60
    next_word = time.monotonic() + TELL_EVERY
    done, findings = Counter[str](), 0
    print(f"seed {seed}, {len(corpus)} files to begin with, {minutes:g} minutes", flush=True)
    for number, each in enumerate(tries(seed, corpus)):
        if time.monotonic() > until or findings >= MOST_FINDINGS:
            break
        fault, sendable = fault_of(each, corpus, measured=number % MEMORY_EVERY == 0)
        done["sendable" if sendable else "rejected"] += 1
        if fault:
            findings += 1
            path = each.save(folder, fault)
            print(f"finding: {path}\n  {fault.strip().splitlines()[-1]}", flush=True)
        if time.monotonic() > next_word:
            next_word += TELL_EVERY
            print(f"{done.total():,} files, {findings} findings", flush=True)
    print(
        f"{done.total():,} files ({done['sendable']:,} could be sent), {findings} findings,"
        f" seed {seed}"
    )
    return findings


def replay(paths: Iterable[Path]) -> int:
    """Look at findings once more; return how many still are some."""
    corpus = {export.file: export for export in exports()}
    still = 0
    for path in paths:
        fault, _ = fault_of(loaded(path), corpus, measured=False)
        still += fault is not None
        print(f"{path}: {fault or 'in order'}")
    return still


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE")
    chosen = parser.parse_args()
    if chosen.replay:
        return 1 if replay(chosen.replay) else 0
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(1 << 32)
    return 1 if fuzz(seed, chosen.minutes, chosen.findings) else 0


if __name__ == "__main__":
    sys.exit(main())
