"""The port ``ImportApi`` over HTTP: each call spends from the budget and learns from the answer."""

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from dropbox_agent.adapters.import_api.answer import Answer
from dropbox_agent.adapters.import_api.error_report import fetch_error_report
from dropbox_agent.adapters.import_api.limits import read_rate_limit
from dropbox_agent.adapters.import_api.multipart import BodyUnreadable, MultipartBody
from dropbox_agent.adapters.import_api.refusals import is_obstacle, is_refusal, refused, unavailable
from dropbox_agent.adapters.import_api.resources import (
    created,
    form_fields,
    read_import,
    read_page,
)
from dropbox_agent.adapters.import_api.transport import ApiAccess, Transport
from dropbox_agent.core.budget import RequestBudget
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

IMPORTS = "/imports/"
MOST_PAGES = 20
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class HttpImportApi:
    """The import API, as far as the agent needs it. May be used by several threads."""

    def __init__(
        self,
        access: ApiAccess,
        budget: RequestBudget,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._transport = Transport(access)
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
        url: str | None = self._transport.address(IMPORTS)
        visited: set[str] = set()
        while url and url not in visited and len(visited) < MOST_PAGES:
            visited.add(url)
            page, link = self._page(url)
            found |= {entry.id: entry for entry in page}
            url = self._transport.linked(url, link) if link and not _newest_first(page) else None
        return tuple(sorted(found.values(), key=created, reverse=True))

    def error_report(self, url: str) -> bytes:
        """Fetch the server's file of refused rows, without the key; cut off beyond a bound.

        Raises:
            ApiUnavailable: It cannot be had; the link may have expired.
        """
        return fetch_error_report(url, self._access)

    def close(self) -> None:
        """Close the connections kept open; to be called when no call is under way."""
        self._transport.close()

    def _page(self, url: str) -> tuple[list[Import], str | None]:
        answer = self._ask(url)
        page = read_page(answer.document()) if answer.successful else None
        if page is None:
            raise unavailable(answer)
        return page

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
