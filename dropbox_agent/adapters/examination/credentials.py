"""Which API keys systemd keeps for services of ours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

STORES: Final = (Path("/etc/credstore"), Path("/etc/credstore.encrypted"))
"""Where systemd looks for what LoadCredential= names; only root may look into them."""

NAMES: Final = "*connectif_api_key"


def stored_credentials(stores: Iterable[Path] = STORES) -> tuple[str, ...]:
    """List the files with API keys that systemd hands to services; none where we may not look."""
    found = []
    for store in stores:
        try:
            found += sorted(map(str, store.glob(NAMES)))
        except OSError:
            continue
    return tuple(found)
