"""Asks the import API once, and says what came of it: for checks, not for work."""

import time
from collections.abc import Callable
from contextlib import closing

from dropbox_agent.adapters.import_api.answer import epoch_seconds
from dropbox_agent.adapters.import_api.client import CONTACT_FIELDS, COUPON_SETS, IMPORTS
from dropbox_agent.adapters.import_api.refusals import unavailable
from dropbox_agent.adapters.import_api.resources import read_page
from dropbox_agent.adapters.import_api.transport import ApiAccess, Transport
from dropbox_agent.core.diagnosis.network import Contact
from dropbox_agent.core.imports import ApiUnavailable

__all__ = ["CONTACT_FIELDS", "COUPON_SETS", "IMPORTS", "first_contact"]


def first_contact(
    access: ApiAccess, path: str = IMPORTS, clock: Callable[[], float] = time.time
) -> Contact:
    """Ask for the first page of a list; never raises for what the network or the server does.

    Args:
        access: Where and with which key.
        path: Of which list.
        clock: Our own time, as epoch seconds.
    """
    with closing(Transport(access)) as transport:
        asked_at = clock()
        try:
            answer = transport.get(transport.address(path), permit=lambda: None)
        except ApiUnavailable as trouble:
            return Contact(trouble)
    told = epoch_seconds(answer.headers.get("date", ""))
    # The server told its time between our question and its answer, in whole seconds.
    ahead = None if told is None else told - (asked_at + clock()) / 2
    is_list = answer.successful and read_page(answer.document(), lambda each: each) is not None
    return Contact(None if is_list else unavailable(answer), answer.status, ahead)
