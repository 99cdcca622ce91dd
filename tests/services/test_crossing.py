"""What if two processes are at one ticket in the same moment? What was said last stands, and nobody is called after it.

In each test a process waits for what another one holds, or does all it does before another one's commit: what it read
by then is old.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.delivery.errors import DeliveryError
from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.services import inbox_events, incidents, media, overtaken, standing, storm, working
from bot.services.desk import Delivery, Work, message_key
from bot.store import conversation, outside, pages, tickets
from bot.store.database import Database
from bot.store.incident_tables import Incident
from bot.store.tables import OutboxRow, Person
from tests.services.ground import Quiet
from tests.services.misfortune import Slack
from tests.services.office import Office

pytestmark = pytest.mark.postgres
CLOSING = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
CHANNEL, THEIRS = "C0ACME", "1790000000.000100"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@pytest.fixture
def office(postgres_url: str) -> Iterator[Quiet]:
    """A desk with the ticket T-1, a Sev 1 for which Ana is paged."""
    office = Quiet(Database(postgres_url))
    office.opens("sev1 Checkout is down")
    yield office
    office.db.dispose()


def until_they_wait(office: Quiet, number: int) -> None:
    """Come back when so many transactions wait for another one's lock."""
    for _ in range(2000):
        with office.db.reading() as session:
            if session.connection().execute(WAITING).scalar() == number:
                return
        Event().wait(0.005)
    pytest.fail(f"{number} should wait")


@contextmanager
def at_the_ticket(office: Quiet) -> Iterator[Session]:
    """Be at T-1 while others come."""
    with office.db.transaction() as session:
        tickets.by_number(session, 1, lock=True)
        yield session


def crossing(office: Quiet, first: Callable[[Quiet], object], second: Callable[[Quiet], object]) -> None:
    """Let the second be done, or wait for the first, when that one is done but for its commit."""
    at_once: list[Thread] = []

    def begin(point: str) -> None:
        if point != "commit.before" or at_once:
            return
        at_once.append(Thread(target=second, args=(office,)))
        at_once[0].start()
        while at_once[0].is_alive():
            with office.db.reading() as session:
                if session.connection().execute(WAITING).scalar():
                    return
            at_once[0].join(0.005)

    db = Database(office.db.url, fault=begin)
    first(office.on(db, now=office.now))
    at_once[0].join(20)
    assert not at_once[0].is_alive()
    db.dispose()


def shown(office: Quiet, card: str) -> str:
    """What a card says in the end, after all has left."""
    Office.delivers(office)
    with office.db.reading() as session:
        said = select(OutboxRow).where(OutboxRow.card == card, OutboxRow.state == "sent")
        newest = session.exec(said.order_by(col(OutboxRow.seq).desc())).first()
        assert newest is not None
        return str(newest.payload["text"])


def hears(office: Quiet, kind: str, ts: str, words: str = "", *, edited: str = "") -> None:
    """Deliver what a customer wrote, changed or removed in the thread of T-1, as slack/incoming.py does."""
    body = {"channel": CHANNEL, "ts": ts}
    if kind != "delete":
        body |= {"user": "U0CY", "workspace": "T0ACME", "text": words, "edited_ts": edited}
    change = edited or ("deleted" if kind == "delete" else "")
    office.desk.accept(Delivery(message_key(CHANNEL, ts, change), kind, body), now=office.now)


def test_a_card_finds_its_words_without_waiting_for_whoever_is_at_its_pages(office: Quiet) -> None:
    def claims() -> int:
        with office.db.transaction() as session:
            return len(office.claims(session))

    with ThreadPoolExecutor(1) as pool, at_the_ticket(office) as session:
        chain = pages.running(session, 1)
        assert chain is not None
        pages.escalation(session, chain.id, lock=True)
        assert pool.submit(claims).result(timeout=20) > 0


def test_what_was_removed_is_not_shown_again_by_an_edit_that_waited(office: Quiet) -> None:
    with office.db.transaction() as session:
        conversation.add(
            session, ticket_number=1, channel=CHANNEL, ts=THEIRS, visibility="customer", author="person:cy",
            author_name="Cy", text="My key is 1234", at=office.now,
        )  # fmt: skip
    hears(office, "delete", THEIRS)
    hears(office, "edit", THEIRS, "My key was 1234", edited="1790000100.000000")
    ends: list[Future[bool]] = []
    with ThreadPoolExecutor(2) as pool:
        with at_the_ticket(office):
            for number in (1, 2):
                ends.append(pool.submit(inbox_events.take_one, office.desk, now=office.now))
                until_they_wait(office, number)
        assert [end.result(timeout=20) for end in ends] == [True, True]
    with office.db.reading() as session:
        said = session.exec(select(OutboxRow).where(OutboxRow.lane == "C0TRIAGE")).all()
    assert not [row for row in said if "My key was" in str(row.payload)]


