"""Who hears that a ticket has passed from one of our people to another?"""

from datetime import datetime

from bot.domain.events import Assigned, Claimed
from bot.domain.message import InternalMessage, Priority
from bot.messages import sentences
from bot.messages import work as messages
from bot.services import views
from bot.services.desk import Work
from bot.store import outbox, people
from bot.store.tables import Person, Ticket


def assigned(work: Work, row: Ticket, event: Assigned, *, now: datetime) -> None:
    """Tell the new owner why it is theirs, and the one before that it no longer is."""
    ticket = views.staff_ticket(work, row, now=now)
    before = people.person(work.session, event.before) if event.before else None
    owner = people.person(work.session, event.owner)
    if owner is not None:
        message = messages.assigned(
            work.desk.catalog, ticket=ticket, why=event.why, before=before.name if before else "",
            zone=views.zone_of(work, owner.id), now=now,
        )  # fmt: skip
        _tell(work, row, owner, message, now=now)
    if before is not None:
        message = messages.passed_on(
            work.desk.catalog, ticket=ticket, why=event.why, zone=views.zone_of(work, before.id), now=now
        )
        _tell(work, row, before, message, now=now)


def claimed(work: Work, row: Ticket, event: Claimed, *, by: str, now: datetime) -> None:
    """Tell whoever had a ticket that somebody took it over, or that a third person gave it to somebody else."""
    before = people.person(work.session, event.before) if event.before and event.before != event.owner else None
    if before is None or by == f"person:{before.id}":
        return
    reason = "took_over" if by == f"person:{event.owner}" else "handed_over"
    why = sentences.reason(work.desk.catalog, reason, who=views.name_of_actor(work, by))
    message = messages.passed_on(
        work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), why=why,
        zone=views.zone_of(work, before.id), now=now,
    )  # fmt: skip
    _tell(work, row, before, message, now=now)


def _tell(work: Work, row: Ticket, person: Person, message: InternalMessage, *, now: datetime) -> None:
    if person.active and person.slack and not person.workspace:
        outbox.post(
            work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), ticket_number=row.number_known,
            priority=Priority.REPLY, now=now,
        )  # fmt: skip
