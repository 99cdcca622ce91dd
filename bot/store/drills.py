"""Who was paged in a drill, and who answered?"""

from sqlmodel import Session, col, select

from bot.store.drill_tables import DrillPage


def page(session: Session, page_id: str) -> DrillPage | None:
    """One person's page, locked until the transaction ends."""
    statement = select(DrillPage).where(col(DrillPage.id) == page_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def pages(session: Session, drill: str) -> list[DrillPage]:
    """Everybody's pages of a drill, locked in one order, so that the last answer sees every other."""
    statement = select(DrillPage).where(col(DrillPage.drill) == drill).order_by(col(DrillPage.id)).with_for_update()
    return list(session.exec(statement.execution_options(populate_existing=True)).all())
