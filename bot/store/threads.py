"""In which threads can somebody write on a ticket that is not over?"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from bot.domain.ticket import OPEN_STATES
from bot.store.tables import Card, Remark, Ticket

_OPEN = tuple(sorted(state.value for state in OPEN_STATES))
_OURS = "out:"
"""How the conversation names what we said ourselves: not by a ts of Slack's."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread of an open ticket, and the ts of all that we know of the ticket in threads of the same channel.

    What is deleted is left out, and what stands in the channel itself and begins none of the threads: no thread shows
    it.
    """

    number: int
    ts: str
    known: frozenset[str]


def of_open_tickets(session: Session, channel: str) -> list[Thread]:
    """Give the threads in a channel: under the customer's message, under our receipt, and under the internal card."""
    rows = session.exec(
        select(Ticket.thread_ts, Ticket.number).where(
            col(Ticket.state).in_(_OPEN), col(Ticket.channel) == channel, col(Ticket.thread_ts).is_not(None)
        )
    ).all()
    places = {str(ts): number for ts, number in rows}
    cards = session.exec(
        select(Card.ts, Card.ticket_number)
        .join(Ticket, col(Ticket.number) == col(Card.ticket_number))
        .where(col(Card.channel) == channel, col(Ticket.state).in_(_OPEN))
        .where(or_(*(col(Card.key).startswith(kind) for kind in ("receipt:", "card:"))))
    ).all()
    places |= dict(cards)
    known = _known(session, channel, {number for number in places.values() if number is not None}, roots=places.keys())
    return [
        Thread(number, ts, frozenset(known.get(number, ())))
        for ts, number in sorted(places.items())
        if number is not None
    ]


def _known(session: Session, channel: str, numbers: set[int], *, roots: Collection[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = session.exec(
        select(Remark.ticket_number, Remark.ts, Remark.at_root).where(
            col(Remark.ticket_number).in_(numbers), col(Remark.channel) == channel, col(Remark.deleted_at).is_(None)
        )
    )
    for number, ts, at_root in rows:
        if not ts.startswith(_OURS) and (not at_root or ts in roots):
            found.setdefault(number, []).append(ts)
    return found
