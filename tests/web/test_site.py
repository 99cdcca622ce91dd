"""Does the site answer Slack, health checks and monitors rightly, and never hold one up for another?"""

import asyncio
import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult

from bot.web.body import MOST_BYTES
from bot.web.health import Health, older_than
from bot.web.metrics import Gauge, Metrics
from bot.web.serving import Serving, serve
from bot.web.site import create

SECRET = "shh"


def home() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0WATCH", bot_token="xoxb-1")


class Desk:
    """What the site serves: a slow command, and the things that may be wrong."""

    def __init__(self) -> None:
        self.wrong: dict[str, str | None] = {"database": None}
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.let_go.set()
        self.app = App(signing_secret=SECRET, authorize=home, process_before_response=True)
        self.app.command("/ticket")(self._answer)
        self.gauges = [
            Gauge("tickets_open", "Tickets not yet resolved", 3, {"severity": "sev1"}),
            Gauge("tickets_open", "Tickets not yet resolved", 5, {"severity": "sev2"}),
            Gauge("inbox_pending", "Deliveries not yet worked off", 0),
        ]

    def _answer(self, ack: Ack) -> None:
        self.begun.set()
        self.let_go.wait(5)
        ack("T-1 is open")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def serving(desk: Desk) -> Iterator[Serving]:
    health = Health({"database": lambda: desk.wrong["database"], "tick": older_than(lambda: 2.0, 30, what="tick")})
    serving = serve(create(app=desk.app, health=health, metrics=Metrics(lambda: desk.gauges)), "127.0.0.1", 0)
    yield serving
    assert serving.stop()


def call(
    serving: Serving, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(serving.url).netloc, timeout=10)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    at = str(int(time.time()) - age)
    mark = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={mark}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


COMMAND = b"command=%2Fticket&text=list&user_id=U0ANA&team_id=T0WATCH&channel_id=C0OPS&trigger_id=1"


def test_a_signed_command_is_answered(serving: Serving) -> None:
    status, text = call(serving, "POST", "/slack/events", COMMAND, signed(COMMAND))

    assert (status, text) == (200, "T-1 is open")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(COMMAND, secret="guessed"),
        signed(COMMAND, age=600),
        signed(COMMAND[:-1]),
        *({**signed(COMMAND), "X-Slack-Request-Timestamp": at} for at in ("9" * 400, "9" * 5_000, "-1", "1e9", "²")),
        {**signed(COMMAND), "X-Slack-Signature": "v0=né"},
    ],
    ids=["unsigned", "wrong secret", "ten minutes old", "another body",
         "past all floats", "past all numbers", "negative", "a float", "no digit", "not ASCII"],
)  # fmt: skip
def test_what_slack_did_not_sign_just_now_is_refused(
    desk: Desk, serving: Serving, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    status, _ = call(serving, "POST", "/slack/events", COMMAND, headers)

    assert status == 401
    assert not desk.begun.is_set()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def test_slacks_challenge_is_answered(serving: Serving) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "prove it", "token": "x"}).encode()

    status, text = call(serving, "POST", "/slack/events", body, {**signed(body), "Content-Type": "application/json"})

    assert (status, "prove it" in text) == (200, True)


def test_more_than_slack_ever_sends_is_refused_unread(serving: Serving) -> None:
    status, _ = call(serving, "POST", "/slack/events", b"x" * (MOST_BYTES + 1))

    assert status == 413


def test_bytes_that_are_no_text_are_refused(serving: Serving) -> None:
    body = b"\xff\xfe"

    assert call(serving, "POST", "/slack/events", body, signed(body))[0] == 400


def test_a_slow_listener_holds_up_neither_health_nor_the_next_command(desk: Desk, serving: Serving) -> None:
    desk.let_go.clear()
    answers: list[tuple[int, str]] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(call(serving, "POST", "/slack/events", COMMAND, signed(COMMAND)))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    assert desk.begun.wait(5)

    assert call(serving, "GET", "/healthz") == (200, '{"ok":true}')
    assert answers == []

    desk.let_go.set()
    for thread in threads:
        thread.join(5)
    assert answers == [(200, "T-1 is open")] * 3


