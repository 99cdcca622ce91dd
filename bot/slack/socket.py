"""How does Slack reach a process that has no public address, and how do we notice that it no longer does?

A Socket Mode connection of our own rather than the SDK's: theirs took up to a minute to notice a reset, polls its
queues, and ends only after a ping interval. Here a dead line is known within fifteen seconds, a reset one at once; a
refreshed one is closed only when its successor stands, and every acknowledgement leaves by the line of its envelope.
Whoever waits here is woken; a line that says nothing costs one ping every five seconds.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web import SlackResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
PING_SECONDS = 5.0
DEAD_SECONDS = 15.0
LAST_ACKS_SECONDS = 3.0
WAITS_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
SHORT_LIVED_SECONDS = 10.0
"""A line that Slack ends sooner was of no use: where many do in a row, as with a link that is disabled or with too many
connections, Slack must not be asked for the next one as fast as the network allows."""

REFRESHES = frozenset({"warning", "refresh_requested"})
"""Why Slack ends connections in the ordinary run of things. Source: Slack's documentation of Socket Mode."""

LONGEST_WAIT_SECONDS = 60.0
"""However long Slack says that it wants no more questions: as long as nothing stands the desk is deaf."""


class _Line:
    """One WebSocket to Slack, and the envelopes that came by it and are not acknowledged yet."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.leaving = threading.Event()
        self.ended = threading.Event()
        self.begun = self.heard = time.monotonic()
        self._check_at = self._asked = self.heard
        self._pong: threading.Event | None = None
        self._settled = threading.Condition()
        self._open = 0

    @property
    def stands(self) -> bool:
        """Whether nothing is known against this line."""
        return not self.leaving.is_set() and not self.ended.is_set()

    def take(self) -> None:
        with self._settled:
            self._open += 1

    def settle(self) -> None:
        with self._settled:
            self._open -= 1
            self._settled.notify_all()

    def check(self) -> float | None:
        """Asks the other end for a sign of life where that is due; gives the seconds until the next check is.

        None where the other end has given none for too long. One that answered counts as heard when it was asked.
        """
        now = time.monotonic()
        if now < self._check_at:
            return self._check_at - now
        if self._pong is not None and self._pong.is_set():
            self.heard, self._pong = max(self.heard, self._asked), None
        if now - self.heard >= DEAD_SECONDS:
            return None
        if self._pong is None:
            # Where the line has just ended its reader says so.
            with suppress(ConnectionClosed):
                self._asked, self._pong = now, self.socket.ping()
        self._check_at = now + PING_SECONDS
        return PING_SECONDS

    def hang_up(self, *, within: float) -> None:
        """Ends the line once what came by it is acknowledged, or after so many seconds."""
        with self._settled:
            self._settled.wait_for(lambda: self._open == 0, timeout=within)
        self.leaving.set()
        self.socket.close()


class SocketMode:
    """Takes Slack's envelopes and gives each to Bolt in one of `concurrency` threads.

    `client` opens the connections; `on_connected` is called at each new connection, since what was sent while none
    stood may have to be read back. `fault` is called with `ack.before` and `ack.after`, so that tests can cut there.
    """

    def __init__(
        self,
        app: App,
        *,
        client: WebClient,
        app_token: str,
        concurrency: int = 20,
        on_connected: Callable[[], None] = lambda: None,
        fault: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._on_connected = on_connected
        self._fault = fault
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="envelope")
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._up = threading.Event()
        self._line: _Line | None = None
        self._threads: list[threading.Thread] = []
        self._keeper = threading.Thread(target=self._keep, name="socket", daemon=True)
        self.trouble = ""
        """Why there is no connection, in Slack's or the network's words; empty while there is one."""

    def start(self, *, within: float = CONNECT_SECONDS) -> bool:
        """Connects, and goes on trying for ever; whether a connection stood within that many seconds."""
        self._keeper.start()
        return self._up.wait(within)

    def seconds_since_traffic(self) -> float | None:
        """Real seconds since Slack last said anything, pongs included; None while no connection stands."""
        line = self._line
        if line is None or line.ended.is_set():
            return None
        return time.monotonic() - line.heard

    def close(self, *, within: float = 10.0) -> bool:
        """Takes no more envelopes, acknowledges those in hand and hangs up; whether that ended in time."""
        give_up = time.monotonic() + within
        self._stopping.set()
        self._news.set()
        # The keeper first: until it has ended it may begin another line, whose reader has to end too.
        _join(self._keeper, until=give_up)
        if self._line is not None:
            self._retire(self._line, within=min(LAST_ACKS_SECONDS, max(give_up - time.monotonic(), 0.0)))
        for thread in tuple(self._threads):
            _join(thread, until=give_up)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not any(thread.is_alive() for thread in [self._keeper, *self._threads])

    def _keep(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            self._news.clear()
            line = self._line
            try:
                if line is not None and line.stands:
                    self._watch(line)
                    if time.monotonic() - line.begun >= SHORT_LIVED_SECONDS:
                        tries = 0
                    continue
                if tries:
                    self._stopping.wait(WAITS_SECONDS[min(tries, len(WAITS_SECONDS)) - 1])
                tries += 1
                self._connect()
            except Exception as error:  # noqa: BLE001 - without this thread the desk is deaf
                if line is not None:
                    line.leaving.set()
                self.trouble = _reason(error)
                log.warning("no connection to Slack yet: %s", self.trouble)
                self._stopping.wait(_asked_to_wait(error))

    def _watch(self, line: _Line) -> None:
        """Waits until the line has to be looked at again, or something has happened to it."""
        wait = line.check()
        if wait is None:
            log.warning("Slack has been silent for %.0f s; connecting anew", DEAD_SECONDS)
            line.leaving.set()
        else:
            self._news.wait(wait)

    def _connect(self) -> None:
        url = str(self._client.apps_connections_open(app_token=self._app_token)["url"])
        line = _Line(connect(url, open_timeout=CONNECT_SECONDS, close_timeout=1, ping_interval=None, max_size=None))
        before, self._line, self.trouble = self._line, line, ""
        self._begin("socket-line", lambda: self._read(line))
        if before is not None:
            self._retire(before, within=LAST_ACKS_SECONDS)

    def _retire(self, line: _Line, *, within: float) -> None:
        if not line.ended.is_set():
            self._begin("socket-farewell", lambda: line.hang_up(within=within))

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _read(self, line: _Line) -> None:
        try:
            with line.socket as socket:
                for frame in socket:
                    line.heard = time.monotonic()
                    self._take(line, frame)
        except (ConnectionClosed, OSError) as error:
            if line.stands and not self._stopping.is_set():
                log.info("a connection to Slack ended: %s", error)
        finally:
            line.ended.set()
            self._news.set()

    def _take(self, line: _Line, frame: str | bytes) -> None:
        try:
            message = json.loads(frame)
        except (ValueError, RecursionError):
            log.warning("Slack sent a frame that is no JSON")
            return
        if not isinstance(message, dict):
            return
        kind = message.get("type")
        if kind == "hello":
            self._greet(message)
        elif kind == "disconnect":
            reason = message.get("reason")
            log.log(logging.INFO if reason in REFRESHES else logging.WARNING, "Slack ends a connection: %s", reason)
            line.leaving.set()
            self._news.set()
        elif (request := _envelope(message)) is not None and not self._stopping.is_set():
            line.take()
            self._pool.submit(self._handle, line, request)

    def _greet(self, hello: dict[str, Any]) -> None:
        others = hello.get("num_connections")
        if isinstance(others, int) and (others := others - 1) > 0:
            log.info("connected to Slack beside %d other connections of this app", others)
        self._up.set()
        self._on_connected()

    def _handle(self, line: _Line, request: SocketModeRequest) -> None:
        try:
            response = self._app.dispatch(_readable(request))
            if response.status != 200:
                log.warning("an envelope (%s) is left to Slack to repeat: %s", request.type, response.status)
                return
            if self._fault:
                self._fault("ack.before")
            line.socket.send(json.dumps(_ack(request.envelope_id, response.body, response.headers)))
            if self._fault:
                self._fault("ack.after")
        except UnreadableError as error:
            log.warning("an envelope (%s) cannot be read: %s", request.type, error)
        except (ConnectionClosed, OSError) as error:
            log.info("an acknowledgement came too late for its connection: %s", error)
        except Exception:
            # The outermost guard of this thread: without an acknowledgement Slack repeats the envelope.
            log.exception("an envelope (%s) broke its handler", request.type)
        finally:
            line.settle()


def _envelope(message: dict[str, Any]) -> SocketModeRequest | None:
    """What an envelope brings; None for a frame that is none, or of which Slack's library would make nothing."""
    kind, name, payload = (message.get(key) for key in ("type", "envelope_id", "payload"))
    if not (isinstance(kind, str) and isinstance(name, str) and isinstance(payload, dict)):
        return None
    return SocketModeRequest(type=kind, envelope_id=name, payload=payload)


