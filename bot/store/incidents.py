"""Which incidents are there, which tickets belong to them, and which tickets look alike?"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.incident import IncidentState, number_of
from bot.domain.ticket import WORKED_STATES
from bot.store import gathered
from bot.store.incident_tables import Alike, Incident, IncidentTicket
from bot.store.newborn import has_none
from bot.store.tables import Ticket

_WORKED = tuple(sorted(state.value for state in WORKED_STATES))

HISTORY = 200
"""How many earlier tickets say which words are common."""


def incident(session: Session, which: str | int, *, lock: bool = False) -> Incident | None:
    """The incident of that id (`I-7`) or number, locked until the transaction ends where asked."""
    number = number_of(which) if isinstance(which, str) else which
    statement = select(Incident).where(col(Incident.number) == number)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def open_ones(session: Session) -> list[Incident]:
    """All open incidents, the newest first."""
    statement = select(Incident).where(col(Incident.state) == IncidentState.OPEN.value)
    return list(session.exec(statement.order_by(col(Incident.number).desc())).all())


def of_ticket(session: Session, ticket_number: int) -> Incident | None:
    """The incident that a ticket belongs to, open or resolved."""
    if gathered.known(session, ticket_number, IncidentTicket) is None:
        return None
    if has_none(session, ticket_number, "incident_ticket"):
        return None
    link = session.get(IncidentTicket, ticket_number)
    return incident(session, link.incident_number) if link else None


def gather(session: Session, numbers: Collection[int]) -> None:
    """See which of many tickets belong to no incident and look like no other, for the work on each of them."""
    linked = select(IncidentTicket.ticket_number).where(col(IncidentTicket.ticket_number).in_(numbers))
    for number in {*numbers}.difference(session.exec(linked).all()):
        gathered.keep(session, number, IncidentTicket, None)
    found = session.exec(select(Alike).where(col(Alike.ticket_number).in_(numbers))).all()
    for number in {*numbers}.difference(row.ticket_number for row in found):
        gathered.keep(session, number, Alike, None)
    session.exec(select(Ticket).where(col(Ticket.number).in_({row.offer for row in found}.difference(numbers)))).all()


def tickets_of(session: Session, incident_number: int) -> list[Ticket]:
    """The tickets of an incident by number."""
    statement = select(Ticket).join(IncidentTicket, col(IncidentTicket.ticket_number) == col(Ticket.number))
    return list(
        session.exec(statement.where(IncidentTicket.incident_number == incident_number).order_by(col(Ticket.number)))
    )


def opened_since(session: Session, since: datetime, *, before: int) -> dict[int, str]:
    """What tickets say that are being worked on and came after a moment and before another one, by number."""
    statement = select(Ticket.number, Ticket.summary).where(
        col(Ticket.opened_at) >= since, col(Ticket.state).in_(_WORKED), col(Ticket.number) < before
    )
    return {int(number or 0): summary for number, summary in session.exec(statement.order_by(col(Ticket.number)))}


def summaries_before(session: Session, moment: datetime) -> list[str]:
    """What the last tickets before a moment said."""
    statement = select(Ticket.summary).where(col(Ticket.opened_at) < moment)
    return list(session.exec(statement.order_by(col(Ticket.number).desc()).limit(HISTORY)).all())


def alike(session: Session, ticket_number: int) -> Alike | None:
    """What was found for a ticket."""
    if gathered.known(session, ticket_number, Alike) is None:
        return None
    return None if has_none(session, ticket_number, "alike") else session.get(Alike, ticket_number)


def offered(session: Session, offer: int, *, states: Collection[str] | None = None) -> list[Alike]:
    """Everything that is offered together under one ticket's card, by number, itself too."""
    statement = select(Alike).where(col(Alike.offer) == offer)
    if states is not None:
        statement = statement.where(col(Alike.state).in_(states))
    return list(session.exec(statement.order_by(col(Alike.ticket_number))).all())
