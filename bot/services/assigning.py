"""How do tickets that nobody has find their owner by themselves, and pass on at the end of a shift?

One deadline stands for the whole queue: what may change who can take what lets it be due, each firing gives one ticket
to one person in one transaction, and it is due again at once while there is more, else when the next person comes or
goes. While a chain pages somebody the ticket is theirs who acknowledges. The rules are in domain/assignment.py.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import assignment, oncall_roster, sla
from bot.domain.assignment import Candidate, Given, Job
from bot.domain.events import Assigned
from bot.domain.oncall_roster import Roster
from bot.domain.opening_hours import parse_hours
from bot.domain.people import Role
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.domain.weekly_spans import is_open, spans_between
from bot.messages import sentences
from bot.services import announce, ladder, oncall, queue_bell, timeline
from bot.services.desk import Work
from bot.store import clocks, pages, people, tickets, trail
from bot.store.tables import Person, Ticket

OWNING = frozenset({"assigned", "claimed", "acknowledged"})
"""What in a timeline makes somebody the owner."""

LOOK_AHEAD_FOR = timedelta(days=8)
"""People's hours repeat every week."""

AGAIN_FOR = timedelta(seconds=5)
"""After this a ticket that was being worked on at that moment is looked at again."""


@dataclass(frozen=True, slots=True)
class _Hall:
    """Everything that one round of assignments looks at."""

    roster: Roster
    called: frozenset[str]
    staff: tuple[Person, ...]
    hours: str
    zone: str
    load: Counter[str]


def drain(work: Work, *, now: datetime) -> None:
    """Give the ticket that is due first to whom it fits, and be due again for the next."""
    rows = {row.number_known: row for row in tickets.all_open(work.session) if _is_ours_to_give(work, row)}
    if not rows:
        return
    hall = _hall(work, now=now)
    planned = assignment.plan(_jobs(work, rows, hall, now=now), _candidates(hall, hall.roster, now=now))
    for given in planned:
        # A ticket that somebody is at this very moment is passed over: to wait for them here could be a deadlock.
        row = tickets.if_free(work.session, given.number)
        if row is not None and row.owner == given.before and State(row.state) in WORKED_STATES:
            _give(work, row, given, now=now)
            queue_bell.wake(work, at=now)
            return
    following = now + AGAIN_FOR if planned else _next_change(work, hall, rows.values(), now=now)
    if following is not None:
        queue_bell.wake(work, at=following)


def _give(work: Work, row: Ticket, given: Given, *, now: datetime) -> None:
    before, row.owner = row.owner, given.to
    why = given.why
    if before:
        why = sentences.reason(work.desk.catalog, "shift_ended", who=people.name_of(work.session, before), why=why)
    row.assigned = {"to": given.to, "why": why}
    announce.happened(work, row, Assigned(owner=given.to, before=before, why=why), by=ladder.BOT, now=now)


def _is_ours_to_give(work: Work, row: Ticket) -> bool:
    return row.begun and State(row.state) in WORKED_STATES and work.handbook(row).assignment.automatic


def _jobs(work: Work, rows: dict[int, Ticket], hall: _Hall, *, now: datetime) -> Iterator[Job]:
    """The tickets that want somebody: nobody's, or those whose owner's shift has ended."""
    due = clocks.of_tickets(work.session, rows, states=[state.value for state in sla.OPEN_STATES])
    there = {each.id for each in _candidates(hall, hall.roster, now=now) if each.at_work or each.on_call}
    paging = pages.tickets_paging(work.session)
    for number, row in rows.items():
        rules = work.handbook(row).assignment
        if number in paging or (row.owner is not None and not _passes_on(work, row, hall, there, now=now)):
            continue
        moments = [clock.due_at for clock in due[number] if clock.due_at is not None]
        yield Job(
            number=number,
            severity=row.severity,
            due_at=min(moments, default=None),
            at_most=rules.at_most,
            needs=frozenset(rules.skills.get(row.category, ())),
            is_open=work.handbook(row).calendar(row.tier, row.zone).is_open(now),
            owner=row.owner,
        )


def _passes_on(work: Work, row: Ticket, hall: _Hall, there: set[str], *, now: datetime) -> bool:
    """Whether its owner was there when they got it and is not any more; who works at their own odd hours keeps it."""
    handbook = work.handbook(row)
    if (
        row.owner in there
        or Severity(row.severity) not in handbook.assignment.hand_over
        or State(row.state) is State.WAITING
        or (row.snoozed_until is not None and row.snoozed_until > now)
        or not handbook.calendar(row.tier, row.zone).is_open(now)
    ):
        return False
    since = _owner_since(work, row)
    if since is None:
        return False
    then = oncall.roster_of(work.session, now=since)
    return any(each.id == row.owner and (each.at_work or each.on_call) for each in _candidates(hall, then, now=since))


def _owner_since(work: Work, row: Ticket) -> datetime | None:
    found = [entry.at for entry in trail.read(work.session, timeline.stream_of(row)) if entry.kind in OWNING]
    return found[-1] if found else None


def _hall(work: Work, *, now: datetime) -> _Hall:
    roster, handbook = oncall.roster_of(work.session, now=now), work.desk.handbooks.default.handbook
    owned = Counter(
        row.owner for row in tickets.all_open(work.session) if row.owner and State(row.state) in WORKED_STATES
    )
    return _Hall(
        roster=roster,
        called=frozenset(target for targets in people.levels(work.session).values() for target in targets),
        staff=tuple(people.of_role(work.session, [Role.ENGINEER.value])),
        hours=handbook.assignment.hours,
        zone=handbook.zone,
        load=owned,
    )


def _candidates(hall: _Hall, roster: Roster, *, now: datetime) -> list[Candidate]:
    """Our engineers as they stand at a moment; who turns up in a rotation is on call, who stands in a team is not."""
    turns = [target for target in sorted(hall.called) if oncall_roster.rotations_behind([target], roster)]
    on_call = set(oncall_roster.people_for(turns, roster, now=now))
    return [
        Candidate(
            id=row.id,
            name=row.name,
            skills=frozenset(row.skills),
            load=hall.load[row.id],
            at_work=roster.is_free(row.id, now) and is_open(parse_hours(_hours(hall, row)), _zone(hall, row), now),
            on_call=row.id in on_call,
        )
        for row in hall.staff
    ]


def _next_change(work: Work, hall: _Hall, rows: Iterable[Ticket], *, now: datetime) -> datetime | None:
    """When somebody comes or goes next, or a waiting ticket's support hours begin; None where nothing ever changes."""
    edges: list[datetime] = [
        calendar.next_opening(now)
        for row in rows
        if not (calendar := work.handbook(row).calendar(row.tier, row.zone)).is_open(now)
    ]
    edges += [edge for away in hall.roster.absences for edge in (away.starts_at, away.ends_at)]
    following = oncall_roster.next_shift(sorted(hall.called), hall.roster, now)
    edges += [following.starts_at] if following else []
    for row in hall.staff:
        hours = parse_hours(_hours(hall, row))
        if not hours.always:
            edges += [
                edge for span in spans_between(hours, _zone(hall, row), now, now + LOOK_AHEAD_FOR) for edge in span
            ]
    return min((edge for edge in edges if edge > now), default=None)


def _hours(hall: _Hall, row: Person) -> str:
    return row.hours or hall.hours


def _zone(hall: _Hall, row: Person) -> ZoneInfo:
    return ZoneInfo(row.timezone or hall.zone)
