"""Are tickets found where people look for them?"""

from datetime import timedelta

import pytest

from bot.store import tickets
from bot.store.database import Database
from bot.store.tables import Card, Ticket
from tests.make import NINE, make_ticket
from tests.store.script import all_at_once


def numbers(rows: list[Ticket]) -> list[int]:
    return [row.number_known for row in rows]


def test_the_queue_has_the_highest_severity_first_then_the_oldest(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_ticket(1, severity="sev3", owner="ana"))
        session.add(make_ticket(2, severity="sev1", owner="bo"))
        session.add(make_ticket(3, severity="sev1", state="resolved", owner="ana"))
        session.add(make_ticket(4, severity="sev1", state="closed"))
        session.add(make_ticket(5, severity="sev2", state="merged"))
        session.add(make_ticket(6, severity="sev2", state="waiting", customer="globex", channel="C0GLOBEX"))
    with database.reading() as session:
        assert numbers(tickets.queue(session)) == [2, 3, 6, 1]
        assert numbers(tickets.queue(session, owner="ana")) == [3, 1]
        assert numbers(tickets.queue(session, limit=1)) == [2]
        assert tickets.open_by_severity(session) == {"sev1": 2, "sev2": 1, "sev3": 1}
        assert numbers(list(tickets.every(session))) == [1, 2, 3, 4, 5, 6]


@pytest.mark.req("LC-5")
def test_a_customer_sees_its_own_open_and_recently_closed_tickets(database: Database) -> None:
    with database.transaction() as session:
        for number, (customer, state) in enumerate([("acme", "new"), ("globex", "new"), ("acme", "closed")], start=1):
            session.add(make_ticket(number, customer=customer, state=state))
        old, recent = make_ticket(4, state="closed"), make_ticket(5, customer="globex", state="closed")
        session.add_all([old, recent])
        session.flush()
        old.closed_at = NINE - timedelta(days=60)
        recent.closed_at = NINE
        third = tickets.by_number(session, 3)
        assert third is not None
        third.closed_at = NINE - timedelta(days=1)
    since = NINE - timedelta(days=30)
    with database.reading() as session:
        assert numbers(tickets.open_of_customer(session, "acme")) == [1]
        assert numbers(tickets.recently_closed(session, "acme", since=since)) == [3]
        assert numbers(tickets.recently_closed(session, since=since)) == [5, 3]
        assert numbers(tickets.recently_closed(session, since=since, limit=1)) == [5]


def test_a_ticket_is_found_by_id_number_and_thread(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_ticket(1, thread_ts="1.000001"))
        session.add(make_ticket(2))
        session.add(Card(key="root:2", channel="C0ACME", ts="2.000001", ticket_number=2))
        session.add(Card(key="ticket:2", channel="C0TRIAGE", ts="3.000001", ticket_number=2))
    with database.transaction() as session:
        for lock in (False, True):
            for found, number in (
                (tickets.by_id(session, "T-1", lock=lock), 1),
                (tickets.by_number(session, 2, lock=lock), 2),
                (tickets.by_thread(session, "C0ACME", "1.000001", lock=lock), 1),
                (tickets.by_thread(session, "C0ACME", "2.000001", lock=lock), 2),
                (tickets.by_room(session, "C0TRIAGE", "3.000001", lock=lock), 2),
            ):
                assert found is not None
                assert found.number == number
        assert tickets.by_id(session, "T-3") is None
        assert tickets.by_thread(session, "C0TRIAGE", "3.000001") is None
        assert tickets.by_thread(session, "C0OTHER", "1.000001") is None
        assert tickets.by_room(session, "C0ACME", "2.000001") is None


def test_the_name_under_which_somebody_asked_last_is_known(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_ticket(1))
        later = make_ticket(2)
        later.requester_name = "Cy Young"
        session.add(later)
    with database.reading() as session:
        assert tickets.requester_name(session, "T0ACME", "U0CY") == "Cy Young"
        assert tickets.requester_name(session, "T0GLOBEX", "U0CY") is None


def test_tickets_opened_at_once_have_numbers_without_gaps(database: Database) -> None:
    def open_three(_: int) -> list[int]:
        mine = []
        for _ in range(3):
            with database.transaction() as session:
                number = tickets.next_number(session)
                session.add(make_ticket(number))
                mine.append(number)
        return mine

    assert sorted(number for each in all_at_once(open_three) for number in each) == list(range(1, 13))
