"""Which Socket Mode connections does the app hold, and which one gets an envelope?"""

import asyncio
import contextlib
import itertools
import secrets
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.seed import APP_ID
from bot.sandbox.wire import Json

ACK_SECONDS = 3.0
MOST_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one delivery: acknowledged, with what; or why not."""

    acked: bool
    payload: Json | str | None = None
    reason: str = ""
    retry: bool = True


@dataclass(eq=False, slots=True)
class Connection:
    """One open WebSocket of the app; `to_be_left` once the app was asked to open another in its place."""

    socket: WebSocket
    to_be_left: bool = False
    waiting: dict[str, "asyncio.Future[Answer]"] = field(default_factory=dict)

    def lose(self, reason: str) -> None:
        """Nothing more comes from this connection."""
        for future in self.waiting.values():
            if not future.done():
                future.set_result(Answer(acked=False, reason=reason))


class Sockets:
    """The app's Socket Mode connections; each envelope goes to one of them in turn."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self.half_open = False
        self._arrival = asyncio.Event()
        self._tickets: set[str] = set()
        self._turn = itertools.count()
        self._envelopes = itertools.count(1)

    def new_ticket(self) -> str:
        """A ticket for one connection, as apps.connections.open hands out."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Speaks Socket Mode on one connection until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets or len(self.connections) >= MOST_CONNECTIONS:
            await socket.close(code=1008, reason="invalid ticket")
            return
        self._tickets.discard(ticket)
        await socket.accept()
        connection = Connection(socket)
        self.connections.append(connection)
        self._arrival.set()
        try:
            await socket.send_json(self._hello())
            while True:
                self._take(connection, await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError, ValueError):
            pass
        finally:
            if connection in self.connections:
                self.connections.remove(connection)
            connection.lose("connection_closed")

    async def joined(self, wanted: int) -> None:
        """Waits until the app holds so many connections."""
        while len(self.connections) < wanted:
            self._arrival.clear()
            await self._arrival.wait()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
        }

    def _take(self, connection: Connection, frame: object) -> None:
        if not isinstance(frame, dict) or self.half_open:
            return
        future = connection.waiting.get(str(frame.get("envelope_id")))
        if future is not None and not future.done():
            future.set_result(Answer(acked=True, payload=frame.get("payload")))

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Answer:
        """Sends one envelope and waits three real seconds for its acknowledgement."""
        if not self.connections:
            return Answer(acked=False, reason="no_connection")
        # Where a successor stands, nothing more is said to a connection that is about to be closed.
        fit = [each for each in self.connections if not each.to_be_left] or self.connections
        connection = fit[next(self._turn) % len(fit)]
        envelope_id = f"{next(self._envelopes):08d}-{secrets.token_hex(6)}"
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = future
        try:
            if not self.half_open:
                await connection.socket.send_json(envelope)
            return await asyncio.wait_for(future, ACK_SECONDS)
        except TimeoutError:
            return Answer(acked=False, reason="timeout")
        except (RuntimeError, OSError, WebSocketDisconnect):
            return Answer(acked=False, reason="connection_closed")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def refresh(self) -> None:
        """Asks every connection to open a new one, as Slack does every few hours."""
        for connection in list(self.connections):
            connection.to_be_left = True
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.socket.send_json(
                    {"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}
                )

    async def drop(self) -> None:
        """Cuts every connection off."""
        for connection in list(self.connections):
            if connection in self.connections:
                self.connections.remove(connection)
            connection.lose("connection_closed")
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.socket.close(code=1011)
