"""When does this process read somebody's calendar? As soon as one wants to be read, and outside any transaction."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.app.fetch import CannotFetch
from bot.handbook.absences import Away, read_absences
from bot.handbook.errors import HandbookError
from bot.services import feeds
from bot.services.desk import Desk, Work
from bot.services.feeds import Wish

log = structlog.get_logger()

Fetch = Callable[[str], bytes]
"""Gives what is behind an address; raises CannotFetch."""


class Feeds:
    """A loop that reads the calendars which want to be read, one after the other."""

    def __init__(self, desk: Desk, fetch: Fetch) -> None:
        self._desk = desk
        self._fetch = fetch

    def step(self, now: datetime) -> bool:
        """Read one calendar; whether one waited."""
        wish = self._wanted()
        if wish is None:
            return False
        found, why = self._read(wish, now=now)
        with self._desk.db.transaction() as session:
            work = Work(self._desk, session)
            if why:
                feeds.failed(work, wish, why=why, now=now)
            else:
                feeds.read(work, wish, found=found, now=now)
        log.info("absences_read", calendar=wish.number, events=len(found), trouble=why)
        return True

    def next_at(self, now: datetime) -> datetime | None:
        """Now where a calendar waits; each one's hour is a deadline of its own."""
        return now if self._wanted() else None

    def _wanted(self) -> Wish | None:
        with self._desk.db.reading() as session:
            return feeds.wanted(session)

    def _read(self, wish: Wish, *, now: datetime) -> tuple[list[Away], str]:
        """What the calendar says, else why it cannot be read; whatever it says, the other calendars go on."""
        try:
            return read_absences(self._fetch(wish.url), wish.host, now=now), ""
        except (CannotFetch, HandbookError, ArithmeticError, ValueError) as error:
            return [], str(error) or "It is no calendar."
