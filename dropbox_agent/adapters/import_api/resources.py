"""The server's JSON turned into our values, leniently: optional may be absent or null.

The only place that knows that the API calls vouchers coupons.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from dropbox_agent.adapters.import_api.answer import plain
from dropbox_agent.core.checking.policy import ContactField
from dropbox_agent.core.coupon_sets import CouponSet
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

T = TypeVar("T")

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


def read_field(document: object) -> ContactField | None:
    """Read one contact field; None when it has no id. Of an unknown type anything is allowed."""
    if not isinstance(document, Mapping):
        return None
    field_id = _identity(document.get("id"))
    if field_id is None:
        return None
    options = [each for each in map(_option, _list(document.get("options"))) if each]
    return ContactField(
        id=field_id,
        type=_text(document.get("type")),
        options=tuple(option for option, _ in options),
        max_length=_count(document.get("maxLength")) or None,
        read_only=document.get("readOnly") is True,
        name=_text(document.get("name")),
        labels=tuple(label for _, label in options),
    )


def read_coupon_set(document: object) -> CouponSet | None:
    """Read one coupon set; None when it has no id."""
    if not isinstance(document, Mapping):
        return None
    set_id = _identity(document.get("id"))
    if set_id is None:
        return None
    return CouponSet(set_id, _text(document.get("name")), _text(document.get("type")))


def read_page(
    document: object, read: Callable[[object], T | None]
) -> tuple[list[T], str | None] | None:
    """Read one page of a list and the link to the next; None when it is no such page.

    Args:
        document: The answer.
        read: Reads one entry; None for one that is left out.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("results"), list):
        return None
    entries = map(read, document["results"])
    links = document.get("links")
    following = links.get("next") if isinstance(links, Mapping) else None
    return [each for each in entries if each is not None], plain(following) or None


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


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _option(document: object) -> tuple[str, str] | None:
    """Id and label of an option of a field; None when it has no id that a cell could hold."""
    if not isinstance(document, Mapping):
        return None
    option_id = document.get("id")
    if not isinstance(option_id, str) or not option_id:
        return None
    return option_id, _text(document.get("label"))  # the id as it is: cells must equal it


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
