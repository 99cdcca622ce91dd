"""How is a file fetched from an address that somebody typed, without reaching into the operator's own network?

Only https, only addresses of the public internet and hosts that PRIVATE_HOSTS names, no redirects. The connection goes
to the address that was looked at, so that a name cannot mean one host when it is checked and another when it is called.
"""

import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from bot.delivery.fence import Fence

WAIT_SECONDS = 15.0
LARGEST = 2_000_000


class CannotFetch(ValueError):  # noqa: N818 - the operator's word; the message is the one line that they read
    """An address is not fetched, or gave nothing that is of use."""


Resolver = Callable[[str, int], list[str]]
"""The addresses behind a name and port, as texts."""


def fetch(url: str, *, fence: Fence, resolve: Resolver | None = None) -> bytes:
    """The content behind an https address. Raises CannotFetch with one sentence."""
    parts = urlsplit(url)
    try:
        port = parts.port or 443
    except ValueError:
        raise CannotFetch(f"{url} names no port that there is.") from None
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise CannotFetch(f"{url} is not fetched: only addresses that begin with https:// and hold no password are.")
    address = admitted_address(parts.hostname, port, fence=fence, resolve=resolve or _resolve)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _Line(parts.hostname, port, address)
    try:
        line.request("GET", path, headers={"accept": "text/calendar", "user-agent": "watchbell"})
        answer = line.getresponse()
        content = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as error:
        raise CannotFetch(f"{parts.hostname} cannot be reached: {error}.") from error
    finally:
        line.close()
    if answer.status != 200:
        raise CannotFetch(f"{parts.hostname} answered {answer.status}; give the address of the file itself.")
    if len(content) > LARGEST:
        raise CannotFetch(f"{parts.hostname} sent more than {LARGEST} bytes; that is no calendar.")
    return content


def admitted_address(host: str, port: int, *, fence: Fence, resolve: Resolver) -> str:
    """The first address of a host, where the fence admits all of them. Raises CannotFetch."""
    try:
        found = resolve(host, port)
    except OSError as error:
        raise CannotFetch(f"{host} cannot be found: {error}.") from error
    if not found or not all(map(fence.admits, found)):
        raise CannotFetch(f"{host} is not fetched: it is inside a private network, and PRIVATE_HOSTS does not name it.")
    return found[0]


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Line(HTTPSConnection):
    """A connection to one address, under the name that its certificate must bear."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=WAIT_SECONDS, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Call the address that was looked at."""
        plain = socket.create_connection((self._address, self.port), WAIT_SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
