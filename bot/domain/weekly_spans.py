"""From when to when do weekly hours hold, as moments?

Where clocks go back an hour is open from its first beginning to its last end: two spans may overlap, and none that
follow each other part.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.opening_hours import WallSpan, WeeklyHours
from bot.domain.wall_clock import Occurrence, moment_of

DAY = timedelta(days=1)


def spans_between(
    hours: WeeklyHours, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The open spans that may touch a span of time, by the day they open on; none for hours that always hold."""
    # A night reaches into the next day, and where clocks go back over midnight a day's first hour comes early.
    day, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date() + DAY
    while day <= last:
        midnight = datetime.combine(day, time())
        for span in hours.days[day.weekday()]:
            yield _moments(midnight, span, zone)
        day += DAY


def is_open(hours: WeeklyHours, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the hours hold at a moment."""
    return hours.always or any(opens <= at < closes for opens, closes in spans_between(hours, zone, at, at))


def _moments(midnight: datetime, span: WallSpan, zone: ZoneInfo) -> tuple[datetime, datetime]:
    opens, closes = midnight + timedelta(minutes=span.opens), midnight + timedelta(minutes=span.closes)
    return moment_of(opens, zone), moment_of(closes, zone, Occurrence.LAST)
