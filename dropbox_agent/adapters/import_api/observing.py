"""Tells of each request that is made, for those who count and time them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

from dropbox_agent.core.exchange import Call, Exchange, Observer, Result

LISTS = {
    "imports": Call.LIST_IMPORTS,
    "contact-fields": Call.LIST_CONTACT_FIELDS,
    "coupon-sets": Call.LIST_COUPON_SETS,
}
"""By the last part of their address."""


@contextmanager
def observed(observe: Observer, call: Call) -> Iterator[Callable[[int], None]]:
    """Time a request, and tell of it when the block ends, however it ends.

    Args:
        observe: Is told.
        call: What is asked for.

    Yields:
        What takes the HTTP status of the answer, once it has been read.
    """
    statuses: list[int] = []
    began_at = time.monotonic()
    try:
        yield statuses.append
    finally:
        result = result_of(statuses[-1]) if statuses else Result.NO_ANSWER
        observe(Exchange(call, result, time.monotonic() - began_at))


def call_of(method: str, url: str) -> Call:
    """Tell what a request asks for."""
    if method == "POST":
        return Call.CREATE_IMPORT
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return LISTS.get(last, Call.GET_IMPORT)


def result_of(status: int) -> Result:
    """Put an HTTP status into a word."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Result.RATE_LIMITED
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Result.OK
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Result.REFUSED
    return Result.SERVER_FAULT
