"""A desk without Slack: use cases on a database, a clock that the test moves, and what would be said to whom."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Self

from sqlmodel import Session, col, select

from bot.app.local import DIRECTORY
from bot.domain.message import Kind
from bot.domain.people import Actor
from bot.handbook.directory import load_directory
from bot.handbook.loader import Loaded, load
from bot.messages.check import load as load_templates
from bot.services import directory, due, inbox_events, intake, standing, whois
from bot.services.audit import verify
from bot.services.desk import Answer, Desk, Work
from bot.services.handbooks import Handbooks
from bot.store import deadlines, outbox, tickets
from bot.store.database import Database
from bot.store.tables import OutboxRow, Ticket
from tests.beginnings import let_begin
from tests.make import NINE, token

PEOPLE = {"ana": "U0ANA", "bo": "U0BO", "kai": "U0KAI", "mei": "U0MEI", "vic": "U0VIC"}
THEIRS = {"cy": "U0CY", "dee": "U0DEE"}


@dataclass
class Office:
    """The desk of the local workspace's directory, at a moment that only the test moves."""

    db: Database
    handbook: Loaded = field(default_factory=lambda: load("enterprise"))
    now: datetime = NINE
    sent: Iterator[int] = field(default_factory=lambda: count(1_700_000_000))

    def __post_init__(self) -> None:
        self.desk = Desk(
            db=self.db,
            handbooks=Handbooks(self.handbook),
            catalog=load_templates(None),
            token=token,
            bot_user="U0BELL",
            workspace="T0WATCH",
        )
        with self.db.transaction() as session:
            self.desk.handbooks.begin(session, now=self.now)
            loaded = load_directory(str(DIRECTORY))
            directory.apply(Work(self.desk, session), loaded.directory, by="test", now=self.now)

    def on(self, db: Database, *, now: datetime) -> Self:
        """The same desk on a database that has its rows already, as after a restart."""
        other = copy(self)
        other.db, other.desk, other.now = db, replace(self.desk, db=db), now
        return other

    def who(self, name: str) -> Actor:
        """Somebody as the desk knows them."""
        workspace, user = ("T0ACME", THEIRS[name]) if name in THEIRS else ("", PEOPLE[name])
        with self.db.reading() as session:
            return whois.find(session, workspace=workspace, user=user, channel="C0ACME")

    def does(self, name: str, use_case: Callable[..., Answer], **arguments: object) -> Answer:
        """Let somebody do a use case now."""
        answer = self.desk.do(use_case, actor=self.who(name), now=self.now, **arguments)
        if answer.ticket:
            self.lets_begin(answer.ticket)
        self.delivers()
        return answer

    def lets_begin(self, ticket: str) -> None:
        """Let what follows from a ticket's opening happen, as a worker would at once."""
        row = self.ticket(ticket)
        if not row.begun:
            let_begin(self.desk, row.number_known, now=self.now)

    def delivers(self) -> None:
        """Let everything that waits become visible, as the relay would."""
        at = self.now
        while True:
            with self.db.transaction() as session:
                rows = self.claims(session, at=at)
                for row in rows:
                    ts = row.ts or f"{next(self.sent)}.000001"
                    lane = row.channel or row.lane
                    outbox.finish(session, id=row.id, fence=row.fence, ts=ts, channel=lane, now=at)
                if not rows and not outbox.sendable(session, now=at + timedelta(minutes=5)):
                    return
            at += timedelta(seconds=10)

    def claims(self, session: Session, *, at: datetime | None = None) -> list[OutboxRow]:
        """Take what may leave, now or at a later moment, as the relay would."""
        word = partial(standing.words, Work(self.desk, session), now=self.now)
        return outbox.claim(session, word=word, lease_for=timedelta(minutes=1), limit=50, now=at or self.now)

    def opens(self, text: str = "sev1 Checkout is down", *, by: str = "cy") -> str:
        """Let somebody open a ticket; gives its id."""
        answer = self.does(by, intake.open_by_command, channel="C0ACME", text=text)
        assert answer.ticket, answer
        return answer.ticket

    def passes(self, **duration: float) -> None:
        """Let time pass, each deadline being played at its own moment."""
        end = self.now + timedelta(**duration)
        while True:
            while due.fire(self.desk, now=self.now) or inbox_events.take_one(self.desk, now=self.now):
                pass
            self.delivers()
            with self.db.reading() as session:
                following = deadlines.next_at(session)
            if following is None or following > end:
                break
            self.now = max(following, self.now)
        self.now = end

    def ticket(self, ticket: str) -> Ticket:
        """The ticket as it stands."""
        with self.db.reading() as session:
            found = tickets.by_id(session, ticket)
            assert found is not None
            return found

    def said(self, *, kind: Kind | None = None, to: str | None = None) -> list[str]:
        """What was posted since the beginning, as text; edits left out."""
        lane = f"@{PEOPLE[to]}" if to in PEOPLE else to
        with self.db.reading() as session:
            rows = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq)))
            return [
                str(row.payload["text"])
                for row in rows
                if row.op == "post"
                and row.state != "cancelled"
                and (kind is None or row.kind == kind.value)
                and (lane is None or row.lane == lane)
            ]

    def page_of(self, name: str, *, ticket: str) -> str:
        """The id of the newest page of somebody for a ticket."""
        with self.db.reading() as session:
            row = tickets.by_id(session, ticket)
            assert row is not None
            cards = session.exec(
                select(OutboxRow.card)
                .where(
                    col(OutboxRow.lane) == f"@{PEOPLE[name]}",
                    col(OutboxRow.kind) == "page",
                    col(OutboxRow.op) == "post",
                )
                .where(col(OutboxRow.ticket_number) == row.number)
                .order_by(col(OutboxRow.seq).desc())
            )
            return str(next(iter(cards))).removeprefix("page:")

    def page_stands(self, name: str) -> str:
        """The words in which somebody's newest page stands there now, with its small print."""
        with self.db.reading() as session:
            rows = session.exec(
                select(OutboxRow)
                .where(col(OutboxRow.lane) == f"@{PEOPLE[name]}", col(OutboxRow.kind) == "page")
                .order_by(col(OutboxRow.seq))
            )
            payload = list(rows)[-1].payload
        return f"{payload['text']}\n{payload['blocks']}"

    def is_sound(self) -> bool:
        """Whether chain and recomputed clocks agree with the rows."""
        verdict = verify(self.desk, now=self.now)
        assert verdict.difference is None, verdict.difference
        return True
