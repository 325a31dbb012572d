"""What can be wrong on the way to Connectif, and with the key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dropbox_agent.core.account import FORBIDDEN
from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, unclear, warning
from dropbox_agent.errors import AgentError

MOST_SKEW_SECONDS = 120.0

PROXY, LOOK_UP, CONNECTION, TLS = "proxy", "name look-up", "connection", "encryption"
API, KEY, CLOCK = "import API", "API key", "clock"

LAYER_OF = {
    "network-proxy": PROXY,
    "network-dns": LOOK_UP,
    "network-refused": CONNECTION,
    "network-timeout": CONNECTION,
    "network-down": CONNECTION,
    "network-tls": TLS,
    "ca-bundle": TLS,
    "wrong-address": API,
    "redirected": API,
    "unreadable-answer": API,
}
"""Where on the way something went wrong, by the code of the reason."""

REFUSED = "api-key-refused"


@dataclass(frozen=True, slots=True)
class ProxyFacts:
    """What the environment says of proxies.

    Attributes:
        host: The host to be reached.
        named: The variables that are set.
        used: The proxy that requests to the host go through, without its password.
        torn: Names whose small and capital spellings say different things.
    """

    host: str
    named: tuple[str, ...] = ()
    used: str | None = None
    torn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustFacts:
    """Which certificates are trusted.

    Attributes:
        file: The file of one's own; None for the usual ones.
        named_by: The setting or variable that names it.
        fault: Why it cannot be used; None if it can.
        count: How many certificates are in it.
    """

    file: str | None = None
    named_by: str = ""
    fault: str | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """What came of one request.

    Attributes:
        trouble: Why it did not give what was asked for; None if it did.
        status: HTTP status; None if no answer came.
        ahead_seconds: By how much the server's clock is ahead of ours; None if it did not tell.
    """

    trouble: AgentError | None
    status: int | None = None
    ahead_seconds: float | None = None


def of_proxy(facts: ProxyFacts) -> Iterator[Finding]:
    """Judge the proxy settings of the environment."""
    for name in facts.torn:
        yield warning(
            PROXY,
            f"{name.upper()} and {name.lower()} say different things; the latter counts.",
            "Set one of them only, or both to the same.",
        )
    if facts.used and facts.used.lower().startswith("socks"):
        yield fault(
            PROXY,
            f"Requests to {facts.host} would go through {facts.used}, which is not supported.",
            "Name an HTTP proxy in HTTPS_PROXY, or put the host into NO_PROXY.",
        )
    elif facts.used:
        named = ", ".join(facts.named)
        yield ok(PROXY, f"Requests to {facts.host} go through {facts.used} ({named}).")
    elif facts.named:
        found = f"Requests to {facts.host} go straight there, in spite of {', '.join(facts.named)}."
        yield ok(PROXY, found)
    else:
        yield ok(PROXY, "None is set in this environment; a service may have another one.")


def of_trust(facts: TrustFacts) -> Iterator[Finding]:
    """Judge the file of trusted certificates."""
    if facts.file is None:
        return
    check = "certificates"
    if facts.fault:
        yield fault(
            check,
            f"The file {facts.file} ({facts.named_by}) cannot be used: {facts.fault}.",
            "Name a PEM file that begins with -----BEGIN CERTIFICATE-----.",
        )
    else:
        found = f"Those in {facts.file} are trusted, {facts.count} in all ({facts.named_by})."
        yield ok(check, found)


def of_way(contact: Contact, host: str, *, encrypted: bool, proxy: str | None) -> Iterator[Finding]:
    """Judge every stretch of the way to the server by how far a request has come.

    Args:
        contact: What came of it.
        host: The server's.
        encrypted: Whether its address begins with ``https``.
        proxy: The proxy that it went through, if any.
    """
    trouble = contact.trouble
    broken = LAYER_OF.get(trouble.code) if trouble else None
    if trouble and contact.status is None and broken in {None, API}:
        broken = CONNECTION
    if trouble and broken == PROXY:
        yield fault(PROXY, trouble.message, trouble.hint)
    beyond = broken == PROXY
    for layer, well in _ways(host, encrypted=encrypted, proxy=proxy).items():
        if trouble and layer == broken:
            yield fault(layer, trouble.message, trouble.hint)
            beyond = True
        elif beyond:
            yield unclear(layer, "It was not reached.")
        else:
            yield ok(layer, well)


def _ways(host: str, *, encrypted: bool, proxy: str | None) -> Mapping[str, str]:
    """Say for each stretch of the way, the nearest first, what is so when it is well."""
    return {
        LOOK_UP: "The proxy looks it up." if proxy else f"The name {host} has an address.",
        CONNECTION: f"{proxy or host} accepts connections.",
        TLS: "The certificate is good."
        if encrypted
        else "There is none: the address is on this machine.",
        API: f"{host} answers.",
    }


def of_no_key(trouble: AgentError) -> Finding:
    """Tell that there is no key, as a start would."""
    return fault(KEY, trouble.message, trouble.hint)


def of_stored_key(files: Sequence[str]) -> Finding:
    """Tell of keys that a service manager has for its services, and for nobody else."""
    return unclear(
        KEY,
        f"The settings have none, but systemd has {' and '.join(files)} for a service. If that is "
        "the service of this home, it has a key; whether Connectif accepts it was not tried.",
        "See what the service says: dropbox-agent service show",
    )


def of_key(contact: Contact) -> Finding:
    """Judge the key by what the server said to a request for the list of imports."""
    trouble = contact.trouble
    if trouble is None:
        return ok(
            KEY,
            "Connectif accepts it for reading imports. Whether it may write them, the first import "
            "shows.",
        )
    if trouble.code == REFUSED:
        found = "Connectif does not know the key: it is wrong or was deleted (HTTP 401)."
        return fault(KEY, found, trouble.hint)
    if trouble.code == FORBIDDEN:
        return fault(
            KEY,
            "Connectif knows the key, but the key may not read imports, or the account is blocked "
            "(HTTP 403).",
            trouble.hint,
        )
    if contact.status is None or trouble.code in LAYER_OF:
        return unclear(KEY, "Connectif was not reached.")
    return unclear(KEY, trouble.message, trouble.hint)


def of_right(things: str, instead: str, contact: Contact) -> Finding:
    """Judge whether the key may read something that checking is better with.

    Args:
        things: What is read, such as "contact fields".
        instead: What is done without it, as the end of a sentence.
        contact: What the server said.
    """
    check = f"right to read {things}"
    trouble = contact.trouble
    if trouble is None:
        return ok(check, f"The key may read the {things} of the account.")
    if trouble.code == FORBIDDEN:
        return warning(
            check,
            f"The key may not read {things} (HTTP 403): {instead}.",
            f"In Connectif give the key the right to read {things}.",
        )
    return unclear(check, trouble.message, trouble.hint)


def of_clock(ahead_seconds: float | None) -> Finding:
    """Judge our clock by the server's."""
    if ahead_seconds is None:
        return unclear(CLOCK, "The server did not tell its time.")
    by, way = abs(ahead_seconds), "behind" if ahead_seconds > 0 else "ahead of"
    if by > MOST_SKEW_SECONDS:
        return warning(
            CLOCK,
            f"This machine's clock is {by:,.0f} seconds {way} that of the server.",
            "Have the clock set from the network: timedatectl set-ntp true, or w32tm /resync.",
        )
    return ok(CLOCK, "This machine's clock agrees with that of the server.")
