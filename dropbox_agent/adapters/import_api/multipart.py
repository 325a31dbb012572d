"""The multipart body of a file being sent: known length, read while it goes out.

The file lies between a head and a tail that urllib3 encodes, so that it is never held in memory.
"""

from collections.abc import Generator, Iterator, Sequence

from urllib3.filepost import choose_boundary, encode_multipart_formdata

from dropbox_agent.core.imports import Body

FILE_PART = ("file.csv", b"", "text/csv")
"""The documented content type needs naming: libraries would say ``application/octet-stream``."""


class BodyUnreadable(Exception):
    """The file could not be read to its end.

    Deliberately no OSError itself: urllib3 takes some of these for a server that hung up.
    """

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class MultipartBody:
    """Form fields in their order, then the file; an iterable that knows its length.

    Attributes:
        content_type: The header that names the boundary.
        started: Whether the first byte may have left: before that, the server has nothing.
    """

    def __init__(self, fields: Sequence[tuple[str, str]], body: Body) -> None:
        boundary = choose_boundary()
        around, self.content_type = encode_multipart_formdata(
            [*fields, ("file", FILE_PART)], boundary=boundary
        )
        self._tail = f"\r\n--{boundary}--\r\n".encode("ascii")
        self._head = around.removesuffix(self._tail)
        self._body = body
        self._size = body.size
        self.started = False
        self._pieces = self._read()

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        """Yield head, file and tail, once.

        Raises:
            BodyUnreadable: The file cannot be read, or is no longer of the size promised. The
                tail has not been sent then, so that the server has no complete file.
        """
        return self._pieces

    def close(self) -> None:
        """Let go of the file, which errors on the way would otherwise keep open."""
        self._pieces.close()

    def _read(self) -> Generator[bytes]:
        self.started = True
        yield self._head
        try:
            yield from self._measured_chunks()
        except OSError as error:
            raise BodyUnreadable(error) from error
        yield self._tail

    def _measured_chunks(self) -> Generator[bytes]:
        left = self._size
        for chunk in self._body.chunks():
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
        if left != 0:
            raise OSError("the file changed its size while it was being sent")
