"""How does a list of the directory (teams, turns, levels, duties) come to say something else as a whole?"""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, SQLModel

from bot.store.rota_tables import Rotation
from bot.store.tables import Duty, LevelTarget, TeamMember

_LISTS = (TeamMember, Rotation, LevelTarget, Duty)


def replace_all(session: Session, rows: Iterable[SQLModel]) -> None:
    """Put these rows in place of all teams, rotations, levels and duties. Overrides of rotations stay."""
    for table in _LISTS:
        session.connection().execute(delete(table))
    session.expire_all()
    session.add_all(rows)
    session.flush()
