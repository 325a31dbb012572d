"""Sees which proxy the environment names for a host, as the import API's client will."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from dropbox_agent.core.diagnosis.network import ProxyFacts

NAMES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def proxy_facts(url: str, environ: Mapping[str, str]) -> ProxyFacts:
    """Say which proxy requests to an address go through.

    Args:
        url: The address.
        environ: The environment of this process, by which the standard library goes too.
    """
    place = urlsplit(url)
    host = place.hostname or ""
    named = tuple(name for each in NAMES for name in (each, each.lower()) if environ.get(name))
    torn = tuple(
        each
        for each in NAMES
        if each in named and each.lower() in named and environ[each] != environ[each.lower()]
    )
    found = getproxies()
    proxy = found.get(place.scheme) or found.get("all")
    if proxy is None or proxy_bypass(f"{host}:{place.port}" if place.port else host):
        return ProxyFacts(host, named, None, torn)
    return ProxyFacts(host, named, _without_password(proxy), torn)


def _without_password(proxy: str) -> str:
    scheme, mark, rest = proxy.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
