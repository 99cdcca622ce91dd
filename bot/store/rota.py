"""Who takes turns, who is in which team, and whom does a level page?"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.oncall import Override as StandIn
from bot.domain.oncall import Roster
from bot.domain.oncall import Rotation as Turns
from bot.store.tables import Duty, LevelTarget, Override, Person, Rotation, TeamMember


def roster(session: Session, *, now: datetime) -> Roster:
    """Everything that turns a target into people. Overrides that are over are left out."""
    teams: dict[str, tuple[str, ...]] = {}
    for member in session.exec(select(TeamMember).order_by(col(TeamMember.team), col(TeamMember.position))):
        teams[member.team] = (*teams.get(member.team, ()), member.person_id)
    return Roster(
        active=frozenset(session.exec(select(Person.id).where(col(Person.active)))),
        teams=teams,
        rotations={row.id: turns_of(row) for row in session.exec(select(Rotation)) if row.order},
        overrides=overrides(session, since=now),
        duties={row.id: row.target for row in session.exec(select(Duty))},
    )


def turns_of(row: Rotation) -> Turns:
    """The rotation that a row keeps."""
    return Turns.parse(
        name=row.id,
        order=row.order,
        every=row.every,
        handoff=row.handoff,
        zone=row.timezone,
        start=date.fromisoformat(row.start),
    )


def rotations(session: Session) -> tuple[Turns, ...]:
    """Every rotation that has anybody in it, by name."""
    return tuple(turns_of(row) for row in session.exec(select(Rotation).order_by(col(Rotation.id))) if row.order)


def overrides(session: Session, *, since: datetime) -> tuple[StandIn, ...]:
    """Who stands in now or later, in the order in which it was said."""
    rows = session.exec(select(Override).where(col(Override.ends_at) > since).order_by(col(Override.id)))
    return tuple(StandIn(row.rotation, row.person_id, row.starts_at, row.ends_at) for row in rows)


def targets_of_level(session: Session, level: int) -> tuple[str, ...]:
    """Whom a level pages, as the directory says it, in order."""
    found = session.exec(
        select(LevelTarget.target).where(col(LevelTarget.level) == level).order_by(col(LevelTarget.position))
    )
    return tuple(found)


def levels(session: Session) -> tuple[int, ...]:
    """The levels that point at anybody."""
    return tuple(session.exec(select(LevelTarget.level).distinct().order_by(col(LevelTarget.level))))


def persons(session: Session, ids: Iterable[str]) -> list[Person]:
    """The people of these ids, in this order; unknown ids are left out."""
    wanted = tuple(ids)
    found = {row.id: row for row in session.exec(select(Person).where(col(Person.id).in_(wanted)))}
    return [found[each] for each in wanted if each in found]
