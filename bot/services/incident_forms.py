"""Which form about an incident does a person get? Opening one changes nothing."""

from datetime import datetime

from bot.domain.errors import BadInput
from bot.domain.incident import TITLE_LIMIT
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import WORKED_STATES, State
from bot.domain.triage import one_line
from bot.messages import incident_forms as texts
from bot.messages.view import Choice
from bot.services import forms, incident_news, incidents, views
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import incidents as rows
from bot.store import people


def link_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that makes a ticket part of an incident: an open one, or a new one named after the ticket."""
    check(actor, Action.TRIAGE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    found = rows.open_ones(work.session)
    choices = tuple(Choice(each.id, f"{each.id} {one_line(each.title, 60)}") for each in found)
    return Answer(
        view=texts.link_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            incidents=choices,
            # A title wins over a choice, so that it is proposed only where there is nothing to choose.
            title="" if choices else one_line(row.summary, TITLE_LIMIT),
            metadata={"ticket": row.id, "channel": row.channel},
        )
    )


def merge_form(work: Work, *, actor: Actor, pair: str, now: datetime) -> Answer:
    """Show the form that merges the first ticket of a pair (`T-2:T-1`) into the second one."""
    ticket, _, into = pair.partition(":")
    return forms.merge_form(work, actor=actor, ticket=ticket, into=into, now=now)


def update_form(work: Work, *, actor: Actor, incident: str, now: datetime) -> Answer:  # noqa: ARG001 - every use case takes it
    """Show the form for one update to all customers who would get it. Raises BadInput where that is nobody."""
    check(actor, Action.WORK)
    found = incidents.still_going(work, incident, lock=False)
    worked = [row for row in rows.tickets_of(work.session, found.number_known) if State(row.state) in WORKED_STATES]
    if not worked:
        raise BadInput("nobody_reads", incident=found.id, field="known")
    names = [people.customer(work.session, each) for each in dict.fromkeys(row.customer_id for row in worked)]
    return Answer(
        view=texts.update_form(
            work.desk.catalog,
            incident=found.id,
            customers=tuple(each.name for each in names if each is not None),
            metadata={"incident": found.id},
        )
    )


def resolve_form(work: Work, *, actor: Actor, incident: str, now: datetime) -> Answer:  # noqa: ARG001 - as every use case
    """Show the form that resolves an incident, with each ticket that it would resolve too."""
    check(actor, Action.RESOLVE)
    found = incidents.still_going(work, incident, lock=False)
    worked = [
        row for row in rows.tickets_of(work.session, found.number_known) if State(row.state) in WORKED_STATES
    ]  # fmt: skip
    return Answer(
        view=texts.resolve_form(
            work.desk.catalog,
            incident=found.id,
            parts=incident_news.parts_of(work, worked),
            metadata={"incident": found.id},
        )
    )
