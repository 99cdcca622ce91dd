"""May an address that somebody typed be called? Only on the public internet, or where the operator has said so.

It is asked at the moment of connecting, of the address that the connection goes to: no name that changes its meaning
between two look-ups, no redirect, and no other spelling of an address leads around it.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

OUTGOING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
"""What Python tells its audit hooks before anything leaves. Source: Python, audit events table."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv6 addresses behind which a gateway reaches an IPv4 address, their last 32 bits. Source: RFC 6052 §2.1."""


class Inside(OSError):  # noqa: N818 - to whoever connects it is a host that cannot be reached
    """The address leads into a private network, where nobody's typed address may lead."""


@dataclass(frozen=True, slots=True)
class Fence:
    """What typed addresses may reach: the public internet, and `gates`, which are names, addresses or networks."""

    gates: tuple[str, ...] = ()

    def admits(self, host: str) -> bool:
        """Whether a connection may go to an address; of a name, whether it may to all that it stands for."""
        found = _addresses(host)
        return bool(found) and all(is_public(each) or self._is_gate(each) for each in found)

    def keeps_out(self, host: str) -> bool:
        """Whether a host is known and out of reach; one that nobody knows just now is not kept out."""
        return bool(_addresses(host)) and not self.admits(host)

    @contextmanager
    def around(self) -> Iterator["Attempt"]:
        """Keep everything that this thread connects to within the fence; what was not let through is told."""
        _watch()
        attempt = Attempt(self)
        kept = _ATTEMPT.set(attempt)
        try:
            yield attempt
        finally:
            _ATTEMPT.reset(kept)

    def _is_gate(self, address: IPv4Address | IPv6Address) -> bool:
        for gate in self.gates:
            try:
                if address in ip_network(gate, strict=False):
                    return True
            except ValueError:
                if address in _addresses(gate):
                    return True
        return False


@dataclass(slots=True)
class Attempt:
    """What was tried within a fence; `stopped` are the addresses that were not let through."""

    fence: Fence
    stopped: list[str] = field(default_factory=list)


_ATTEMPT: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet, and so is every address that it stands for."""
    return address.is_global and not address.is_multicast and all(map(is_public, _within(address)))


def _within(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries inside."""
    if isinstance(address, IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in TRANSLATED:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in carried if each is not None]


def _addresses(host: str) -> list[IPv4Address | IPv6Address]:
    host = host.strip("[]").partition("%")[0]
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(each[4][0]).partition("%")[0]) for each in found]


@cache
def _watch() -> None:
    sys.addaudithook(_ask)


def _ask(event: str, given: tuple[object, ...]) -> None:
    if event not in OUTGOING:
        return
    attempt = _ATTEMPT.get()
    if attempt is None:
        return
    place = given[1]
    host = str(place[0]) if isinstance(place, tuple) else ""
    if not host or not attempt.fence.admits(host):
        attempt.stopped.append(host)
        raise Inside(f"{host or 'a local socket'} is inside a private network")
