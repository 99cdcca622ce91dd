"""What changes the turns of rotations: who stands in, who is away, and who looks at it in a home tab?"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.store.insertion import insert_or_change
from bot.store.rota_tables import Absence, HomeTab, Override
from bot.store.tables import Deadline, metadata

_OPENED = insert_or_change(metadata.tables["home_tab"], "slack", change=("workspace", "opened_at"))


def overrides(session: Session, *, begin: datetime, end: datetime) -> list[Override]:
    """What changes any rotation somewhere between two moments, in the order in which it was arranged."""
    statement = select(Override).where(col(Override.starts_at) < end, col(Override.ends_at) > begin)
    return list(session.exec(statement.order_by(col(Override.id))).all())


def absences(session: Session, *, begin: datetime, end: datetime) -> list[Absence]:
    """Who is away somewhere between two moments, by when it begins."""
    statement = select(Absence).where(col(Absence.starts_at) < end, col(Absence.ends_at) > begin)
    return list(session.exec(statement.order_by(col(Absence.starts_at), col(Absence.id))).all())


def replace_absences(session: Session, rows: Collection[Absence], *, source: str) -> bool:
    """Put these absences in place of all that came from a calendar; whether that changed anything."""
    there = session.exec(select(Absence).where(col(Absence.source) == source)).all()
    if {_said(row) for row in there} == {_said(row) for row in rows}:
        return False
    session.connection().execute(delete(Absence).where(col(Absence.source) == source))
    session.expire_all()
    session.add_all(rows)
    session.flush()
    return True


def lock_handoffs(session: Session, kind: str) -> dict[str, datetime]:
    """Whose hand-off is armed and for when, each held: one transaction at a time tells who comes and goes."""
    statement = select(Deadline).where(col(Deadline.kind) == kind).order_by(col(Deadline.subject))
    return {row.subject: row.due_at for row in session.exec(statement.with_for_update())}


def opened_home(session: Session, *, slack: str, workspace: str, at: datetime) -> None:
    """Remember that somebody looks at their home tab."""
    session.connection().execute(_OPENED.on(session), {"slack": slack, "workspace": workspace, "opened_at": at})


def home_tabs(session: Session) -> list[HomeTab]:
    """Everybody who ever looked at their home tab."""
    return list(session.exec(select(HomeTab).order_by(col(HomeTab.slack))).all())


def _said(row: Absence) -> tuple[str, datetime, datetime, str]:
    return row.person_id, row.starts_at, row.ends_at, row.reason
