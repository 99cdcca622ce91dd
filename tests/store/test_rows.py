"""Are the rows that belong to a ticket found, changed and remembered?"""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import clocks, conversation, pages, remembered, watch
from bot.store.database import Database
from bot.store.tables import Clock, Escalation, Page
from tests.make import NINE


def chain(name: str, state: str, *, ticket: int = 1, hours: int = 0) -> Escalation:
    at = NINE + timedelta(hours=hours)
    return Escalation(
        id=name, ticket_number=ticket, state=state, level=1, attempt=1, round=1, trigger="severity", reason="",
        started_by="bot", started_at=at, stepped_at=at,
    )  # fmt: skip


def page(name: str, person: str, state: str = "paging", *, minutes: int = 0) -> Page:
    at = NINE + timedelta(minutes=minutes)
    return Page(
        id=name, escalation_id="e2", ticket_number=1, level=1, attempt=1, round=1, person_id=person, state=state,
        paged_at=at,
    )  # fmt: skip


def test_the_running_chain_is_the_one_that_pages(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([chain("e1", "acknowledged"), chain("e2", "paging", hours=1), chain("e3", "paging", ticket=2)])
    with database.transaction() as session:
        running, latest = pages.running(session, 1), pages.latest(session, 1)
        assert running is not None
        assert latest is not None
        assert (running.id, latest.id, pages.running(session, 9)) == ("e2", "e2", None)
        assert [row.id for row in pages.of_ticket(session, 1)] == ["e1", "e2"]
        assert [row.id for row in pages.of_ticket(session, 1, states=["acknowledged"])] == ["e1"]
        assert pages.count_paging(session) == 2
        assert pages.escalation(session, "e1", lock=True) is pages.escalation(session, "e1")


def test_a_chains_pages_come_in_the_order_of_paging(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([page("p2", "bo", minutes=15), page("p1", "ana", "passed_on")])
    with database.transaction() as session:
        assert [row.id for row in pages.of_escalation(session, "e2")] == ["p1", "p2"]
        assert [row.id for row in pages.of_escalation(session, "e2", states=["paging"])] == ["p2"]
        assert pages.page(session, "p1", lock=True) is pages.page(session, "p1")
        assert pages.page(session, "p9") is None


def test_a_message_is_kept_once_at_its_place(database: Database) -> None:
    def write(ts: str, author: str, name: str, minutes: int) -> None:
        with database.transaction() as session:
            conversation.add(
                session, ticket_number=1, channel="C0ACME", ts=ts, visibility="customer", author=author,
                author_name=name, text="Checkout is down", at=NINE + timedelta(minutes=minutes),
            )  # fmt: skip

    write("2.0", "person:cy", "Cy", 2)
    write("1.0", "person:dee", "Dee", 1)
    write("3.0", "person:cy", "Cy Young", 3)
    with pytest.raises(IntegrityError):
        write("1.0", "person:dee", "Dee", 1)
    with database.transaction() as session:
        assert [row.ts for row in conversation.of_ticket(session, 1)] == ["1.0", "2.0", "3.0"]
        found = conversation.by_ts(session, "C0ACME", "1.0", lock=True)
        assert found is not None
        assert (found.author_name, found.files) == ("Dee", [])
        assert conversation.by_ts(session, "C0OTHER", "1.0") is None
        assert conversation.author_name(session, "person:cy") == "Cy Young"
        assert conversation.author_name(session, "person:mei") is None


def test_clocks_of_many_tickets_are_read_together(database: Database) -> None:
    with database.transaction() as session:
        for ticket, metric, state, hours in (
            (1, "resolution", "running", 4),
            (1, "first_response", "running", 1),
            (1, "update", "met", 1),
            (2, "resolution", "paused", 2),
        ):
            due_at = NINE + timedelta(hours=hours)
            session.add(
                Clock(
                    ticket_number=ticket,
                    metric=metric,
                    nth=1,
                    severity="sev1",
                    started_at=NINE,
                    due_at=due_at,
                    state=state,
                )
            )
    with database.reading() as session:
        found = clocks.of_tickets(session, [1, 2, 3], states=["running", "paused"])
        assert {number: [row.metric for row in rows] for number, rows in found.items()} == {
            1: ["first_response", "resolution"],
            2: ["resolution"],
            3: [],
        }
        assert clocks.of_tickets(session, [], states=["running"]) == {}
        assert [row.metric for row in clocks.of_ticket(session, 1)] == ["first_response", "resolution", "update"]
        one = clocks.one(session, 1, "update", 1)
        assert one is not None
        assert one.state == "met"


def test_what_was_seen_of_a_channel_only_moves_forward(database: Database) -> None:
    with database.transaction() as session:
        watch.follow(session, "C0ACME", external=False)
        watch.seen(session, "C0ACME", "1767603600.000200")
        watch.seen(session, "C0ACME", "1767603600.000100")
        watch.follow(session, "C0ACME", external=True)
        watch.seen(session, "C0UNKNOWN", "1767603600.000100")
    with database.reading() as session:
        (row,) = watch.watched(session)
        assert (row.channel, row.external, row.seen_ts) == ("C0ACME", True, "1767603600.000200")


def test_a_remembered_value_is_replaced(database: Database) -> None:
    with database.transaction() as session:
        assert remembered.value(session, "directory") is None
        remembered.keep(session, "directory", "a")
        assert remembered.value(session, "directory") == "a"
        remembered.keep(session, "directory", "b")
    with database.reading() as session:
        assert remembered.value(session, "directory") == "b"
