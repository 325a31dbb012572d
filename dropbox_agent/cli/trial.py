"""A home whose account is the sandbox: nothing leaves this machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
from dropbox_agent.settings import Settings

ROWS_PER_SECOND = 50_000.0


@contextmanager
def sandbox_account(settings: Settings) -> Iterator[Settings]:
    """Start a sandbox, and give the settings that make the agent use it.

    Raises:
        BadConfiguration: The home belongs to a real account: its files must not end up in a
            sandbox that is gone tomorrow.
    """
    if settings.api_key is not None:
        raise BadConfiguration(
            f"The home {settings.home} has a key for a real account; files dropped there would "
            "only go into the sandbox.",
            hint="Use another home for trying things out: "
            "dropbox-agent init --home trial && dropbox-agent run --sandbox --home trial",
            code="sandbox-in-real-home",
        )
    with Sandbox(SandboxOptions(rows_per_second=ROWS_PER_SECOND)) as sandbox:
        changes = {
            "api_key": SecretStr(sandbox.api_key),
            "api_url": sandbox.url,
            "vouchers_coupon_set": settings.vouchers_coupon_set or DEFAULT_COUPON_SET,
        }
        yield settings.model_copy(update=changes)
