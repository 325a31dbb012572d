"""Successful answers as the API writes them."""

import json
from datetime import datetime

from werkzeug.wrappers import Response


def json_answer(body: object, *, status: int = 200) -> Response:
    """Write ``body`` as JSON."""
    return Response(json.dumps(body), status=status, mimetype="application/json")


def timestamp(moment: datetime) -> str:
    """Write a UTC moment as ISO 8601 with milliseconds and a ``Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
