"""Fetches the server's file of refused rows, from wherever its link leads, without the key."""

from collections.abc import Callable
from urllib.parse import urljoin

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from dropbox_agent.adapters.import_api.transport import ApiAccess, direct_session
from dropbox_agent.core.imports import ApiUnavailable

MOST_BYTES = 50_000_000
MOST_HOPS = 4
"""File stores answer with redirects; nothing is given away by following a few."""

PIECE_BYTES = 256 * 1024


class _Nobody(AuthBase):
    """No credentials at all; being there keeps ``requests`` from reading ``.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def fetch_error_report(url: str, access: ApiAccess, answered: Callable[[int], None]) -> bytes:
    """Fetch at most ``MOST_BYTES`` of an error report.

    Args:
        url: The link as the import gave it. It never gets the key: inferred from exports, whose
            links lead to a file store.
        access: Time-outs, certificates and how we introduce ourselves.
        answered: Takes the HTTP status of each answer.

    Raises:
        ApiUnavailable: It cannot be had.
    """
    try:
        with direct_session(access) as session:
            for _ in range(MOST_HOPS):
                report, link = _fetch(session, url, access, answered)
                if link is None:
                    return report
                url = urljoin(url, link)
    # The base of all that requests raises, and what it lets through of urllib3.
    except (OSError, HTTPError, ValueError) as error:
        raise _not_to_be_had() from error
    raise _not_to_be_had()


def _fetch(
    session: requests.Session, url: str, access: ApiAccess, answered: Callable[[int], None]
) -> tuple[bytes, str | None]:
    """Fetch what is at an address, or the address it is said to be at."""
    answer = session.get(
        url,
        auth=_Nobody(),
        timeout=access.timeouts,
        verify=access.trusted,
        allow_redirects=False,
        stream=True,
    )
    answered(answer.status_code)
    with answer:
        if answer.is_redirect:
            return b"", answer.headers["location"]
        answer.raise_for_status()
        report = bytearray()
        for piece in answer.iter_content(PIECE_BYTES):
            report += piece
            if len(report) >= MOST_BYTES:
                break
        return bytes(report), None


def _not_to_be_had() -> ApiUnavailable:
    return ApiUnavailable(
        "Connectif's list of the refused rows cannot be fetched.",
        hint="The report has the counts; the rows can be downloaded in Connectif, from the list "
        "of imports.",
        code="no-error-report",
    )
