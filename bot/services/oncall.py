"""Who is on call now and next, and whom does a level page?

Always asked of the directory as it is at that moment: a running chain pages whoever is on call when its step is due.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import oncall_roster
from bot.domain.oncall import Absence, Change, Override, Rotation
from bot.domain.oncall_roster import Roster
from bot.domain.people import Action, Actor, check
from bot.messages import answers
from bot.messages.view import LevelOnCall
from bot.services import tell
from bot.services.desk import Answer, Work
from bot.store import people, rota
from bot.store.newborn import WRITTEN
from bot.store.rota_tables import Rotation as RotationRow
from bot.store.tables import Person

HORIZON_FOR = timedelta(days=800)
"""Changes that begin later than this change nothing that is asked here."""

_ROSTER = "roster"
_DECIDE = frozenset({"person", "team_member", "rotation", "override", "absence", "duty"})
"""The tables that say who is on call."""


def people_of_level(session: Session, level: int, *, now: datetime) -> list[Person]:
    """The active people whom a level pages now, in order, each once. Source: ledger PG-3."""
    return people_of_targets(session, people.level(session, level), now=now)


def people_of_duty(session: Session, duty: str, *, now: datetime) -> list[Person]:
    """The active people who hold a duty now, such as `vp_operations`."""
    return people_of_targets(session, [f"duty:{duty}"], now=now)


def people_of_targets(session: Session, targets: list[str], *, now: datetime) -> list[Person]:
    """The active people behind targets such as `rotation:first-line` now, in order, each once."""
    return rows_of(session, oncall_roster.people_for(targets, roster_of(session, now=now), now=now))


def roster_of(session: Session, *, now: datetime) -> Roster:
    """Everything that turns a target into people from a moment on, as the directory stands.

    A transaction that changes nothing of it asks once for each moment.
    """
    session.flush()
    if not session.info.get(WRITTEN, _DECIDE).isdisjoint(_DECIDE):
        return _roster(session, now=now)
    known: dict[datetime, Roster] = session.info.setdefault(_ROSTER, {})
    if now not in known:
        known[now] = _roster(session, now=now)
    return known[now]


def _roster(session: Session, *, now: datetime) -> Roster:
    horizon = now + HORIZON_FOR
    return Roster(
        active=frozenset(row.id for row in people.persons(session).values() if row.active),
        teams={name: tuple(members) for name, members in people.teams(session).items()},
        rotations={row.id: turns_of(row) for row in people.rotations(session) if row.order},
        overrides=tuple(
            Override(row.rotation, row.person_id, row.starts_at, row.ends_at, Change(row.change))
            for row in rota.overrides(session, begin=now, end=horizon)
        ),
        absences=tuple(
            Absence(row.person_id, row.starts_at, row.ends_at) for row in rota.absences(session, begin=now, end=horizon)
        ),
        duties=people.duties(session),
    )


def turns_of(row: RotationRow) -> Rotation:
    """The rotation that a row keeps. Raises ValueError for words that the directory would have refused."""
    return Rotation.parse(
        name=row.id,
        order=row.order,
        every=row.every,
        handoff=row.handoff,
        zone=row.timezone,
        start=date.fromisoformat(row.start),
        restrict=row.restrict,
        only=row.only,
    )


def show(work: Work, *, actor: Actor, now: datetime) -> Answer:
    """Say whom each level would page now, until when, and who is next. Raises NotAllowed."""
    check(actor, Action.SEE_ON_CALL)
    names = level_names(work)
    levels = standing(work.session, names, now=now)
    zone = zone_of(work, actor)
    return Answer(text=answers.on_call(work.desk.catalog, levels=levels, zone=zone, now=now))


def usage(work: Work, *, actor: Actor, word: str, now: datetime) -> Answer:
    """Say what `/oncall` can do; `word` is what was asked of it that it cannot. Raises NotAllowed."""
    check(actor, Action.SEE_ON_CALL)
    return tell.plain(work, "oncall_usage", word=word[:40], now=now)


def standing(session: Session, names: Mapping[int, str], *, now: datetime) -> tuple[LevelOnCall, ...]:
    """Every level, by the handbook's names and the directory's rows: whom it pages now and who takes over when."""
    roster, targets_of = roster_of(session, now=now), people.levels(session)
    found = []
    for number in sorted({*names, *targets_of}):
        targets = targets_of.get(number, [])
        following = oncall_roster.next_shift(targets, roster, now)
        who = names_of(session, oncall_roster.people_for(targets, roster, now=now))
        then = names_of(session, following.people) if following else ()
        until = following.starts_at if following else None
        found.append(LevelOnCall(number, names.get(number, f"Level {number}"), who, until, then))
    return tuple(found)


def level_names(work: Work) -> dict[int, str]:
    """What the default handbook calls each level."""
    return {number: level.name for number, level in work.desk.handbooks.default.handbook.levels.items()}


def zone_of(work: Work, actor: Actor) -> str:
    """The zone in which somebody who asks reads times."""
    me = people.person(work.session, actor.person) if actor.person else None
    return (me.timezone if me else None) or work.desk.handbooks.default.handbook.zone


def rows_of(session: Session, ids: tuple[str, ...]) -> list[Person]:
    """The people of these ids, in their order."""
    found = people.persons(session, ids)
    return [found[each] for each in ids if each in found]


def names_of(session: Session, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the people of these ids, in their order."""
    return tuple(person.name for person in rows_of(session, ids))
