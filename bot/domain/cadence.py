"""When is the next update due, and which one did we miss?

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


def latest_missed(anchor: datetime, every: Every, *, told_at: datetime, now: datetime) -> datetime | None:
    """The latest moment of the grid in (`told_at`, `now`], or None: after an outage there is one catch-up (R6)."""
    first = grid(anchor, every, max(told_at, anchor))
    if first > now:
        return None
    if isinstance(every, EachBusinessDay):
        return _latest_business_day(anchor, every.calendar, first, now)
    return anchor + every * ((now - anchor) // every)


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


def _latest_business_day(anchor: datetime, calendar: Calendar, first: datetime, now: datetime) -> datetime:
    """Walk back from `now` until a day of the grid is found: long outages cost no more than short ones."""
    back = timedelta(days=1)
    while (latest := _business_day_after(anchor, calendar, max(now - back, first - timedelta(microseconds=1)))) > now:
        back *= 2
    while (later := _business_day_after(anchor, calendar, latest)) <= now:
        latest = later
    return latest
