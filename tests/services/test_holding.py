"""What can one do with a ticket that one has, and what if one forgets it?"""

import pytest

from bot.domain.errors import BadInput, MissingWords
from bot.domain.message import Kind
from bot.services import escalate, holding, page_answers, working
from bot.store.tables import Page
from tests.services.office import Office


def acknowledged(office: Office, *, by: str = "bo") -> str:
    """A Sev 1 that somebody of level 2 has acknowledged after fifty minutes."""
    ticket = office.opens()
    office.passes(minutes=50)
    office.does(by, page_answers.acknowledge, page=office.page_of(by, ticket=ticket))
    office.does(by, working.reply, ticket=ticket, text="We are on it.")
    return ticket


def pages_to(office: Office, name: str) -> int:
    return len(office.said(kind=Kind.PAGE, to=name))


def test_an_acknowledged_ticket_that_goes_quiet_pages_its_owner_again(office: Office) -> None:
    acknowledged(office)
    before = pages_to(office, "bo")

    office.passes(minutes=119)
    assert pages_to(office, "bo") == before

    office.passes(minutes=2)
    assert pages_to(office, "bo") == before + 1
    assert "nothing was heard of it" in office.said(kind=Kind.PAGE, to="bo")[-1]
    assert office.is_sound()


def test_activity_postpones_it(office: Office) -> None:
    ticket = acknowledged(office)
    before = pages_to(office, "bo")
    office.passes(minutes=100)

    office.does("bo", working.note, ticket=ticket, text="The vendor calls back at noon.")
    office.passes(minutes=100)

    assert pages_to(office, "bo") == before


def test_an_owner_who_stays_silent_is_passed_by(office: Office) -> None:
    acknowledged(office)
    office.passes(minutes=121)
    vic_before = pages_to(office, "vic")

    office.passes(hours=2)

    assert pages_to(office, "kai") > 0
    assert pages_to(office, "vic") > vic_before


def test_a_ticket_that_waits_for_the_customer_may_be_quiet(office: Office) -> None:
    ticket = acknowledged(office)
    office.does("bo", working.wait, ticket=ticket)
    before = pages_to(office, "bo")

    office.passes(hours=5)

    assert pages_to(office, "bo") == before


def test_resting_ends_by_itself_and_changes_no_update(office: Office) -> None:
    ticket = acknowledged(office)
    office.does("bo", holding.let_rest, ticket=ticket, words="4 hours", reason="The vendor looks at it.")
    before = pages_to(office, "bo")

    office.passes(hours=3, minutes=59)
    assert pages_to(office, "bo") == before
    assert len(office.said(kind=Kind.UPDATE)) == 4

    office.passes(minutes=2)
    assert pages_to(office, "bo") == before + 1


def test_only_what_somebody_has_can_rest_and_only_with_a_reason(office: Office) -> None:
    ticket = office.opens()

    with pytest.raises(BadInput, match="Acknowledge T-1 first"):
        office.does("ana", holding.let_rest, ticket=ticket, words="1 hour", reason="Lunch")

    office.passes(minutes=50)
    office.does("bo", page_answers.acknowledge, page=office.page_of("bo", ticket=ticket))
    with pytest.raises(MissingWords):
        office.does("bo", holding.let_rest, ticket=ticket, words="1 hour", reason=" ")


def test_handing_over_pages_the_colleague_who_has_it_from_then_on(office: Office) -> None:
    ticket = acknowledged(office)
    before = pages_to(office, "kai")

    office.does("bo", holding.hand_over, ticket=ticket, person="kai")

    assert office.ticket(ticket).owner == "kai"
    assert pages_to(office, "kai") == before + 1
    assert "handed over to you" in office.said(kind=Kind.PAGE, to="kai")[-1]
    office.does("kai", page_answers.acknowledge, page=office.page_of("kai", ticket=ticket))
    assert office.is_sound()


def test_nobody_outside_the_team_is_handed_a_ticket(office: Office) -> None:
    ticket = acknowledged(office)

    for stranger in ("cy", "nobody"):
        with pytest.raises(BadInput, match="of the support team"):
            office.does("bo", holding.hand_over, ticket=ticket, person=stranger)


def test_giving_it_back_begins_the_pages_again(office: Office) -> None:
    ticket = acknowledged(office)
    before = pages_to(office, "kai")

    office.does("bo", holding.give_back, ticket=ticket)

    assert office.ticket(ticket).owner is None
    assert pages_to(office, "kai") == before + 1
    with pytest.raises(BadInput, match="Nobody has T-1"):
        office.does("bo", holding.give_back, ticket=ticket)


