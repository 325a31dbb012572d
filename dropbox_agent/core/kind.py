"""The three kinds of files, one inbox folder each."""

from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are."""

    CONTACTS = "contacts"
    PRODUCTS = "products"
    VOUCHERS = "vouchers"
