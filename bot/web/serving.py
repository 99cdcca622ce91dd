"""How does the site listen, and how does it stop without cutting anybody off?"""

import logging
import socket
import threading
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

log = logging.getLogger(__name__)

START_SECONDS = 10.0
LAST_ANSWERS_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Serving:
    """A site that listens: `url` is its address. It serves until stopped."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self, *, within: float = 10.0) -> bool:
        """Takes no new request, answers those in hand and ends; whether that ended in time."""
        self.server.should_exit = True
        self.thread.join(within)
        return not self.thread.is_alive()


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
        ws="none",
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=_run, args=(server, listening), name="web", daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(int(START_SECONDS / 0.01)):
        if server.started or not thread.is_alive():
            break
        waited.wait(0.01)
    if not server.started:
        server.should_exit = True
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
