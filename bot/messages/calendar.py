"""How does a calendar program read who is on call? As an iCalendar feed (RFC 5545), an event for each turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Watchbell//On call//EN"
ASK_AGAIN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CalendarTurn:
    """Who holds what from when to when; `id` stays the same when the feed is read again."""

    id: str
    who: str
    post: str
    starts_at: datetime
    ends_at: datetime


def feed(turns: Iterable[CalendarTurn], *, name: str, now: datetime) -> bytes:
    """The turns as a calendar of that name, in UTC, which every program shows in its reader's own zone."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The library escapes no line break in a property that it does not know, and would break on one.
    calendar.add("x-wr-calname", " ".join(name.split()))
    calendar.add("refresh-interval", ASK_AGAIN_FOR, parameters={"value": "DURATION"})
    for turn in turns:
        event = Event()
        event.add("uid", turn.id)
        event.add("dtstamp", now)
        event.add("dtstart", turn.starts_at)
        event.add("dtend", turn.ends_at)
        event.add("summary", f"{turn.who}: on call, {turn.post}")
        # Being on call blocks no appointment.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
