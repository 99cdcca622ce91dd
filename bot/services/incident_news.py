"""What do our own people see of an incident, and what follows for it when one of its tickets moves on?

The card stands in the triage channel (else in operations) and is edited in place; the offer of tickets that look alike
stands under the card of the first of them, one message however many come.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.events import (
    Acknowledged,
    Assigned,
    Claimed,
    Closed,
    Declined,
    Event,
    Merged,
    Opened,
    Regraded,
    Released,
    Reopened,
    Replied,
    Resolved,
    UpdatePosted,
    WaitingEnded,
    WaitingStarted,
    WorkStarted,
)
from bot.domain.events.incidents import IncidentResolved
from bot.domain.events.words import Words
from bot.domain.incident import IncidentState
from bot.domain.message import InternalMessage, Kind, Unworded, Visibility
from bot.domain.ticket import OPEN_STATES, Severity, State, in_words
from bot.messages import incidents as texts
from bot.messages.incidents import IncidentView, OfferView, Part
from bot.messages.view import graded
from bot.services import ladder, staff_news, timeline, views
from bot.services.desk import Work
from bot.store import incidents, offers, outbox, people, remembered, standing, tickets
from bot.store.incident_tables import Incident
from bot.store.offers import Line
from bot.store.tables import Ticket

CARD = Unworded(Kind.CARD, Visibility.INTERNAL)
OFFER = Unworded(Kind.NOTICE, Visibility.INTERNAL)
"""What an incident's card and an offer say is found as they leave (see standing.py): two processes may be at two of its
tickets at once, and neither sees then what the other one changes."""

SHOWN = (
    Acknowledged, Assigned, Claimed, Closed, Declined, Merged, Opened, Regraded, Released, Reopened, Replied, Resolved,
    UpdatePosted, WaitingEnded, WaitingStarted, WorkStarted,
)  # fmt: skip
"""What changes a ticket's line on the cards: its severity, how it stands, who has it."""


def card(work: Work, incident: Incident, *, now: datetime) -> None:
    """Show an incident as it stands: posted once, then edited."""
    key = f"incident:{incident.number_known}"
    channel = remembered.value(work.session, staff_news.TRIAGE) or remembered.value(work.session, staff_news.OPERATIONS)
    if channel is None:
        return
    posted = outbox.post(work.session, message=CARD, lane=channel, id=work.new_id(), card=key, key=key, now=now)
    if posted is None:
        standing.say_anew(work.session, message=CARD, card=key, token=work.new_id, ticket_number=None, now=now)


def offer(work: Work, first: Ticket, *, now: datetime) -> None:
    """Show what looks like a ticket: one message under its card, edited as more come and as somebody decides."""
    channel = remembered.value(work.session, staff_news.TRIAGE)
    if channel is None:
        return
    key = f"alike:{first.number_known}"
    posted = outbox.post(
        work.session, message=OFFER, lane=channel, id=work.new_id(), card=key, key=key,
        thread=staff_news.room_of(first), ticket_number=first.number_known, now=now,
    )  # fmt: skip
    if posted is None:
        standing.say_anew(
            work.session, message=OFFER, card=key, token=work.new_id, ticket_number=first.number_known, now=now
        )


def follow(work: Work, row: Ticket, event: Event, *, now: datetime) -> None:
    """Let cards and offers show how a ticket stands now; an incident ends with the last of its tickets."""
    if not isinstance(event, SHOWN):
        return
    incident = None if isinstance(event, Opened) else incidents.of_ticket(work.session, row.number_known)
    if incident is not None:
        # The place of a merged ticket goes to its survivor, which comes after.
        if State(row.state) not in OPEN_STATES and not isinstance(event, Merged):
            end_if_over(work, incident, now=now)
        card(work, incident, now=now)
    found = incidents.alike(work.session, row.number_known)
    if found is not None:
        if found.state == "waiting" and State(row.state) not in OPEN_STATES:
            found.state = "over"
        first = tickets.by_number(work.session, found.offer)
        if first is not None:
            offer(work, first, now=now)


