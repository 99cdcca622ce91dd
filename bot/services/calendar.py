"""Where is the calendar of who is on call, and what stands in it?

The feed's address is its key: it is signed, for one person's turns, and ends with their place in the directory.
"""

from datetime import datetime, timedelta

from bot.domain import oncall_roster
from bot.domain.errors import BadInput
from bot.domain.people import STAFF, Action, Actor, Role, check
from bot.domain.signed_link import WrongLink
from bot.messages import calendar as messages
from bot.messages.calendar import CalendarTurn
from bot.services import handoff, oncall, tell
from bot.services.desk import Answer, Work
from bot.store import people

PURPOSE = "oncall.ics"
EVERYBODY = "*"

LIVES_FOR = timedelta(days=730)
SHOWN_FOR = timedelta(days=120)
"""How far ahead the feed goes: a calendar asks again every hour."""

LOOK_BACK_FOR = timedelta(days=14)


def address(work: Work, *, actor: Actor, everybody: bool = False, now: datetime) -> Answer:
    """Tell somebody of ours the address of their own feed, or of everybody's turns. Raises NotAllowed or BadInput."""
    check(actor, Action.SEE_ON_CALL)
    if actor.person is None:
        raise BadInput("no_calendar_of_yours")
    url = url_for(work, actor.person, everybody=everybody, now=now)
    if not url:
        raise BadInput("no_calendar")
    return tell.plain(work, "calendar", everybody=everybody, url=url, now=now)


def url_for(work: Work, person: str, *, everybody: bool = False, now: datetime) -> str:
    """The address of a feed that was made for somebody; empty where the desk has no address or no key."""
    links = work.desk.links
    if links is None:
        return ""
    # The day is enough: the same address all day, however often the home tab is drawn.
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    token = links.token(PURPOSE, person, EVERYBODY if everybody else person, expires_at=day + LIVES_FOR)
    return f"{links.base_url.rstrip('/')}/{PURPOSE}?token={token}"


def feed(work: Work, *, token: str, now: datetime) -> bytes:
    """The calendar that a token opens. Raises WrongLink or ExpiredLink."""
    links = work.desk.links
    if links is None:
        raise WrongLink
    facts = links.read(PURPOSE, token, now=now)
    reader = people.person(work.session, facts[0]) if len(facts) == 2 else None
    if reader is None or not reader.active or Role(reader.role) not in STAFF:
        raise WrongLink
    whose = facts[1]
    name = "On call" if whose == EVERYBODY else f"On call: {reader.name}"
    return messages.feed(_turns(work, whose, now=now), name=name, now=now)


def _turns(work: Work, whose: str, *, now: datetime) -> list[CalendarTurn]:
    since = now - LOOK_BACK_FOR
    roster = oncall.roster_of(work.session, now=since)
    names = {key: row.name for key, row in people.persons(work.session).items()}
    return [
        CalendarTurn(
            # What is cut off at one end is named by the other: an id must not move with the clock.
            id=f"{_mark(shift, since)}-{person}-{post.key.replace(':', '-')}@watchbell",
            who=names.get(person, person),
            post=post.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        )
        for post in handoff.posts_of(work, roster)
        for shift in oncall_roster.shifts(post.targets, roster, since, now + SHOWN_FOR)
        for person in shift.people
        if whose in (EVERYBODY, person)
    ]


def _mark(shift: oncall_roster.Shift, since: datetime) -> str:
    return f"to-{shift.ends_at:%Y%m%dT%H%M%SZ}" if shift.starts_at <= since else f"{shift.starts_at:%Y%m%dT%H%M%SZ}"
