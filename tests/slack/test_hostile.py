"""What do misshapen and hostile deliveries do to a desk? Nothing: no error, no loss of a good one, no broken row."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from random import Random
from secrets import randbelow
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import String, Text, func, or_, select
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.signed_http import signed_headers
from bot.services.audit import verify
from bot.slack.socket import SocketMode
from bot.store.tables import metadata
from bot.web import site
from bot.web.serving import serve as serve_site
from tests.slack.conftest import SECRET, Slack, slack_on
from tests.slack.hostile import mangled, spoil
from tests.slack.recorded import COMMAND, INTERACTIVE, Recorded, record
from tests.slack.slack_api import SlackApi
from tests.slack.test_socket import SentElsewhere

BATCH = 50
PATIENCE_SECONDS = 30.0
numbers = count(1)


class Door(Protocol):
    """A way from Slack to the desk."""

    def takes(self, delivery: Recorded) -> str:
        """What is answered to a good delivery, once it is acknowledged."""

    def suffers(self, delivery: Recorded, chance: Random) -> None:
        """A bad delivery comes."""


class Http:
    """Slack's signed requests, over one connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self._connection.close()

    def takes(self, delivery: Recorded) -> str:
        status, answer = self._post(*encoded(delivery))
        assert status == 200, answer
        return answer

    def suffers(self, delivery: Recorded, chance: Random) -> None:
        content, kind = encoded(delivery)
        if chance.random() < 0.2:
            content = mangled(content, chance)
            kind = chance.choice(
                (kind, kind, "application/json", "application/x-www-form-urlencoded", "text/plain", "")
            )
        status, answer = self._post(content, kind)
        assert status < 500, f"{status} {answer} to {content[:2000]!r}"

    def _post(self, content: bytes, kind: str) -> tuple[int, str]:
        headers = {**signed_headers(content, SECRET, at=int(time.time())), "Content-Type": kind}
        self._connection.request("POST", "/slack/events", content, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


class Socket:
    """Slack's envelopes; one at a time, so that the answer to a good one says that those before it are done."""

    def __init__(self) -> None:
        self.up = threading.Event()
        self._answers: dict[str, str] = {}
        self._answered = threading.Condition()
        self._connection: ServerConnection | None = None

    def serve(self, connection: ServerConnection) -> None:
        """Slack's end of the line."""
        self._connection = connection
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.up.set()
        try:
            for frame in connection:
                said = json.loads(frame)
                with self._answered:
                    self._answers[said["envelope_id"]] = json.dumps(said.get("payload"))
                    self._answered.notify_all()
        except ConnectionClosed:
            return

    def takes(self, delivery: Recorded) -> str:
        name = f"good-{next(numbers)}"
        self._send(json.dumps(envelope(name, delivery)))
        with self._answered:
            assert self._answered.wait_for(lambda: name in self._answers, PATIENCE_SECONDS), "no acknowledgement"
            return self._answers[name]

    def suffers(self, delivery: Recorded, chance: Random) -> None:
        frame = envelope(f"bad-{next(numbers)}", delivery)
        if chance.random() < 0.1:
            frame[chance.choice(list(frame))] = chance.choice((None, 7, "", [], {}, "\x00", "hello", "disconnected"))
        content = json.dumps(frame).encode()
        self._send(mangled(content, chance).decode("utf-8", "replace") if chance.random() < 0.1 else content.decode())

    def _send(self, frame: str) -> None:
        assert self._connection is not None
        self._connection.send(frame)


def encoded(delivery: Recorded) -> tuple[bytes, str]:
    """A body with its type, as Slack sends this kind."""
    form = "application/x-www-form-urlencoded"
    if delivery.kind == INTERACTIVE:
        return urlencode({"payload": json.dumps(delivery.payload)}).encode(), form
    if delivery.kind == COMMAND:
        fields = {str(key): str(value).encode("utf-8", "replace") for key, value in delivery.payload.items()}
        return urlencode(fields).encode(), form
    return json.dumps(delivery.payload).encode(), "application/json"


def envelope(name: str, delivery: Recorded) -> dict[str, Any]:
    return {
        "envelope_id": name, "type": delivery.kind, "payload": delivery.payload, "accepts_response_payload": True,
    }  # fmt: skip


@contextmanager
def by_http(slack: Slack) -> Iterator[Door]:
    serving = serve_site(site.create(app=slack.app), "127.0.0.1", 0)
    door = Http(serving.url)
    try:
        yield door
    finally:
        door.close()
        serving.stop()


@contextmanager
def by_socket(slack: Slack) -> Iterator[Door]:
    door = Socket()
    server: Server = serve(door.serve, "127.0.0.1", 0, max_size=None)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    client = SentElsewhere()
    client.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link"
    line = SocketMode(slack.app, client=client, app_token="xapp-1", concurrency=1)
    try:
        assert line.start(within=PATIENCE_SECONDS)
        assert door.up.wait(PATIENCE_SECONDS)
        yield door
    finally:
        assert line.close()
        server.shutdown()
        serving.join()


DOORS = {"http": by_http, "socket": by_socket}


@pytest.fixture(scope="module")
def recorded(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Recorded]:
    path = tmp_path_factory.mktemp("recorded") / "watchbell.db"
    path.write_bytes(sqlite_template.read_bytes())
    return record(f"sqlite:///{path}")


def good(slack: Slack, door: Door) -> str:
    """A command that must be a ticket, whatever came before it; gives the word by which it is found."""
    word = f"zq{next(numbers):06d}"
    payload = {
        "command": "/ticket", "text": f"sev4 The map {word}", "user_id": "U0ANA", "user_name": "ana",
        "channel_id": "C0ACME", "team_id": "T0WATCH", "trigger_id": f"good.{word}",
    }  # fmt: skip
    assert "T-" in door.takes(Recorded(COMMAND, payload))
    return word


def suffers(slack: Slack, door: Door, recorded: Sequence[Recorded], seeds: Sequence[int]) -> None:
    """Bad deliveries come, and a good one after them; then the desk does what they left to do."""
    for seed in seeds:
        chance = Random(seed)  # noqa: S311 - cases, no secrets
        door.suffers(spoil(chance.choice(recorded), recorded, seed), chance)
    words.append(good(slack, door))
    slack.work_off()
    slack.clock.advance(timedelta(minutes=20))


words: list[str] = []


def sound(slack: Slack) -> None:
    """Every good delivery is a ticket, every row holds what it may hold, and the record verifies."""
    summaries = " ".join(ticket.summary for ticket in slack.tickets())
    assert [word for word in words if word not in summaries] == []
    assert [row.key for row in slack.inbox() if row.state != "done"] == []
    assert verify(slack.desk, now=slack.clock.now()).difference is None
    with slack.desk.db.reading() as session:
        connection = session.connection()
        for table in metadata.sorted_tables:
            texts = [column for column in table.columns if isinstance(column.type, String | Text)]
            if texts and slack.desk.db.dialect == "sqlite":
                held = or_(*(func.instr(column, "\x00") > 0 for column in texts))
                assert connection.execute(select(func.count()).select_from(table).where(held)).scalar_one() == 0, table
        if slack.desk.db.dialect == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def play(slack: Slack, way: str, recorded: Sequence[Recorded], *, deliveries: int) -> None:
    """Seeds are drawn beforehand and shown where something fails; the threads of the desk draw from elsewhere."""
    words.clear()
    seeds = [randbelow(2**32) for _ in range(deliveries)]
    with DOORS[way](slack) as door:
        for first in range(0, deliveries, BATCH):
            batch = seeds[first : first + BATCH]
            suffers(slack, door, recorded, batch)
            assert [each.getMessage() for each in slack.errors()] == [], batch
        # What stands in a thread of which nobody heard waits for its first message, and then no longer.
        slack.work_off()
    sound(slack)


@pytest.mark.parametrize("way", DOORS)
def test_on_sqlite_bad_deliveries_do_nothing(slack: Slack, recorded: list[Recorded], way: str) -> None:
    play(slack, way, recorded, deliveries=1_500)


@pytest.mark.postgres
def test_on_postgresql_bad_deliveries_do_nothing(
    postgres_url: str, api: SlackApi, caplog: pytest.LogCaptureFixture, recorded: list[Recorded]
) -> None:
    with slack_on(postgres_url, api, caplog) as slack:
        play(slack, "http", recorded, deliveries=2_000)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("way", DOORS)
def test_a_hundred_thousand_bad_deliveries_do_nothing(slack: Slack, recorded: list[Recorded], way: str) -> None:
    play(slack, way, recorded, deliveries=50_000)
