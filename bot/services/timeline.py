"""How does an event become a row of the trail?"""

from datetime import datetime

import structlog

from bot.domain.event_record import kind_of, revived, split
from bot.domain.events import Event, Opened
from bot.domain.events.incidents import IncidentEvent
from bot.services import tracing
from bot.services.desk import Work
from bot.store import trail
from bot.store.incident_tables import Incident
from bot.store.tables import Ticket

log = structlog.get_logger()


def stream_of(row: Ticket) -> str:
    """The name of a ticket's stream in the trail."""
    return f"ticket:{row.number_known}"


def record(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Append the event to the ticket's stream; what people wrote stays beside it, behind a salted digest."""
    tracing.about(ticket=row.number)
    log.debug("happened", kind=kind_of(event), by=by)
    facts, words = split(event)
    trail.append(
        work.session,
        stream=stream_of(row),
        actor=by,
        event_kind=kind_of(event),
        facts=facts,
        words=dict(words),
        # What opened a ticket are its requester's words, whoever made it a ticket.
        author=event.requester if isinstance(event, Opened) else by,
        token=work.desk.token,
        begins=isinstance(event, Opened),
        at=now,
    )


def record_incident(work: Work, incident: Incident, event: IncidentEvent, *, by: str, now: datetime) -> None:
    """Append what happened to an incident to its own stream."""
    facts, words = split(event)
    trail.append(
        work.session,
        stream=f"incident:{incident.number_known}",
        actor=by,
        event_kind=kind_of(event),
        facts=facts,
        words=dict(words),
        author=by,
        token=work.desk.token,
        at=now,
    )


def events_of(work: Work, row: Ticket) -> list[tuple[datetime, str, Event]]:
    """Read a ticket's timeline back: when, who, what. Words that were erased read as such."""
    return [
        (entry.at, entry.actor, revived(entry.kind, entry.facts, entry.words))
        for entry in trail.read(work.session, stream_of(row))
    ]
