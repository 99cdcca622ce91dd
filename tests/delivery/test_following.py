"""Do loops, relay and clock together keep the workspace's time: each message at its own moment, none left behind?"""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session

from bot.clock import FollowedClock
from bot.delivery.relay import Relay
from bot.delivery.slack import SlackSender, connect
from bot.sandbox.server import Address, Server
from bot.scheduler import Loop, Loops
from bot.store import deadlines, outbox
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import NINE, note_text, token


class Office:
    """A process that follows the workspace's clock: each deadline that falls due lets one message leave."""

    def __init__(self, url: str, workspace: Address) -> None:
        self.workspace = workspace
        self.database = Database(url)
        self.clock = FollowedClock(workspace.control_url, name="office")
        self.loops = Loops(self.clock, tick=timedelta(seconds=5))
        self.relay = Relay(
            self.database,
            SlackSender(connect(workspace.bot_token, base_url=workspace.api_url)),
            clock=self.clock.now,
            on_dead_letter=self._no_dead_letter,
            on_settled=self.loops.wake,
        )
        self.loops.add(Loop("deadlines", self._fire_one, self._next_deadline))
        self.loops.add(Loop("relay", self.relay.step, self.relay.next_at, self.relay.busy))
        self.database.on_commit(self.loops.wake)
        self.loops.start()
        # The workspace waits only for those who follow it: a process that joins later would find the hour gone.
        self.clock.now()

    def close(self) -> None:
        self.loops.stop()
        self.relay.stop()
        self.clock.close()
        self.database.dispose()

    def _no_dead_letter(self, _session: Session, row: OutboxRow, error: str, _now: datetime) -> None:
        pytest.fail(f"{row.id} was given up: {error}")

    def _fire_one(self, now: datetime) -> bool:
        with self.database.transaction() as session:
            due = deadlines.take_due(session, now=now)
            if due is None:
                return False
            outbox.post(session, message=note_text(due.subject), lane="C0OPS", id=token(), now=now)
            return True

    def _next_deadline(self, _now: datetime) -> datetime | None:
        with self.database.reading() as session:
            return deadlines.next_at(session)

    def promise(self, *minutes: int) -> None:
        with self.database.transaction() as session:
            for minute in minutes:
                due_at = NINE + timedelta(minutes=minute)
                deadlines.arm(session, kind="word", subject=f"at {minute}", due_at=due_at)


@pytest.fixture
def workspace() -> Iterator[Address]:
    with Server(start_at=NINE) as address:
        yield address


@pytest.fixture
def office(sqlite_url: str, workspace: Address) -> Iterator[Office]:
    office = Office(sqlite_url, workspace)
    yield office
    office.close()


def ask(workspace: Address, method: str, path: str, body: object = None) -> dict[str, list[dict[str, str]]]:
    connection = http.client.HTTPConnection(urlsplit(workspace.url).netloc, timeout=60)
    try:
        connection.request(method, path, json.dumps(body) if body else None)
        answer: dict[str, list[dict[str, str]]] = json.load(connection.getresponse())
    finally:
        connection.close()
    assert answer["ok"], answer
    return answer


def told(workspace: Address) -> list[tuple[str, datetime]]:
    messages = ask(workspace, "GET", "/messages?channel=C0OPS")["messages"]
    return [(one["text"], datetime.fromisoformat(one["at"]).astimezone(UTC).replace(microsecond=0)) for one in messages]


def test_each_deadline_is_kept_at_its_own_moment(office: Office, workspace: Address) -> None:
    office.promise(90, 30, 150)

    ask(workspace, "POST", "/clock", {"advance": "2 hours"})

    assert told(workspace) == [("at 30", NINE + timedelta(minutes=30)), ("at 90", NINE + timedelta(minutes=90))]


def test_what_is_due_now_has_been_said_when_the_clock_answers(office: Office, workspace: Address) -> None:
    office.promise(0)

    ask(workspace, "POST", "/clock", {"advance": "1 second"})

    assert told(workspace) == [("at 0", NINE)]


def test_a_burst_into_one_channel_takes_its_simulated_time(office: Office, workspace: Address) -> None:
    ask(workspace, "POST", "/faults", {"rate_limits": True})
    office.promise(10)
    with office.database.transaction() as session:
        for number in range(10):
            outbox.post(session, message=note_text(f"m{number}"), lane="C0OPS", id=token(), now=NINE)

    ask(workspace, "POST", "/clock", {"advance": "1 hour"})

    assert [text for text, _ in told(workspace)] == [*(f"m{number}" for number in range(10)), "at 10"]


@pytest.mark.parametrize("kind", ["429", "500"])
def test_slacks_trouble_delays_a_message_and_never_loses_or_doubles_it(
    office: Office, workspace: Address, kind: str
) -> None:
    ask(
        workspace,
        "POST",
        "/faults",
        {"kind": kind, "method": "chat.postMessage", "times": 3, "retry_after": 20},
    )
    office.promise(10)

    ask(workspace, "POST", "/clock", {"advance": "1 hour"})

    assert [text for text, _ in told(workspace)] == ["at 10"]


def test_a_day_of_hourly_words_passes_in_seconds(office: Office, workspace: Address) -> None:
    office.promise(*range(60, 24 * 60, 60))

    ask(workspace, "POST", "/clock", {"advance": "1 day"})

    assert told(workspace) == [(f"at {60 * hour}", NINE + timedelta(hours=hour)) for hour in range(1, 24)]