@pytest.mark.req("PG-2")
def test_handing_over_to_one_of_those_who_are_paged_lets_the_others_go(office: Office) -> None:
    ticket = office.opens()
    office.passes(minutes=46)
    bos, kais = office.page_of("bo", ticket=ticket), office.page_of("kai", ticket=ticket)

    office.does("mei", holding.hand_over, ticket=ticket, person="bo")

    with office.db.reading() as session:
        assert session.get_one(Page, bos).state == "paging"
        assert session.get_one(Page, kais).state == "passed_on"
    assert office.page_of("bo", ticket=ticket) == bos, "nobody is paged twice for one step"


def test_whoever_takes_a_ticket_by_its_card_ends_its_pages(office: Office) -> None:
    ticket = office.opens()
    office.passes(minutes=50)

    office.does("mei", working.claim, ticket=ticket)
    office.does("mei", working.reply, ticket=ticket, text="We are on it.")
    paged = len(office.said(kind=Kind.PAGE))
    office.passes(minutes=100)

    assert len(office.said(kind=Kind.PAGE)) == paged
    assert office.ticket(ticket).owner == "mei"
    assert office.is_sound()


def test_starting_work_that_nobody_has_ends_its_pages(office: Office) -> None:
    ticket = office.opens()
    office.does("kai", working.start_work, ticket=ticket)
    office.does("kai", working.reply, ticket=ticket, text="We are on it.")
    paged = len(office.said(kind=Kind.PAGE))

    office.passes(minutes=100)

    assert len(office.said(kind=Kind.PAGE)) == paged


def test_whoever_has_a_ticket_does_not_end_a_call_for_others_by_claiming_it_again(office: Office) -> None:
    ticket = acknowledged(office)
    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="The board asks")

    office.does("bo", working.claim, ticket=ticket)
    before = len(office.said(kind=Kind.PAGE))
    office.passes(minutes=31)

    assert len(office.said(kind=Kind.PAGE)) > before


def test_who_had_a_ticket_that_somebody_claims_is_told_and_who_claims_it_reads_whose_it_was(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.claim, ticket=ticket)

    told = office.does("bo", working.claim, ticket=ticket, shown="ana")

    assert told.text == f"{ticket} is yours now. Ana Lima had it and is told."
    assert office.said(to="ana")[-1].startswith(f"{ticket} has passed from you to Bo Berg: Bo Berg took it over.")
    assert office.said(to="C0TRIAGE")[-1] == f"{ticket}: Bo Berg took it over from Ana Lima."
    before = office.said(to="ana")
    assert office.does("bo", working.claim, ticket=ticket).text == f"{ticket} is already yours."
    assert office.said(to="ana") == before


def test_who_claims_by_a_card_gone_by_takes_nothing_from_who_was_faster(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))

    told = office.does("bo", working.claim, ticket=ticket)

    assert told.text == f"Ana Lima has {ticket} already. To take it over, press Claim on the card once more."
    assert office.ticket(ticket).owner == "ana"
    office.does("bo", working.claim, ticket=ticket, shown="ana")
    assert office.ticket(ticket).owner == "bo"
    office.does("mei", working.claim, ticket=ticket, shown="ana")
    assert office.ticket(ticket).owner == "bo"
    office.does("bo", holding.give_back, ticket=ticket)
    office.does("mei", working.claim, ticket=ticket, shown="bo")
    assert office.ticket(ticket).owner == "mei"


def test_who_had_a_ticket_is_told_when_a_page_gives_it_to_somebody_else(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.claim, ticket=ticket)
    office.does("mei", escalate.escalate, ticket=ticket, level="3", reason="They are waiting")
    office.does("kai", page_answers.acknowledge, page=office.page_of("kai", ticket=ticket))
    assert any(said.startswith(f"{ticket} has passed from you to Kai Sato") for said in office.said(to="ana"))


def test_a_ticket_that_a_third_person_hands_over_says_who_did_it_and_tells_who_had_it(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.claim, ticket=ticket)
    office.does("mei", holding.hand_over, ticket=ticket, person="kai")
    assert f"{ticket}: Mei Tan handed it over to Kai Sato; Ana Lima had it." in office.said(to="C0TRIAGE")
    assert "Kai Sato: Mei Tan handed it over." in office.said(to="ana")[-1]


def test_a_rest_ends_with_what_it_was_meant_for(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("ana", working.claim, ticket=ticket)
    office.does("ana", holding.let_rest, ticket=ticket, words="8 weeks", reason="The vendor ships it in March")
    office.does("mei", working.regrade, ticket=ticket, severity="sev1", reason="Nobody finds anything now")
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    office.does("ana", working.reply, ticket=ticket, text="We are on it.")
    before = pages_to(office, "ana")

    office.passes(hours=2)

    assert pages_to(office, "ana") == before + 1
    assert "nothing was heard of it" in office.said(kind=Kind.PAGE, to="ana")[-1]
