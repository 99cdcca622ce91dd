"""Who is on call now and next, whom does a level page, and who stands in for whom?

Always asked of the directory as it is at that moment: a running chain pages whoever is on call when its step is due.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import oncall
from bot.domain.errors import BadInput
from bot.domain.oncall import Override as StandIn
from bot.domain.oncall import Pointer, Roster, Rotation
from bot.domain.oncall_words import parse_span
from bot.domain.people import Action, Actor, Role, check
from bot.messages import answers
from bot.messages.view import LevelOnCall
from bot.messages.words import moment
from bot.services.desk import Answer, Work
from bot.store import people, trail
from bot.store.tables import Override, Person
from bot.store.tables import Rotation as RotationRow


def people_of_level(session: Session, level: int, *, now: datetime) -> list[Person]:
    """The active people whom a level pages now, in order, each once. Source: ledger PG-3."""
    targets = people.level(session, level)
    return _rows(session, oncall.people_for(targets, roster_of(session, now=now), now=now))


def people_of_duty(session: Session, duty: str, *, now: datetime) -> list[Person]:
    """The active people who hold a duty now, such as `vp_operations`."""
    return _rows(session, oncall.people_for([f"duty:{duty}"], roster_of(session, now=now), now=now))


def roster_of(session: Session, *, now: datetime) -> Roster:
    """Everything that turns a target into people, as the directory stands."""
    rotations = {rotation.name: rotation for rotation in _rotations(session)}
    # A hand-off is looked for at most a few turns ahead, so later overrides change nothing that is asked here.
    horizon = now + timedelta(days=400)
    standing_in = [
        StandIn(row.rotation, row.person_id, row.starts_at, row.ends_at)
        for name in rotations
        for row in people.overrides(session, name, begin=now, end=horizon)
    ]
    return Roster(
        active=frozenset(row.id for row in people.persons(session).values() if row.active),
        teams={name: tuple(members) for name, members in people.teams(session).items()},
        rotations=rotations,
        overrides=tuple(standing_in),
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
    )


def show(work: Work, *, actor: Actor, now: datetime) -> Answer:
    """Say whom each level would page now, until when, and who is next. Raises NotAllowed."""
    check(actor, Action.SEE_ON_CALL)
    default = work.desk.handbooks.default.handbook
    me = work.session.get(Person, actor.person) if actor.person else None
    zone = (me.timezone if me else None) or default.zone
    names = {number: level.name for number, level in default.levels.items()}
    levels = standing(work.session, names, now=now)
    return Answer(text=answers.on_call(work.desk.catalog, levels=levels, zone=zone, now=now))


def standing(session: Session, names: Mapping[int, str], *, now: datetime) -> tuple[LevelOnCall, ...]:
    """Every level, by the handbook's names and the directory's rows: whom it pages now and who takes over when."""
    roster = roster_of(session, now=now)
    found = []
    for number in sorted({*names, *people.levels(session)}):
        targets = people.level(session, number)
        until = min(_hand_offs(targets, roster, now), default=None)
        who = _names(session, oncall.people_for(targets, roster, now=now))
        then = _names(session, oncall.people_for(targets, roster, now=until)) if until else ()
        found.append(LevelOnCall(number, names.get(number, f"Level {number}"), who, until, then))
    return tuple(found)


def _hand_offs(targets: Iterable[str], roster: Roster, now: datetime) -> Iterator[datetime]:
    for target in targets:
        kind, name = oncall.parse_pointer(target)
        rotation = roster.rotations.get(name) if kind is Pointer.ROTATION else None
        handoff = oncall.next_handoff(rotation, now, roster.overrides) if rotation else None
        if handoff is not None:
            yield handoff


def _names(session: Session, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(person.name for person in _rows(session, ids))


def _rows(session: Session, ids: tuple[str, ...]) -> list[Person]:
    found = people.persons(session, ids)
    return [found[each] for each in ids if each in found]


def _rotations(session: Session) -> tuple[Rotation, ...]:
    return tuple(turns_of(row) for row in people.rotations(session) if row.order)


def override(work: Work, *, actor: Actor, person: str, words: str, now: datetime) -> Answer:
    """Let somebody stand in for a rotation: `words` say from when to when, in its zone, and which one.

    The rotation needs no name where there is only one. `person` is a
    Slack user id or an id of the directory. Raises NotAllowed or BadInput.
    """
    check(actor, Action.OVERRIDE_ON_CALL)
    known = _rotations(work.session)
    if not known:
        raise BadInput(what="The directory knows no rotation that somebody could stand in for.")
    chosen = _rotation(known, words)
    stand_in = _stand_in(work, person)
    try:
        span = parse_span(words, zone=chosen.zone, now=now)
    except ValueError as error:
        raise BadInput(what=f"{error} For example `/oncall override @{stand_in.id} 18:00 Tue 09:00`.") from error
    if span.rest and span.rest != chosen.name:
        names = ", ".join(rotation.name for rotation in known)
        raise BadInput(what=f"I do not know the rotation “{span.rest}”. Choose one of: {names}.")
    if not span.rest and len(known) > 1:
        names = ", ".join(rotation.name for rotation in known)
        raise BadInput(what=f"Say for which rotation, at the end: {names}.")
    row = Override(
        rotation=chosen.name, person_id=stand_in.id, starts_at=span.starts_at, ends_at=span.ends_at, by=actor.label
    )
    work.session.add(row)
    trail.append(
        work.session,
        stream="directory",
        actor=actor.label,
        event_kind="override_added",
        facts={
            "rotation": row.rotation,
            "person": row.person_id,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
        },
        words={},
        author=actor.label,
        at=now,
        token=work.desk.token,
    )
    zone = chosen.zone
    until = moment(row.ends_at, zone=zone, now=now)
    since = moment(row.starts_at, zone=zone, now=now)
    sentence = f"{stand_in.name} stands in for {chosen.name} from {since} until {until}."
    return Answer(text=answers.plain(work.desk.catalog, sentence=sentence, zone=zone, now=now))


def _rotation(known: tuple[Rotation, ...], words: str) -> Rotation:
    said = words.split()
    return next((rotation for rotation in known if rotation.name in said), known[0])


def _stand_in(work: Work, person: str) -> Person:
    row = people.by_slack(work.session, workspace="", slack=person) or people.person(work.session, person.lower())
    if row is None or not row.active or Role(row.role) not in (Role.ENGINEER, Role.MANAGER, Role.ADMINISTRATOR):
        raise BadInput(what="Name somebody of the support directory: `/oncall override @PERSON FROM TO`.")
    return row
