"""Five hundred Sev 1 tickets come within a minute: how late is the last person paged?

Simulated time that goes on by the CPU that the desk itself takes, so that a desk which cannot keep up is late. What
Slack forces is its pace (a message a second in each channel, a few at once after a pause) on a page for each ticket.
That the desk may page for many tickets with one message is what makes it earlier.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import process_time

from bot.clock import MovableClock
from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.services import intake, standing, whois
from bot.services.desk import Answer, Work
from bot.store.database import Database
from bot.store.sending import BURST
from bot.store.tables import OutboxRow
from tests.bench import office
from tests.bench.days import _never
from tests.bench.drains import EVERY_FOR, NINE, Slack
from tests.bench.goal import Goal, at_most
from tests.bench.measure import scaled

TICKETS, WITHIN_FOR = 500, timedelta(minutes=1)
ALONE = re.compile(r"^T-(\d+)")


class Paging(Slack):
    """Keeps when each page's channel took what; a bundle stands for all tickets that were open by then."""

    def __init__(self, clock: MovableClock, count: Callable[[], int]) -> None:
        super().__init__(clock)
        self.paged: dict[int, datetime] = {}
        self._open = count
        self._now = clock.now

    def send(self, row: OutboxRow) -> Sent:
        """Take it, and note which tickets' people know of them now."""
        sent = super().send(row)
        if row.kind == "page":
            alone = ALONE.match(str(row.payload["text"]))
            numbers = [int(alone.group(1))] if alone else range(1, self._open() + 1)
            for number in numbers:
                self.paged.setdefault(number, self._now())
        return sent


def goals(part: float) -> list[Goal]:
    """The lateness of the last page of a storm, against one page alone and what Slack's pace adds."""
    alone_for, _ = storm(1)
    last_for, forced_for = storm(scaled(TICKETS, part))
    bound_for = alone_for + forced_for
    return [
        at_most(
            f"{scaled(TICKETS, part)} Sev 1 within a minute: the last page, to what Slack forces",
            last_for.total_seconds(), bound_for.total_seconds(), 1, unit="s",
        )
    ]  # fmt: skip


def storm(tickets: int) -> tuple[timedelta, timedelta]:
    """Open so many within a minute; gives how late the last page is, and how late Slack's pace makes it at least."""
    with office.folder() as where:
        db = Database(office.migrated(where / "desk.db"))
        try:
            return _Storm(db, tickets).passes()
        finally:
            db.dispose()


class _Storm:
    def __init__(self, db: Database, tickets: int) -> None:
        self._clock = MovableClock(NINE)
        self._desk = office.desk_on(db, clock=self._clock)
        self._opened: list[datetime] = []
        self._due = [NINE + WITHIN_FOR * (number / tickets) for number in range(tickets)]
        self._slack = Paging(self._clock, lambda: len(self._opened))
        self._relay = Relay(
            db, self._slack, word=standing.speaker(self._desk), clock=self._clock.now, on_dead_letter=_never, workers=0
        )

    def passes(self) -> tuple[timedelta, timedelta]:
        """Let everybody who asks be heard, the oldest first, and everything leave in between."""
        while len(self._slack.paged) < len(self._due):
            if self._waiting():
                self._takes(self._open)
            if not self._takes(self._send) and not self._waiting():
                self._clock.move_to(max(self._following(), self._clock.now() + timedelta(milliseconds=1)))
        late = [self._slack.paged[number + 1] - due_at for number, due_at in enumerate(self._due)]
        return max(late), _forced(self._due)

    def _waiting(self) -> bool:
        return len(self._opened) < len(self._due) and self._due[len(self._opened)] <= self._clock.now()

    def _send(self) -> bool:
        return self._relay.step(self._clock.now())

    def _following(self) -> datetime:
        moments = self._due[len(self._opened) :][:1]
        sendable = self._relay.next_at(self._clock.now())
        return min([*moments, *([sendable] if sendable else [])])

    def _takes(self, work: Callable[[], bool]) -> bool:
        began = process_time()
        done = work()
        self._clock.advance(timedelta(seconds=process_time() - began))
        return done

    def _open(self) -> bool:
        number, now = len(self._opened), self._clock.now()

        def by_ana(work: Work, *, now: datetime) -> Answer:
            ana = whois.find(work.session, workspace="", user="U0ANA", channel="C0ACME")
            text = f"sev1 Checkout {number} is down"
            return intake.open_by_command(work, actor=ana, channel="C0ACME", text=text, now=now)

        ticket = self._desk.do(by_ana, now=now).ticket
        assert ticket is not None
        office.begin(self._desk, ticket, now=now)
        self._opened.append(now)
        return True


def _forced(due: Iterable[datetime]) -> timedelta:
    """How late the last page is at least that goes to one person, where each ticket has its own."""
    full_at, late_for = NINE, timedelta()
    for due_at in due:
        full_at = max(full_at, due_at) + EVERY_FOR
        late_for = max(full_at - EVERY_FOR * BURST - due_at, timedelta())
    return late_for
