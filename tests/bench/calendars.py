"""How much faster than others does the calendar add business hours, and does more time cost more?

The baselines are two libraries that people use for this: `businesstimedelta` and pandas' CustomBusinessHour. All get
the same cases and do the same job, from an aware UTC moment to an aware UTC moment over office hours with public
holidays, and must agree on the answers before anything is timed.
"""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import businesstimedelta
import pandas
import pytz
from holidays import country_holidays

from bot.domain.business_calendar import Calendar, parse_hours
from tests.bench.goal import Goal, at_most, faster
from tests.bench.measure import Way, medians, scaled

ZONE = "America/New_York"
CASES, ROUNDS = 400, 25
OURS_AT_ONCE = 10
NEAR_HOURS, FAR_HOURS = 8, 255
OURS, OURS_FAR, BUSINESSTIMEDELTA, PANDAS = "watchbell", "watchbell_far", "businesstimedelta", "pandas"


def starts() -> list[datetime]:
    """Moments of 2026 at any time of day, night and week, as UTC."""
    chance = random.Random(2026)  # noqa: S311 - cases, no secrets
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [first + timedelta(minutes=chance.randrange(365 * 1440)) for _ in range(CASES)]


def goals(part: float) -> list[Goal]:
    """Ours against both libraries, and a far target against a near one."""
    took = {name: seconds * 1e6 for name, seconds in measure(rounds=scaled(ROUNDS, part)).items()}
    ours, far = took[OURS], took[OURS_FAR]
    return [
        faster("8 business hours, against businesstimedelta", ours, took[BUSINESSTIMEDELTA], 50),
        faster("8 business hours, against pandas CustomBusinessHour", ours, took[PANDAS], 60),
        at_most("255 business hours, against 8", far, ours, 1.3),
    ]


def measure(*, rounds: int) -> dict[str, float]:
    """Give the median seconds of one addition for each way."""
    off = country_holidays("US", years=range(2025, 2029))
    moments, near_for, far_for = starts(), timedelta(hours=NEAR_HOURS), timedelta(hours=FAR_HOURS)
    calendar = Calendar(parse_hours("Mon-Fri 09:00-17:00"), ZONE, frozenset(off))
    pytz_zone = pytz.timezone(ZONE)
    office = businesstimedelta.WorkDayRule(
        start_time=time(9), end_time=time(17), working_days=list(range(5)), tz=pytz_zone
    )
    rules = businesstimedelta.Rules([office, businesstimedelta.HolidayRule(off)])
    theirs = businesstimedelta.BusinessTimeDelta(rules, hours=NEAR_HOURS)
    offset = pandas.offsets.CustomBusinessHour(n=NEAR_HOURS, start="09:00", end="17:00", holidays=list(off))

    def by_businesstimedelta(moment: datetime) -> datetime:
        added: datetime = moment.astimezone(pytz_zone) + theirs
        return added.astimezone(UTC)

    def by_pandas(moment: datetime) -> datetime:
        added: datetime = (pandas.Timestamp(moment).tz_convert(ZONE) + offset).tz_convert(UTC).to_pydatetime()
        return added

    _must_agree(
        [calendar.add(moment, near_for) for moment in moments],
        [by_businesstimedelta(moment) for moment in moments],
        [by_pandas(moment) for moment in moments],
    )
    ways: dict[str, Way] = {
        OURS: lambda: [calendar.add(moment, near_for) for _ in range(OURS_AT_ONCE) for moment in moments],
        BUSINESSTIMEDELTA: lambda: [by_businesstimedelta(moment) for moment in moments],
        PANDAS: lambda: [by_pandas(moment) for moment in moments],
        OURS_FAR: lambda: [calendar.add(moment, far_for) for _ in range(OURS_AT_ONCE) for moment in moments],
    }
    calls = {OURS: CASES * OURS_AT_ONCE, OURS_FAR: CASES * OURS_AT_ONCE, BUSINESSTIMEDELTA: CASES, PANDAS: CASES}
    return medians(ways, calls=calls, rounds=rounds)


def _must_agree(ours: list[datetime], ones: list[datetime], others: list[datetime]) -> None:
    """Nobody is timed for wrong answers. Pandas alone takes a target used up at closing for the next opening."""
    for mine, one, other in zip(ours, ones, others, strict=True):
        at_closing = mine.astimezone(ZoneInfo(ZONE)).time() == time(17)
        if mine != one or (mine != other and not at_closing):
            raise AssertionError(f"they do not agree: {mine}, {one}, {other}")