class UnreadableError(Exception):
    """An envelope holds something else than Slack puts into it."""


def _readable(request: SocketModeRequest) -> BoltRequest:
    """The envelope as Bolt takes it. Raises UnreadableError, with no word of what is in it."""
    try:
        return BoltRequest(mode="socket_mode", body=request.payload)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise UnreadableError(type(error).__name__) from error


def _join(thread: threading.Thread, *, until: float) -> None:
    if thread.is_alive():
        thread.join(max(until - time.monotonic(), 0.0))


def _ack(envelope_id: str, body: str | None, headers: dict[str, Any]) -> dict[str, Any]:
    if not body:
        return {"envelope_id": envelope_id}
    kind = str((headers.get("content-type") or [""])[0])
    payload = json.loads(body) if kind.startswith("application/json") else {"text": body}
    return {"envelope_id": envelope_id, "payload": payload}


def _asked_to_wait(error: Exception) -> float:
    """How many seconds Slack wants us to wait before we ask again; 0 where it says nothing of it."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, SlackResponse):
        return 0.0
    headers = {str(name).lower(): str(value) for name, value in error.response.headers.items()}
    said = headers.get("retry-after", "")
    return min(float(said), LONGEST_WAIT_SECONDS) if said.isascii() and said.isdecimal() else 0.0


def _reason(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or f"HTTP {error.response.status_code}")
    return f"{type(error).__name__}: {error}"
