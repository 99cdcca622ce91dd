"""Which chains of pages run, and who was paged?"""

from collections.abc import Collection

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from bot.domain.escalation import Phase
from bot.store import gathered
from bot.store.literal import is_literally
from bot.store.newborn import has_none
from bot.store.tables import Escalation, Page

LADDER = "ladder"
"""The circle of the levels."""

IS_PAGING = is_literally(col(Escalation.state), Phase.PAGING.value)
"""Those that are over are ever more, and an index leaves them out."""

# Every page and every click asks these: they are put together once.
_CHAIN = select(Escalation).where(col(Escalation.id) == bindparam("id"))
_CHAIN_LOCKED = _CHAIN.with_for_update().execution_options(populate_existing=True)
_OF_TICKET = (
    select(Escalation)
    .where(col(Escalation.ticket_number) == bindparam("number"))
    .order_by(col(Escalation.started_at), col(Escalation.id))
)
_RUNNING = (
    select(Escalation)
    .where(
        col(Escalation.ticket_number) == bindparam("number"),
        col(Escalation.state) == Phase.PAGING.value,
        col(Escalation.circle) == bindparam("circle"),
    )
    .execution_options(populate_existing=True)
)
_LATEST = (
    select(Escalation)
    .where(col(Escalation.ticket_number) == bindparam("number"), col(Escalation.circle) == LADDER)
    .order_by(col(Escalation.started_at).desc(), col(Escalation.id))
    .limit(1)
)
_OF_ESCALATION = (
    select(Page)
    .where(col(Page.escalation_id) == bindparam("id"))
    .order_by(col(Page.paged_at), col(Page.level), col(Page.id))
)


def escalation(session: Session, escalation_id: str, *, lock: bool = False) -> Escalation | None:
    """The chain of that id, locked until the transaction ends where asked."""
    return session.exec(_CHAIN_LOCKED if lock else _CHAIN, params={"id": escalation_id}).first()


def running(session: Session, ticket_number: int, *, circle: str = LADDER) -> Escalation | None:
    """The chain of a ticket that still pages that circle, if one does, as it stands now.

    Whoever changes a chain has locked its ticket; whoever only tells of it waits for nobody.
    """
    if has_none(session, ticket_number, "escalation"):
        return None
    found: list[Escalation] = gathered.known(session, ticket_number, Escalation)
    if circle == LADDER and found is not gathered.UNKNOWN:
        return next((each for each in found if each.state == Phase.PAGING.value), None)
    return session.exec(_RUNNING, params={"number": ticket_number, "circle": circle}).first()


def latest(session: Session, ticket_number: int) -> Escalation | None:
    """The chain up a ticket's ladder that began last."""
    found: list[Escalation] = gathered.known(session, ticket_number, Escalation)
    if found is not gathered.UNKNOWN:
        return found[0] if found else None
    if has_none(session, ticket_number, "escalation"):
        return None
    return session.exec(_LATEST, params={"number": ticket_number}).first()


def gather(session: Session, numbers: Collection[int]) -> None:
    """Read the chains up the ladder of many tickets, which are locked, the last one first, for the work on each."""
    found: dict[int, list[Escalation]] = {number: [] for number in numbers}
    statement = select(Escalation).where(col(Escalation.ticket_number).in_(numbers), col(Escalation.circle) == LADDER)
    fresh = statement.execution_options(populate_existing=True)
    for row in session.exec(fresh.order_by(col(Escalation.started_at).desc(), col(Escalation.id))):
        found[row.ticket_number].append(row)
    for number, rows in found.items():
        gathered.keep(session, number, Escalation, rows)


def of_ticket(session: Session, ticket_number: int, *, states: Collection[str] | None = None) -> list[Escalation]:
    """A ticket's chains from the oldest; those in certain states where given."""
    if has_none(session, ticket_number, "escalation"):
        return []
    found = session.exec(_OF_TICKET, params={"number": ticket_number}).all()
    return [each for each in found if states is None or each.state in states]


def page(session: Session, page_id: str, *, lock: bool = False) -> Page | None:
    """The page of that id, locked until the transaction ends where asked."""
    statement = select(Page).where(col(Page.id) == page_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def of_escalation(session: Session, escalation_id: str, *, states: Collection[str] | None = None) -> list[Page]:
    """A chain's pages from the oldest; those in certain states where given."""
    found = session.exec(_OF_ESCALATION, params={"id": escalation_id}).all()
    return [each for each in found if states is None or each.state in states]


def tickets_paging(session: Session) -> frozenset[int]:
    """The numbers of the tickets for which somebody is being paged now."""
    statement = select(Escalation.ticket_number).where(IS_PAGING)
    return frozenset(session.exec(statement).all())


def count_paging(session: Session) -> int:
    """How many chains page now."""
    return session.exec(select(func.count()).select_from(Escalation).where(IS_PAGING)).one()
