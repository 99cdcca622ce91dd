"""Does whoever is called find the customer's thread with one click, and does no customer get such a link?"""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot.services import inbox_events, working
from bot.services.desk import Delivery
from bot.store.database import Database
from bot.store.tables import Card, OutboxRow
from tests.services.office import Office

HOME = "https://watchbell.slack.com/"


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.desk = replace(office.desk, home_url=HOME)
    return office


def linked(office: Office) -> dict[str, str]:
    """The newest words of every message that links into the workspace, by kind and lane."""
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq))).all()
    return {f"{row.kind} {row.lane}": str(row.payload) for row in rows if HOME in str(row.payload)}


def test_a_page_and_the_card_link_to_the_message_that_began_the_ticket(office: Office) -> None:
    said: dict[str, object] = {
        "channel": "C0ACME", "ts": "1767603600.000100", "thread_ts": None, "user": "U0CY", "workspace": "T0ACME",
        "text": "sev1 Checkout is down", "files": [], "channel_type": "channel", "mentions_bot": True, "ask": "",
        "rest": "sev1 Checkout is down",
    }  # fmt: skip
    office.desk.accept(Delivery("message:C0ACME:1767603600.000100", "message", said), now=office.now)
    assert inbox_events.take_one(office.desk, now=office.now)
    office.delivers()

    found = linked(office)
    assert found.keys() == {"page @U0ANA", "card C0TRIAGE"}
    assert all(f"<{HOME}archives/C0ACME/p1767603600000100|customer's thread>" in words for words in found.values())


def test_under_a_receipt_of_ours_the_thread_is_linked_once_it_stands(office: Office) -> None:
    ticket = office.opens("sev3 The export is empty", by="ana")
    assert linked(office) == {}

    office.does("kai", working.claim, ticket=ticket)
    with office.db.reading() as session:
        ts = session.get_one(Card, "receipt:1").ts.replace(".", "")
    assert f"<{HOME}archives/C0ACME/p{ts}|customer's thread>" in linked(office)["card C0TRIAGE"]
    assert not [place for place in linked(office) if "C0ACME" in place]
