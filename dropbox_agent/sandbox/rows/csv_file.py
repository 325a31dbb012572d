"""One received CSV: its bytes, its header, and its rows read in batches when they are due."""

import csv
import io
import re
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from dropbox_agent.sandbox.problems import Invalid
from dropbox_agent.sandbox.rows.checking import Cells

_MEMORY_BYTES = 1_000_000

# The csv module's own limit of 131,072 characters a cell is its setting, not a rule of CSV; it
# can only be widened for the whole process.
csv.field_size_limit(2**31 - 1)

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Unreadable(Exception):
    """A file is not UTF-8 text, not CSV, or has no header."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.invalid = Invalid("file", reason)


class Spool:
    """The bytes of one file as they arrive; on disk when there are many."""

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - closed by close()
        self.size = 0
        self.has_nul = False
        self._hash = sha256()

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self.file.write(data)
        self._hash.update(data)
        self.size += len(data)
        self.has_nul = self.has_nul or b"\0" in data

    @property
    def sha256(self) -> str:
        """Hash of all bytes so far, in hexadecimal."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Forget the bytes."""
        self.file.close()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of a file in a row; blank lines are empty records.

    Attributes:
        records: The cells of each.
        line: The physical line that the first begins on, from 1.
    """

    records: list[Cells]
    line: int

    @property
    def rows(self) -> list[Cells]:
        """The records that are rows."""
        return list(filter(None, self.records))

    def lines(self) -> list[int]:
        """Find the physical line that each row begins on."""
        lines, line = [], self.line
        for record in self.records:
            if record:
                lines.append(line)
            line += 1 + sum(len(_LINE_BREAK.findall(cell)) for cell in record)
        return lines


class CsvFile:
    """The header and rows of one file.

    Blank lines are no rows. A byte-order mark and quoting by RFC 4180 are understood.

    Attributes:
        spool: The bytes.
        columns: The names in the header.
        total: Number of rows.
        fault: Why it cannot be used; None when it can.
    """

    def __init__(self, spool: Spool, delimiter: str) -> None:
        self.spool = spool
        self.columns: tuple[str, ...] = ()
        self.total = 0
        self.fault: Unreadable | None = None
        spool.file.seek(0)
        self._text = io.TextIOWrapper(spool.file, encoding="utf-8-sig", newline="")
        read_anew = partial(csv.reader, self._text, delimiter=delimiter, strict=True)
        self._reader = read_anew()
        try:
            self.columns = tuple(next(filter(None, self._reader), ()))
            self.total = sum(map(bool, self._reader))
        except (UnicodeDecodeError, csv.Error) as error:
            self.fault = self._fault(error)
        else:
            self.fault = self._fault(None)
            self._text.seek(0)
            self._reader = read_anew()
            next(filter(None, self._reader), None)

    def take(self, count: int) -> Batch:
        """Read the next ``count`` records, or those that are left."""
        line = self._reader.line_num + 1
        return Batch(list(islice(self._reader, count)), line)

    def close(self) -> None:
        """Forget the file."""
        self._text.close()
        self.spool.close()

    def _fault(self, error: ValueError | csv.Error | None) -> Unreadable | None:
        if isinstance(error, csv.Error):
            line = self._reader.line_num
            return Unreadable(f"The file is no valid CSV at line {line}: {error}.")
        if error is not None or self.spool.has_nul:
            return Unreadable("The file is no text in UTF-8.")
        return None if self.columns else Unreadable("The file has no header.")
