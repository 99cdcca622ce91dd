"""When does the customer of a ticket hear from us next?

Updates fall on a grid from the opening, or from becoming that severity (R19). Sources: service policy §Severity 1, SLA
handbook §Communications; ledger UP-1, UP-2, UP-6.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.cadence import EachBusinessDay, Every, grid
from bot.domain.handbook import Handbook
from bot.domain.handbook_words import Rhythm
from bot.domain.ticket import OPEN_STATES, Severity, State
from bot.services.desk import Work
from bot.services.tickets import waits_for_customer
from bot.store.tables import Ticket

LATE_AFTER = timedelta(minutes=1)
"""An update that leaves later than this after its moment says that it is late."""

FIELDS = ("known", "done", "next", "eta", "workaround")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A ticket's cadence: the grid's anchor and step, and whether every change is told at once."""

    anchor: datetime
    every: Every
    continuous: bool = False


def schedule_of(handbook: Handbook, ticket: Ticket) -> Schedule | None:
    """Give the cadence that a ticket has now; None where the handbook knows none or nothing is left to tell.

    Sev 1 is literal "until closed": while waiting for the customer and while resolved but unconfirmed too. Others rest
    meanwhile.
    """
    state = State(ticket.state)
    if state not in OPEN_STATES:
        return None
    if ticket.severity != Severity.SEV1 and (state is State.RESOLVED or waits_for_customer(ticket)):
        return None
    plain = handbook.cadence(ticket.severity)
    found = handbook.cadence(ticket.severity, escalated=ticket.escalated_at is not None)
    if found is None or found.rhythm is Rhythm.NONE:
        return None
    anchor = ticket.severity_since
    if found != plain and ticket.escalated_at is not None:
        anchor = ticket.escalated_at
    match found.rhythm:
        case Rhythm.CONTINUOUS:
            return Schedule(anchor, handbook.max_silence, continuous=True)
        case Rhythm.BUSINESS_DAY:
            return Schedule(anchor, EachBusinessDay(handbook.business(ticket.zone)))
        case _:
            return Schedule(anchor, found.every) if found.every else None


def next_update_at(work: Work, ticket: Ticket, *, now: datetime) -> datetime | None:
    """Give the moment of the next update; None where there is none to come."""
    schedule = schedule_of(work.handbook(ticket), ticket)
    return grid(schedule.anchor, schedule.every, now) if schedule else None
