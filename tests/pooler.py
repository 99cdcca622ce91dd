"""What stands in for a connection pooler in transaction mode? A proxy that gives each transaction another session.

It speaks PostgreSQL's protocol as pgbouncer does, and never cleans a session up between two transactions: whoever
relies on what they left in one finds it missing, or finds somebody else's.
"""

import os
import queue
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import psycopg
from sqlalchemy.engine import make_url

ENCRYPTION_ASKED = frozenset({80877103, 80877104})
CANCELLING = 80877102
WAIT_SECONDS = 30
TOLD = ("server_version", "server_encoding", "client_encoding", "DateStyle", "TimeZone", "integer_datetimes",
        "standard_conforming_strings", "IntervalStyle")  # fmt: skip


class Gone(Exception):  # noqa: N818 - the other end hung up
    """The connection is over."""


class Wire:
    """One connection, message by message."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line

    def exactly(self, size: int) -> bytes:
        """So many bytes; raises Gone where the other end hangs up first."""
        parts = b""
        while len(parts) < size:
            part = self.line.recv(size - len(parts))
            if not part:
                raise Gone
            parts += part
        return parts

    def message(self) -> tuple[bytes, bytes]:
        """The kind of the next message, and the whole of it."""
        kind, length = self.exactly(1), self.exactly(4)
        return kind, kind + length + self.exactly(struct.unpack("!I", length)[0] - 4)

    def send(self, raw: bytes) -> None:
        self.line.sendall(raw)


class Pooler:
    """Takes clients on a port of its own and shares a few server sessions among them."""

    def __init__(self, url: str, *, sessions: int) -> None:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        # The driver signs in; from then on its socket is ours.
        self._signed_in = [psycopg.connect(address, autocommit=True, sslmode="disable") for _ in range(sessions)]
        self._free: queue.Queue[Wire] = queue.Queue()
        self._server_lines = [socket.socket(fileno=os.dup(each.pgconn.socket)) for each in self._signed_in]
        for line in self._server_lines:
            line.setblocking(True)
            self._free.put(Wire(line))
        self._told = {name: self._signed_in[0].info.parameter_status(name) or "" for name in TOLD}
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self.transactions = 0
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._door.getsockname()[1])

    def close(self) -> None:
        for line in (self._door, *self._lines, *self._server_lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for each in self._signed_in:
            each.close()

    def _take(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._lines.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        client, server = Wire(line), None
        try:
            self._greet(client)
            while True:
                kind, raw = client.message()
                if kind == b"X":
                    return
                server = server or self._free.get(timeout=WAIT_SECONDS)
                server.send(raw)
                if kind in b"QS" and self._answer(server, client) == b"I":
                    self._free.put(server)
                    self.transactions += 1
                    server = None
        except (Gone, OSError):
            return
        finally:
            if server is not None:
                self._give_back(server)
            line.close()

    def _greet(self, client: Wire) -> None:
        while True:
            size, code = struct.unpack("!II", client.exactly(8))
            client.exactly(size - 8)
            if code == CANCELLING:
                raise Gone
            if code not in ENCRYPTION_ASKED:
                break
            client.send(b"N")
        client.send(b"R" + struct.pack("!II", 8, 0))
        for name, value in self._told.items():
            body = name.encode() + b"\0" + value.encode() + b"\0"
            client.send(b"S" + struct.pack("!I", len(body) + 4) + body)
        client.send(b"K" + struct.pack("!III", 12, 0, 0) + b"Z" + struct.pack("!I", 5) + b"I")

    @staticmethod
    def _answer(server: Wire, client: Wire | None) -> bytes:
        """Hand on what the server says once it is ready again; gives whether a transaction is open."""
        said = b""
        while True:
            kind, raw = server.message()
            said += raw
            if kind == b"Z":
                if client is not None:
                    client.send(said)
                return raw[-1:]

    def _give_back(self, server: Wire) -> None:
        """A client hung up within its transaction: that is rolled back."""
        with suppress(Gone, OSError):
            body = b"ROLLBACK\0"
            server.send(b"Q" + struct.pack("!I", len(body) + 4) + body)
            while self._answer(server, None) != b"I":
                pass
            self._free.put(server)


@contextmanager
def pooler(url: str, *, sessions: int = 8) -> Iterator[tuple[str, Pooler]]:
    """A pooler in front of the database, and the address behind which it stands."""
    with closing(Pooler(url, sessions=sessions)) as running:
        front = make_url(url).set(host="127.0.0.1", port=running.port, query={}, password=None)
        yield front.render_as_string(hide_password=False), running
