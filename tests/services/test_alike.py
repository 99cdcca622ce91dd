"""The same problem reported twice is offered as one: to engineers, once, however many report it."""

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput
from bot.domain.message import Kind
from bot.services import alike, incident_forms, incidents, triage
from bot.store.incident_tables import IncidentTicket
from bot.store.tables import OutboxRow
from tests.services.office import Office
from tests.services.test_incidents import CLOSING, opened


def offers(office: Office) -> list[OutboxRow]:
    with office.db.reading() as session:
        statement = select(OutboxRow).where(col(OutboxRow.card).startswith("alike:")).order_by(col(OutboxRow.seq))
        return list(session.exec(statement))


def card_of(office: Office, ticket: str) -> str:
    """What a ticket's card says at last."""
    with office.db.reading() as session:
        statement = select(OutboxRow).where(OutboxRow.card == f"card:{office.ticket(ticket).number}")
        return str(session.exec(statement.order_by(col(OutboxRow.seq))).all()[-1].payload["blocks"])


def shown(office: Office) -> tuple[str, list[str]]:
    """What the only offer says at last, and its buttons."""
    rows = offers(office)
    assert len([row for row in rows if row.op == "post"]) == 1
    buttons = [each["text"]["text"] for block in rows[-1].payload["blocks"] for each in block.get("elements", ())
               if each["type"] == "button"]  # fmt: skip
    return str(rows[-1].payload["text"]), buttons


def linked(office: Office) -> list[int]:
    with office.db.reading() as session:
        return sorted(session.exec(select(IncidentTicket.ticket_number)).all())


@pytest.mark.req("IN-11")
def test_two_customers_with_the_same_outage_are_offered_as_one_incident(office: Office) -> None:
    ours = opened(office, "acme", "sev2 Checkout is down")
    theirs = opened(office, "globex", "sev2 The checkout does not load")
    office.passes(minutes=1)

    text, buttons = shown(office)
    assert text.startswith(f"{ours} (Acme Corp) may be the same problem as {theirs} (Globex).")
    assert buttons == [f"Link to {theirs}", "Not the same"]
    assert [row.lane for row in offers(office)] == ["C0TRIAGE"]

    office.does("bo", alike.link_all, ticket=ours)

    assert linked(office) == [1, 2]
    text, buttons = shown(office)
    assert (text, buttons) == (f"{ours} and {theirs} belong to I-1.", [])
    with pytest.raises(BadInput, match="waits for a decision"):
        office.does("ana", alike.link_all, ticket=ours)
    assert office.is_sound()


@pytest.mark.req("IN-11")
def test_one_customer_reporting_twice_is_offered_a_merge(office: Office) -> None:
    first = opened(office, "acme", "sev2 Checkout is down")
    second = opened(office, "acme", "sev2 Checkout down again")
    office.passes(minutes=1)

    assert shown(office)[1] == [f"Merge {second} into {first}", "Not the same"]
    form = office.does("bo", incident_forms.merge_form, pair=f"{second}:{first}").view
    assert form is not None
    assert first in str([block for block in form["blocks"] if block.get("block_id") == "into"])

    office.does("bo", triage.merge, ticket=second, into=first, reason="The same")

    assert shown(office) == (f"Nothing else is open that looks like {first}.", [])


@pytest.mark.req("IN-11")
def test_twenty_reports_of_one_outage_are_one_message(office: Office) -> None:
    for number in range(20):
        opened(office, ("acme", "globex", "fern")[number % 3], f"sev3 Checkout {'is down' if number % 2 else 'fails'}")
    office.passes(minutes=1)

    text, buttons = shown(office)
    assert text.count("T-") >= 20
    assert "Link all" in buttons

    office.does("bo", alike.link_all, ticket="T-1")
    assert linked(office) == list(range(1, 21))


