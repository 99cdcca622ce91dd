"""What if the machine's clock is set back, or two machines do not agree? People go on working, and the record holds."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.delivery.relay import LEASE_FOR
from bot.services import breaches, working
from bot.store import clocks, set_back
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.services.office import Office

pytestmark = pytest.mark.req("AU-1")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def state(office: Office, ticket: str, metric: str) -> str:
    with office.db.reading() as session:
        found = clocks.of_ticket(session, office.ticket(ticket).number_known)
        return next(row.state for row in found if row.metric == metric)


@pytest.mark.parametrize("back", [timedelta(milliseconds=20), timedelta(hours=1), timedelta(days=2)], ids=str)
def test_a_ticket_is_worked_on_by_a_clock_that_is_behind_its_opening(office: Office, back: timedelta) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.now -= back

    office.does("bo", working.claim, ticket=ticket)
    office.does("bo", working.reply, ticket=ticket, text="We are on it.")

    assert state(office, ticket, "first_response") == "met"
    assert office.is_sound()


def test_a_target_that_was_missed_stays_so_and_can_be_excused(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.passes(hours=2)
    assert state(office, ticket, "first_response") == "breached"
    office.now -= timedelta(minutes=90)

    assert office.is_sound()
    office.does("mei", breaches.excuse, ticket=ticket, metric="first_response", reason="Their line was cut")
    assert state(office, ticket, "first_response") == "breached"
    assert office.is_sound()


def test_pages_and_messages_do_not_wait_until_the_clock_is_as_late_again(office: Office) -> None:
    office.opens("sev1 Checkout is down")
    with office.db.transaction() as session:
        # One is on its way, by a process that was killed meanwhile.
        row = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq)).limit(1)).one()
        row.state, row.lease_until = "sending", office.now + LEASE_FOR
    office.now -= timedelta(hours=1)
    second = office.opens("sev1 The shop is down")

    with office.db.transaction() as session:
        set_back.let_go(session, lease_for=LEASE_FOR, now=office.now)
    office.delivers()

    with office.db.reading() as session:
        left = session.exec(select(OutboxRow).where(col(OutboxRow.state).in_(("pending", "sending")))).all()
    assert [(row.lane, row.kind, row.state) for row in left] == []
    assert office.page_of("ana", ticket=second)
