"""When is somebody away, as a calendar file says it? Each event, and each of those that come again, by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from bot.domain.wall_clock import moment_of
from bot.handbook.errors import HandbookError

LARGEST_FILE = 2_000_000
"""Bytes beyond which a file is not read as a calendar."""

MOST_EVENTS = 5_000


@dataclass(frozen=True, slots=True)
class Away:
    """One absence: a whole day is a date, a time without a zone is local to whose absence it is."""

    summary: str
    starts: date
    ends: date

    def between(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to before when, as UTC moments."""
        return _moment(self.starts, zone), _moment(self.ends, zone)


def read_absences(content: bytes, source: str, *, now: datetime, ahead: timedelta = timedelta(days=400)) -> list[Away]:
    """The absences of a calendar that are not over and begin within `ahead`, by when they begin.

    Raises HandbookError with one line that names the source.
    """
    if len(content) > LARGEST_FILE:
        raise HandbookError([f"{source}: has {len(content)} bytes; a calendar has at most {LARGEST_FILE}"])
    try:
        calendar = Calendar.from_ical(content)
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(now, now + ahead)
        events = [event for _, event in zip(range(MOST_EVENTS), found, strict=False)]
        return sorted(_aways(events), key=lambda away: (str(away.starts), away.summary))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise HandbookError([f"{source}: is no iCalendar file ({error}); give an .ics file"]) from error


def _aways(events: list[Event]) -> Iterator[Away]:
    for event in events:
        if str(event.get("status", "")).upper() == "CANCELLED" or "dtstart" not in event:
            continue
        starts = event.decoded("dtstart")
        ends = event.decoded("dtend") if "dtend" in event else _end_without(starts, event)
        if ends > starts:
            yield Away(" ".join(str(event.get("summary", "")).split()), starts, ends)


def _end_without(starts: date, event: Event) -> date:
    """An event without an end lasts as long as it says, else the day that it names."""
    if "duration" in event:
        length: timedelta = event.decoded("duration")
        return starts + length
    return starts if isinstance(starts, datetime) else starts + timedelta(days=1)


def _moment(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return moment_of(datetime.combine(at, time()), zone)
    if at.tzinfo is None:
        return moment_of(at, zone)
    return datetime.fromtimestamp(at.timestamp(), tz=UTC)
