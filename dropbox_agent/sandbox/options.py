"""Every switch of the sandbox, with a sensible default for each.

Where the vendor's documentation leaves a question open, the default is the likeliest answer and
the switch offers the other one, so that clients can be tried against both.
"""

from dataclasses import dataclass
from typing import Literal, get_args

RateHeaders = Literal["x-ratelimit", "ratelimit", "retry-after", "none"]
"""``x-ratelimit``: ``X-RateLimit-*`` with an epoch; ``ratelimit``: ``RateLimit-*`` in seconds."""

RATE_HEADERS: tuple[RateHeaders, ...] = get_args(RateHeaders)

BareBody = Literal["empty", "json", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """How the sandbox behaves where a choice is possible.

    Attributes:
        port: TCP port on 127.0.0.1; 0 takes a free one.
        api_key: The key that may do everything, as ``id:secret``.
        rows_per_second: How fast rows are imported; None imports a file at the next look.
        start_seconds: How long an import waits before it may start, even with nothing ahead.
        max_file_bytes: Larger files are answered with 413. The documentation says "50 MB";
            52,428,800 is the other reading.
        max_queued: Imports that may be queued before the next one gets 400 with ``E0401``
            (documented: 10).
        running_takes_a_place: Whether the running import counts against ``max_queued`` (open).
        requests_per_minute: For the whole account (documented: 100); None for no limit.
        rate_headers: Which header family tells the limit; seen in clients, not documented.
        bare_body: Body of 401 and 429 answers (documented: none).
        created_status: Success code of a create (documented: 201; 200 seen in clients).
        strict_part_order: Whether options that come after the file part are refused (open).
        header_faults: ``refuse`` answers a missing column or an unreadable file with 422,
            ``fail`` accepts it and ends the import with ``error`` (open).
        unknown_columns: ``ignore`` drops them, ``refuse`` answers 422 (open).
        blank_cells: ``refuse`` or ``skip`` rows' blank phone, date, integer, decimal and radio
            cells in contacts (documented: such columns are filled for all rows or none).
        existing_rows: How rows count that ``overrideExisting=false`` leaves alone (open).
        total_at_creation: Whether the first answer carries ``total``; otherwise it appears when
            the import starts (the vendor's sample reads it from the first answer).
        report_format: What an error report's link serves (open).
        report_minutes: How long such a link is valid (documented for exports: 100).
        null_members: Whether optional members are null instead of absent.
        require_email: Whether contacts by external id alone are refused (sources disagree).
        decimal_comma: Whether decimals may be written with a comma.
        contact_fields_forbidden: Whether contact fields are answered with 403 for every key.
        page_size: Imports on one page of the list.
    """

    port: int = 0
    api_key: str = "sandbox-key:sandbox-secret"
    rows_per_second: float | None = 50_000
    start_seconds: float = 0.0
    max_file_bytes: int = 50_000_000
    max_queued: int = 10
    running_takes_a_place: bool = False
    requests_per_minute: int | None = 100
    rate_headers: RateHeaders = "x-ratelimit"
    bare_body: BareBody = "empty"
    created_status: int = 201
    strict_part_order: bool = False
    header_faults: Literal["refuse", "fail"] = "refuse"
    unknown_columns: Literal["ignore", "refuse"] = "ignore"
    blank_cells: Literal["refuse", "skip"] = "refuse"
    existing_rows: Literal["success", "error"] = "success"
    total_at_creation: bool = True
    report_format: Literal["csv", "zip"] = "csv"
    report_minutes: float = 100
    null_members: bool = False
    require_email: bool = False
    decimal_comma: bool = False
    contact_fields_forbidden: bool = False
    page_size: int = 50

    def __post_init__(self) -> None:
        if self.rows_per_second is not None and self.rows_per_second <= 0:
            raise ValueError("rows_per_second must be above 0, or None for at once")
        if self.requests_per_minute is not None and self.requests_per_minute < 1:
            raise ValueError("requests_per_minute must be at least 1, or None for no limit")
        key_id, _, secret = self.api_key.partition(":")
        if not (key_id and secret):
            raise ValueError("api_key must look like id:secret")
        if not 0 <= self.port <= 65_535:  # noqa: PLR2004 - the highest port there is
            raise ValueError(f"port must be between 0 and 65535, not {self.port}")
        if self.page_size < 1:
            raise ValueError("page_size must be at least 1")
