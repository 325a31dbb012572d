"""API keys and what each of them may do."""

from enum import StrEnum


class Permission(StrEnum):
    """One area and action that a key can be given (areas as the app shows them)."""

    READ_IMPORTS = "imports:read"
    WRITE_IMPORTS = "imports:write"
    DELETE_IMPORTS = "imports:delete"
    READ_FIELDS = "contact-fields:read"
    WRITE_FIELDS = "contact-fields:write"
    READ_COUPON_SETS = "coupon-sets:read"
    READ_STORE = "store:read"
    READ_ITEMS = "items:read"


_IMPORTS_ONLY = frozenset({Permission.READ_IMPORTS, Permission.WRITE_IMPORTS})


class Keys:
    """The keys of the sandbox's account.

    Attributes:
        full: May do everything.
        imports_only: May create and read imports, nothing else.
        read_only: May read everything, and neither create nor delete.
        powerless: Is known, and may do nothing; as after the account was blocked.
    """

    def __init__(self, full: str) -> None:
        key_id, _, secret = full.partition(":")
        self.full = full
        self.imports_only = f"{key_id}-imports:{secret}"
        self.read_only = f"{key_id}-read:{secret}"
        self.powerless = f"{key_id}-powerless:{secret}"
        self._permissions: dict[str, frozenset[Permission]] = {
            self.full: frozenset(Permission),
            self.imports_only: _IMPORTS_ONLY,
            self.read_only: frozenset(each for each in Permission if each.endswith(":read")),
            self.powerless: frozenset(),
        }

    def permissions(self, authorization: str) -> frozenset[Permission] | None:
        """Tell what an ``Authorization`` header allows; None when no known key is in it.

        The scheme is spelled ``apiKey`` (documented).
        """
        scheme, _, key = authorization.partition(" ")
        return self._permissions.get(key.strip()) if scheme == "apiKey" else None
