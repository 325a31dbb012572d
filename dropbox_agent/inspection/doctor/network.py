"""Examines the way to the import API, the key, and the clocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from dropbox_agent.access import access_of
from dropbox_agent.adapters.examination import proxy_facts, trust_facts
from dropbox_agent.adapters.import_api.first_contact import (
    CONTACT_FIELDS,
    COUPON_SETS,
    first_contact,
)
from dropbox_agent.core.diagnosis.finding import Finding, ok, unclear
from dropbox_agent.core.diagnosis.network import (
    API,
    KEY,
    PROXY,
    Contact,
    ProxyFacts,
    of_clock,
    of_key,
    of_no_key,
    of_proxy,
    of_right,
    of_stored_key,
    of_trust,
    of_way,
)
from dropbox_agent.errors import AgentError
from dropbox_agent.settings import Settings

NO_KEY: Final = "no-key:no-key"
"""Sent where there is none, to see at least how far a request comes."""

KEY_SETTING: Final = "CONNECTIF_API_KEY"
NEEDED: Final = {"CONNECTIF_API_URL", "CONNECTIF_CA_BUNDLE"}


def examine_network(
    settings: Settings,
    environ: Mapping[str, str],
    faulty: frozenset[str],
    *,
    offline: bool,
    stored_keys: Sequence[str] = (),
) -> Iterator[Finding]:
    """Ask the import API for its lists, and see how far that comes.

    Args:
        settings: Address, key and certificates.
        environ: Names proxies and certificates too.
        faulty: Names of settings that cannot be used, and have their default.
        offline: Whether to leave the network alone.
        stored_keys: Files with keys that a service manager hands to services.
    """
    proxy = proxy_facts(settings.api_url, environ)
    about_proxy = list(of_proxy(proxy))
    if offline or faulty & NEEDED:
        yield from about_proxy
        yield from of_trust(trust_facts(settings.ca_bundle, environ))
        why = "--offline was given" if offline else "its settings have to be mended first"
        yield unclear(API, f"{settings.api_url} was not tried: {why}.")
        yield from _of_untried_key(settings, faulty, stored_keys)
        return
    key = settings.api_key
    access = access_of(settings, lambda: key.get_secret_value() if key else NO_KEY)
    contact = first_contact(access)
    way = list(_way(settings, contact, proxy))
    if not any(each.check == PROXY for each in way):
        yield from about_proxy
    yield from of_trust(trust_facts(settings.ca_bundle, environ))
    yield from way
    if key is None:
        yield from _of_untried_key(settings, faulty, stored_keys)
    else:
        yield of_key(contact)
    if contact.trouble is None:
        fields = settings.contacts_fields == "live"
        yield from _of_rights(lambda path: first_contact(access, path), ask_fields=fields)
    if contact.status:
        yield of_clock(contact.ahead_seconds)


def _way(settings: Settings, contact: Contact, proxy: ProxyFacts) -> Iterator[Finding]:
    encrypted = settings.api_url.startswith("https:")
    host = urlsplit(settings.api_url).hostname or ""
    return of_way(contact, host, encrypted=encrypted, proxy=proxy.used)


def _of_untried_key(
    settings: Settings, faulty: frozenset[str], stored_keys: Sequence[str]
) -> Iterator[Finding]:
    if KEY_SETTING in faulty:
        return  # told among the settings
    try:
        settings.require_key()
    except AgentError as missing:
        yield of_stored_key(stored_keys) if stored_keys else of_no_key(missing)
    else:
        yield ok(KEY, "There is one; whether Connectif accepts it was not tried.")


def _of_rights(ask: Callable[[str], Contact], *, ask_fields: bool) -> Iterator[Finding]:
    if ask_fields:
        instead = "contacts are checked against the fields that every account has"
        yield of_right("contact fields", instead, ask(CONTACT_FIELDS))
    instead = "whether a coupon set exists is not checked, and sets must be named by their id"
    yield of_right("coupon sets", instead, ask(COUPON_SETS))
