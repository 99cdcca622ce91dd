"""How long does a day of a large desk take when nobody waits for the clock, and is it the same day each time?

Five hundred customers open a thousand tickets over twenty-four hours; engineers answer pages, claim, reply and resolve.
All deadlines fire at their moments and all messages leave under Slack's pace. Only Slack and the clock are not real.
"""

import hashlib
import heapq
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from sqlmodel import col, select

from bot.app.local import DIRECTORY
from bot.clock import MovableClock
from bot.delivery.relay import Relay
from bot.domain.errors import Refused
from bot.services import due, inbox_events, intake, page_answers, standing, whois, working
from bot.services.desk import Answer, Work
from bot.store import deadlines
from bot.store.database import Database
from bot.store.tables import Page
from tests.bench import office
from tests.bench.drains import NINE, Slack
from tests.bench.goal import Goal
from tests.bench.measure import scaled

CUSTOMERS, TICKETS = 500, 1_000
DAY_FOR = timedelta(hours=24)
SEVERITIES = ("sev1",) * 3 + ("sev2",) * 17 + ("sev3",) * 50 + ("sev4",) * 30
WORDS = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}

Deed = Callable[[], None]


def goals(part: float) -> list[Goal]:
    """A day against the day that it stands for, and the same day once more."""
    with office.folder() as where:
        began = perf_counter()
        first = play(where / "first.db", part=part)
        took = perf_counter() - began
        second = play(where / "second.db", part=part)
    return [
        Goal("24 simulated hours of a busy desk, against real time", DAY_FOR.total_seconds() / took, 500,
             at_least=True, ours=took, baseline=DAY_FOR.total_seconds(), unit="s"),
        Goal("the same day once more: equal to the byte", float(first == second), 1, at_least=True, ours=1,
             baseline=1, unit="days"),
    ]  # fmt: skip


def play(file: Path, *, part: float) -> str:
    """Play a day; gives a digest of every row that it leaves."""
    db = Database(office.migrated(file))
    try:
        Day(db, file, customers=scaled(CUSTOMERS, part), tickets=scaled(TICKETS, part)).passes()
    finally:
        db.dispose()
    with closing(sqlite3.connect(file)) as raw:
        return hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()


class Day:
    """Who does what when, on one desk."""

    def __init__(self, db: Database, file: Path, *, customers: int, tickets: int) -> None:
        self._db = db
        self._clock = MovableClock(NINE)
        self._dice = Random(2026)  # noqa: S311 - dice, no secret
        self._ids = count(1)
        self._order = count()
        self._deeds: list[tuple[datetime, int, Deed]] = []
        directory = file.with_suffix(".yml")
        directory.write_text(_directory(customers), encoding="utf-8")
        self._desk = office.desk_on(db, clock=self._clock, directory_file=directory, token=self._token)
        self._relay = Relay(
            db, Slack(self._clock), word=standing.speaker(self._desk), clock=self._clock.now, on_dead_letter=_never,
            workers=0,
        )  # fmt: skip
        for number in range(tickets):
            at = NINE + DAY_FOR * self._dice.random()
            channel, severity = f"C{self._dice.randrange(customers):04}", self._dice.choice(SEVERITIES)
            self._later(at, partial(self._open, number, channel, severity))

    def passes(self) -> None:
        """Let the whole day pass, each thing at its moment."""
        end = NINE + DAY_FOR
        while (moment := self._next()) <= end:
            self._clock.move_to(max(moment, self._clock.now()))
            now = self._clock.now()
            while self._deeds and self._deeds[0][0] <= now:
                heapq.heappop(self._deeds)[2]()
            while due.fire(self._desk, now=now) or inbox_events.take_one(self._desk, now=now):
                pass
            while self._relay.step(now):
                pass

    def _next(self) -> datetime:
        moments = [self._deeds[0][0]] if self._deeds else []
        with self._db.reading() as session:
            moments.append(deadlines.next_at(session) or datetime.max.replace(tzinfo=NINE.tzinfo))
        moments.append(self._relay.next_at(self._clock.now()) or datetime.max.replace(tzinfo=NINE.tzinfo))
        return min(moments)

    def _open(self, number: int, channel: str, severity: str) -> None:
        text = f"{severity} The export of report {number} is empty"
        ticket = self._do("U0ANA", intake.open_by_command, channel=channel, text=text).ticket
        assert ticket is not None
        now, spend = self._clock.now(), self._dice.expovariate
        for minutes in (4, 19, 34):
            self._later(now + timedelta(minutes=minutes), lambda: self._acknowledge(ticket))
        claimed_at = now + timedelta(minutes=2 + spend(1 / 40))
        replied_at = claimed_at + timedelta(minutes=1 + spend(1 / 60))
        resolved_at = replied_at + timedelta(minutes=5 + spend(1 / 300))
        self._later(claimed_at, lambda: self._do("U0BO", working.claim, ticket=ticket))
        self._later(replied_at, lambda: self._do("U0BO", working.reply, ticket=ticket, text="We look into it."))
        self._later(resolved_at, lambda: self._do("U0BO", working.resolve, ticket=ticket, values=WORDS))

    def _acknowledge(self, ticket: str) -> None:
        with self._db.reading() as session:
            asked = select(Page.id).where(Page.state == "paging", Page.person_id == "ana").order_by(col(Page.id))
            found = session.exec(asked.where(Page.ticket_number == int(ticket.partition("-")[2]))).first()
        if found is not None:
            self._do("U0ANA", page_answers.acknowledge, page=found)

    def _do(self, user: str, use_case: Callable[..., Answer], **asked: object) -> Answer:
        def act(work: Work, *, now: datetime) -> Answer:
            actor = whois.find(work.session, workspace="", user=user, channel="C0TRIAGE")
            return use_case(work, actor=actor, now=now, **asked)

        try:
            return self._desk.do(act, now=self._clock.now())
        except Refused:
            return Answer()

    def _later(self, at: datetime, deed: Callable[[], object]) -> None:
        heapq.heappush(self._deeds, (at, next(self._order), lambda: _ignore(deed())))

    def _token(self) -> str:
        return hashlib.sha256(str(next(self._ids)).encode()).hexdigest()[:32]


def _directory(customers: int) -> str:
    text = DIRECTORY.read_text(encoding="utf-8")
    rows = "".join(
        f"  c{number:04}: {{name: Customer {number}, tier: {('standard', 'premium', 'enterprise')[number % 3]},"
        f" channel: C{number:04}, timezone: {('Europe/Paris', 'America/New_York', 'Asia/Tokyo')[number % 3]}}}\n"
        for number in range(customers)
    )
    return text.replace("customers:\n", f"customers:\n{rows}", 1)


def _ignore(_found: object) -> None:
    pass


def _never(_session: object, row: object, why: str, _now: datetime) -> None:
    raise AssertionError(f"{row} was given up: {why}")
