"""What went wrong on the way to the server, told apart by what a person can do about it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from dropbox_agent.core.imports import ApiUnavailable

_BY_ITSELF = "The agent tries again by itself."
_CHECK_LINE = f"Check the internet connection, proxy and firewall of this machine. {_BY_ITSELF}"


def network_fault(error: Exception, host: str) -> ApiUnavailable:
    """Translate an exception of ``requests`` into a reason with a stable code.

    Args:
        error: What was raised instead of an answer.
        host: The host we meant to reach, for the message.
    """
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        # The one error that requests lets out as it is: it found no file of certificates.
        return ApiUnavailable(
            "The file of trusted certificates cannot be read.",
            hint="Mend CONNECTIF_CA_BUNDLE in agent.env: the path of a PEM file.",
            code="ca-bundle",
        )
    causes = tuple(_causes(error))
    for fault in _FAULTS:
        if any(isinstance(cause, fault.kinds) for cause in causes):
            message = fault.message.format(host=host)
            return ApiUnavailable(message, hint=fault.hint, code=fault.code)
    return ApiUnavailable(
        f"The connection to {host} broke before an answer came.",
        hint=_CHECK_LINE,
        code="network-down",
    )


def hung_up(error: Exception) -> bool:
    """Whether the server closed an open connection before it answered anything.

    It happens when a kept-alive connection has just been closed by the other side.
    """
    return any(isinstance(cause, _HUNG_UP) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then whatever it wraps: requests and urllib3 hand causes on as arguments."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        cause = pending.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        wrapped = [*cause.args, cause.__cause__, cause.__context__]
        if isinstance(cause, MaxRetryError):
            wrapped.append(cause.reason)
        pending.extend(each for each in wrapped if isinstance(each, BaseException))


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a person is told when one of some exceptions is among the causes."""

    code: str
    kinds: tuple[type[BaseException], ...]
    message: str
    hint: str


_HUNG_UP = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)

_FAULTS = (
    # The proxy is not there, or refuses the tunnel; also raised around TLS faults of the proxy.
    _Fault(
        "network-proxy",
        (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL),
        "The proxy does not let the agent through to {host}.",
        f"Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the agent's environment. {_BY_ITSELF}",
    ),
    # An unknown certificate, a wrong host name, or plain HTTP where TLS is expected. Before
    # ValueError, which a refused certificate is too.
    _Fault(
        "network-tls",
        (requests.exceptions.SSLError,),
        "The encrypted connection to {host} cannot be trusted or was not agreed on.",
        "Check this machine's date and time. If your network inspects traffic, name its "
        f"certificate file in CONNECTIF_CA_BUNDLE. {_BY_ITSELF}",
    ),
    # An address without scheme or host, or a proxy of a kind we cannot use (SOCKS).
    _Fault(
        "wrong-address",
        (ValueError,),
        "The address of the import API, or of the proxy in front of it, cannot be used.",
        "Mend CONNECTIF_API_URL in agent.env; it begins with https://. A proxy must speak HTTP.",
    ),
    _Fault(
        "network-dns",
        (NameResolutionError, socket.gaierror),
        "The name {host} cannot be looked up.",
        f"Check CONNECTIF_API_URL, the internet connection and the name server. {_BY_ITSELF}",
    ),
    _Fault(
        "network-refused",
        (ConnectionRefusedError,),
        "{host} is there but accepts no connection.",
        f"Check the port in CONNECTIF_API_URL and the firewall. {_BY_ITSELF}",
    ),
    # Connecting, or waiting for an answer, took longer than the settings allow.
    _Fault(
        "network-timeout",
        (requests.exceptions.Timeout, TimeoutError),
        "{host} did not answer in time.",
        _CHECK_LINE,
    ),
    _Fault(
        "network-down",
        (NewConnectionError,),
        "There is no way to {host} at the moment.",
        _CHECK_LINE,
    ),
)
