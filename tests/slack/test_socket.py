"""Does a process hear Slack through its socket, and hear it again when the line breaks?"""

import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.sandbox.server import Address, Server
from bot.slack.socket import SocketMode


class Desk:
    """A Bolt app with one command; `let_go` holds its answer back."""

    def __init__(self) -> None:
        self.heard = 0
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.let_go.set()
        self.app = App(signing_secret="none", authorize=home, process_before_response=True)
        self.app.command("/ticket")(self._answer)

    def _answer(self, ack: Ack) -> None:
        self.heard += 1
        self.begun.set()
        self.let_go.wait(5)
        ack("T-1 is open")


def home() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0WATCH", bot_token="xoxb-1")


@pytest.fixture
def workspace() -> Iterator[Address]:
    with Server() as address:
        yield address


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def connections() -> list[float]:
    return []


@pytest.fixture
def line(workspace: Address, desk: Desk, connections: list[float]) -> Iterator[SocketMode]:
    line = SocketMode(
        desk.app,
        client=WebClient(base_url=workspace.api_url),
        app_token=workspace.app_token,
        on_connected=lambda: connections.append(time.monotonic()),
    )
    assert line.start()
    yield line
    assert line.close()


def ask(workspace: Address, path: str, body: object) -> dict[str, object]:
    connection = http.client.HTTPConnection(urlsplit(workspace.url).netloc, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body))
        answer: dict[str, object] = json.load(connection.getresponse())
    finally:
        connection.close()
    return answer


def command(workspace: Address) -> object:
    return ask(workspace, "/act", {"as": "ana", "command": "/ticket list", "channel": "#operations"}).get("response")


def standing(workspace: Address) -> object:
    return ask(workspace, "/app", {})["connections"]


def soon(met: Callable[[], bool], *, within: float = 5.0) -> bool:
    pause, until = threading.Event(), time.monotonic() + within
    while time.monotonic() < until:
        if met():
            return True
        pause.wait(0.02)
    return False


@pytest.mark.usefixtures("line")
def test_a_command_is_answered_through_the_socket(workspace: Address) -> None:
    assert command(workspace) == "T-1 is open"


def test_the_age_of_the_last_traffic_is_known(line: SocketMode) -> None:
    age = line.seconds_since_traffic()

    assert age is not None
    assert age < 5
    assert line.trouble == ""


@pytest.mark.usefixtures("line")
def test_a_line_that_is_cut_is_made_anew_at_once(workspace: Address, connections: list[float]) -> None:
    ask(workspace, "/faults", {"kind": "drop_sockets"})

    assert soon(lambda: len(connections) == 2)
    assert command(workspace) == "T-1 is open"


@pytest.mark.usefixtures("line")
def test_whatever_breaks_while_a_line_is_watched_it_is_made_anew(
    workspace: Address, connections: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> float:
        monkeypatch.undo()
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr("bot.slack.socket._Line.check", breaks)

    assert soon(lambda: len(connections) == 2, within=30)
    # The old line was sound: until it is closed the workspace may still speak to it.
    assert soon(lambda: standing(workspace) == 1)
    assert command(workspace) == "T-1 is open"


@pytest.mark.usefixtures("line")
def test_a_line_that_slack_wants_to_close_is_replaced_first(
    workspace: Address, desk: Desk, connections: list[float]
) -> None:
    desk.let_go.clear()
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(command(workspace)))
    asking.start()
    assert desk.begun.wait(5)

    ask(workspace, "/faults", {"kind": "refresh"})
    assert soon(lambda: len(connections) == 2)
    desk.let_go.set()
    asking.join(5)

    assert answers == ["T-1 is open"]
    assert desk.heard == 1
    assert command(workspace) == "T-1 is open"


def test_closing_acknowledges_what_is_in_hand(workspace: Address, desk: Desk) -> None:
    line = SocketMode(desk.app, client=WebClient(base_url=workspace.api_url), app_token=workspace.app_token)
    assert line.start()
    desk.let_go.clear()
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(command(workspace)))
    asking.start()
    assert desk.begun.wait(5)
    threading.Timer(0.1, desk.let_go.set).start()
    began = time.monotonic()

    assert line.close()
    asking.join(5)

    assert answers == ["T-1 is open"]
    assert time.monotonic() - began < 3


