"""Which bulk actions are under way, and how did each of their tickets fare?"""

from sqlmodel import Session, col, func, select

from bot.store.bulk_tables import Bulk, BulkItem


def bulk(session: Session, bulk_id: str) -> Bulk | None:
    """The action of that id, locked until the transaction ends: its tickets are done one after the other."""
    statement = select(Bulk).where(col(Bulk.id) == bulk_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def item(session: Session, bulk_id: str, ticket_number: int) -> BulkItem | None:
    """One ticket of an action."""
    return session.get(BulkItem, (bulk_id, ticket_number))


def items(session: Session, bulk_id: str) -> list[BulkItem]:
    """An action's tickets by number."""
    statement = select(BulkItem).where(col(BulkItem.bulk_id) == bulk_id)
    return list(session.exec(statement.order_by(col(BulkItem.ticket_number))).all())


def waiting(session: Session, bulk_id: str) -> int:
    """How many tickets of an action are still to be done."""
    statement = select(func.count()).select_from(BulkItem)
    return session.exec(statement.where(col(BulkItem.bulk_id) == bulk_id, col(BulkItem.state) == "waiting")).one()
