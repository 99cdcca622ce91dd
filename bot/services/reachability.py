"""Would a page reach everybody whom it must reach? Asked before it matters: on every change and each night.

Slack and the forms of addresses are asked through a probe, outside any transaction; what is found is told to
operations in one message, while something is wrong and once when all is well again. `bot doctor` prints the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import oncall_roster
from bot.domain.contact import parse_contact
from bot.domain.handbook import Handbook
from bot.domain.message import InternalMessage
from bot.messages import alarms
from bot.messages.words import moment
from bot.services import asking, oncall, staff_news
from bot.services.desk import Desk, Work
from bot.store import deadlines, people, remembered
from bot.store.database import Database

DEADLINE = "reachability"
NIGHTLY = time(2, 30)
"""When it is asked each night, in the handbook's zone."""

AHEAD_FOR = timedelta(days=14)
SAME_AGAIN_AFTER = timedelta(hours=8)
"""What is still wrong is told again each night, and not with every change of the directory."""

WRONG, TOLD = "reachability:wrong", "reachability:told"
"""Under which names it is remembered what was wrong when it was told last, and when that was."""


class Probe(Protocol):
    """What can tell whether an address works without paging anybody."""

    def person(self, slack: str) -> str:
        """Why no direct message can be opened with them; empty where one can. Raises DeliveryError: Slack is away."""

    def contact(self, url: str) -> str:
        """What is wrong with the form of a contact's address; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is wrong with it where something is."""

    what: str
    well: bool
    said: str

    def __str__(self) -> str:
        """The finding in one line."""
        return f"{'ok  ' if self.well else 'FAIL'}  {self.what}: {self.said}"


@dataclass(frozen=True, slots=True)
class _Colleague:
    name: str
    slack: str
    contacts: tuple[str, ...]


def examine(db: Database, handbook: Handbook, probe: Probe, *, now: datetime) -> tuple[Finding, ...]:
    """Look at each level for the next two weeks and at each colleague's media. Raises DeliveryError: Slack is away."""
    with db.reading() as session:
        found = list(_levels(session, handbook, now=now))
        colleagues = [
            _Colleague(row.name, row.slack, tuple(row.contacts))
            for row in people.persons(session).values()
            if row.active and row.customer_id is None
        ]
    for colleague in colleagues:
        found += _media(colleague, probe)
    return tuple(found)


def arm(work: Work, *, now: datetime) -> None:
    """Let it be asked tonight, and now where it never was."""
    zone = ZoneInfo(staff_news.desk_zone(work))
    tonight = datetime.combine(now.astimezone(zone).date(), NIGHTLY, zone)
    if tonight <= now:
        tonight = datetime.combine(tonight.date() + timedelta(days=1), NIGHTLY, zone)
    deadlines.arm(work.session, kind=DEADLINE, subject="all", due_at=tonight.astimezone(now.tzinfo))


def tonight(work: Work, *, now: datetime) -> None:
    """Ask, and ask again the next night."""
    asking.want(work.session, now=now)
    arm(work, now=now)


def answer(desk: Desk, probe: Probe, *, asked: str, now: datetime) -> tuple[Finding, ...]:
    """Look, and tell operations what is wrong, or that nothing is any more. Raises DeliveryError: Slack is away."""
    with desk.db.reading() as session:
        desk.handbooks.follow(session)
    handbook = desk.handbooks.default.handbook
    found = examine(desk.db, handbook, probe, now=now)
    with desk.db.transaction() as session:
        if asking.answered(session, asked):
            _tell(Work(desk, session), found, key=asked, now=now)
    return found


def _tell(work: Work, found: tuple[Finding, ...], *, key: str, now: datetime) -> None:
    wrong = tuple(f"{finding.what}: {finding.said}" for finding in found if not finding.well)
    before = remembered.value(work.session, WRONG) or ""
    if not wrong and not before:
        return
    told_at = remembered.value(work.session, TOLD)
    lately = told_at is not None and now - datetime.fromisoformat(told_at) < SAME_AGAIN_AFTER
    if before == "\n".join(wrong) and lately:
        return
    remembered.keep(work.session, WRONG, "\n".join(wrong))
    remembered.keep(work.session, TOLD, now.isoformat())

    def say(zone: str) -> InternalMessage:
        if not wrong:
            return alarms.findings(
                work.desk.catalog, title="Everybody can be paged again", lines=(), alarm=False, zone=zone, now=now
            )
        return alarms.findings(
            work.desk.catalog, title="Not every page would arrive", lines=wrong,
            advice="Put it right in the directory or in Slack before it matters.", zone=zone, now=now,
        )  # fmt: skip

    staff_news.alarm(work, say, key=f"reachability:{key}", now=now)


def _levels(session: Session, handbook: Handbook, *, now: datetime) -> Iterator[Finding]:
    roster = oncall.roster_of(session, now=now)
    for number, level in sorted(handbook.levels.items()):
        targets = people.level(session, number)
        shifts = list(oncall_roster.shifts(targets, roster, now, now + AHEAD_FOR))
        what = f"level {number} ({level.name})"
        gaps = [shift for shift in shifts if not shift.people]
        if not targets or (len(gaps) == len(shifts) and gaps):
            yield Finding(what, well=False, said="nobody can be paged: name people in the directory's levels")
        elif gaps:
            since, until = (moment(at, zone=handbook.zone, now=now) for at in (gaps[0].starts_at, gaps[0].ends_at))
            more = f" and {len(gaps) - 1} more times" if len(gaps) > 1 else ""
            yield Finding(what, well=False, said=f"nobody is on call from {since} to {until}{more}")
        else:
            names = people.persons(session, shifts[0].people)
            yield Finding(what, well=True, said=", ".join(names[each].name for each in shifts[0].people))


def _media(colleague: _Colleague, probe: Probe) -> Iterator[Finding]:
    trouble = probe.person(colleague.slack)
    yield Finding(colleague.name, well=not trouble, said=trouble or "can be reached by direct message")
    for place, words in enumerate(colleague.contacts, start=1):
        url = parse_contact(words).address
        # Never the address itself: it holds a secret.
        fault = probe.contact(url)
        medium = url.partition("://")[0]
        said = f"the {medium} address {fault}" if fault else medium
        yield Finding(f"contact {place} of {colleague.name}", well=not fault, said=said)