def test_a_wrong_token_is_told_and_does_not_stop_us_from_trying(workspace: Address, desk: Desk) -> None:
    line = SocketMode(desk.app, client=WebClient(base_url=workspace.api_url), app_token="xapp-wrong")

    assert not line.start(within=0.3)
    assert line.trouble == "invalid_auth"
    assert line.seconds_since_traffic() is None
    assert line.close()


class SentElsewhere(WebClient):
    """A client that is sent to a server of the test's own."""

    url = ""

    def apps_connections_open(self, *, app_token: str, **_given: object) -> SlackResponse:
        assert app_token
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": True, "url": self.url},
            headers={},
            status_code=200,
        )


@contextmanager
def line_to(answers: Callable[[ServerConnection], None], desk: Desk) -> Iterator[SocketMode]:
    """What hears Slack, which answers so at an address of its own; closed in the end."""
    server = serve(answers, "127.0.0.1", 0)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    client = SentElsewhere()
    client.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link"
    line = SocketMode(desk.app, client=client, app_token="xapp-1")
    try:
        yield line
    finally:
        assert line.close()
        server.shutdown()
        serving.join()


def test_a_reset_connection_is_noticed_at_once(desk: Desk) -> None:
    greeted: list[ServerConnection] = []

    def hello(connection: ServerConnection) -> None:
        greeted.append(connection)
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        try:
            connection.recv()
        except ConnectionClosed:
            return

    with line_to(hello, desk) as line:
        assert line.start()
        # Linger 0 makes the close a reset, as a router does that has forgotten the connection.
        greeted[0].socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        greeted[0].socket.shutdown(socket.SHUT_RD)
        greeted[0].socket.close()

        assert soon(lambda: len(greeted) == 2)


@pytest.mark.parametrize("reason", ["too_many_websockets", "link_disabled"])
def test_slack_is_not_asked_faster_and_faster_for_lines_that_it_ends_at_once(desk: Desk, reason: str) -> None:
    asked: list[float] = []

    def refuses(connection: ServerConnection) -> None:
        asked.append(time.monotonic())
        connection.send(json.dumps({"type": "hello", "num_connections": 11}))
        connection.send(json.dumps({"type": "disconnect", "reason": reason}))

    with line_to(refuses, desk) as line:
        assert line.start()
        assert soon(lambda: len(asked) >= 3)
        threading.Event().wait(1.2)
        # After the third it waits a second, then two.
        assert len(asked) <= 5


def test_slacks_wish_to_wait_before_the_next_line_is_heard(workspace: Address, desk: Desk) -> None:
    ask(workspace, "/faults", {"kind": "429", "method": "apps.connections.open", "retry_after": 30, "times": 1})
    line = SocketMode(desk.app, client=WebClient(base_url=workspace.api_url), app_token=workspace.app_token)

    assert not line.start(within=1.0)
    assert line.trouble == "ratelimited"
    assert line.close(within=2)


def test_a_line_on_which_nothing_comes_back_counts_as_dead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.socket.PING_SECONDS", 0.1)
    monkeypatch.setattr("bot.slack.socket.DEAD_SECONDS", 0.5)
    accepted: list[socket.socket] = []
    deaf, opened = threading.Event(), threading.Semaphore(0)

    def hello(connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        opened.release()
        deaf.wait(60)

    # A proxy between the two forwards nothing more once the line is half open.
    server = serve(hello, "127.0.0.1", 0)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    target = server.socket.getsockname()
    proxy = socket.create_server(("127.0.0.1", 0))

    def forward() -> None:
        while True:
            try:
                near, _ = proxy.accept()
            except OSError:
                return
            far = socket.create_connection(target)
            accepted.extend([near, far])
            far.sendall(near.recv(65536))
            passed = b""
            # The greeting may come with the handshake's answer or after it.
            while not passed.partition(b"\r\n\r\n")[2] and (more := far.recv(65536)):
                passed += more
                near.sendall(more)

    forwarding = threading.Thread(target=forward, daemon=True)
    forwarding.start()
    client = SentElsewhere()
    client.url = f"ws://127.0.0.1:{proxy.getsockname()[1]}/link"
    line = SocketMode(desk.app, client=client, app_token="xapp-1")
    try:
        line.start(within=20)
        assert opened.acquire(timeout=20)
        assert opened.acquire(timeout=20)
    finally:
        assert line.close(within=15)
        deaf.set()
        proxy.shutdown(socket.SHUT_RDWR)
        proxy.close()
        for one in accepted:
            one.close()
        server.shutdown()
        serving.join()
        forwarding.join(5)
