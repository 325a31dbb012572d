"""The server's JSON turned into our values, leniently: optional may be absent or null.

The only place that knows that the API calls vouchers coupons.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from dropbox_agent.adapters.import_api.answer import plain
from dropbox_agent.core.imports import Import, ImportId, ImportOptions, Status
from dropbox_agent.core.kind import Kind

TYPE_OF: Mapping[Kind, str] = {
    Kind.CONTACTS: "contacts",
    Kind.PRODUCTS: "products",
    Kind.VOUCHERS: "coupons",
}
KIND_OF: Mapping[object, Kind] = {word: kind for kind, word in TYPE_OF.items()}
LONGEST_ID = 200
LONGEST_TEXT = 4000
"""Room for a signed address."""

EARLIEST = datetime.min.replace(tzinfo=UTC)


def form_fields(kind: Kind, options: ImportOptions) -> list[tuple[str, str]]:
    """The scalar parts of a create request, in the order of the official sample."""
    fields = [
        ("type", TYPE_OF[kind]),
        ("delimiter", options.delimiter),
        ("overrideExisting", _word(flag=options.override_existing)),
        ("updateOnlyEmptyFields", _word(flag=options.update_only_empty_fields)),
    ]
    if options.coupon_set is not None:
        fields.append(("couponSetId", options.coupon_set))
    return fields


def read_import(document: object) -> Import | None:
    """Read one import; None when it has no id to hold on to."""
    if not isinstance(document, Mapping):
        return None
    import_id = _identity(document.get("id"))
    if import_id is None:
        return None
    kind_word = document.get("type")
    return Import(
        id=import_id,
        kind=KIND_OF.get(kind_word) if isinstance(kind_word, str) else None,
        status=Status.parse(document.get("status")),
        status_text=_text(document.get("status")),
        origin=_text(document.get("origin")),
        options=_options(document.get("options")),
        total=_count(document.get("total")),
        success=_count(document.get("success")) or 0,
        errors=_count(document.get("errors")) or 0,
        created_at=_text(document.get("createdAt")) or None,
        finished_at=_text(document.get("finishedAt") or document.get("cancelledAt")) or None,
        error_report_url=_text(document.get("errorReportFileUrl")) or None,
    )


def read_page(document: object) -> tuple[list[Import], str | None] | None:
    """Read one page of the list and the link to the next; None when it is no such page."""
    if not isinstance(document, Mapping) or not isinstance(document.get("results"), list):
        return None
    read = (read_import(entry) for entry in document["results"])
    links = document.get("links")
    following = links.get("next") if isinstance(links, Mapping) else None
    return [each for each in read if each is not None], plain(following) or None


def created(entry: Import) -> datetime:
    """When the server made an import, for putting imports in order; unknown is earliest."""
    try:
        moment = datetime.fromisoformat(entry.created_at or "")
    except ValueError:
        return EARLIEST
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _word(*, flag: bool) -> str:
    return "true" if flag else "false"


def _identity(value: object) -> ImportId | None:
    """An id to ask by later; None for anything that could not be put into an address."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or text != plain(text) or len(text) > LONGEST_ID:
        return None
    return ImportId(text) if text.strip(".") else None


def _text(value: object) -> str:
    """A text that is fit to be kept; empty for anything else, or for one of absurd length."""
    text = plain(value)
    return text if len(text) <= LONGEST_TEXT else ""


MOST_ROWS = 10**12
"""More than any import has; a server that says so is not believed."""


def _count(value: object) -> int | None:
    """A number of rows; None for anything that is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= MOST_ROWS:
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def _options(value: object) -> ImportOptions | None:
    """The options as the server repeats them; None when it does not, or not in full."""
    if not isinstance(value, Mapping):
        return None
    override, only_empty = value.get("overrideExisting"), value.get("updateOnlyEmptyFields")
    if not isinstance(override, bool) or not isinstance(only_empty, bool):
        return None
    try:
        return ImportOptions(
            delimiter=plain(value.get("delimiter")),
            override_existing=override,
            update_only_empty_fields=only_empty,
            coupon_set=plain(value.get("couponSetId")) or None,
        )
    except ValueError:
        return None
