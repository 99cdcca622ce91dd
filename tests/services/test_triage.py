"""Triage declines a ticket, or merges it into another, with a reason that the customer reads."""

from functools import partial

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput, MissingWords, NotAllowed, Over, Settled
from bot.domain.message import Kind
from bot.services import escalate, forms, holding, intake, page_answers, triage, working
from bot.store import clocks
from bot.store.tables import Clock, Deadline, OutboxRow
from tests.services.office import Office

CLOSING = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert on the disk"}


def clocks_of(office: Office, ticket: str) -> dict[str, Clock]:
    with office.db.reading() as session:
        return {clock.metric: clock for clock in clocks.of_ticket(session, office.ticket(ticket).number_known)}


def edits_of(office: Office, ticket: str) -> list[str]:
    """What the messages of a ticket were changed to say."""
    number = office.ticket(ticket).number
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.op == "edit", OutboxRow.ticket_number == number))
        return [str(row.payload["text"]) for row in rows]


@pytest.mark.req("SV-5")
def test_a_declined_ticket_tells_its_customer_why_and_its_clocks_end(office: Office) -> None:
    ticket = office.opens("sev2 Please paint the office")

    office.does("bo", triage.decline, ticket=ticket, reason="We paint no offices")

    assert office.ticket(ticket).state == "declined"
    (said,) = office.said(kind=Kind.CLOSING, to="C0ACME")
    assert said.startswith(f"{ticket} is declined: Bo Berg declined it. We paint no offices. If that is wrong, write")
    assert {clock.state for clock in clocks_of(office, ticket).values()} == {"cancelled"}
    with office.db.reading() as session:
        due = select(Deadline.kind).where(col(Deadline.ticket_number) == office.ticket(ticket).number)
        assert session.exec(due).all() == []
    assert office.is_sound()


@pytest.mark.req("SV-5")
def test_a_declined_sev_1_stops_its_pages(office: Office) -> None:
    ticket = office.opens("sev1 This is a test")
    office.does("bo", triage.decline, ticket=ticket, reason="It was a test")
    before = len(office.said(kind=Kind.PAGE))

    office.passes(hours=5)

    assert len(office.said(kind=Kind.PAGE)) == before
    assert office.said(kind=Kind.UPDATE) == []


@pytest.mark.req("SV-5")
def test_a_merged_ticket_leaves_the_earliest_start_to_its_survivor(office: Office) -> None:
    first = office.opens("sev3 Search is slow")
    office.passes(minutes=30)
    second = office.opens("sev3 Search takes a minute")

    office.does("bo", triage.merge, ticket=first, into=second, reason="The same search")

    assert office.ticket(first).state == "merged"
    ended, goes_on = clocks_of(office, first)["first_response"], clocks_of(office, second)["first_response"]
    assert ended.state == "merged"
    assert goes_on.started_at == ended.started_at
    (said,) = office.said(kind=Kind.CLOSING, to="C0ACME")
    assert said.startswith(f"{first} is merged: it is the same problem as {second}, which goes on in its place. The sa")
    assert said.endswith(f"Whatever you write here is taken into {second}.")
    assert office.ticket(first).followed_by == office.ticket(second).number
    assert office.is_sound()


@pytest.mark.req("SV-5")
def test_what_cannot_be_merged_is_refused_in_one_sentence(office: Office) -> None:
    ticket, other = office.opens("sev3 Search is slow"), office.opens("sev3 Search takes a minute")

    with pytest.raises(BadInput, match="into itself"):
        office.does("bo", triage.merge, ticket=ticket, into=ticket, reason="x")
    with pytest.raises(MissingWords):
        office.does("bo", triage.merge, ticket=ticket, into=other, reason=" ")
    office.does("bo", triage.decline, ticket=other, reason="No")
    with pytest.raises(BadInput, match="not being worked on"):
        office.does("bo", triage.merge, ticket=ticket, into=other, reason="x")
    with pytest.raises(Over):
        office.does("bo", triage.decline, ticket=other, reason="Again")
    assert office.ticket(ticket).state == "new"


def test_only_support_triages_and_a_solved_ticket_is_not_declined_or_merged(office: Office) -> None:
    ticket, other = office.opens("sev3 Search is slow"), office.opens("sev3 Search is very slow")
    with pytest.raises(NotAllowed):
        office.does("cy", triage.decline, ticket=ticket, reason="x")
    office.does("bo", working.resolve, ticket=ticket, values=CLOSING)
    for refused in (
        partial(office.does, "bo", triage.decline, ticket=ticket, reason="x"),
        partial(office.does, "bo", triage.merge, ticket=ticket, into=other, reason="x"),
    ):
        with pytest.raises(Settled, match="press Still broken on the resolution"):
            refused()


