"""How does an event become a row of the trail?"""

import logging
from datetime import datetime

from bot.domain.event_record import kind_of, revived, split
from bot.domain.events import Event, Opened
from bot.domain.events.incidents import IncidentEvent
from bot.services import tracing
from bot.services.desk import Work
from bot.store import trail
from bot.store.incident_tables import Incident
from bot.store.tables import Ticket

STREAM = "ticket:{}"
"""The name of a ticket's stream in the trail, by its number."""

log = logging.getLogger(__name__)


def stream_of(row: Ticket) -> str:
    """The name of a ticket's stream in the trail."""
    return STREAM.format(row.number_known)


def record(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Append the event to the ticket's stream; what people wrote stays beside it, behind a salted digest."""
    tracing.about(ticket=row.number)
    _append(work, stream_of(row), event, by=by, author=by, now=now)


def record_opening(work: Work, number: int, event: Opened, *, by: str, now: datetime) -> None:
    """Begin the stream of a new ticket; its words are the requester's, whoever made it a ticket."""
    tracing.about(ticket=number)
    _append(work, STREAM.format(number), event, by=by, author=event.requester, begins=True, now=now)


def record_incident(work: Work, incident: Incident, event: IncidentEvent, *, by: str, now: datetime) -> None:
    """Append what happened to an incident to its own stream."""
    _append(work, f"incident:{incident.number_known}", event, by=by, author=by, now=now)


def events_of(work: Work, row: Ticket) -> list[tuple[datetime, str, Event]]:
    """Read a ticket's timeline back: when, who, what. Words that were erased read as such."""
    return [
        (entry.at, entry.actor, revived(entry.kind, entry.facts, entry.words))
        for entry in trail.read(work.session, stream_of(row))
    ]


def _append(
    work: Work, stream: str, event: Event | IncidentEvent, *, by: str, author: str, begins: bool = False, now: datetime
) -> None:
    kind = kind_of(event)
    log.debug("happened: %s, by %s", kind, by)
    facts, words = split(event)
    trail.append(
        work.session, stream=stream, actor=by, event_kind=kind, facts=facts, words=dict(words), author=author,
        token=work.desk.token, begins=begins, at=now,
    )  # fmt: skip
