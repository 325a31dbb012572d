"""Reading the headers about limits and waiting."""

import pytest

from dropbox_agent.adapters.import_api.answer import Answer
from dropbox_agent.adapters.import_api.limits import RateLimit, read_rate_limit

NOW = 1768478400.0


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, RateLimit()),
        ({"retry-after": "120"}, RateLimit(retry_after_seconds=120.0)),
        ({"retry-after": "0"}, RateLimit(retry_after_seconds=0.0)),
        (
            {"retry-after": "Thu, 15 Jan 2026 12:00:30 GMT"},
            RateLimit(retry_after_seconds=30.0),
        ),
        ({"retry-after": "Thu, 15 Jan 2020 12:00:30 GMT"}, RateLimit(retry_after_seconds=0.0)),
        (
            {"ratelimit-remaining": "3", "ratelimit-reset": "20"},
            RateLimit(remaining=3, reset_seconds=20.0),
        ),
        (
            {"x-ratelimit-remaining": "98", "x-ratelimit-reset": "1768478410"},
            RateLimit(remaining=98, reset_seconds=10.0),
        ),
        ({"x-ratelimit-reset": "45"}, RateLimit(reset_seconds=45.0)),
        ({"retry-after": "999999999"}, RateLimit(retry_after_seconds=3600.0)),
        ({"x-ratelimit-reset": "1868478410"}, RateLimit(reset_seconds=3600.0)),
    ],
)
def test_every_family_is_read(headers: dict[str, str], told: RateLimit) -> None:
    """Spans, moments and dates all become seconds, within an hour."""
    assert read_rate_limit(Answer(429, headers, sent_at=NOW)) == told


@pytest.mark.parametrize(
    "nonsense", ["", "soon", "-5", "nan", "inf", "1e99", "\u0661", "\x00", "Mon, 99"]
)
def test_nonsense_counts_as_not_told(nonsense: str) -> None:
    """No header can make the agent crash or wait for ever."""
    names = ("retry-after", "ratelimit-reset", "ratelimit-remaining")
    told = read_rate_limit(Answer(429, dict.fromkeys(names, nonsense), sent_at=NOW))
    assert told.wait_seconds is None or 0 <= told.wait_seconds <= 3600
