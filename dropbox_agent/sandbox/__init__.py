"""A local double of Connectif's import API, for trying things out and for tests."""

from dropbox_agent.sandbox.account import DEFAULT_COUPON_SET, Account, CouponSet
from dropbox_agent.sandbox.faults import Fault, Faults
from dropbox_agent.sandbox.imports import ImportOptions, ImportStatus, ImportType, ReceivedImport
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.sandbox import Sandbox

__all__ = [
    "DEFAULT_COUPON_SET",
    "Account",
    "CouponSet",
    "Fault",
    "Faults",
    "ImportOptions",
    "ImportStatus",
    "ImportType",
    "ReceivedImport",
    "Sandbox",
    "SandboxOptions",
]
