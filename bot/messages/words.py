"""How does one say a moment, a length of time or a list of names, and how is somebody's text made harmless?"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ELLIPSIS = "…"

SPOKEN = {"acknowledge": "acknowledgement", "worked": "start of work"}
"""Clocks whose metric is no word for what falls due."""

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_LINK = re.compile(r"https?://[^\s<>|*`\"']+[^\s<>|*`\"'.,;:!?)\]]")
_OFFSET = re.compile(r"[+-]\d{2}(\d{2})?")
_BROKEN_TAIL = re.compile(r"(?:&[a-z]{0,3}|<[^>]*)\Z")


class Mrkdwn(str):
    """Text that is Slack's mrkdwn already: it is not escaped again."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """Give the text so that Slack shows it literally: nothing in it pings, links or hides. Mrkdwn passes unchanged."""
    if isinstance(text, Mrkdwn):
        return text
    return Mrkdwn(clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def unescaped(text: str) -> str:
    """Give escaped text as it was written."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clean(text: str) -> str:
    """Give the text without characters that are invisible or turn the direction of reading."""
    if text.isascii() and text.isprintable():
        return str(text)  # nearly all text, for which the rest is not worth its time
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str, limit: int = 300) -> Mrkdwn:
    """Give the text on one line, escaped, of at most `limit` characters as written."""
    flat = _SPACE.sub(" ", clean(text)).strip()
    return escape(flat if len(flat) <= limit else flat[: limit - 1].rstrip() + ELLIPSIS)


def sentence(text: str, limit: int = 600) -> Mrkdwn:
    """Give the text on one line that ends as a sentence does."""
    one = line(text, limit)
    return one if not one or one[-1] in ".!?…:;" else Mrkdwn(f"{one}.")


def spoken_metric(name: str) -> str:
    """Give a clock's metric as people say it: `first response`, `start of work`, `response at level 2`."""
    return SPOKEN.get(name) or name.replace("level_", "response at level ").replace("_", " ")


def capital(text: str) -> str:
    """Give the text with a capital at its beginning."""
    begun = text[:1].upper() + text[1:]
    return Mrkdwn(begun) if isinstance(text, Mrkdwn) else begun


def paragraph(text: str, limit: int = 1500) -> Mrkdwn:
    """Give the text with its line breaks, escaped, of at most `limit` characters as written; addresses are links."""
    kept = clean(text).strip()
    kept = kept if len(kept) <= limit else kept[: limit - 1].rstrip() + ELLIPSIS
    parts: list[str] = []
    done = 0
    for found in _LINK.finditer(kept):
        parts += [escape(kept[done : found.start()]), f"<{escape(found[0])}>"]
        done = found.end()
    return Mrkdwn("".join([*parts, escape(kept[done:])]))


def quote(text: str, limit: int = 1500) -> Mrkdwn:
    """Give the text as a quotation: each of its lines is marked as somebody's own words."""
    return Mrkdwn("\n".join(f">{row}" for row in paragraph(text, limit).split("\n")))


def cut(text: str, limit: int) -> str:
    """Give mrkdwn of at most `limit` characters; the rest becomes an ellipsis, never half an entity or link."""
    if len(text) <= limit:
        return text
    return _BROKEN_TAIL.sub("", text[: limit - 1]).rstrip() + ELLIPSIS


def link(label: str, address: str) -> Mrkdwn:
    """Give a link of Slack; an address that is not http or https stays text, without one there is only the label."""
    if not address:
        return line(label)
    if not address.startswith(("https://", "http://")):
        return line(f"{label}: {address}")
    target = escape(_SPACE.sub("%20", clean(address).strip()).replace("|", "%7C"))
    return Mrkdwn(f"<{target}|{line(label.replace('|', '/'), 120)}>")


def moment(at: datetime, *, zone: str, now: datetime) -> str:
    """Say a moment as a clock on the wall there shows it: `10:00 EST`, `Tue 10:00 EST`, `Tue 2 Jun 10:00 EDT`.

    The weekday is said when it is not today, the date when it is more than six days away, the year when it is another.
    """
    return _moment(at, zone, now)


@lru_cache(maxsize=1024)  # one message says the same few moments again and again, and so do many at once
def _moment(at: datetime, zone: str, now: datetime) -> str:
    there, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    hour = f"{there:%H:%M} {zone_mark(there)}"
    if there.date() == today:
        return hour
    if abs((there.date() - today).days) <= 6:
        return f"{there:%a} {hour}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year} {hour}"


def zone_mark(there: datetime) -> str:
    """Give what a moment's zone is called there: `EST`, or `UTC+05:30` where it has no letters."""
    name = there.tzname() or "UTC"
    return f"UTC{name[:3]}:{name[3:] or '00'}" if _OFFSET.fullmatch(name) else name


def span(length: timedelta) -> str:
    """Say a length of time as people do, to the minute: `12 minutes`, `1 hour 30 minutes`, `3 days 2 hours`."""
    seconds = int(abs(length).total_seconds())
    if seconds < 60:
        return counted(seconds, "second") if seconds else "less than a second"
    minutes = (seconds + 30) // 60
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    parts = ((days, "day"), (hours, "hour"), (0 if days else minutes, "minute"))
    return " ".join(counted(number, noun) for number, noun in parts if number)


def counted(number: int, noun: str, several: str = "") -> str:
    """Count things: `1 ticket`, `3 tickets`; `several` where an s does not do it: `2 copies`."""
    return f"{number} {noun}" if number == 1 else f"{number} {several or noun + 's'}"


def listed(names: Iterable[str], joint: str = "and") -> str:
    """Say several names: `Ana`, `Ana and Bo`, `Ana, Bo and Kai`."""
    *some, last = [*names] or [""]
    return f"{', '.join(some)} {joint} {last}" if some else last