def test_a_bundle_shows_what_waits_though_two_of_its_tickets_are_taken_at_once(
    office: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storm, "ALONE", 0)
    for number in (2, 3):
        office.opens(f"sev1 Search {number} is down")
    Office.delivers(office)
    card = f"bundle:ana:{int(office.now.timestamp() // storm.BUNDLE_FOR.total_seconds())}"
    assert "Search 2" in shown(office, card)
    assert "Search 3" in shown(office, card)

    crossing(
        office,
        lambda here: here.does("ana", working.claim, ticket="T-2"),
        lambda there: there.does("ana", working.claim, ticket="T-3"),
    )

    assert "Checkout" in shown(office, card)
    assert "Search" not in shown(office, card)


def test_of_an_incidents_last_two_tickets_that_close_at_once_one_ends_it(office: Quiet) -> None:
    office.opens("sev3 Search is slow", by="dee")
    office.does("ana", incidents.link, ticket="T-1", incident="", title="A slow disk")
    office.does("ana", incidents.link, ticket="T-2", incident="I-1", title="")
    for ticket in ("T-1", "T-2"):
        office.does("ana", working.resolve, ticket=ticket, values=CLOSING)
    Office.delivers(office)

    crossing(
        office,
        lambda here: here.does("cy", working.confirm, ticket="T-1"),
        lambda there: there.does("dee", working.confirm, ticket="T-2"),
    )

    with office.db.reading() as session:
        assert session.get_one(Incident, 1).state == "resolved"
    assert shown(office, "incident:1").count("closed") == 2
    assert office.is_sound()


def test_what_somebody_writes_in_a_row_is_one_ticket_though_two_processes_read_it(office: Quiet) -> None:
    for ts, words in (("1790000001.000100", "Payments fail"), ("1790000003.000100", "Since ten")):
        body: dict[str, Any] = {
            "channel": CHANNEL, "ts": ts, "thread_ts": None, "user": "U0DEE", "workspace": "T0ACME", "text": words,
            "rest": words, "files": [], "channel_type": "channel", "ask": "", "mentions_bot": words == "Payments fail",
        }  # fmt: skip
        office.desk.accept(Delivery(message_key(CHANNEL, ts), "message", body), now=office.now)

    def reads(here: Quiet) -> None:
        inbox_events.take_one(here.desk, now=here.now)

    crossing(office, reads, reads)
    office.now += overtaken.IN_HAND_FOR
    reads(office)

    with office.db.reading() as session:
        assert [each.text for each in conversation.of_ticket(session, 2)] == ["Payments fail", "Since ten"]
        assert tickets.by_number(session, 3) is None


class Refusing(Slack):
    """A medium that takes no page to anybody's contact, and says so once it is let."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.begun, self.says_so = Event(), Event()

    def send(self, row: OutboxRow) -> Sent:
        if row.op == outside.OP:
            self.begun.set()
            self.says_so.wait(20)
            raise DeliveryError("HTTP 404", permanent=True)
        return super().send(row)


def test_a_page_that_fails_as_its_ticket_is_taken_goes_to_no_further_contact(office: Quiet) -> None:
    with office.db.transaction() as session:
        session.get_one(Person, "ana").contacts = ["mailto://ana:secret@mail.test", "json://gateway.test/ana"]
    office.opens("sev1 Search is down")
    medium = Refusing(office.db)
    relay = Relay(
        office.db, medium, clock=lambda: office.now, word=standing.speaker(office.desk), workers=0,
        on_dead_letter=lambda session, row, why, now: media.lost(Work(office.desk, session), row, why=why, now=now),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(relay.step, office.now)
        assert medium.begun.wait(20)
        ana = office.who("ana")
        with office.db.transaction() as session:
            working.claim(Work(office.desk, session), actor=ana, ticket="T-2", now=office.now)
            medium.says_so.set()
            until_they_wait(office, 1)
        assert sending.result(timeout=20)
    with office.db.reading() as session:
        assert [row.lane for row in outside.rows(session, prefix=outside.LANE, ticket_number=2)] == ["out:ana:0"]
