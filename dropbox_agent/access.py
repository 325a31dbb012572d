"""The way to the import API, as the settings have it."""

from collections.abc import Callable

from dropbox_agent import __version__
from dropbox_agent.adapters.import_api import ApiAccess
from dropbox_agent.settings import Settings


def access_of(settings: Settings, key: Callable[[], str]) -> ApiAccess:
    """Say where the import API is and how to speak to it.

    Args:
        settings: They name the address, the time-outs and the certificates.
        key: Asked for the key at each request.
    """
    return ApiAccess(
        url=settings.api_url,
        key=key,
        connect_timeout_seconds=settings.connect_timeout_seconds,
        read_timeout_seconds=settings.read_timeout_seconds,
        ca_bundle=settings.ca_bundle,
        user_agent=f"dropbox-agent/{__version__}",
        quotes_answers=settings.quotes_rows,
    )
