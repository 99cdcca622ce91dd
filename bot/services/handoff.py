"""Who hands over to whom, when, and with which open tickets?

What was told last is remembered, so a hand-off is told once whatever caused it (a turn that ends, somebody who stands
in, a changed directory), and after the desk was away once and late. The next one of each level is a deadline.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import oncall_roster
from bot.domain.message import Priority
from bot.domain.oncall_roster import Roster
from bot.messages import rota as messages
from bot.messages.rota import HandoffView
from bot.services import oncall, queries, views
from bot.services.desk import Work
from bot.store import deadlines, outbox, people, remembered, rota, tickets
from bot.store.tables import Person

DEADLINE = "handoff"

LATE_AFTER = timedelta(minutes=5)
"""A hand-off that is told later than this says so."""

LISTED = 12
"""Tickets that one message names."""


@dataclass(frozen=True, slots=True)
class Post:
    """What people hand over to each other: a level with a rotation behind it, or a rotation that no level names."""

    key: str
    name: str
    targets: tuple[str, ...]


def refresh(work: Work, *, now: datetime) -> None:
    """Compare who is on call with what was told last, tell each difference, and arm the next hand-off of each post."""
    roster = oncall.roster_of(work.session, now=now)
    armed = rota.lock_handoffs(work.session, DEADLINE)
    posts = posts_of(work, roster)
    for gone in armed.keys() - {post.key for post in posts}:
        deadlines.cancel(work.session, kind=DEADLINE, subject=gone)
    for post in posts:
        # One that is due already is told by its deadline, which knows since when.
        if armed.get(post.key, now) >= now:
            _settle(work, post, roster, since=now, now=now)


def due(work: Work, *, post: str, planned_for: datetime, now: datetime) -> None:
    """Tell a hand-off that has come, and arm the next."""
    roster = oncall.roster_of(work.session, now=min(planned_for, now))
    for each in posts_of(work, roster):
        if each.key == post:
            *_, shift = oncall_roster.shifts(each.targets, roster, min(planned_for, now), now + timedelta(seconds=1))
            _settle(work, each, roster, since=shift.starts_at, now=now)


def _settle(work: Work, post: Post, roster: Roster, *, since: datetime, now: datetime) -> None:
    told = remembered.value(work.session, f"{DEADLINE}:{post.key}")
    current = oncall_roster.people_for(post.targets, roster, now=now)
    following = oncall_roster.next_shift(post.targets, roster, now)
    if following is None:
        deadlines.cancel(work.session, kind=DEADLINE, subject=post.key)
    else:
        deadlines.arm(work.session, kind=DEADLINE, subject=post.key, due_at=following.starts_at)
    before = tuple(json.loads(told)) if told is not None else current
    if told is None or before != current:
        remembered.keep(work.session, f"{DEADLINE}:{post.key}", json.dumps(current))
    if set(before) != set(current):
        _tell(work, post, before, current, following, since=since, now=now)


def _tell(
    work: Work,
    post: Post,
    before: tuple[str, ...],
    current: tuple[str, ...],
    following: oncall_roster.Shift | None,
    *,
    since: datetime,
    now: datetime,
) -> None:
    rows = people.persons(work.session, {*before, *current})
    ordered = queries.in_order(work, tickets.queue(work.session))
    listed = tuple(views.staff_ticket(work, row, now=now) for row in ordered[:LISTED])
    leaving = [rows[each] for each in before if each not in current and each in rows]
    coming = [rows[each] for each in current if each not in before and each in rows]
    for person in (*leaving, *coming):
        if not _is_ours(person):
            continue
        view = HandoffView(
            post=post.name,
            coming=person in coming,
            before=_names(rows, before),
            now_on_call=_names(rows, current),
            then=oncall.names_of(work.session, following.people) if following else (),
            until=following.starts_at if following else None,
            tickets=listed,
            more=len(ordered) - len(listed),
            late_since=since if now - since > LATE_AFTER else None,
        )
        zone = views.zone_of(work, person.id)
        message = messages.handoff(work.desk.catalog, handoff=view, zone=zone, now=now)
        outbox.post(
            work.session,
            message=message,
            lane=f"@{person.slack}",
            id=work.new_id(),
            priority=Priority.REPLY,
            now=now,
        )


def posts_of(work: Work, roster: Roster) -> list[Post]:
    """Every post, each set of rotations once."""
    names = oncall.level_names(work)
    found: list[Post] = []
    seen: frozenset[str] = frozenset()
    for number, targets in sorted(people.levels(work.session).items()):
        behind = oncall_roster.rotations_behind(targets, roster)
        if behind:
            found.append(Post(f"level:{number}", names.get(number, f"level {number}"), tuple(targets)))
            seen |= behind
    unnamed = sorted(set(roster.rotations) - seen)
    return found + [Post(f"rotation:{name}", name, (f"rotation:{name}",)) for name in unnamed]


def _names(rows: Mapping[str, Person], ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rows[each].name for each in ids if each in rows)


def _is_ours(person: Person) -> bool:
    return person.active and bool(person.slack) and not person.workspace and person.customer_id is None
