"""The account's contact fields: the documented system ones and a few custom ones of each type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_CUSTOM_FIELDS = 140
MAX_OPTIONS = 120
TYPES = frozenset(
    {"text", "email", "phone", "integer", "decimal", "date", "boolean", "radio", "checkbox"}
)
CUSTOM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_\-()\[\]{}]{0,149}")

_MEMBERS = {
    "max_length": "maxLength",
    "min_value": "minValue",
    "max_value": "maxValue",
    "min_date": "minDate",
    "max_date": "maxDate",
    "default_country_code": "defaultCountryCode",
    "default_value": "defaultValue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactField:
    """One contact field; members as in the API's resource.

    Attributes:
        options: Pairs of id and label; radio and checkbox only.
        max_length: In characters; text only.
        min_date: ``yyyy-mm-dd``, as ``max_date``; date only.
        default_country_code: Put before phone numbers without one, for example ``34``.
    """

    id: str
    name: str
    type: str
    required: bool = False
    custom: bool = False
    read_only: bool = False
    options: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    min_date: str | None = None
    max_date: str | None = None
    default_country_code: str | None = None
    default_value: str | None = None

    def as_resource(self) -> dict[str, Any]:
        """Write the field as the API does, without the members that do not apply."""
        resource: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "required": self.required,
            "custom": self.custom,
            "readOnly": self.read_only,
        }
        if self.options:
            resource["options"] = [{"id": each, "label": label} for each, label in self.options]
        for attribute, member in _MEMBERS.items():
            if (value := getattr(self, attribute)) is not None:
                resource[member] = value
        return resource


class ContactFields:
    """The fields of one account, by id."""

    def __init__(self) -> None:
        self._fields = {field.id: field for field in (*_WRITABLE, *_READ_ONLY, *_CUSTOM)}

    def __iter__(self) -> Iterator[ContactField]:
        return iter(tuple(self._fields.values()))

    def get(self, field_id: str) -> ContactField | None:
        """Look a field up; None when there is none of this id."""
        return self._fields.get(field_id)

    def add(self, field: ContactField) -> None:
        """Add a custom field, or replace one of the same id."""
        self._fields[field.id] = field

    def remove(self, field_id: str) -> None:
        """Remove a field; none of this id is no error."""
        self._fields.pop(field_id, None)

    @property
    def custom(self) -> int:
        """Number of custom fields."""
        return sum(field.custom for field in self)


def _choices(*ids: str) -> tuple[tuple[str, str], ...]:
    return tuple((each, each.replace("-", " ").capitalize()) for each in ids)


_SUBSCRIPTION = _choices("subscribed", "unsubscribed", "none")
_PHONE_STATUS = _choices("active", "bounced", "paused")

_WRITABLE = (
    ContactField(id="_email", name="Email", type="email"),
    ContactField(id="_externalId", name="External ID", type="text", max_length=50),
    ContactField(id="_name", name="Name", type="text", max_length=5000),
    ContactField(id="_surname", name="Surname", type="text", max_length=5000),
    ContactField(id="_birthdate", name="Birthdate", type="date"),
    ContactField(id="_mobilePhone", name="Mobile phone", type="phone", default_country_code="34"),
    ContactField(id="_points", name="Points", type="integer"),
    ContactField(
        id="_newsletterSubscriptionStatus",
        name="Newsletter subscription status",
        type="radio",
        options=_SUBSCRIPTION,
    ),
    ContactField(
        id="_smsSubscriptionStatus",
        name="SMS subscription status",
        type="radio",
        options=_SUBSCRIPTION,
    ),
    ContactField(
        id="_emailStatus",
        name="Email status",
        type="radio",
        options=(*_PHONE_STATUS, ("banned", "Banned")),
    ),
    ContactField(
        id="_mobilePhoneStatus", name="Mobile phone status", type="radio", options=_PHONE_STATUS
    ),
)

_READ_ONLY_TYPES = {
    "boolean": ("_isAnonymous", "_hasPushSubscriptions"),
    "date": (
        "_createdAt",
        "_updatedAt",
        "_emailLastBouncedDate",
        "_emailLastSoftBounceDate",
        "_emailLastUnsubscribedDate",
        "_firstPurchaseDate",
        "_lastPurchaseDate",
    ),
    "decimal": (
        "_totalPurchasesAmount",
        "_averagePurchasesAmount",
        "_expectedPurchases",
        "_clv",
        "_churnRate",
        "_pAlive",
        "_monetary",
    ),
    "integer": ("_emailSoftBounces", "_totalPurchases", "_frequency", "_recency"),
    "text": ("_emailBouncedReason", "_emailLastUnsubscribedIp", "_rfm"),
}

_READ_ONLY = tuple(
    ContactField(id=each, name=each.lstrip("_"), type=type_, read_only=True)
    for type_, ids in _READ_ONLY_TYPES.items()
    for each in ids
)

_CUSTOM = (
    ContactField(id="city", name="City", type="text", custom=True, max_length=100),
    ContactField(
        id="children", name="Children", type="integer", custom=True, min_value=0, max_value=20
    ),
    ContactField(
        id="discount", name="Discount", type="decimal", custom=True, min_value=0, max_value=100
    ),
    ContactField(
        id="memberSince", name="Member since", type="date", custom=True, min_date="1990-01-01"
    ),
    ContactField(id="vip", name="VIP", type="boolean", custom=True),
    ContactField(
        id="shirtSize",
        name="Shirt size",
        type="radio",
        custom=True,
        options=(("s", "Small"), ("m", "Medium"), ("l", "Large"), ("xl", "Extra large")),
    ),
    ContactField(
        id="interests",
        name="Interests",
        type="checkbox",
        custom=True,
        options=_choices("garden", "kitchen", "sport", "travel"),
    ),
    ContactField(
        id="homePhone",
        name="Home phone",
        type="phone",
        custom=True,
        default_country_code="34",
    ),
)
