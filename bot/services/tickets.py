"""Which ticket is meant, and may this person know of it?

A ticket that is not theirs does not exist for a customer's people: the refusal is the same as for a wrong number.
"""

from datetime import datetime

from bot.domain.errors import NoSuchTicket, Over, Settled
from bot.domain.people import Actor
from bot.domain.ticket import OPEN_STATES, State
from bot.services.desk import Work
from bot.store import conversation, tickets
from bot.store.tables import Ticket

WAITING = "waiting_for_customer"
"""The reason to wait that every handbook pauses resolution for (R9); others are none of the customer's doing."""

MOST_DIGITS = 9
"""A longer number is none of ours, and more than a column of every database holds."""


def ticket_of(work: Work, which: str | int, *, actor: Actor | None = None, lock: bool = True) -> Ticket:
    """Find a ticket by its id ("T-1042", whatever the case) or number, locked for the work of this transaction.

    Words that are a number alone ("1042") mean the ticket of that number.

    One that is locked has begun, if only now.

    Raises NoSuchTicket where there is none, or none that this person may know of.
    """
    if isinstance(which, int):
        row = tickets.by_number(work.session, which, lock=lock)
    elif which.isascii() and which.isdigit() and len(which) <= MOST_DIGITS:
        row = tickets.by_number(work.session, int(which), lock=lock)
    else:
        row = tickets.by_id(work.session, which.strip().upper(), lock=lock)
    if row is None or (actor is not None and not may_know(actor, row)):
        raise NoSuchTicket(ticket=which if isinstance(which, int) else which.strip()[:40])
    if lock and not row.begun:
        from bot.services import beginning  # noqa: PLC0415 - what begins a ticket finds tickets here itself

        # It was opened a moment ago, unless the desk was away since: then its next steps are due at once.
        beginning.begin_opened(work, row, now=row.opened_at)
    return row


def of_thread(work: Work, channel: str, thread: str) -> Ticket | None:
    """The ticket whose thread it is; replies below a message that was taken into one belong to it as well."""
    found = tickets.by_thread(work.session, channel, thread)
    below = conversation.by_ts(work.session, channel, thread) if found is None else None
    return tickets.by_number(work.session, below.ticket_number) if below and below.at_root else found


def may_know(actor: Actor, row: Ticket) -> bool:
    """Say whether a person may know that this ticket exists: our own people do, a customer's only of their own."""
    return actor.is_staff or (actor.customer is not None and actor.customer == row.customer_id)


def still_open(row: Ticket) -> Ticket:
    """Give the ticket back, or refuse work on one that is over."""
    if State(row.state) not in OPEN_STATES:
        raise over(row)
    return row


def over(row: Ticket) -> Over:
    """The refusal of whatever is asked of a ticket that is over, which names the one that goes on in its place."""
    into = tickets.merged_into(row)
    return Over("goes_on_elsewhere", ticket=row.id, into=into) if into else Over(ticket=row.id, state=row.state)


def still_worked(row: Ticket) -> Ticket:
    """Give the ticket back, or refuse work on one that is over or waits for the customer's word on its resolution."""
    if still_open(row).state == State.RESOLVED:
        raise Settled(ticket=row.id)
    return row


def waits_for_customer(row: Ticket) -> bool:
    """Say whether the ball is with the customer; what waits for something else is in work, as they see it."""
    return row.state == State.WAITING and WAITING in row.waiting_for


def state_shown(row: Ticket) -> State:
    """The state as its customer may know it: they are not told for whom else we wait."""
    if row.state == State.WAITING and not waits_for_customer(row):
        return State.IN_PROGRESS if row.worked_at else State.RESPONDED
    return State(row.state)


def mark_answered(row: Ticket, *, now: datetime) -> None:
    """Note that a person of ours answered in public: a new ticket is responded now."""
    row.responded_at = row.responded_at or now
    if row.state == State.NEW:
        row.state = State.RESPONDED.value
