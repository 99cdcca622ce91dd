"""Where do the words of an update go that nobody waits for, or that come too late?"""

import json

import pytest

from bot.domain.errors import Over
from bot.services import forms, triage, updates
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


def test_whoever_takes_the_place_of_an_update_that_was_written_meanwhile_reads_it(office: Office) -> None:
    ticket = office.opens()

    def opens_the_form() -> str:
        view = office.does("bo", forms.update_form, ticket=ticket).view
        assert view is not None
        return str(json.loads(view["private_metadata"])["seen"])

    empty = opens_the_form()
    words = {"known": "A disk is full", "next": "We make room"}
    assert office.does("mei", updates.write, ticket=ticket, values=words, seen=empty).text == ""
    with_meis = opens_the_form()

    said = office.does("bo", updates.write, ticket=ticket, values={"known": "The cache is cold"}, seen=empty).text
    assert said == (
        f"Mei Tan wrote the next update of {ticket} while your form was open. It says what you wrote now, not this:\n"
        ">A disk is full\n>We make room\n"
        "To say both, open the form again."
    )
    office.does("mei", updates.write, ticket=ticket, values=words)
    known = office.does("bo", updates.write, ticket=ticket, values={"known": "Both"}, seen=with_meis)
    assert known.text == "", "the form showed what Mei wrote"


def test_whoever_writes_an_update_while_its_moment_goes_by_hears_when_their_words_go_out(office: Office) -> None:
    ticket = office.opens()
    office.passes(minutes=59)
    view = office.does("bo", forms.update_form, ticket=ticket).view
    assert view is not None
    promised = str(json.loads(view["private_metadata"])["due_at"])

    assert office.does("bo", updates.write, ticket=ticket, values=WORDS, promised=promised).text == ""
    office.passes(minutes=2)

    said = office.does("bo", updates.write, ticket=ticket, values=WORDS, promised=promised).text
    assert said == (
        f"Your words for {ticket} go out 12:00 CET, and not 11:00 CET as the form said. You can change them until then."
    )
