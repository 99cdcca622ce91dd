"""Do our people read what a ticket waits for, and does work go on from it as they say?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.services import bulk, incidents, queries, working
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.services.automatic import office_with
from tests.services.office import Office

RULES = """\
extends: enterprise
pauses: [waiting_for_customer, waiting_for_vendor, next_release]
required_fields_block: false
"""


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    db = Database(sqlite_url)
    yield office_with(db, tmp_path, RULES)
    db.dispose()


def card(office: Office, key: str) -> str:
    """What a card was edited to say last."""
    with office.db.reading() as session:
        chosen = (
            select(OutboxRow).where(OutboxRow.card == key, OutboxRow.op == "edit").order_by(col(OutboxRow.seq).desc())
        )
        return str(next(iter(session.exec(chosen))).payload["text"])


@pytest.mark.req("LC-1")
def test_our_people_read_what_a_ticket_waits_for_and_its_customer_does_not(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("bo", incidents.link, ticket=ticket, incident="new", title="Search")

    office.does("ana", working.wait, ticket=ticket, reason="waiting_for_vendor")
    assert "waiting for vendor, no owner" in card(office, "card:1")
    assert "T-1 Acme Corp, waiting for vendor." in card(office, "incident:1")
    assert "· waiting for vendor ·" in office.does("ana", queries.list_tickets, channel="C0TRIAGE").text
    assert "vendor" not in office.does("cy", queries.list_tickets, channel="C0ACME").text

    office.does("ana", working.wait, ticket=ticket, reason="next_release")
    assert "waiting for vendor and next release" in card(office, "card:1")
    office.does("ana", working.resume, ticket=ticket)
    office.does("ana", working.wait, ticket=ticket)
    assert "waiting for customer" in card(office, "card:1")


def test_work_begins_anew_on_what_waited_and_who_begins_it_twice_is_told(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.start_work, ticket=ticket)
    office.does("ana", working.wait, ticket=ticket)

    office.does("bo", working.start_work, ticket=ticket)
    assert office.ticket(ticket).state == "in_progress"
    assert office.ticket(ticket).waiting_for == []

    assert office.does("ana", working.start_work, ticket=ticket).text == "T-1 is in progress already."
    assert office.is_sound()


def test_closing_several_says_of_what_waits_that_it_is_waiting(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.wait, ticket=ticket, reason="waiting_for_vendor")

    office.does("mei", bulk.begin, action="close", ticket_ids=ticket, person="", text="")
    office.passes(seconds=1)

    assert "It is waiting; only what is resolved is closed like this." in office.said(to="mei")[-1]
