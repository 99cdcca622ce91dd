"""How long does Slack wait for an envelope's acknowledgement? The other end of the socket, and what opens it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from time import perf_counter

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.bench import office
from tests.bench.goal import Goal, at_most
from tests.bench.measure import p50, scaled
from tests.bench.served import served

ROUNDS, AT_ONCE = 10, 30
HELLO = json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0WATCH"}})
Json = Mapping[str, object]
Hearing = Callable[[str, bytes], Json]
"""What the Web API answers, from the method and what it was asked with."""

ME: Json = {"user_id": office.BELL, "team_id": office.WORKSPACE, "bot_id": "B0BELL", "user": "watchbell"}
ACK_SECONDS, GLANCE_SECONDS = 30.0, 0.5


class Line:
    """One end of Socket Mode: sends an envelope and waits for its acknowledgement."""

    def __init__(self) -> None:
        self.api = ""
        self.open = threading.Event()
        """Whether somebody holds the other end."""
        self._ended = threading.Event()
        self._frames: Queue[str] = Queue()
        self._acked: Queue[str] = Queue()

    def ask(self) -> None:
        """One envelope, acknowledged."""
        known, frame = office.envelope()
        self._frames.put(frame)
        while self._acked.get(timeout=ACK_SECONDS) != known:
            pass

    def hold(self, connection: ServerConnection) -> None:
        """Speak Socket Mode on a connection until it ends."""
        connection.send(HELLO)
        self.open.set()
        reading = threading.Thread(target=self._read, args=(connection,), daemon=True)
        reading.start()
        try:
            while reading.is_alive() and not self._ended.is_set():
                with suppress(Empty):
                    connection.send(self._frames.get(timeout=GLANCE_SECONDS))
        except ConnectionClosed:
            return

    def end(self) -> None:
        """Let go of whoever waits for an envelope."""
        self._ended.set()

    def _read(self, connection: ServerConnection) -> None:
        try:
            for frame in connection:
                self._acked.put(str(json.loads(frame).get("envelope_id")))
        except (ConnectionClosed, ValueError):
            return


@contextmanager
def line(*, hear: Hearing = lambda _method, _body: {}) -> Iterator[Line]:
    """A Slack that opens one kind of connection; what it answers beside that, `hear` says."""
    held = Line()
    with serve(held.hold, "127.0.0.1", 0, ping_interval=None) as sockets:
        speaking = threading.Thread(target=sockets.serve_forever, daemon=True)
        speaking.start()
        port = sockets.socket.getsockname()[1]
        with slack({"apps.connections.open": {"url": f"ws://127.0.0.1:{port}/"}, "auth.test": ME}, hear) as api:
            held.api = api
            try:
                yield held
            finally:
                held.end()
                sockets.shutdown()
        speaking.join(10)


@contextmanager
def slack(answers: Mapping[str, Json], hear: Hearing) -> Iterator[str]:
    """A Web API that answers each method the same each time, or what `hear` says; gives its address."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            method = self.path.rpartition("/")[2]
            asked = self.rfile.read(int(self.headers.get("content-length", 0)))
            said = answers[method] if method in answers else hear(method, asked)
            body = json.dumps({"ok": True, **said}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    answering = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    answering.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    finally:
        server.shutdown()
        server.server_close()
        answering.join(10)


def goals(part: float) -> list[Goal]:
    """A ticket by an envelope against the stock handler with a no-op."""
    took: dict[str, list[float]] = {"ours": [], "stock": []}
    with (
        line() as ours, line() as stock, served("socket ours", api=ours.api), served("socket stock", api=stock.api)
    ):  # fmt: skip
        lines = {"ours": ours, "stock": stock}
        for nth in range(-1, scaled(ROUNDS, part)):
            for name in lines if nth % 2 else reversed(lines):
                for _ in range(scaled(AT_ONCE, part)):
                    began = perf_counter()
                    lines[name].ask()
                    if nth >= 0:
                        took[name].append((perf_counter() - began) * 1e3)
    return [
        at_most("Socket Mode, envelope to durable ack: p50", p50(took["ours"]), p50(took["stock"]), 0.25, unit="ms")
    ]
