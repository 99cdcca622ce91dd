"""What is offered together under one ticket's card, as little of each ticket as deciding and counting needs?"""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.store.tables import metadata

_ALIKE = metadata.tables["alike"]
_TICKET = metadata.tables["ticket"]
_LINES = (
    select(
        _ALIKE.c.ticket_number, _TICKET.c.id, _TICKET.c.customer_id, _ALIKE.c.state, _ALIKE.c.decided_by, _ALIKE.c.words
    )
    .join_from(_ALIKE, _TICKET, _TICKET.c.number == _ALIKE.c.ticket_number)
    .where(_ALIKE.c.offer == bindparam("sought"))
    .order_by(_ALIKE.c.ticket_number)
)


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket of an offer: `state` is the offer's (see Alike), `words` are what it has in common with the first."""

    number: int
    id: str
    customer_id: str
    state: str
    decided_by: str | None
    words: tuple[str, ...]


def lines(session: Session, offer: int) -> list[Line]:
    """Everything that is offered together under one ticket's card, by number, itself too."""
    session.flush()
    found = session.connection().execute(_LINES, {"sought": offer})
    return [Line(number, name, customer, state, by, tuple(words)) for number, name, customer, state, by, words in found]
