"""Who was paged in a drill, and who answered?"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.drill_tables import DrillPage
from bot.store.tables import Person


def page(session: Session, page_id: str) -> DrillPage | None:
    """One person's page, locked until the transaction ends."""
    statement = select(DrillPage).where(col(DrillPage.id) == page_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def unanswered(session: Session, persons: Collection[str], *, since: datetime) -> list[DrillPage]:
    """Pages to these people of drills since then that nobody answered yet; no other drill asks them meanwhile."""
    # Their own rows keep a drill away that begins at the same moment: there may be no page yet that could be locked.
    session.exec(select(col(Person.id)).where(col(Person.id).in_(persons)).order_by(col(Person.id)).with_for_update())
    asked = col(DrillPage.person_id).in_(persons), col(DrillPage.paged_at) > since, col(DrillPage.answered_at).is_(None)
    return list(session.exec(select(DrillPage).where(*asked).order_by(col(DrillPage.paged_at))).all())


def pages(session: Session, drill: str) -> list[DrillPage]:
    """Everybody's pages of a drill, locked in one order, so that the last answer sees every other."""
    statement = select(DrillPage).where(col(DrillPage.drill) == drill).order_by(col(DrillPage.id)).with_for_update()
    return list(session.exec(statement.execution_options(populate_existing=True)).all())
