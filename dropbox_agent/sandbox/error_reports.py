"""Error reports: the refused rows of an import, behind links that need no key and expire.

Documented: that there is a file of all errors. Inferred from exports: links valid 100 minutes,
made anew at each look, fetched without the key, possibly a ZIP.
"""

import csv
import hmac
import io
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from tempfile import SpooledTemporaryFile

_MEMORY_BYTES = 256_000


class ErrorReport:
    """The refused rows of one import as a CSV of the original columns and a reason."""

    def __init__(self, columns: Sequence[str], delimiter: str) -> None:
        self._file = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - closed by close()
        self._text = io.TextIOWrapper(self._file, encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, delimiter=delimiter)
        self._writer.writerow((*columns, "reason"))

    def add(self, cells: Sequence[str], line: int, reason: str) -> None:
        """Add one refused row with the physical line it began on."""
        self._writer.writerow((*cells, f"Line {line}: {reason}"))

    def as_csv(self) -> bytes:
        """Read the whole report."""
        self._text.flush()
        self._file.seek(0)
        content = self._file.read()
        self._file.seek(0, io.SEEK_END)
        return content

    def as_zip(self) -> bytes:
        """Pack the report as exports are packed."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("errors.csv", self.as_csv())
        return packed.getvalue()

    def close(self) -> None:
        """Forget the report."""
        self._text.close()


class ReportLinks:
    """Signs links to reports, so that nobody has to remember those given out."""

    def __init__(self) -> None:
        self._secret = token_bytes(16)

    def path(self, import_id: str, extension: str, expires: float) -> str:
        """Make the path of a link that is valid until ``expires`` (monotonic seconds)."""
        until = f"{expires:.3f}"
        signature = self._sign(import_id, until)
        return f"/error-reports/{import_id}.{extension}?until={until}&signature={signature}"

    def valid(self, import_id: str, until: str, signature: str, now: float) -> bool:
        """Whether a link is one of ours and has not expired."""
        genuine = hmac.compare_digest(signature, self._sign(import_id, until))
        return genuine and now <= float(until)

    def _sign(self, import_id: str, until: str) -> str:
        return hmac.new(self._secret, f"{import_id} {until}".encode(), sha256).hexdigest()
