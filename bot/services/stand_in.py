"""Who stands in, joins, is taken off or is away, and who takes such a change back?

Moments are read in the zone of whoever says them. Every change is in the trail of the directory, tells those whom it
puts on call or takes off, and draws the home tabs again.
"""

from datetime import datetime

from sqlmodel import Session

from bot.domain import oncall_roster
from bot.domain.errors import BadInput
from bot.domain.oncall import Change
from bot.domain.oncall_words import Span, parse_span
from bot.domain.people import Action, Actor, Role, check
from bot.messages.words import moment
from bot.services import oncall, rota_change, tell
from bot.services.desk import Answer, Work
from bot.store import people, rota, trail
from bot.store.rota_tables import Absence, Override
from bot.store.tables import Person

SAID = {
    Change.REPLACE: "{name} stands in for {rotation} from {since} until {until}.",
    Change.ADD: "{name} is on call for {rotation} too, from {since} until {until}.",
    Change.REMOVE: "{name} is off {rotation} from {since} until {until}; their turns pass to the next one.",
}

OURS = frozenset({Role.ENGINEER, Role.MANAGER, Role.ADMINISTRATOR})

WORDS = {Change.REPLACE: "override", Change.ADD: "add", Change.REMOVE: "without"}
"""How `/oncall` calls each kind of change."""


