"""One HTTP request to somebody else's address, tried once: no redirects, no private addresses, no waiting for ever."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 2_000
TOLD_MAX = 300
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: the HTTP `status` (0: there was no answer), `told` what went wrong."""

    status: int
    told: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls a success


class AddressRefused(Exception):
    """An address that is not sent to; says why."""


def must_be_address(url: str, *, private: bool) -> None:
    """Raise AddressRefused for what is no plain https address (or http, where `private` ones may be used)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("not an address") from None
    if parts.scheme not in ({"http", "https"} if private else {"https"}):
        raise AddressRefused("not https")
    if not parts.hostname or parts.username is not None or port == 0 or not url.isascii() or " " in url:
        raise AddressRefused("not an address")


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool, seconds: float) -> Posted:
    """Send `body` as JSON. The address is looked up once, judged, and that very address is connected to."""
    try:
        must_be_address(url, private=private)
        return _post(url, body, headers, private=private, seconds=seconds)
    except AddressRefused as refused:
        return Posted(0, f"refused: {refused}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Posted(0, f"{type(error).__name__}: {error}"[:TOLD_MAX])


def _post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool, seconds: float) -> Posted:
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    host = parts.hostname or ""
    connection = _connection(parts.scheme, host, port, _address(host, port, private=private), seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        said = answer.read(ANSWER_BYTES_MAX).decode("utf-8", "replace")
    finally:
        connection.close()
    good = Posted(answer.status).is_good
    return Posted(answer.status, "" if good else said[:TOLD_MAX].replace("\0", ""))


def _address(host: str, port: int, *, private: bool) -> str:
    """The first address of the name; refused when any of them is not on the open internet."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(_is_open(address) for address in found):
        raise AddressRefused("a private address")
    return found[0]


def _is_open(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    return known.is_global and not known.is_multicast


def _connection(scheme: str, host: str, port: int, address: str, seconds: float) -> http.client.HTTPConnection:
    if scheme == "http":
        made = http.client.HTTPConnection(host, port, timeout=seconds)
        made.sock = socket.create_connection((address, port), seconds)
        return made
    context = ssl.create_default_context()
    secure = http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    secure.sock = context.wrap_socket(socket.create_connection((address, port), seconds), server_hostname=host)
    return secure