def test_readiness_names_what_is_wrong(desk: Desk, serving: Serving) -> None:
    assert call(serving, "GET", "/readyz") == (200, '{"ready":true,"reasons":{}}')

    desk.wrong["database"] = "the database is at schema 0001, this program needs 0002"
    status, text = call(serving, "GET", "/readyz")

    assert status == 503
    assert json.loads(text) == {"ready": False, "reasons": {"database": desk.wrong["database"]}}


def test_a_probe_that_breaks_is_a_reason_not_to_be_ready() -> None:
    def broken() -> str | None:
        raise ConnectionError("no route to host")

    assert Health({"database": broken}).check() == {
        "database": "database cannot be checked: ConnectionError: no route to host"
    }


@pytest.mark.parametrize(
    ("age", "said"), [(None, "no tick yet"), (31.0, "last tick 31 s ago, more than 30 s"), (29.0, None)]
)
def test_what_must_go_on_happening_may_not_be_too_long_ago(age: float | None, said: str | None) -> None:
    assert older_than(lambda: age, 30, what="tick")() == said


def test_metrics_are_read_when_they_are_asked_for(desk: Desk, serving: Serving) -> None:
    desk.gauges.append(Gauge("oldest_waiting_seconds", "Age of the oldest message that waits", 12.5))

    status, text = call(serving, "GET", "/metrics")

    assert status == 200
    lines = text.splitlines()
    assert 'watchbell_tickets_open{severity="sev1"} 3.0' in lines
    assert 'watchbell_tickets_open{severity="sev2"} 5.0' in lines
    assert "watchbell_inbox_pending 0.0" in lines
    assert "watchbell_oldest_waiting_seconds 12.5" in lines
    assert lines.count("# TYPE watchbell_tickets_open gauge") == 1


def test_a_worker_without_slack_has_no_door_for_it() -> None:
    serving = serve(create(), "127.0.0.1", 0)
    try:
        assert call(serving, "POST", "/slack/events")[0] == 404
        assert call(serving, "GET", "/metrics")[0] == 404
        assert call(serving, "GET", "/readyz")[0] == 200
    finally:
        serving.stop()


def test_a_port_that_is_taken_is_named_in_one_sentence(serving: Serving) -> None:
    port = urlsplit(serving.url).port or 0

    with pytest.raises(OSError, match=rf"PORT {port} cannot be had on 127.0.0.1: .*; set PORT to a free one"):
        serve(create(), "127.0.0.1", port)


def test_stopping_lets_a_request_in_hand_be_answered(desk: Desk) -> None:
    serving = serve(create(app=desk.app), "127.0.0.1", 0)
    desk.let_go.clear()
    answers: list[tuple[int, str]] = []
    asking = threading.Thread(
        target=lambda: answers.append(call(serving, "POST", "/slack/events", COMMAND, signed(COMMAND)))
    )
    asking.start()
    assert desk.begun.wait(5)
    threading.Timer(0.1, desk.let_go.set).start()

    assert serving.stop()
    asking.join(5)

    assert answers == [(200, "T-1 is open")]


class Stubborn(asyncio.Protocol):
    """A connection that never comes to its end by itself, as where the other end reads nothing."""

    def __init__(self) -> None:
        self.transport, self.is_cut = self, False

    def shutdown(self) -> None:
        pass

    def abort(self) -> None:
        self.is_cut = True


def test_a_connection_that_never_ends_is_cut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.serving.LAST_ANSWERS_SECONDS", 0)
    serving = serve(create(app=desk.app), "127.0.0.1", 0)
    connection, open_ones = Stubborn(), set[Any]()
    serving.server.server_state.connections = open_ones
    open_ones.add(connection)

    assert serving.stop()

    assert connection.is_cut


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", "/slack/events"])
def test_every_answer_tells_browsers_to_run_frame_and_keep_nothing(serving: Serving, path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(serving.url).netloc, timeout=10)
    try:
        connection.request("GET", path)
        headers = connection.getresponse().headers
    finally:
        connection.close()

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["server"] is None


@pytest.mark.parametrize("at", ["now", "1e9", "-5", "\u00b2", "1 2"])
def test_a_moment_that_is_none_is_refused_without_a_trace(
    serving: Serving, caplog: pytest.LogCaptureFixture, at: str
) -> None:
    headers = signed(b"{}") | {"X-Slack-Request-Timestamp": at}

    assert call(serving, "POST", "/slack/events", b"{}", headers)[0] == 401
    assert caplog.records == []