def end_if_over(work: Work, incident: Incident, *, now: datetime) -> None:
    """End an incident where no ticket of it is open any more.

    It is locked for that: of its last two tickets, which two processes close at once, one must see the other.
    """
    incident = incidents.incident(work.session, incident.number_known, lock=True) or incident
    rows = incidents.tickets_of(work.session, incident.number_known)
    if incident.state == IncidentState.OPEN and all(State(each.state) not in OPEN_STATES for each in rows):
        incident.state, incident.resolved_at = IncidentState.RESOLVED.value, now
        event = IncidentResolved(how="over", tickets=tuple(each.id for each in rows), root_cause=Words(""))
        timeline.record_incident(work, incident, event, by=ladder.BOT, now=now)


def part(work: Work, row: Ticket) -> Part:
    """A ticket as an incident shows it: one line, and many stand in one message."""
    customer = people.customer(work.session, row.customer_id)
    severity, state = Severity(row.severity), State(row.state)
    return Part(
        id=row.id,
        customer=customer.name if customer else row.customer_id,
        grade=graded(severity, work.handbook(row).severity_names()[severity]),
        stands=in_words(state, row.waiting_for),
        summary=row.summary,
        owner=people.name_of(work.session, row.owner) if row.owner else "",
        is_over=state not in OPEN_STATES,
    )


def parts_of(work: Work, rows: Sequence[Ticket]) -> tuple[Part, ...]:
    """Several tickets as an incident shows them."""
    people.have_customers(work.session, {row.customer_id for row in rows})
    return tuple(part(work, row) for row in rows)


def card_words(work: Work, number: str, *, now: datetime) -> InternalMessage | None:
    """What the card says of an incident as it stands now; None where there is none of that number."""
    incident = incidents.incident(work.session, int(number))
    if incident is None:
        return None
    rows = incidents.tickets_of(work.session, incident.number_known)
    shown = IncidentView(
        id=incident.id, title=incident.title, opened_by=views.name_of_actor(work, incident.opened_by),
        opened_at=incident.opened_at, parts=parts_of(work, rows), resolved_at=incident.resolved_at,
    )  # fmt: skip
    return texts.card(work.desk.catalog, incident=shown, zone=staff_news.desk_zone(work), now=now)


def _listed(work: Work, lines: Sequence[Line]) -> tuple[Part, ...]:
    rows = tickets.by_numbers(work.session, [each.number for each in lines]) if lines else {}
    parts = parts_of(work, [rows[each.number] for each in lines])
    return tuple(replace(shown, words=each.words) for shown, each in zip(parts, lines, strict=True))


def offer_words(work: Work, first: Ticket, *, now: datetime) -> InternalMessage:
    """What is said under a ticket's card of those that look like it, as they stand now."""
    # Of what is only counted nothing is read: an outage may bring hundreds, and each changes this message.
    found = offers.lines(work.session, first.number_known)
    incident = incidents.of_ticket(work.session, first.number_known)
    others = [each for each in found if each.number != first.number]
    waiting = [each for each in others if each.state == "waiting"] if State(first.state) in OPEN_STATES else []
    twins = [each.id for each in waiting if each.customer_id == first.customer_id]
    decided = [each.decided_by for each in found if each.decided_by]
    shown = OfferView(
        first=part(work, first),
        waiting=_listed(work, waiting[: texts.SHOWN]),
        more=len(waiting[texts.SHOWN :]),
        twin=twins[0] if twins else "",
        of_others=len(waiting) > len(twins),
        linked=tuple(each.id for each in found if each.state == "linked"),
        incident=incident.id if incident is not None and incident.state == IncidentState.OPEN else "",
        apart=tuple(each.id for each in others if each.state == "apart"),
        by=people.name_of(work.session, decided[-1]) if decided else "",
    )
    return texts.offer(work.desk.catalog, offer=shown, zone=staff_news.desk_zone(work), now=now)
