"""Settings of one kind of file each."""

from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class KindSettings(Group):
    """How files of each kind are read and imported."""

    contacts_fields: values.FieldsWord = setting(
        "CONTACTS_FIELDS", "live",
        "live: columns are checked against the account's own contact fields. documented: against "
        "the fields that every account has; the server is not asked.",
    )  # fmt: skip
    contacts_encoding: values.Encoding = setting(
        "CONTACTS_ENCODING", "",
        "What files of contacts are in that do not begin with a byte-order mark, such as "
        "windows-1252 or iso-8859-15; they are converted. Empty for UTF-8.",
    )  # fmt: skip
    contacts_override_existing: values.Truth = setting(
        "CONTACTS_OVERRIDE_EXISTING", "true", "Whether contacts that exist already are changed."
    )
    contacts_update_only_empty_fields: values.Truth = setting(
        "CONTACTS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    products_encoding: values.Encoding = setting(
        "PRODUCTS_ENCODING", "", "Likewise for files of products."
    )
    products_override_existing: values.Truth = setting(
        "PRODUCTS_OVERRIDE_EXISTING", "true", "Whether products that exist already are changed."
    )
    products_update_only_empty_fields: values.Truth = setting(
        "PRODUCTS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    vouchers_encoding: values.Encoding = setting(
        "VOUCHERS_ENCODING", "", "Likewise for files of vouchers."
    )
    vouchers_override_existing: values.Truth = setting(
        "VOUCHERS_OVERRIDE_EXISTING", "false", "Whether vouchers that exist already are changed."
    )
    vouchers_update_only_empty_fields: values.Truth = setting(
        "VOUCHERS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    vouchers_coupon_set: values.CouponSet = setting(
        "VOUCHERS_COUPON_SET", "",
        "Name or id of the coupon set for vouchers dropped straight into inbox/vouchers. Others "
        "lie in a folder there that goes by the name or id of their set.",
    )  # fmt: skip

    @property
    def encodings(self) -> dict[Kind, str | None]:
        """For each kind what its files are in that do not say so themselves; None for UTF-8."""
        return {kind: getattr(self, f"{kind}_encoding") for kind in Kind}

    def options_for(self, kind: Kind) -> ImportOptions:
        """Return how rows of one kind are imported, before anything is known of a file."""
        return ImportOptions(
            override_existing=getattr(self, f"{kind}_override_existing"),
            update_only_empty_fields=getattr(self, f"{kind}_update_only_empty_fields"),
        )
