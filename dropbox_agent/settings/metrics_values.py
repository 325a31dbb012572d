"""What can be written as a value of the settings about metrics, and what it becomes."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from dropbox_agent.settings import values
from dropbox_agent.settings.faults import Unusable, shown

THIS_MACHINE: Final = "127.0.0.1"
USUAL_PORT: Final = 9464
LAST_PORT: Final = 65_535
PROM: Final = ".prom"

NAME: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen.

    Attributes:
        host: An address of this machine, or a name of it; IPv6 without brackets.
        port: From 1 to 65535.
    """

    host: str
    port: int


def _address(text: str) -> Address | None:
    if not text:
        return None
    if text.isdecimal():
        return Address(THIS_MACHINE, _port(text))
    host, colon, port = text.rpartition(":")
    if not colon or "/" in text:
        example = f"{THIS_MACHINE}:{USUAL_PORT}"
        raise Unusable(
            f"{shown(text)} is not an address and a port, such as {example}.", instead=example
        )
    return Address(_host(host, port), _port(port))


def _host(text: str, port: str) -> str:
    if not text:
        raise Unusable(
            "there is no address before the colon: 127.0.0.1 for this machine only, 0.0.0.0 for "
            "everybody who can reach it.",
            instead=f"{THIS_MACHINE}:{port}",
        )
    if text.startswith("[") and text.endswith("]") and _is_ipv6(text[1:-1]):
        return text[1:-1]
    if _is_ipv6(text):
        raise Unusable("an IPv6 address is written in brackets.", instead=f"[{text}]:{port}")
    if not NAME.fullmatch(text):
        raise Unusable(f"{shown(text)} is no address of a machine.", instead=str(USUAL_PORT))
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= LAST_PORT:
        raise Unusable(
            f"{shown(text)} is not a port from 1 to {LAST_PORT}.", instead=str(USUAL_PORT)
        )
    return int(text)


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _prom_file(path: Path | None) -> Path | None:
    if path is not None and path.suffix != PROM:
        raise Unusable(
            f"the node exporter reads only files whose names end in {PROM}.",
            instead="metrics/dropbox-agent.prom",
        )
    return path


AddressOrNone = Annotated[Address | None, BeforeValidator(_address)]
PromFileOrNone = Annotated[values.PathOrNone, AfterValidator(_prom_file)]
