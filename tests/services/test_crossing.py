"""What if two processes are at one ticket in the same moment? What was said last stands, and nobody is called after it.

Each test lets one process wait for the ticket that another one holds: what the first one read before that is old.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.services import inbox_events
from bot.services.desk import Delivery, message_key
from bot.store import conversation, pages, tickets
from bot.store.database import Database
from tests.services.ground import Quiet

pytestmark = pytest.mark.postgres
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


def test_an_older_edit_that_waited_does_not_cover_a_newer_one(office: Quiet) -> None:
    with office.db.transaction() as session:
        conversation.add(
            session, ticket_number=1, channel=CHANNEL, ts=THEIRS, visibility="customer", author="person:cy",
            author_name="Cy", text="Since ten", at=office.now,
        )  # fmt: skip
    hears(office, "edit", THEIRS, "Since twelve", edited="1790000200.000000")
    hears(office, "edit", THEIRS, "Since eleven", edited="1790000100.000000")
    ends: list[Future[bool]] = []
    with ThreadPoolExecutor(2) as pool:
        with at_the_ticket(office):
            for number in (1, 2):
                ends.append(pool.submit(inbox_events.take_one, office.desk, now=office.now))
                until_they_wait(office, number)
        assert [end.result(timeout=20) for end in ends] == [True, True]
    with office.db.reading() as session:
        (said,) = conversation.of_ticket(session, 1)
        assert (said.text, said.version) == ("Since twelve", "1790000200.000000")
