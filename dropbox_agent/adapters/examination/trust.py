"""Sees which certificates are trusted, as the import API's client will."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dropbox_agent.core.diagnosis.network import TrustFacts

VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What ``requests`` goes by where no file is named in the settings (documented)."""


def trust_facts(own: Path | None, environ: Mapping[str, str]) -> TrustFacts:
    """Say which file of certificates is used, and whether it can be.

    Args:
        own: The one that the settings name.
        environ: The environment.
    """
    named = [(str(own), "CONNECTIF_CA_BUNDLE")] if own else []
    named += [(environ[name], name) for name in VARIABLES if environ.get(name)]
    if not named:
        return TrustFacts()
    (file, by), *_ = named
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if Path(file).is_dir():
            context.load_verify_locations(capath=file)
        else:
            context.load_verify_locations(cafile=file)
    except OSError as error:  # a wrong format is one as well
        return TrustFacts(file, by, error.strerror or str(error))
    return TrustFacts(file, by, count=len(context.get_ca_certs()))
