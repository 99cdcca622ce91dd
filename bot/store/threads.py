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
    """One thread of an open ticket, and the ts of all that we know of the ticket in threads of this channel.

    What is deleted is left out, and what stands in the channel itself and begins none of the threads: no thread shows
    it.
    """

    number: int
    channel: str
    ts: str
    known: frozenset[str]


def of_open_tickets(session: Session) -> list[Thread]:
    """The threads of open tickets: under the customer's message, under our receipt, and under the internal card."""
    rows = session.exec(
        select(Ticket.number, Ticket.channel, Ticket.thread_ts).where(
            col(Ticket.state).in_(_OPEN), col(Ticket.thread_ts).is_not(None)
        )
    ).all()
    places = {(channel, str(ts)): number for number, channel, ts in rows}
    cards = session.exec(
        select(Card.ticket_number, Card.channel, Card.ts)
        .join(Ticket, col(Ticket.number) == col(Card.ticket_number))
        .where(col(Ticket.state).in_(_OPEN), or_(*(col(Card.key).startswith(kind) for kind in ("receipt:", "card:"))))
    ).all()
    places |= {(channel, ts): number for number, channel, ts in cards}
    known = _known(session, {number for number in places.values() if number is not None}, roots=places.keys())
    return [
        Thread(number, channel, ts, frozenset(each for where, each in known.get(number, ()) if where == channel))
        for (channel, ts), number in sorted(places.items())
        if number is not None
    ]


def _known(
    session: Session, numbers: set[int], *, roots: Collection[tuple[str, str]]
) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = session.exec(
        select(Remark.ticket_number, Remark.channel, Remark.ts, Remark.at_root).where(
            col(Remark.ticket_number).in_(numbers), col(Remark.deleted_at).is_(None)
        )
    )
    for number, channel, ts, at_root in rows:
        if not ts.startswith(_OURS) and (not at_root or (channel, ts) in roots):
            found.setdefault(number, []).append((channel, ts))
    return found
