"""When is the next update due, and how many did we miss?

Updates fall on a grid from the opening, or from becoming that severity; nothing said in between moves it (R19). The
anchor itself is no update: the receipt or the regrade speaks then. "Daily" means each business day at the wall time of
the anchor, counted as business days are (R16): opened on Monday at 10:00, told on Tuesday at 10:00, and where that
hour is closed, at the next opening of that day, else at its last closing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.business_calendar import Calendar

ASK_AHEAD_FOR = timedelta(minutes=10)
ASK_AHEAD_PART = 3


@dataclass(frozen=True, slots=True)
class EachBusinessDay:
    """A cadence of one update each business day of that calendar. Source: SLA handbook P3, channel handbook §9."""

    calendar: Calendar

    def __str__(self) -> str:
        return "each business day"


Every = timedelta | EachBusinessDay


def grid(anchor: datetime, every: Every, after: datetime) -> datetime:
    """The first moment of the grid from `anchor` that is strictly later than `after`, and never the anchor itself.

    Raises ValueError for a cadence of no time. Source: SLA rule R19.
    """
    if isinstance(every, EachBusinessDay):
        return _business_day_after(anchor, every.calendar, after)
    _refuse_no_time(every)
    return anchor + every * max((after - anchor) // every + 1, 1)


def missed(anchor: datetime, every: Every, *, since: datetime, now: datetime) -> int:
    """How many moments of the grid lie in (`since`, `now`]: what an outage swallowed; one update tells of all (R6)."""
    at, count = grid(anchor, every, since), 0
    if isinstance(every, timedelta):
        return 0 if at > now else (now - at) // every + 1
    while at <= now:
        at, count = grid(anchor, every, at), count + 1
    return count


def ask_at(due_at: datetime, every: Every) -> datetime:
    """When an engineer is asked for the update due at `due_at`: ten minutes or a third of the interval ahead.

    The shorter of the two counts. Source: decisions on updates.
    """
    if isinstance(every, EachBusinessDay):
        return due_at - ASK_AHEAD_FOR
    _refuse_no_time(every)
    return due_at - min(ASK_AHEAD_FOR, every / ASK_AHEAD_PART)


def _refuse_no_time(every: timedelta) -> None:
    if every <= timedelta(0):
        raise ValueError("a cadence must be longer than nothing")


def _business_day_after(anchor: datetime, calendar: Calendar, after: datetime) -> datetime:
    wall = calendar.wall(calendar.next_opening(anchor))
    before = calendar.wall(after).date() - timedelta(days=2)
    day = calendar.next_business_day(max(wall.date(), before))
    while (due_at := calendar.on_business_day(day, wall.time())) <= after:
        day = calendar.next_business_day(day)
    return due_at