@pytest.mark.req("SV-5")
def test_the_form_offers_only_other_open_tickets_of_the_same_customer(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    alone = office.does("bo", forms.merge_form, ticket=ticket).view
    other = office.opens("sev4 A typo")

    view = office.does("bo", forms.merge_form, ticket=ticket).view

    assert alone is not None
    assert "submit" not in alone
    assert view is not None
    assert [each["value"] for each in view["blocks"][1]["element"]["options"]] == [other]


@pytest.mark.req("UP-6")
def test_what_was_learned_reaches_the_customer_after_an_escalated_ticket_closes(office: Office) -> None:
    calm, escalated = office.opens("sev4 A typo"), office.opens("sev3 Search is slow")
    office.does("mei", escalate.escalate, ticket=escalated, level="2", reason="They are waiting")
    for ticket in (calm, escalated):
        office.does("bo", working.resolve, ticket=ticket, values=CLOSING)
        office.does("cy", working.confirm, ticket=ticket)

    plain, learned = office.said(kind=Kind.CLOSING, to="C0ACME")

    assert "What we learned" not in plain
    assert "What we learned: An alert on the disk." in learned


@pytest.mark.req("SV-4")
@pytest.mark.parametrize(("said", "graded"), [({}, "sev4"), ({"severity": "sev2"}, "sev2")])
def test_the_category_proposes_a_severity_where_nobody_named_one(
    office: Office, said: dict[str, str], graded: str
) -> None:
    values = {"summary": "Darker colours, please", "category": "feature", **said}

    answer = office.does("cy", intake.open_by_form, channel="C0ACME", values=values)

    assert answer.ticket
    assert office.ticket(answer.ticket).severity == graded


@pytest.mark.req("SV-5")
def test_a_sev_1_that_is_merged_into_a_lesser_ticket_makes_it_a_sev_1_that_goes_on_paging(office: Office) -> None:
    severe, lesser = office.opens("sev1 Checkout is down"), office.opens("sev3 The shop shows an error")
    told = office.does("bo", triage.merge, ticket=severe, into=lesser, reason="The same outage").text

    assert told == f"{severe} is merged into {lesser}, which is Sev 1 (Critical) now."
    assert office.ticket(lesser).severity == "sev1"
    assert [said for said in office.said(kind=Kind.PAGE, to="ana") if said.startswith(f"{lesser} needs you")]
    office.passes(hours=1)
    assert [said for said in office.said(kind=Kind.UPDATE, to="C0ACME") if said.startswith(f"{lesser} update 1")]
    assert office.is_sound()


@pytest.mark.req("SV-5")
def test_whoever_has_the_duplicate_has_its_survivor_and_is_told_instead_of_paged(office: Office) -> None:
    severe, lesser = office.opens("sev1 Checkout is down"), office.opens("sev3 The shop shows an error")
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=severe))
    before = len(office.said(kind=Kind.PAGE, to="ana"))
    office.does("bo", triage.merge, ticket=severe, into=lesser, reason="The same outage")

    assert (office.ticket(lesser).owner, office.ticket(lesser).severity) == ("ana", "sev1")
    assert len(office.said(kind=Kind.PAGE, to="ana")) == before
    (told,) = [said for said in office.said(to="ana") if said.startswith(f"{lesser} is yours now")]
    assert f"{severe}, which was merged into it, was theirs" in told


@pytest.mark.req("SV-5")
def test_an_escalation_that_nobody_answered_outlives_a_merge(office: Office) -> None:
    escalated, calm = office.opens("sev3 Search is slow"), office.opens("sev3 Search takes a minute")
    office.does("mei", escalate.escalate, ticket=escalated, level="3", reason="They are waiting")
    office.does("bo", triage.merge, ticket=escalated, into=calm, reason="The same search")

    (page,) = [said for said in office.said(kind=Kind.PAGE, to="kai") if said.startswith(f"{calm} needs you")]
    assert "They are waiting" in page
    office.does("kai", page_answers.acknowledge, page=office.page_of("kai", ticket=calm))
    assert office.ticket(calm).owner == "kai"


def test_everything_about_a_merged_ticket_names_the_one_that_goes_on(office: Office) -> None:
    gone, on = office.opens("sev1 Checkout is down"), office.opens("sev1 The shop shows an error")
    office.does("bo", triage.merge, ticket=gone, into=on, reason="The same outage")

    with pytest.raises(Over) as refused:
        office.does("bo", escalate.escalate, ticket=gone, level="3", reason="x")
    assert refused.value.sentence == f"{gone} was merged into {on}, which goes on in its place. Please use that one."
    edits = edits_of(office, gone)
    assert f"{gone}: we have your ticket. Sev 1 (Critical): Checkout is down. It is merged into {on}." in edits
    assert any(edit.startswith(f"{gone}: No longer needed") and f"it was merged into {on}." in edit for edit in edits)
    assert any(f"merged into {on}, no owner" in edit for edit in edits)
    assert f"{gone}: we asked for details here; they are no longer needed. Checkout is down." in edits


@pytest.mark.req("UP-6")
def test_a_merge_takes_over_the_escalation_and_ends_a_rest(office: Office) -> None:
    survivor, duplicate = office.opens("sev2 Search is slow"), office.opens("sev2 The search is slow")
    office.does("ana", working.claim, ticket=survivor)
    office.does("ana", working.reply, ticket=survivor, text="We look at it.")
    office.does("ana", holding.let_rest, ticket=survivor, words="3 weeks", reason="The vendor looks at it")
    office.does("mei", escalate.escalate, ticket=duplicate, level="3", reason="They lose orders")
    office.does("kai", page_answers.acknowledge, page=office.page_of("kai", ticket=duplicate))
    office.passes(hours=1)

    office.does("mei", triage.merge, ticket=duplicate, into=survivor, reason="The same")

    row = office.ticket(survivor)
    assert (row.level, row.snoozed_until) == (3, None)
    office.passes(hours=3)
    assert [each.split(" ", 1)[0] for each in office.said(kind=Kind.UPDATE)] == [survivor]
    assert office.is_sound()
