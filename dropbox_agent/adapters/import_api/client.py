"""The ports ``ImportApi`` and ``AccountApi`` over HTTP.

Each request spends from the one budget, and what the answer tells of limits is learned.
"""

import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import islice
from typing import TypeVar
from urllib.parse import quote

from dropbox_agent.adapters.import_api.answer import Answer
from dropbox_agent.adapters.import_api.error_report import fetch_error_report
from dropbox_agent.adapters.import_api.limits import read_rate_limit
from dropbox_agent.adapters.import_api.multipart import BodyUnreadable, MultipartBody
from dropbox_agent.adapters.import_api.observing import observed
from dropbox_agent.adapters.import_api.refusals import is_obstacle, is_refusal, refused, unavailable
from dropbox_agent.adapters.import_api.resources import (
    created,
    form_fields,
    read_coupon_set,
    read_field,
    read_import,
    read_page,
)
from dropbox_agent.adapters.import_api.transport import ApiAccess, Transport
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.checking.policy import ContactField
from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.exchange import Call, Observer, unobserved
from dropbox_agent.core.imports import (
    Accepted,
    ApiUnavailable,
    Body,
    Import,
    ImportId,
    ImportOptions,
    NotNow,
    OutcomeUnknown,
    SendAnswer,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater

T = TypeVar("T")

IMPORTS = "/imports/"
CONTACT_FIELDS = "/contact-fields/"
COUPON_SETS = "/coupon-sets/"
MOST_PAGES = 20
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class HttpImportApi:
    """The import API, as far as the agent needs it. May be used by several threads."""

    def __init__(
        self,
        access: ApiAccess,
        budget: RequestBudget,
        clock: Callable[[], float] = time.monotonic,
        observe: Observer = unobserved,
    ) -> None:
        self._access = access
        self._observe = observe
        self._transport = Transport(access, observe)
        self._budget = budget
        self._clock = clock
        self._counting = threading.Lock()

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Send one CSV and say what became of it. Never sends twice by itself.

        Raises:
            OSError: ``body`` could not be read; the server got no complete file.
        """
        upload = MultipartBody(form_fields(kind, options), body)
        try:
            self._spend(urgent=True)
            answer = self._transport.post(IMPORTS, upload)
        except BodyUnreadable as unreadable:
            raise unreadable.reason from None
        except ApiUnavailable as fault:
            if upload.started:
                return OutcomeUnknown(_in_doubt(fault))
            return NotNow(fault, fault.wait_seconds)
        self._learn(answer)
        return _meaning(answer)

    def get(self, import_id: ImportId) -> Import | None:
        """Ask for one import; None when the server does not know it (any more).

        Raises:
            ApiUnavailable: No answer to be had now.
        """
        # Documented without a trailing slash, other than the list.
        answer = self._ask(self._transport.address(IMPORTS + quote(import_id, safe="")))
        if answer.status in GONE:
            return None
        found = read_import(answer.document()) if answer.successful else None
        if found is None:
            raise unavailable(answer)
        return found

    def recent(self) -> tuple[Import, ...]:
        """List imports, newest first: at least the server's newest page.

        Order and page size are not documented. One page is enough where it shows to begin with
        the newest; otherwise all are read, up to a bound.

        Raises:
            ApiUnavailable: No answer to be had now.
        """
        found: dict[ImportId, Import] = {}
        for page in islice(self._pages(IMPORTS, read_import), MOST_PAGES):
            found |= {entry.id: entry for entry in page}
            if _newest_first(page):
                break
        return tuple(sorted(found.values(), key=created, reverse=True))

    def error_report(self, url: str) -> bytes:
        """Fetch the server's file of refused rows, without the key; cut off beyond a bound.

        Raises:
            ApiUnavailable: It cannot be had; the link may have expired.
        """
        with observed(self._observe, Call.GET_ERROR_REPORT) as answered:
            return fetch_error_report(url, self._access, answered)

    def contact_fields(self) -> tuple[ContactField, ...]:
        """List the contact fields, system fields included.

        Raises:
            ApiUnavailable: No answer to be had now, or the key may not ask.
        """
        found = self._all(CONTACT_FIELDS, read_field)
        if not found:  # Every account has system fields (documented).
            raise ApiUnavailable(
                "Connectif listed no contact fields at all.",
                hint="Nothing to do: the agent asks again.",
                code="unreadable-answer",
            )
        return found

    def coupon_sets(self) -> tuple[CouponSet, ...]:
        """List the coupon sets.

        Raises:
            ApiUnavailable: No answer to be had now, or the key may not ask.
        """
        return self._all(COUPON_SETS, read_coupon_set)

    def close(self) -> None:
        """Close the connections kept open; to be called when no call is under way."""
        self._transport.close()

    def _all(self, path: str, read: Callable[[object], T | None]) -> tuple[T, ...]:
        """List everything: half a list would make the rest look as if it were not there."""
        pages = list(islice(self._pages(path, read), MOST_PAGES + 1))
        if len(pages) > MOST_PAGES:
            raise ApiUnavailable(
                f"Connectif's list at {path} has more than {MOST_PAGES} pages.",
                hint="Nothing to do: the agent does without it.",
                code="list-too-long",
            )
        return tuple(entry for page in pages for entry in page)

    def _pages(self, path: str, read: Callable[[object], T | None]) -> Iterator[list[T]]:
        """Read the pages of a list, each when it is wanted; a list that runs in circles ends."""
        url: str | None = self._transport.address(path)
        visited: set[str] = set()
        while url and url not in visited:
            visited.add(url)
            answer = self._ask(url)
            page = read_page(answer.document(), read) if answer.successful else None
            if page is None:
                raise unavailable(answer)
            entries, link = page
            yield entries
            url = self._transport.linked(url, link) if link else None

    def _ask(self, url: str) -> Answer:
        answer = self._transport.get(url, self._spend)
        self._learn(answer)
        return answer

    def _spend(self, *, urgent: bool = False) -> None:
        with self._counting:
            wait = self._budget.take(self._clock(), urgent=urgent)
        if wait > 0.0:
            raise ApiUnavailable(
                "The agent has used its share of the requests Connectif allows in a minute.",
                hint="Nothing to do: the agent goes on by itself in a moment.",
                code="request-budget",
                wait_seconds=wait,
            )

    def _learn(self, answer: Answer) -> None:
        told = read_rate_limit(answer)
        with self._counting:
            now = self._clock()
            if told.remaining is not None:
                self._budget.learn(now, remaining=told.remaining, reset_seconds=told.reset_seconds)
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._budget.pause(now, told.wait_seconds)


def _meaning(answer: Answer) -> SendAnswer:
    """What the answer to a create request says of the file."""
    if answer.successful:
        imported = read_import(answer.document())
        return Accepted(imported) if imported else OutcomeUnknown(_in_doubt(unavailable(answer)))
    if is_refusal(answer):
        return refused(answer)
    why = unavailable(answer)
    return NotNow(why, why.wait_seconds) if is_obstacle(answer) else OutcomeUnknown(_in_doubt(why))


def _in_doubt(fault: ApiUnavailable) -> TryLater:
    doubt = TryLater(
        f"Whether Connectif took the file is not known yet. {fault.message}",
        hint="Nothing to do: the agent looks for it in Connectif's list before it sends again.",
        code=fault.code,
    )
    doubt.__cause__ = fault
    return doubt


def _newest_first(page: list[Import]) -> bool:
    """Whether a page shows that it begins with the newest import of all."""
    moments = [created(entry) for entry in page]
    return moments == sorted(moments, reverse=True) and len(set(moments)) > 1
