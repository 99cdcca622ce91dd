"""What does the relay stand on in tests? A Slack with given troubles, and a clock that a test moves."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.clock import MovableClock
from bot.delivery.errors import DeliveryError
from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.domain.message import AnyMessage, Unworded
from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import NINE, token


class Slack:
    """A medium that keeps what it takes; each send first meets the next of the given troubles."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.places: dict[str, Sent] = {}
        self.looked_up: list[str] = []
        self.troubles: deque[DeliveryError | None] = deque()
        self.arrives_anyway = False
        self.doubts: deque[DeliveryError] = deque()
        self.look_up_troubles: deque[DeliveryError] = deque()
        self.external: set[str] = set()
        self.gate: Callable[[str], None] = lambda _: None

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.taken]

    def send(self, row: OutboxRow) -> Sent:
        self.gate(row.lane)
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is not None and not self.arrives_anyway:
            raise trouble
        place = Sent(
            row.channel or row.lane.replace("@U0", "D0"),
            f"{len(self.taken) + 1}.000000" if row.op == "post" else row.ts,
        )
        self.taken.append((row.lane, row.payload.get("view", row.payload)["text"]))
        self.places[row.id] = place
        if trouble is not None:
            raise trouble
        return place

    def look_up(self, row: OutboxRow) -> Sent | None:
        self.looked_up.append(row.id)
        if self.look_up_troubles:
            raise self.look_up_troubles.popleft()
        return self.places.get(row.id)

    def is_external(self, lane: str) -> bool:
        if self.doubts:
            raise self.doubts.popleft()
        return lane in self.external


class Office:
    """The relay at work on a database, with a clock that a test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock(NINE)
        self.slack = Slack()
        self.dead: list[tuple[str, str]] = []
        self.words: Callable[[OutboxRow], AnyMessage | None] = lambda _: None
        self.relay = self.another()

    def another(self, *, workers: int = 0) -> Relay:
        return Relay(
            self.database,
            self.slack,
            clock=self.clock.now,
            word=lambda _session, row, _now: self.words(row),
            on_dead_letter=self._note_dead,
            workers=workers,
        )

    def _note_dead(self, _session: Session, row: OutboxRow, error: str, _now: datetime) -> None:
        self.dead.append((row.id, error))

    def post(self, message: AnyMessage | Unworded, lane: str = "C0OPS", *, card: str | None = None) -> str:
        with self.database.transaction() as session:
            posted = outbox.post(session, message=message, lane=lane, card=card, id=token(), now=self.clock.now())
            assert posted is not None
            return posted

    def slip_in(self, message: AnyMessage, lane: str) -> str:
        """A row that went round every check of those who write rows."""
        identity = self.post(message, "C0ELSEWHERE")
        with self.database.transaction() as session:
            row = session.exec(select(OutboxRow).where(OutboxRow.id == identity)).one()
            row.lane = lane
            session.add(row)
        return identity

    def work(self) -> None:
        while self.relay.step(self.clock.now()):
            pass

    def work_on(self, *, until: timedelta) -> None:
        """Goes over every moment at which something may leave, up to that long from now."""
        end = self.clock.now() + until
        self.work()
        while (due := self.relay.next_at(self.clock.now())) is not None and self.clock.now() < due <= end:
            self.clock.move_to(due)
            self.work()
        self.clock.move_to(end)
        self.work()

    def state(self, identity: str) -> str:
        with self.database.reading() as session:
            return session.exec(select(OutboxRow.state).where(OutboxRow.id == identity)).one()
