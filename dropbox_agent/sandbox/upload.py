"""Read one multipart upload: its scalar parts, and its file into a spool.

Works for bodies of known length and chunked ones alike, in pieces, so that a large file is never
in memory as a whole.
"""

from dataclasses import dataclass, field
from typing import IO

from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from dropbox_agent.sandbox.problems import Problem
from dropbox_agent.sandbox.rows.csv_file import Spool

_PIECE_BYTES = 256 * 1024
_MAX_SCALAR_BYTES = 10_000


@dataclass(slots=True)
class Upload:
    """What came in one request.

    Attributes:
        scalars: The parts without a file name, as text.
        late: The names of those that came after the file.
        spool: The bytes of the part ``file``; None when there was none.
        content_type: The content type of that part, without parameters.
    """

    scalars: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    spool: Spool | None = None
    content_type: str = ""

    def close(self) -> None:
        """Forget the file."""
        if self.spool is not None:
            self.spool.close()


class _UploadReader:
    """Puts the parts of a body into an upload, one event of the decoder after the other."""

    def __init__(self, max_file_bytes: int) -> None:
        self.upload = Upload()
        self._max_file_bytes = max_file_bytes
        self._scalar: str | None = None
        self._text = bytearray()
        self._spool: Spool | None = None

    def begin(self, part: Field | File) -> None:
        """Begin the next part; files of another name are read past."""
        self._scalar = self._spool = None
        if isinstance(part, Field):
            self._scalar, self._text = part.name, bytearray()
            if self.upload.spool is not None:
                self.upload.late.append(part.name)
        elif part.name == "file":
            self.upload.close()
            self._spool = self.upload.spool = Spool()
            content_type = part.headers.get("Content-Type", "")
            self.upload.content_type = content_type.partition(";")[0].strip().lower()

    def take(self, data: Data) -> None:
        """Take the next bytes of the part."""
        if self._scalar is not None:
            self._take_scalar(self._scalar, data)
        elif self._spool is not None:
            self._spool.write(data.data)
            if self._spool.size > self._max_file_bytes:
                limit = self._max_file_bytes
                raise Problem(413, f"The file is too big: the maximum is {limit:,} bytes.")

    def _take_scalar(self, name: str, data: Data) -> None:
        self._text += data.data
        if len(self._text) > _MAX_SCALAR_BYTES:
            raise Problem(413, f"The part {name} is too big.")
        if not data.more_data:
            self.upload.scalars[name] = self._text.decode("utf-8", "replace").strip()


def read_upload(body: IO[bytes], boundary: str, max_file_bytes: int) -> Upload:
    """Read a whole multipart body.

    Raises:
        Problem: The file or a part is too big, or the body is no multipart form.
    """
    decoder = MultipartDecoder(boundary.encode())
    reader = _UploadReader(max_file_bytes)
    try:
        while True:
            decoder.receive_data(body.read(_PIECE_BYTES) or None)
            while not isinstance(event := decoder.next_event(), NeedData):
                if isinstance(event, Field | File):
                    reader.begin(event)
                elif isinstance(event, Data):
                    reader.take(event)
                elif isinstance(event, Epilogue):
                    return reader.upload
    except ValueError as error:
        reader.upload.close()
        raise Problem(400, "The body is no complete multipart form.") from error
    except BaseException:
        reader.upload.close()
        raise
