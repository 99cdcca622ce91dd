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
from bot.messages.view import ChangeView
from bot.services import oncall, rota_change, tell
from bot.services.desk import Answer, Work
from bot.store import people, rota, trail
from bot.store.rota_tables import Absence, Override
from bot.store.tables import Person

OURS = frozenset({Role.ENGINEER, Role.MANAGER, Role.ADMINISTRATOR})

WORDS = {Change.REPLACE: "override", Change.ADD: "add", Change.REMOVE: "without"}
"""How `/oncall` calls each kind of change."""
ABSENT = "absent"


def override(
    work: Work, *, actor: Actor, person: str, words: str, change: Change = Change.REPLACE, now: datetime
) -> Answer:
    """Change a rotation: `words` say from when to when, in the asker's zone, and which one where there are several.

    `person` is a Slack user id or an id of the directory. Raises NotAllowed or BadInput.
    """
    check(actor, Action.OVERRIDE_ON_CALL)
    rotations(work)
    _colleague(work.session, person, WORDS[change])
    span = _span(words, zone=oncall.zone_of(work, actor), change=WORDS[change], now=now)
    return put(work, actor=actor, person=person, span=span, change=change, now=now)


def rotations(work: Work) -> list[str]:
    """Give the rotations that can be changed. Raises BadInput where there is none."""
    known = [row.id for row in people.rotations(work.session) if row.order]
    if not known:
        raise BadInput("no_rotation")
    return known


def put(work: Work, *, actor: Actor, person: str, span: Span, change: Change, now: datetime) -> Answer:
    """Put a change of that span into the rotation that its last words name. Raises NotAllowed or BadInput."""
    check(actor, Action.OVERRIDE_ON_CALL)
    name = _rotation(rotations(work), span.rest)
    who = _colleague(work.session, person, WORDS[change])
    zone = oncall.zone_of(work, actor)
    row = Override(
        rotation=name, person_id=who.id, starts_at=span.starts_at, ends_at=span.ends_at, by=actor.label,
        change=change.value,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    facts = {"rotation": name, "person": who.id, "starts_at": row.starts_at, "ends_at": row.ends_at}
    _note(work, actor, "override_added", {**facts, "change": change.value, "number": row.id}, now=now)
    rota_change.happened(work, now=now)
    gap_of, gap_at = _gap(work.session, [name], span, now=now)
    return tell.plain(
        work, "stands_in", zone=zone, change=change.value, name=who.name, rotation=name, since=span.starts_at,
        until=span.ends_at, gap_of=gap_of, gap_at=gap_at, now=now,
    )  # fmt: skip


def absent(work: Work, *, actor: Actor, person: str = "", words: str, now: datetime) -> Answer:
    """Say that somebody is away: oneself, or `person` for those who may override. What is no moment is the reason.

    What was said before is not kept twice.

    Raises NotAllowed or BadInput.
    """
    check(actor, Action.SEE_ON_CALL)
    who = _colleague(work.session, person or actor.person or "", ABSENT)
    if who.id != actor.person:
        check(actor, Action.OVERRIDE_ON_CALL)
    zone = oncall.zone_of(work, actor)
    span = _span(words, zone=zone, change=ABSENT, now=now)
    if not _is_away(work.session, who, span):
        _away(work, actor, who, span, now=now)
    rotations = [row.id for row in people.rotations(work.session) if who.id in row.order]
    gap_of, gap_at = _gap(work.session, rotations, span, now=now)
    return tell.plain(
        work, "absent", zone=zone, name=who.name, since=span.starts_at, until=span.ends_at,
        gap_of=gap_of, gap_at=gap_at, now=now,
    )  # fmt: skip


def _is_away(session: Session, who: Person, span: Span) -> bool:
    """Whether somebody said so before; a calendar's word does not count, which its next reading may take back."""
    return any(
        each.person_id == who.id
        and not each.source
        and each.starts_at <= span.starts_at
        and span.ends_at <= each.ends_at
        for each in rota.absences(session, begin=span.starts_at, end=span.ends_at)
    )


def _away(work: Work, actor: Actor, who: Person, span: Span, *, now: datetime) -> None:
    row = Absence(person_id=who.id, starts_at=span.starts_at, ends_at=span.ends_at, reason=span.rest, by=actor.label)
    work.session.add(row)
    work.session.flush()
    facts = {"person": who.id, "starts_at": row.starts_at, "ends_at": row.ends_at, "number": row.id}
    _note(work, actor, "absence_added", facts, reason=row.reason, now=now)
    rota_change.happened(work, now=now)


def remove(work: Work, *, actor: Actor, what: str, now: datetime) -> Answer:
    """Take back a change or an absence that is not over: `what` is its mark, such as `S3` or `A2`.

    Without one it lists what there is. One's own absence takes anybody back; all else needs a lead. Raises NotAllowed
    or BadInput.
    """
    check(actor, Action.SEE_ON_CALL)
    zone = oncall.zone_of(work, actor)
    there = _standing(work, now=now)
    mark = what.strip().upper()
    if mark not in there:
        shown = [_shown(work, key, each) for key, each in there.items()]
        raise BadInput("which_change", changes=shown, zone=zone, now=now)
    row = there[mark]
    if not (isinstance(row, Absence) and row.person_id == actor.person):
        check(actor, Action.OVERRIDE_ON_CALL)
    taken = _shown(work, mark, row)
    kind = "absence_removed" if isinstance(row, Absence) else "override_removed"
    _note(work, actor, kind, {"person": row.person_id, "number": row.id}, now=now)
    work.session.delete(row)
    work.session.flush()
    rota_change.happened(work, now=now)
    return tell.plain(work, "taken_back", zone=zone, each=taken, now=now)


def _standing(work: Work, *, now: datetime) -> dict[str, Override | Absence]:
    horizon = now + oncall.HORIZON_FOR
    changes = {f"S{each.id}": each for each in rota.overrides(work.session, begin=now, end=horizon)}
    return {**changes, **{f"A{each.id}": each for each in rota.absences(work.session, begin=now, end=horizon)}}


def _shown(work: Work, mark: str, row: Override | Absence) -> ChangeView:
    name = people.name_of(work.session, row.person_id)
    if isinstance(row, Absence):
        return ChangeView(mark, name, row.starts_at, row.ends_at)
    return ChangeView(mark, name, row.starts_at, row.ends_at, row.rotation, row.change)


def _span(words: str, *, zone: str, change: str, now: datetime) -> Span:
    try:
        return parse_span(words, zone=zone, now=now)
    except ValueError as error:
        raise BadInput("no_span", why=str(error), change=change) from error


def _rotation(known: list[str], said: str) -> str:
    if said and said not in known:
        raise BadInput("unknown_rotation", rotation=said, known=known, field="override_rotation")
    if not said and len(known) > 1:
        raise BadInput("which_rotation", known=known, field="override_rotation")
    return said or known[0]


def _gap(session: Session, rotations: list[str], span: Span, *, now: datetime) -> tuple[str, datetime | None]:
    """Which rotation a change leaves without anybody at all, and from when."""
    roster = oncall.roster_of(session, now=now)
    for name in rotations:
        for shift in oncall_roster.shifts([f"rotation:{name}"], roster, max(span.starts_at, now), span.ends_at):
            if not shift.people:
                return name, shift.starts_at
    return "", None


def _colleague(session: Session, person: str, change: str) -> Person:
    row = people.by_slack(session, workspace="", slack=person) or people.person(session, person.lower())
    if row is None or not row.active or Role(row.role) not in OURS:
        raise BadInput("no_colleague", change=change, field="override_person")
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
