"""What if four processes do all that people and time do, at random and at once, on the same two tickets?

Nothing raises but refusals, nobody waits for the relay nor it for them, and after each round nothing is forgotten.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlmodel import col, select

from bot.delivery.relay import Relay
from bot.domain.errors import Refused
from bot.domain.escalation import Phase
from bot.domain.ticket import WORKED_STATES, State
from bot.services import (
    bulk,
    corrections,
    details,
    due,
    escalate,
    holding,
    inbox_events,
    incidents,
    marks,
    page_answers,
    split,
    standing,
    triage,
    updates,
    working,
)
from bot.services.desk import Delivery, message_key
from bot.store.database import Database
from bot.store.incident_tables import Incident
from bot.store.tables import InboxRow, OutboxRow, Page, Remark, Ticket
from tests.make import NINE
from tests.services.ground import Quiet
from tests.services.misfortune import Slack
from tests.services.sound import NothingForgotten, One

pytestmark = pytest.mark.postgres
PROCESSES, DEEDS = 4, 8
STAFF = ("ana", "bo", "kai", "mei", "vic")
CLOSING = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
UPDATE = {"known": "The card provider is away", "done": "We called them", "next": "We try the other line"}
ROOT = f"{int(NINE.timestamp())}.000100"


class Sound(NothingForgotten):
    """What holds although the moments of two processes differ from the order in which they get hold of a ticket."""

    def _pages(self, chains: dict[str, One], pages: Sequence[One], tickets: dict[int, One]) -> None:
        assert {chains[row.escalation_id].state for row in pages if row.state == "paging"} <= {Phase.PAGING.value}
        paged = {row.ticket_number for row in chains.values() if row.state == Phase.PAGING.value}
        assert {State(tickets[number].state) for number in paged} <= WORKED_STATES, "paged for what is resolved"


class Elsewhere(Slack):
    """A medium of which nobody asks whether a page ended while it was on its way: that is looked at elsewhere."""

    def _check(self, row: OutboxRow) -> None:
        assert row.state == "sending"


@dataclass
class Known:
    """What can be clicked on, written below and changed as a round begins."""

    tickets: list[str]
    pages: list[str]
    remarks: list[Remark]
    incidents: list[str]


@dataclass
class Crowd:
    """Four processes on one database, and the dice."""

    url: str
    chance: Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        first = Quiet(Database(self.url))
        self.offices = [first, *(first.on(Database(self.url), now=NINE) for _ in range(PROCESSES - 1))]
        self.relays = [self._relay(office) for office in self.offices]
        for text in ("sev1 Checkout is down", "sev2 Search is slow"):
            first.opens(text)
        self._hears(first, "message", ROOT, "Payments are slow", mentions_bot=True)
        inbox_events.take_one(first.desk, now=NINE)

    def closes(self) -> None:
        for office in self.offices:
            office.db.dispose()

    def round(self) -> None:
        """Let each process do some deeds at once; then, when all is calm, look whether all is as it must be."""
        office = self.offices[0]
        known, now = self._known(), office.now
        hot = self.chance.sample(known.tickets, 2)
        dice = [Random(self.chance.random()) for _ in self.offices]  # noqa: S311 - dice, no secret
        with ThreadPoolExecutor(PROCESSES) as pool:
            at_work = [pool.submit(self._works, place, known, hot, dice[place]) for place in range(PROCESSES)]
            for done in at_work:
                done.result(timeout=120)
        office.now = now + timedelta(minutes=1)
        while due.fire(office.desk, now=office.now) or inbox_events.take_one(office.desk, now=office.now):
            pass
        while self.relays[0].step(office.now):
            pass
        with office.db.reading() as session:
            Sound().check(session, now=office.now)
            assert session.exec(select(InboxRow).where(InboxRow.attempts > 0, InboxRow.state != "done")).all() == []
        assert office.is_sound()
        following = office.now + timedelta(minutes=self.chance.choice([1, 16]))
        for place, each in enumerate(self.offices):
            # No two of them do anything in the very same moment.
            each.now = following + timedelta(milliseconds=place)

    def _relay(self, office: Quiet) -> Relay:
        return Relay(
            office.db, Elsewhere(office.db), clock=lambda: office.now, word=standing.speaker(office.desk), workers=0,
            on_dead_letter=lambda *_: None,
        )  # fmt: skip

    def _known(self) -> Known:
        with self.offices[0].db.reading() as session:
            pages = session.exec(select(Page.id).order_by(col(Page.paged_at).desc()).limit(8)).all()
            return Known(
                tickets=list(session.exec(select(Ticket.id)).all()),
                pages=list(pages),
                remarks=list(session.exec(select(Remark)).all()),
                incidents=[each.id for each in session.exec(select(Incident)).all()],
            )

    def _works(self, place: int, known: Known, hot: list[str], chance: Random) -> None:
        office = self.offices[place]
        for _ in range(DEEDS):
            office.now += timedelta(seconds=1)
            deed = chance.choice(self._deeds(office, self.relays[place], known, hot, chance))
            try:
                deed()
            except Refused:
                continue

    def _deeds(
        self, office: Quiet, relay: Relay, known: Known, hot: list[str], chance: Random
    ) -> list[Callable[[], object]]:
        who, ticket, other = chance.choice(STAFF), chance.choice(hot), chance.choice(hot)
        page, remark = chance.choice(known.pages), chance.choice(known.remarks)
        incident, severity = chance.choice([*known.incidents, "I-9"]), chance.choice(["sev1", "sev2", "sev4"])

        def does(use_case: Any, by: str = who, **given: object) -> Callable[[], object]:
            return lambda: office.does(by, use_case, **given)

        step: list[Callable[[], object]] = [
            lambda: due.fire(office.desk, now=office.now),
            lambda: inbox_events.take_one(office.desk, now=office.now),
            lambda: relay.step(office.now),
        ]
        heard: list[Callable[[], object]] = [
            lambda: self._hears(office, "message", self._ts(), "Since ten o'clock", thread_ts=ROOT),
            lambda: self._hears(office, "edit", remark.ts, "Since eleven", thread_ts=ROOT, edited_ts=self._ts()),
        ]
        return [
            *step * 5, *heard * 3, does(working.claim, ticket=ticket), does(working.start_work, ticket=ticket),
            does(working.reply, ticket=ticket, text="Looking at it"), does(working.note, ticket=ticket, text="Hm"),
            does(working.wait, ticket=ticket), does(working.resume, ticket=ticket),
            does(working.regrade, ticket=ticket, severity=severity, reason="More is known"),
            does(working.resolve, ticket=ticket, values=CLOSING), does(working.reopen, "cy", ticket=ticket),
            does(page_answers.acknowledge, page=page), does(page_answers.decline, page=page),
            does(page_answers.escalate_now, page=page),
            does(escalate.escalate, "mei", ticket=ticket, reason="It burns"),
            does(escalate.ask_escalation, "cy", ticket=ticket, reason="We lose orders"),
            does(holding.hand_over, ticket=ticket, person="bo"), does(holding.give_back, ticket=ticket),
            does(triage.merge, "mei", ticket=ticket, into=other, reason="The same"),
            does(split.split, "mei", ticket=ticket, messages=remark.ts, summary="Another problem"),
            does(incidents.link, "mei", ticket=ticket, incident=incident, title=""),
            does(incidents.link, "mei", ticket=ticket, incident="", title="An outage"),
            does(incidents.unlink, "mei", ticket=ticket),
            does(incidents.write_update, "mei", incident=incident, values=UPDATE),
            does(incidents.resolve, "mei", incident=incident, values=CLOSING, chosen=known.tickets),
            does(updates.write, ticket=ticket, values=UPDATE), does(details.add, "cy", ticket=ticket, values={}),
            does(marks.mark, ticket=ticket, mark="data_loss", reason="Rows are gone"),
            does(corrections.correct, "mei", reply=str(remark.id), text="Looking at them"),
            does(bulk.begin, "mei", action="note", ticket_ids=",".join(hot), person="", text="Seen"),
        ]  # fmt: skip

    def _ts(self) -> str:
        return f"{int(NINE.timestamp()) + 1}.{next(self.numbers):06}"

    def _hears(self, office: Quiet, kind: str, ts: str, words: str, **more: object) -> None:
        body = {
            "channel": "C0ACME", "ts": ts, "thread_ts": None, "user": "U0CY", "workspace": "T0ACME", "text": words,
            "rest": words, "files": [], "channel_type": "channel", "ask": "", "mentions_bot": False, "edited_ts": "",
        } | more  # fmt: skip
        office.desk.accept(Delivery(message_key("C0ACME", ts, str(body["edited_ts"])), kind, body), now=office.now)


def lives(url: str, seed: int, *, rounds: int) -> None:
    crowd = Crowd(url, Random(seed))  # noqa: S311 - dice, no secret
    try:
        for _ in range(rounds):
            crowd.round()
    finally:
        crowd.closes()


def test_what_four_processes_do_at_once_leaves_nothing_forgotten(postgres_url: str) -> None:
    lives(postgres_url, 1, rounds=4)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
def test_what_they_do_in_many_lives_neither(postgres_url: str, seed: int) -> None:
    lives(postgres_url, seed, rounds=8)
