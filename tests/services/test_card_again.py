"""Does a card that was removed in Slack stand anew while what it is about goes on, and only then?"""

import pytest
from sqlmodel import col, select

from bot.services import card_again, incidents, triage, working
from bot.services.desk import Work
from bot.store import tickets
from bot.store.database import Database
from bot.store.tables import Card, OutboxRow
from tests.services.office import Office

CLOSING = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def is_gone(office: Office, card: str = "card:1") -> str:
    """Slack says of the last edit of a card that there is no such message; gives where it stood."""
    with office.db.transaction() as session:
        stood = session.get_one(Card, card).ts
        edits = select(OutboxRow).where(OutboxRow.card == card, OutboxRow.op == "edit")
        row = session.exec(edits.order_by(col(OutboxRow.seq).desc())).first()
        assert row is not None
        card_again.put_back(Work(office.desk, session), row, now=office.now)
    office.delivers()
    return stood


def stands_at(office: Office, card: str = "card:1") -> str:
    with office.db.reading() as session:
        return session.get_one(Card, card).ts


def test_it_stands_anew_once_and_what_is_written_below_the_old_one_is_still_a_note(office: Office) -> None:
    ticket = office.opens()
    office.does("ana", working.claim, ticket=ticket)
    gone = is_gone(office)
    new = stands_at(office)
    assert new != gone

    is_gone(office)

    assert stands_at(office) == new
    with office.db.reading() as session:
        for ts in (gone, new):
            found = tickets.by_room(session, "C0TRIAGE", ts)
            assert found is not None
            assert found.id == ticket


def test_the_card_of_a_ticket_that_is_over_stays_away(office: Office) -> None:
    ticket = office.opens()
    office.does("mei", triage.decline, ticket=ticket, reason="It is none of ours")

    assert is_gone(office) == stands_at(office)


def test_an_incidents_card_stands_anew_until_the_incident_is_resolved(office: Office) -> None:
    first, second = office.opens(), office.opens("sev2 Search is slow")
    office.does("ana", incidents.link, ticket=first, incident="", title="A slow disk")
    office.does("ana", incidents.link, ticket=second, incident="I-1", title="")

    assert is_gone(office, "incident:1") != stands_at(office, "incident:1")
    office.does("ana", incidents.resolve, incident="I-1", values=CLOSING, chosen=[first, second])
    assert is_gone(office, "incident:1") == stands_at(office, "incident:1")
