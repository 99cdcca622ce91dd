"""When does the customer hear of an open ticket, and in whose words?

Updates fall on a grid (R19). The owner is asked for the words a little ahead; if none come, an honest update goes out
all the same. After an outage there is one catch-up, labelled late, never one for each missed hour (R6).

Sources: service policy §Severity 1 (hourly until closed), SLA handbook §Communications; ledger UP-1, UP-2, UP-3, UP-6.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.cadence import EachBusinessDay, Every, ask_at, grid
from bot.domain.errors import MissingWords
from bot.domain.events import UpdateAsked, UpdatePosted, UpdateWritten, Words
from bot.domain.handbook import Handbook
from bot.domain.handbook_words import Rhythm
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import OPEN_STATES, Severity, State
from bot.services import announce, clocks
from bot.services.desk import Answer, Work
from bot.services.tickets import mark_answered, ticket_of
from bot.store import deadlines
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

    Sev 1 is literal "until closed": while waiting and while resolved but unconfirmed too. Others rest meanwhile.
    """
    state = State(ticket.state)
    if state not in OPEN_STATES:
        return None
    if ticket.severity != Severity.SEV1 and state in (State.WAITING, State.RESOLVED):
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


def plan(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Give the ticket its next update and the asking for it, or take both away where nothing is left to tell."""
    subject = str(ticket.number_known)
    schedule = schedule_of(work.handbook(ticket), ticket)
    if schedule is None:
        deadlines.cancel(work.session, kind="update", subject=subject)
        deadlines.cancel(work.session, kind="update_ask", subject=subject)
        return
    due_at = grid(schedule.anchor, schedule.every, now)
    deadlines.arm(work.session, kind="update", subject=subject, due_at=due_at, ticket_number=ticket.number)
    if State(ticket.state) is State.RESOLVED:
        deadlines.cancel(work.session, kind="update_ask", subject=subject)
        return
    asked_at = max(_ask_at(work.handbook(ticket), due_at, schedule.every), now)
    deadlines.arm(work.session, kind="update_ask", subject=subject, due_at=asked_at, ticket_number=ticket.number)


def ask(work: Work, *, number: int, now: datetime) -> None:
    """Ask for the words of the next update: its owner, else those who are paged for it."""
    ticket = ticket_of(work, number)
    due_at = next_update_at(work, ticket, now=now)
    if due_at is None or ticket.draft:
        return
    announce.happened(work, ticket, UpdateAsked(due_at=due_at), by="bot", now=now)


def post(work: Work, *, number: int, planned_for: datetime, now: datetime) -> None:
    """Post the update that is due and plan the next one."""
    ticket = ticket_of(work, number)
    schedule = schedule_of(work.handbook(ticket), ticket)
    if schedule is None:
        return
    missed = _missed(schedule, planned_for, now)
    _post(work, ticket, due_at=planned_for, missed=missed, now=now)
    plan(work, ticket, now=now)


def write(work: Work, *, actor: Actor, ticket: str, values: dict[str, str], now: datetime) -> Answer:
    """Keep the words of the next update; it goes out at its moment, or at once where the cadence is continuous.

    Raises MissingWords where nothing was written.
    """
    check(actor, Action.WORK)
    row = ticket_of(work, ticket, actor=actor, lock=True)
    words = {name: values.get(name, "").strip() for name in FIELDS}
    if not any(words.values()):
        raise MissingWords(field="known", what="The update", why="Write at least what is known.")
    row.draft = {**{name: text for name, text in words.items() if text}, "by": actor.name}
    text = Words("\n".join(text for text in words.values() if text))
    announce.happened(work, row, UpdateWritten(text=text), by=actor.label, now=now)
    schedule = schedule_of(work.handbook(row), row)
    if schedule and schedule.continuous:
        _post(work, row, due_at=now, missed=0, now=now)
    return Answer(ticket=row.id)


def _post(work: Work, ticket: Ticket, *, due_at: datetime, missed: int, now: datetime) -> None:
    written = bool(ticket.draft)
    if written:
        mark_answered(ticket, now=now)
    ticket.updates_sent += 1
    event = UpdatePosted(due_at=due_at, nth=ticket.updates_sent, written=written, missed=missed)
    announce.happened(work, ticket, event, by="bot", now=now)
    ticket.draft, ticket.updated_at = {}, now
    if written:
        clocks.refresh(work, ticket, now=now)


def _missed(schedule: Schedule, planned_for: datetime, now: datetime) -> int:
    """Count the updates that an outage swallowed after the one that is due, up to now."""
    missed, at = 0, grid(schedule.anchor, schedule.every, planned_for)
    while at <= now:
        missed, at = missed + 1, grid(schedule.anchor, schedule.every, at)
    return missed


def _ask_at(handbook: Handbook, due_at: datetime, every: Every) -> datetime:
    return max(ask_at(due_at, every), due_at - handbook.ask_for_update)
