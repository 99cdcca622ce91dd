"""What does somebody of ours get asked about twice before a customer reads it, and what is kept of it?"""

import pytest

from bot.domain.leak import HeldBack, fingerprint
from bot.services import incidents, queries, updates, working
from tests.services.office import Office

NOTE = "The vendor admits that they lost our backups last year"
CLOSING = {"root_cause": "a disk", "workaround": "none", "prevention": "an alarm"}


@pytest.fixture
def ticket(office: Office) -> str:
    """A ticket with an internal note."""
    found = office.opens("sev2 Slow")
    office.does("ana", working.note, ticket=found, text=NOTE)
    return found


def history(office: Office, ticket: str) -> str:
    return office.does("ana", queries.show_ticket, ticket=ticket).text


@pytest.mark.req("LC-6")
def test_a_reply_that_quotes_a_note_is_held_back_and_sent_only_with_what_was_shown(office: Office, ticket: str) -> None:
    text = "Sorry! The vendor admits that they lost our backups."
    with pytest.raises(HeldBack) as held:
        office.does("ana", working.reply, ticket=ticket, text=text)
    assert office.said(to="C0ACME") == office.said(to="C0ACME")
    assert not [said for said in office.said(to="C0ACME") if "vendor" in said]

    with pytest.raises(HeldBack):
        office.does("ana", working.reply, ticket=ticket, text=f"{text} As at Globex.", anyway=mark(held.value))
    office.does("ana", working.reply, ticket=ticket, text=text, anyway=mark(held.value))

    assert [said for said in office.said(to="C0ACME") if "vendor" in said]
    assert "was shown words of an internal note in the reply and sent it anyway" in history(office, ticket)
    assert office.is_sound()


def mark(held: HeldBack) -> str:
    return fingerprint(held.found)


@pytest.mark.req("LC-6")
def test_updates_and_resolutions_are_held_back_too(office: Office, ticket: str) -> None:
    with pytest.raises(HeldBack, match="Globex"):
        office.does("ana", updates.write, ticket=ticket, values={"known": "globex sees it as well"})
    with pytest.raises(HeldBack, match="another customer"):
        office.does("ana", working.resolve, ticket=ticket, values={**CLOSING, "prevention": "We told Gil Roux"})
    with pytest.raises(HeldBack, match="password or key"):
        office.does("ana", working.reply, ticket=ticket, text="Use AKIAIOSFODNN7EXAMPLE for now")

    assert office.ticket(ticket).state == "new"
    assert office.ticket(ticket).draft == {}


def test_what_the_customer_wrote_may_be_said_back(office: Office, ticket: str) -> None:
    office.does("ana", working.note, ticket=ticket, text="the report of march shows twice the total of february")
    found = office.opens("sev3 the report of march shows twice the total of february")
    office.does("ana", working.note, ticket=found, text="the report of march shows twice the total of february")

    office.does("ana", working.reply, ticket=found, text="So the report of march shows twice the total of february?")

    assert office.ticket(found).state == "responded"


def test_an_incidents_words_are_asked_about_once_for_all_its_tickets(office: Office, ticket: str) -> None:
    other = office.opens("sev2 Slower")
    office.does("ana", working.note, ticket=other, text="We forgot to renew the certificate on Sunday night")
    office.does("ana", incidents.link, ticket=ticket, incident="new", title="Slow everywhere")
    office.does("ana", incidents.link, ticket=other, incident="I-1", title="")
    words = {"known": f"{NOTE}. We forgot to renew the certificate on Sunday."}
    with pytest.raises(HeldBack) as held:
        office.does("ana", incidents.write_update, incident="I-1", values=words)
    assert len(held.value.found) == 2

    office.does("ana", incidents.write_update, incident="I-1", values={**words, "anyway": mark(held.value)})

    for each in (ticket, other):
        assert "in the update and sent it anyway" in history(office, each)
