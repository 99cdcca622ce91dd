"""The desk of the clock tests: a New York office, a week with names, and short ways to say what happened."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.business_calendar import Calendar, parse_hours, parse_spans
from bot.domain.sla import (
    Clock,
    Event,
    Opened,
    Regraded,
    Resumed,
    Terms,
    Waiting,
)
from bot.domain.sla_clocks import clocks
from bot.domain.target import parse_target
from bot.domain.wall_clock import zone_named

WAIT = "waiting_for_customer"
NEW_YORK = zone_named("America/New_York")
OFFICE = Calendar(
    parse_hours("Mon-Fri 09:00-17:00"),
    "America/New_York",
    frozenset({date(2026, 11, 26)}),
    {date(2026, 11, 27): parse_spans("09:00-13:00")},
)
EXTENDED = Calendar(parse_hours("Mon-Fri 08:00-20:00"), "America/New_York")
DAYS = {"Fri": "2026-01-09", "Sat": "2026-01-10", "Mon": "2026-01-12", "Tue": "2026-01-13", "Wed": "2026-01-14"}
DAYS |= {"Thu": "2026-01-15"}


def at(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{DAYS.get(day, day)}T{clock}").replace(tzinfo=NEW_YORK)


def terms(metric: str = "resolution", target: str = "8 hours", **other: str) -> Terms:
    words = {metric: target, **other}
    return Terms(
        OFFICE,
        OFFICE,
        {name: parse_target(said) for name, said in words.items()},
        pauses=frozenset({WAIT, "vendor"}),
    )


def opened(when: str, target: str = "8 hours", **other: str) -> Opened:
    return Opened(at(when), "sev2", terms("resolution", target, **other))


def regraded(when: str, target: str) -> Regraded:
    return Regraded(at(when), "sev1", terms("resolution", target))


def waited(since: str, until: str, reason: str = WAIT) -> list[Event]:
    return [Waiting(at(since), reason), Resumed(at(until), reason)]


def the(metric: str, events: Sequence[Event], *, nth: int = 1, now: str | None = None) -> Clock:
    found = clocks(events, now=at(now) if now else None)
    return next(clock for clock in found if clock.metric == metric and clock.nth == nth)
