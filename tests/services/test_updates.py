"""Where do the words of an update go that nobody waits for, or that come too late?"""

import pytest

from bot.domain.errors import Over
from bot.services import triage, updates
from bot.store.database import Database
from tests.services.office import Office

WORDS = {"known": "A disk is full"}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.mark.req("UP-3")
def test_words_for_which_no_update_is_planned_reach_the_customer_at_once(office: Office) -> None:
    ticket = office.opens("sev3 The export is empty")
    office.does("ana", updates.write, ticket=ticket, values=WORDS)
    assert office.said(to="C0ACME")[-1].startswith("T-1 update 1")
    assert "A disk is full" in office.said(to="C0ACME")[-1]
    assert office.is_sound()


def test_an_update_of_a_ticket_that_ended_meanwhile_is_refused(office: Office) -> None:
    ticket, other = office.opens(), office.opens("sev1 Checkout is down for everybody")
    office.does("mei", triage.merge, ticket=ticket, into=other, reason="The same")
    with pytest.raises(Over):
        office.does("ana", updates.write, ticket=ticket, values=WORDS)
    with pytest.raises(Over):
        office.does("ana", updates.approve, asked=f"{ticket}:1", at_once=True)
