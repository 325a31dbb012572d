"""Cuts a file at record boundaries into slices that one import can take."""

from dropbox_agent.core.issue import Slice


class Slicer:
    """Grows one slice after another, record by record or many at a time.

    Args:
        start: Where the first slice begins: with the header record, or behind it where another
            header is sent.
        rows_start: Offset behind the header record.
        header_bytes: Size of the header that is sent.
        limit: Most bytes of a slice together with the header.
    """

    def __init__(self, *, start: int, rows_start: int, header_bytes: int, limit: int) -> None:
        self._room = limit - header_bytes
        self._first_start = start
        self._start = self._end = rows_start
        self._rows = 0
        self._done: list[Slice] = []

    def fits(self, end: int) -> bool:
        """Whether the slice under way can take everything up to an offset."""
        return end - self._start <= self._room

    def add(self, rows: int, end: int) -> bool:
        """Take whole records, the last of which ends at an offset.

        Returns:
            False when a slice of its own could not hold them.
        """
        if self._rows and not self.fits(end):
            self._close()
        self._rows += rows
        self._end = end
        return self.fits(end)

    def slices(self) -> tuple[Slice, ...]:
        """Return all slices, in order."""
        if self._rows:
            self._close()
        return tuple(self._done)

    def _close(self) -> None:
        start = self._start if self._done else self._first_start
        self._done.append(Slice(start=start, end=self._end, rows=self._rows))
        self._start = self._end
        self._rows = 0
