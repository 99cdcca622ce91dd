"""Do the rows of tickets still say what the record says of them?"""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bot.services.audit import verify
from bot.store.database import Database
from bot.store.tables import metadata
from tests.make import NINE
from tests.services.office import Office

TICKET, CLOCK = metadata.tables["ticket"], metadata.tables["clock"]
VERSION = metadata.tables["handbook_version"]


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
        ("opened_at", NINE - timedelta(hours=1), "T-1: opening is 2026-01-05T08:00:00+00:00, the trail gives "),
        ("owner", "kai", "T-1: owner is kai, the trail gives nobody"),
        ("state", "closed", "T-1: end is closed, the trail gives open"),
        ("tier", "gold", "T-1: tier is gold, the trail gives enterprise"),
        ("zone", "Asia/Tokyo", "T-1: zone is Asia/Tokyo, the trail gives America/New_York"),
        ("handbook", "another", "T-1: handbook is another, the trail gives "),
    ],
)
def test_a_ticket_that_was_changed_behind_the_record_shows(
    office: Office, column: str, value: object, difference: str
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


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(
    ("column", "value", "difference"),
    [
        ("excused", True, "excused is True, the trail gives False"),
        ("breached_at", None, "breached_at is None, the trail gives 2026-01-05T10:00:00+00:00"),
        ("started_at", NINE + timedelta(hours=1), "started_at is 2026-01-05T10:00:00+00:00, the trail gives "),
        ("severity", "sev4", "severity is sev4, the trail gives sev1"),
        ("rebased", True, "rebased is True, the trail gives False"),
    ],
)
def test_a_missed_target_cannot_be_made_good_behind_the_record(
    office: Office, column: str, value: object, difference: str
) -> None:
    with office.db.transaction() as session:
        missed = (CLOCK.c.ticket_number == 1) & (CLOCK.c.metric == "first_response")
        session.connection().execute(update(CLOCK).where(missed).values({column: value}))

    assert (verify(office.desk, now=office.now).difference or "").startswith(f"T-1 first_response 1: {difference}")


@pytest.mark.req("AU-1")
def test_a_miss_that_nobody_noticed_yet_is_no_difference(office: Office) -> None:
    assert verify(office.desk, now=office.now + timedelta(days=30)).difference is None


@pytest.mark.req("AU-1")
def test_two_tickets_that_changed_their_names_show(office: Office) -> None:
    with office.db.transaction() as session:
        for number, name in ((1, "T-0"), (2, "T-1"), (1, "T-2")):
            session.connection().execute(update(TICKET).where(TICKET.c.number == number).values(id=name))

    assert verify(office.desk, now=office.now).difference == "T-2: its row has the number 1"


@pytest.mark.req("AU-1")
def test_a_ticket_that_nobody_opened_shows(office: Office) -> None:
    with office.db.transaction() as session:
        row = session.connection().execute(select(TICKET).where(TICKET.c.number == 2)).mappings().one()
        forged = {**row, "number": 3, "id": "T-3", "thread_ts": "1.000001"}
        session.connection().execute(insert(TICKET), forged)

    assert verify(office.desk, now=office.now).difference == "T-3: there is a ticket, and the trail tells of none"


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(("gone", "said"), [(False, "is not what was pinned"), (True, "is gone")])
def test_a_promise_that_was_rewritten_or_removed_shows(office: Office, said: str, *, gone: bool) -> None:
    pinned = office.ticket("T-1").handbook
    with office.db.transaction() as session:
        of_it = VERSION.c.hash == pinned
        text = session.connection().execute(select(VERSION.c.text).where(of_it)).scalar_one()
        easier = text.replace('"first_response": "1 hour"', '"first_response": "9 hours"')
        assert easier != text
        change = delete(VERSION) if gone else update(VERSION).values(text=easier)
        session.connection().execute(change.where(of_it))

    difference = verify(office.desk, now=office.now).difference
    assert difference == f"handbook enterprise: version {pinned[:12]} {said}"
