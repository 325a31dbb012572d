"""Fetches the server's file of refused rows, from wherever its link leads, without the key."""

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from dropbox_agent.adapters.import_api.transport import ApiAccess
from dropbox_agent.core.imports import ApiUnavailable

MOST_BYTES = 50_000_000
PIECE_BYTES = 256 * 1024


class _Nobody(AuthBase):
    """No credentials at all; being there keeps ``requests`` from reading ``.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def fetch_error_report(url: str, access: ApiAccess) -> bytes:
    """Fetch at most ``MOST_BYTES`` of an error report.

    Args:
        url: The link as the import gave it. It never gets the key: inferred from exports, whose
            links lead to a file store.
        access: Time-outs, certificates and how we introduce ourselves.

    Raises:
        ApiUnavailable: It cannot be had.
    """
    try:
        with (
            requests.Session() as session,
            session.get(
                url,
                auth=_Nobody(),
                headers={"User-Agent": access.user_agent},
                timeout=(access.connect_timeout_seconds, access.read_timeout_seconds),
                verify=str(access.ca_bundle) if access.ca_bundle else True,
                stream=True,
            ) as response,
        ):
            response.raise_for_status()
            report = bytearray()
            for piece in response.iter_content(PIECE_BYTES):
                report += piece
                if len(report) >= MOST_BYTES:
                    break
            return bytes(report)
    except (OSError, HTTPError, ValueError) as error:
        raise ApiUnavailable(
            "Connectif's list of the refused rows cannot be fetched.",
            hint="The report has the counts; the rows can be downloaded in Connectif, from the "
            "list of imports.",
            code="no-error-report",
        ) from error
