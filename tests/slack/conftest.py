"""A desk on SQLite, the Bolt app before it, and a Slack that remembers what it was asked."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from sqlmodel import select

from bot.clock import MovableClock
from bot.handbook.directory import load_directory
from bot.handbook.loader import load
from bot.messages.check import load as load_templates
from bot.services import directory
from bot.services.desk import Desk, Work
from bot.services.handbooks import Handbooks
from bot.services.inbox_events import take_one
from bot.slack.app import create
from bot.store.database import Database
from bot.store.tables import InboxRow, OutboxRow, Ticket
from tests.beginnings import let_begin
from tests.make import NINE, token
from tests.slack.slack_api import SlackApi

SECRET = "local-signing-secret"
TEAMS = {"U0CY": "T0ACME", "U0DEE": "T0ACME", "U0GIL": "T0GLOBEX"}


@dataclass
class Slack:
    """Slack from the bot's side: what people do arrives, and what the bot did can be read."""

    app: App
    api: SlackApi
    desk: Desk
    clock: MovableClock
    client: WebClient
    caplog: pytest.LogCaptureFixture
    expected_errors: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def deliver(self, body: dict[str, Any]) -> BoltResponse:
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def command(self, text: str, *, who: str = "U0ANA", channel: str = "C0ACME", trigger: str | None = None) -> str:
        name, _, rest = text.partition(" ")
        response = self.deliver(
            {
                "command": name, "text": rest, "user_id": who, "user_name": who.lower(), "channel_id": channel,
                "team_id": "T0WATCH", "trigger_id": trigger or f"trigger.{next(self.numbers)}",
            }
        )  # fmt: skip
        assert response.status == 200
        self.begin()
        return text_of(response)

    def begin(self) -> None:
        """Let tickets begin that a command has opened, as a worker would at once."""
        for row in self.tickets():
            if not row.begun:
                let_begin(self.desk, row.number_known, now=self.clock.now())

    def event(self, event: dict[str, Any], *, event_id: str | None = None) -> BoltResponse:
        outer = {
            "type": "event_callback", "team_id": "T0WATCH", "event": event,
            "event_id": event_id or f"Ev{next(self.numbers)}",
        }  # fmt: skip
        return self.deliver(outer)

    def click(
        self, action_id: str, value: str, *, who: str = "U0ANA", channel: str = "C0TRIAGE", ts: str = "1.000001",
        action_ts: str | None = None,
    ) -> BoltResponse:  # fmt: skip
        action: dict[str, Any] = {"type": "button", "action_id": action_id, "block_id": "b",
                                  "action_ts": action_ts or f"{next(self.numbers)}.5"}  # fmt: skip
        if action_id == "card_more":
            action |= {"type": "overflow", "selected_option": {"value": value}}
        else:
            action["value"] = value
        return self.deliver(
            {
                "type": "block_actions", "user": person(who), "team": {"id": "T0WATCH"}, "actions": [action],
                "trigger_id": f"trigger.{next(self.numbers)}", "channel": {"id": channel},
                "container": {"type": "message", "message_ts": ts, "channel_id": channel},
                "message": {"ts": ts, "text": "x"},
            }
        )  # fmt: skip

    def submit(self, values: dict[str, str], *, who: str = "U0ANA", view_id: str = "V1") -> dict[str, Any]:
        """Send the form that was opened last."""
        view = self.opened()
        state = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        response = self.deliver(
            {
                "type": "view_submission", "user": person(who), "team": {"id": "T0WATCH"},
                "view": {**view, "id": view_id, "state": {"values": state}},
            }
        )  # fmt: skip
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.body) if response.body else {}
        return answer

    def opened(self) -> dict[str, Any]:
        view: dict[str, Any] = self.api.asked("views.open")[-1]["view"]
        return view

    def work_off(self) -> int:
        done = 0
        while take_one(self.desk, now=self.clock.now()):
            done += 1
        return done

    def inbox(self) -> list[InboxRow]:
        with self.desk.db.reading() as session:
            return list(session.exec(select(InboxRow)).all())

    def tickets(self) -> list[Ticket]:
        with self.desk.db.reading() as session:
            return list(session.exec(select(Ticket)).all())

    def whispers(self, to: str) -> list[str]:
        """What only one person was told."""
        with self.desk.db.reading() as session:
            rows = session.exec(select(OutboxRow).where(OutboxRow.op == "ephemeral")).all()
        return [row.payload["text"] for row in rows if row.payload["user"] == to]

    def errors(self) -> list[logging.LogRecord]:
        return [record for record in self.caplog.get_records("call") if record.levelno >= logging.ERROR]

    def failures(self) -> list[str]:
        return [row.error for row in self.inbox() if row.error]


def person(user: str) -> dict[str, str]:
    return {"id": user, "username": user.lower(), "team_id": TEAMS.get(user, "T0WATCH")}


def text_of(response: BoltResponse) -> str:
    if not response.body:
        return ""
    try:
        return str(json.loads(response.body).get("text", ""))
    except ValueError:
        return str(response.body)


def signed(body: dict[str, str], *, at: int, secret: str = SECRET) -> BoltRequest:
    content = urlencode(body)
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=content)
    headers: dict[str, str | Sequence[str]] = {
        "content-type": ["application/x-www-form-urlencoded"],
        "x-slack-signature": [signature or ""],
        "x-slack-request-timestamp": [str(at)],
    }
    return BoltRequest(body=content, headers=headers)


@pytest.fixture(scope="package")
def api() -> Iterator[SlackApi]:
    server = SlackApi()
    yield server
    server.close()


@pytest.fixture
def slack(api: SlackApi, sqlite_url: str, caplog: pytest.LogCaptureFixture) -> Iterator[Slack]:
    with slack_on(sqlite_url, api, caplog) as world:
        yield world


@contextmanager
def slack_on(url: str, api: SlackApi, caplog: pytest.LogCaptureFixture) -> Iterator[Slack]:
    """Slack with a desk on an empty database; in the end nothing may have failed that the test did not expect."""
    api.calls.clear()
    api.replies.clear()
    database = Database(url)
    clock = MovableClock(NINE + timedelta(minutes=5))
    desk = Desk(
        db=database, handbooks=Handbooks(load("enterprise")), catalog=load_templates(), token=token, bot_user="U0BELL",
        workspace="T0WATCH",
    )  # fmt: skip
    with database.transaction() as session:
        loaded = load_directory("bot/sandbox/directory.yml")
        directory.apply(Work(desk, session), loaded.directory, by="test", now=clock.now())
    client = WebClient(token="xoxb-test", base_url=api.url)
    app = create(client=client, signing_secret=SECRET, desk=desk, clock=clock, bot_user="U0BELL")
    world = Slack(app, api, desk, clock, client, caplog)
    yield world
    assert [record.getMessage() for record in world.errors()] == world.expected_errors
    assert world.failures() == []
    database.dispose()
