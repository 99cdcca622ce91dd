"""Would a customer read what is put in this lane?"""

from sqlalchemy import bindparam, exists, or_, select, union_all
from sqlmodel import Session

from bot.domain.message import AnyMessage, Unworded, Visibility
from bot.store.errors import Leak
from bot.store.newborn import WRITTEN
from bot.store.prepared import Prepared
from bot.store.tables import metadata

_CUSTOMER = metadata.tables["customer"]
_PERSON = metadata.tables["person"]
_WATCH = metadata.tables["watch"]
_LANE = metadata.tables["lane"]
_TICKET = metadata.tables["ticket"]

_CHANNEL_IS_THEIRS = Prepared(
    union_all(
        select(_CUSTOMER.c.id).where(_CUSTOMER.c.channel == bindparam("lane")),
        select(_WATCH.c.channel).where(_WATCH.c.channel == bindparam("lane"), _WATCH.c.external),
    )
)
_DECIDE = frozenset({"customer", "person", "watch"})
"""The tables that say who reads where."""

_PERSON_IS_THEIRS = Prepared(
    select(
        exists().where(
            _PERSON.c.slack == bindparam("lane"), or_(_PERSON.c.customer_id.is_not(None), _PERSON.c.workspace != "")
        )
    )
)
_PERSON_IS_OURS = select(
    exists().where(
        _PERSON.c.slack == bindparam("lane"),
        _PERSON.c.customer_id.is_(None),
        _PERSON.c.workspace == "",
        _PERSON.c.active,
    )
)
_OF_ANOTHER = Prepared(
    select(_CUSTOMER.c.id)
    .join(_TICKET, _TICKET.c.customer_id != _CUSTOMER.c.id)
    .where(_TICKET.c.number == bindparam("ticket"), _CUSTOMER.c.channel == bindparam("lane"))
)
_DIRECT_WITH = select(_LANE.c.id).where(_LANE.c.channel == bindparam("lane"), _LANE.c.id.startswith("@"))


def is_ours(session: Session, lane: str) -> bool:
    """Whether it is a direct message with one of our own people, as the directory has them."""
    if not lane.startswith("@"):
        lane = session.connection().execute(_DIRECT_WITH, {"lane": lane}).scalar() or ""
    return bool(session.connection().execute(_PERSON_IS_OURS, {"lane": lane[1:]}).scalar_one())


def is_anothers(session: Session, lane: str, *, ticket_number: int) -> bool:
    """Whether a channel is by now that of another customer than the ticket's."""
    return _OF_ANOTHER.first(session, lane=lane, ticket=ticket_number) is not None


def is_customers(session: Session, lane: str) -> bool:
    """Whether people of a customer read there: its channel, one shared with another workspace, or one of its people.

    A transaction that changes nobody's place asks once for each lane.
    """
    if session.info.get(WRITTEN, _DECIDE).isdisjoint(_DECIDE):
        known: dict[str, bool] = session.info.setdefault("audience", {})
        if lane not in known:
            known[lane] = _is_customers(session, lane)
        return known[lane]
    return _is_customers(session, lane)


def _is_customers(session: Session, lane: str) -> bool:
    if lane.startswith("@"):
        return bool(_PERSON_IS_THEIRS.value(session, lane=lane[1:]))
    return _CHANNEL_IS_THEIRS.first(session, lane=lane) is not None


def check_audience(session: Session, message: AnyMessage | Unworded, lane: str) -> None:
    """Let the message pass where its readers may see it, else raise Leak."""
    if message.visibility is Visibility.INTERNAL and is_customers(session, lane):
        raise Leak(f"an internal {message.kind.value} for {lane}, where a customer reads")