def override(
    work: Work, *, actor: Actor, person: str, words: str, change: Change = Change.REPLACE, now: datetime
) -> Answer:
    """Change a rotation: `words` say from when to when, in the asker's zone, and which one where there are several.

    `person` is a Slack user id or an id of the directory. Raises NotAllowed or BadInput.
    """
    check(actor, Action.OVERRIDE_ON_CALL)
    example = f"`/oncall {WORDS[change]} @bo 18:00 Tue 09:00`"
    known = [row.id for row in people.rotations(work.session) if row.order]
    if not known:
        raise BadInput(what="The directory knows no rotation that somebody could stand in for.")
    who = _colleague(work.session, person, example)
    zone = oncall.zone_of(work, actor)
    span = _span(words, zone=zone, example=example, now=now)
    name = _rotation(known, span.rest)
    row = Override(
        rotation=name, person_id=who.id, starts_at=span.starts_at, ends_at=span.ends_at, by=actor.label,
        change=change.value,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    facts = {"rotation": name, "person": who.id, "starts_at": row.starts_at, "ends_at": row.ends_at}
    _note(work, actor, "override_added", {**facts, "change": change.value, "number": row.id}, now=now)
    rota_change.happened(work, now=now)
    said = SAID[change].format(name=who.name, rotation=name, **_between(span, zone, now))
    return tell.plain(work, f"{said} {_gap(work.session, [name], span, zone, now=now)}".strip(), now=now)


def absent(work: Work, *, actor: Actor, person: str = "", words: str, now: datetime) -> Answer:
    """Say that somebody is away: oneself, or `person` for those who may override. What is no moment is the reason.

    Raises NotAllowed or BadInput.
    """
    check(actor, Action.SEE_ON_CALL)
    example = "`/oncall absent tomorrow 09:00 Fri 17:00 dentist`"
    who = _colleague(work.session, person or actor.person or "", example)
    if who.id != actor.person:
        check(actor, Action.OVERRIDE_ON_CALL)
    zone = oncall.zone_of(work, actor)
    span = _span(words, zone=zone, example=example, now=now)
    row = Absence(person_id=who.id, starts_at=span.starts_at, ends_at=span.ends_at, reason=span.rest, by=actor.label)
    work.session.add(row)
    work.session.flush()
    facts = {"person": who.id, "starts_at": row.starts_at, "ends_at": row.ends_at, "number": row.id}
    _note(work, actor, "absence_added", facts, reason=row.reason, now=now)
    rota_change.happened(work, now=now)
    between = _between(span, zone, now)
    said = f"{who.name} is away from {between['since']} until {between['until']}; their turns pass to the next one."
    rotations = [row.id for row in people.rotations(work.session) if who.id in row.order]
    return tell.plain(work, f"{said} {_gap(work.session, rotations, span, zone, now=now)}".strip(), now=now)


def remove(work: Work, *, actor: Actor, what: str, now: datetime) -> Answer:
    """Take back a change or an absence that is not over: `what` is its mark, such as `S3` or `A2`.

    Without one it lists what there is. One's own absence takes anybody back; all else needs a lead. Raises NotAllowed
    or BadInput.
    """
    check(actor, Action.SEE_ON_CALL)
    zone = oncall.zone_of(work, actor)
    there = _standing(work, zone, now=now)
    mark = what.strip().upper()
    if mark not in there:
        listed = "; ".join(f"{key}: {words}" for key, (_, words) in there.items())
        raise BadInput(what=f"Say which: {listed}." if listed else "There is no change of on-call to take back.")
    row, words = there[mark]
    if not (isinstance(row, Absence) and row.person_id == actor.person):
        check(actor, Action.OVERRIDE_ON_CALL)
    kind = "absence_removed" if isinstance(row, Absence) else "override_removed"
    _note(work, actor, kind, {"person": row.person_id, "number": row.id}, now=now)
    work.session.delete(row)
    work.session.flush()
    rota_change.happened(work, now=now)
    return tell.plain(work, f"Taken back: {words}.", now=now)


def _standing(work: Work, zone: str, *, now: datetime) -> dict[str, tuple[Override | Absence, str]]:
    horizon = now + oncall.HORIZON_FOR
    found: dict[str, tuple[Override | Absence, str]] = {}
    for change in rota.overrides(work.session, begin=now, end=horizon):
        name, between = people.name_of(work.session, change.person_id), _said(change, zone, now)
        found[f"S{change.id}"] = (change, f"{name}, {change.rotation} ({change.change}) {between}")
    for away in rota.absences(work.session, begin=now, end=horizon):
        name = people.name_of(work.session, away.person_id)
        found[f"A{away.id}"] = (away, f"{name} away {_said(away, zone, now)}")
    return found


def _said(row: Override | Absence, zone: str, now: datetime) -> str:
    return f"from {moment(row.starts_at, zone=zone, now=now)} until {moment(row.ends_at, zone=zone, now=now)}"


def _between(span: Span, zone: str, now: datetime) -> dict[str, str]:
    return {
        "since": moment(span.starts_at, zone=zone, now=now),
        "until": moment(span.ends_at, zone=zone, now=now),
    }


def _span(words: str, *, zone: str, example: str, now: datetime) -> Span:
    try:
        return parse_span(words, zone=zone, now=now)
    except ValueError as error:
        raise BadInput(what=f"{error} For example {example}.") from error


def _rotation(known: list[str], said: str) -> str:
    names = ", ".join(known)
    if said and said not in known:
        raise BadInput(what=f"I do not know the rotation “{said}”. Choose one of: {names}.")
    if not said and len(known) > 1:
        raise BadInput(what=f"Say for which rotation, at the end: {names}.")
    return said or known[0]


def _gap(session: Session, rotations: list[str], span: Span, zone: str, *, now: datetime) -> str:
    """A warning where a change leaves nobody at all for a rotation."""
    roster = oncall.roster_of(session, now=now)
    for name in rotations:
        for shift in oncall_roster.shifts([f"rotation:{name}"], roster, max(span.starts_at, now), span.ends_at):
            if not shift.people:
                since = moment(shift.starts_at, zone=zone, now=now)
                return f"Nobody is left for {name} from {since}: let somebody stand in."
    return ""


def _colleague(session: Session, person: str, example: str) -> Person:
    row = people.by_slack(session, workspace="", slack=person) or people.person(session, person.lower())
    if row is None or not row.active or Role(row.role) not in OURS:
        raise BadInput(what=f"Name somebody of the support directory, for example {example}.")
    return row


def _note(work: Work, actor: Actor, kind: str, facts: dict[str, object], *, reason: str = "", now: datetime) -> None:
    trail.append(
        work.session,
        stream="directory",
        actor=actor.label,
        event_kind=kind,
        facts=facts,
        words={"reason": reason} if reason else {},
        author=actor.label,
        at=now,
        token=work.desk.token,
    )
