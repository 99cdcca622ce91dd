"""How does the site listen, and how does it stop without cutting anybody off?"""

import asyncio
import logging
import socket
import threading
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from bot.web.protocol import BoundedProtocol

log = logging.getLogger(__name__)

START_SECONDS = 10.0
LAST_ANSWERS_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Serving:
    """A site that listens: `url` is its address. It serves until stopped."""

    url: str
    server: "_Server"
    thread: threading.Thread

    def stop(self, *, within: float = 10.0) -> bool:
        """Takes no new request, answers those in hand and ends; whether that ended in time."""
        self.server.end()
        self.thread.join(within)
        return not self.thread.is_alive()


class _Server(uvicorn.Server):
    """Waits until it is asked to end, where the library looks ten times a second whether it was."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()

    def end(self) -> None:
        """Ask it to end, from any thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._asked.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is in hand, and cut what hangs or came at the last moment."""
        await super().shutdown(sockets)
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    async def main_loop(self) -> None:
        """Serve until the end is asked for."""
        self._loop = asyncio.get_running_loop()
        if not await self.on_tick(0):
            await self._asked.wait()


def serve(site: Starlette, host: str, port: int) -> Serving:
    """Serves in a thread and returns once it listens; port 0 takes a free one.

    Raises OSError with one sentence where the port cannot be had.
    """
    listening = _listen(host, port)
    config = uvicorn.Config(
        site,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=BoundedProtocol,
        ws="none",
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        server_header=False,
        date_header=False,  # It would be renewed by a look each tenth of a second; the site says it itself.
    )
    server = _Server(config)
    thread = threading.Thread(target=_run, args=(server, listening), name="web", daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(int(START_SECONDS / 0.01)):
        if server.started or not thread.is_alive():
            break
        waited.wait(0.01)
    if not server.started:
        server.end()
        raise OSError(f"The web server did not start on {host}:{port}.")
    name = f"[{host}]" if ":" in host else host
    return Serving(f"http://{name}:{listening.getsockname()[1]}", server, thread)


def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise OSError(f"HOST {host!r} is no address of this machine: {error}.") from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise OSError(f"PORT {port} cannot be had on {host}: {error.strerror}; set PORT to a free one.") from error
    return listening
