"""Is a message visible exactly once wherever the process was killed while it sent it?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlmodel import Session

from bot.clock import MovableClock
from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import NINE, note_text, page_text, token

MOMENTS = 3 * 6
"""Three messages; each meets a commit for its claim, its send and a commit for its result, with a before and after."""


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


class Life:
    """A process that is killed at its nth moment; None lives for ever."""

    def __init__(self, ends_at: int | None) -> None:
        self._moments = count(1)
        self._ends_at = ends_at

    def pass_by(self, _what: str) -> None:
        if next(self._moments) == self._ends_at:
            raise Killed


class Slack:
    """History that outlives every process; a life may end just before or after a message appears in it."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.life = Life(None)

    def send(self, row: OutboxRow) -> Sent:
        self.life.pass_by("send.before")
        self.shown.append((row.id, row.payload["text"]))
        place = Sent(row.lane, f"{len(self.shown)}.000000")
        self.life.pass_by("send.after")
        return place

    def look_up(self, row: OutboxRow) -> Sent | None:
        for place, (shown, _) in enumerate(self.shown, start=1):
            if shown == row.id:
                return Sent(row.lane, f"{place}.000000")
        return None

    def is_external(self, _lane: str) -> bool:
        return False


def no_dead_letter(_session: Session, row: OutboxRow, error: str, _now: datetime) -> None:
    pytest.fail(f"{row.id} was given up: {error}")


@pytest.fixture(params=range(1, MOMENTS + 1))
def ends_at(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def first(sqlite_url: str, slack: Slack, ends_at: int) -> Iterator[Database]:
    with_rows = Database(sqlite_url)
    with with_rows.transaction() as session:
        outbox.post(session, message=page_text("page"), lane="C0OPS", card="page:1", id=token(), now=NINE)
        outbox.post(session, message=note_text("below"), lane="C0OPS", thread="card:page:1", id=token(), now=NINE)
        outbox.post(session, message=note_text("other"), lane="C0TRIAGE", id=token(), now=NINE)
    with_rows.dispose()
    slack.life = Life(ends_at)
    killed = Database(sqlite_url, fault=slack.life.pass_by)
    yield killed
    killed.dispose()


def work_off(relay: Relay, clock: MovableClock) -> None:
    end = clock.now() + timedelta(minutes=10)
    while True:
        while relay.step(clock.now()):
            pass
        due = relay.next_at(clock.now())
        if due is None or due <= clock.now() or due > end:
            return
        clock.move_to(due)


def test_every_message_is_there_once(first: Database, slack: Slack, sqlite_url: str) -> None:
    clock = MovableClock(NINE)
    try:
        work_off(Relay(first, slack, clock=clock.now, on_dead_letter=no_dead_letter, workers=0), clock)
    except Killed:
        slack.life = Life(None)
    second = Database(sqlite_url)
    try:
        work_off(Relay(second, slack, clock=clock.now, on_dead_letter=no_dead_letter, workers=0), clock)
    finally:
        second.dispose()

    texts = [text for _, text in slack.shown]
    assert sorted(texts) == ["below", "other", "page"]
    assert texts.index("page") < texts.index("below")
