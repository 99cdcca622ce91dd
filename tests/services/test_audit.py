"""Do the rows of tickets still say what the record says of them?"""

import pytest
from sqlalchemy import delete, update

from bot.services.audit import verify
from bot.store.database import Database
from bot.store.tables import metadata
from tests.services.office import Office

TICKET, CLOCK = metadata.tables["ticket"], metadata.tables["clock"]


@pytest.fixture
def office(sqlite_url: str) -> Office:
    """A desk with a ticket in the works and one that was only opened."""
    office = Office(Database(sqlite_url))
    office.opens()
    office.opens("sev3 A report is wrong")
    office.passes(minutes=70)
    assert office.is_sound()
    return office


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(
    ("column", "value", "difference"),
    [
        ("severity", "sev4", "T-1: severity is sev4, the trail gives sev1"),
        ("customer_id", "globex", "T-1: customer is globex, the trail gives acme"),
        ("state", "closed", "T-1: end is closed, the trail gives open"),
        ("tier", "gold", "T-1: tier is gold, the trail gives enterprise"),
        ("zone", "Asia/Tokyo", "T-1: zone is Asia/Tokyo, the trail gives America/New_York"),
        ("handbook", "another", "T-1: handbook is another, the trail gives "),
    ],
)
def test_a_ticket_that_was_changed_behind_the_record_shows(
    office: Office, column: str, value: str, difference: str
) -> None:
    with office.db.transaction() as session:
        session.connection().execute(update(TICKET).where(TICKET.c.number == 1).values({column: value}))

    assert (verify(office.desk, now=office.now).difference or "").startswith(difference)


@pytest.mark.req("AU-1")
def test_a_ticket_that_was_removed_with_all_that_is_its_own_shows(office: Office) -> None:
    with office.db.transaction() as session:
        session.connection().execute(delete(TICKET).where(TICKET.c.number == 2))
        session.connection().execute(delete(CLOCK).where(CLOCK.c.ticket_number == 2))

    difference = verify(office.desk, now=office.now).difference
    assert difference == "ticket:2: the trail tells of a ticket, and there is none"