@pytest.mark.req("IN-11")
def test_what_is_not_the_same_is_not_offered_again(office: Office) -> None:
    ours = opened(office, "acme", "sev2 Checkout is down")
    theirs = opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)

    office.does("bo", alike.keep_apart, ticket=ours)

    assert shown(office) == (f"Not the same as {ours}, says Bo Berg: {theirs}.", [])
    assert linked(office) == []


def test_one_that_comes_later_joins_the_incident_with_one_click(office: Office) -> None:
    ours = opened(office, "acme", "sev2 Checkout is down")
    opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)
    office.does("bo", alike.link_all, ticket=ours)

    opened(office, "fern", "sev3 Checkout is down")
    office.passes(minutes=1)

    assert shown(office)[1] == ["Link to I-1", "Not the same"]
    office.does("ana", alike.link_all, ticket=ours)
    assert linked(office) == [1, 2, 3]


def test_what_was_linked_to_an_incident_that_is_over_is_not_said_to_belong_to_nothing(office: Office) -> None:
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)
    office.does("bo", alike.link_all, ticket=ours)

    office.does("bo", incidents.resolve, incident="I-1", values=CLOSING, chosen=[ours, theirs])
    office.delivers()

    assert shown(office)[0] == f"{ours} and {theirs} were linked to an incident."


def test_what_came_long_before_or_is_over_is_not_compared(office: Office) -> None:
    old = opened(office, "acme", "sev3 Checkout is down")
    office.passes(hours=5)
    declined = opened(office, "acme", "sev3 Checkout is down")
    office.does("bo", triage.decline, ticket=declined, reason="A test")

    opened(office, "globex", "sev3 Checkout is down")
    office.passes(minutes=1)

    assert offers(office) == []
    assert office.ticket(old).state == "new"


def test_no_customer_reads_of_an_offer(office: Office) -> None:
    opened(office, "acme", "sev2 Checkout is down")
    opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)
    office.does("bo", alike.link_all, ticket="T-1")

    told = "\n".join(office.said(to="C0ACME"))
    assert "Globex" not in told
    assert "T-2" not in told
    assert "I-1" not in told


def test_a_ticket_that_somebody_linked_by_hand_stays_where_it_is(office: Office) -> None:
    opened(office, "acme", "sev2 Checkout is down")
    theirs = opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)
    office.does("ana", incidents.link, ticket=theirs, incident="", title="Ours")

    office.does("bo", alike.link_all, ticket="T-1")

    assert linked(office) == [1, 2]
    assert office.said(kind=Kind.ALARM) == []


def test_what_looks_like_a_merged_ticket_is_offered_beside_the_one_that_goes_on(office: Office) -> None:
    first = opened(office, "acme", "sev2 Checkout is down")
    theirs = opened(office, "globex", "sev2 The checkout does not load")
    again = opened(office, "acme", "sev2 Checkout down again")
    office.passes(minutes=1)

    office.does("bo", triage.merge, ticket=first, into=again, reason="The same")

    rows = offers(office)
    assert [row.card for row in rows if row.op == "post"] == ["alike:1", "alike:3"]
    last = {row.card: str(row.payload["text"]) for row in rows}
    assert last["alike:1"] == f"Nothing else is open that looks like {first}."
    assert last["alike:3"].startswith(f"{again} (Acme Corp) may be the same problem as {theirs} (Globex).")
    office.does("bo", alike.link_all, ticket=again)
    assert linked(office) == [2, 3]
    with pytest.raises(BadInput, match="waits for a decision"):
        office.does("bo", alike.link_all, ticket=first)


def test_the_card_of_a_ticket_of_an_incident_names_no_other_that_it_looks_like(office: Office) -> None:
    first, second = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 Checkout is down")
    office.passes(minutes=1)
    assert f"looks like {first}" in card_of(office, second)
    office.does("bo", incidents.link, ticket=second, incident="", title="Cards")
    office.passes(minutes=1)
    assert "incident I-1" in card_of(office, second)
    assert "looks like" not in card_of(office, second)
