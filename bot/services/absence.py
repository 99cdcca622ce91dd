"""Up to where has the desk certainly heard everything, and what must be read again after it was away?

The mark moves only when a channel was read back as a whole: a live event says nothing about those before it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services.desk import Desk
from bot.store import remembered, threads, watch
from bot.store.threads import Thread


@dataclass(frozen=True, slots=True)
class Place:
    """One channel to read back: all that was written after `since`, and the threads of its open tickets."""

    channel: str
    since: str
    threads: tuple[Thread, ...]


def places(desk: Desk, *, now: datetime) -> tuple[Place, ...]:
    """Every watched channel. One that is watched since just now has nothing to read back."""
    with desk.db.transaction() as session:
        open_threads = threads.of_open_tickets(session)
        found = []
        for row in watch.watched(session):
            since = remembered.value(session, _mark(row.channel)) or (row.seen_ts if row.seen_ts > "0" else None)
            if since is None:
                since = f"{now.timestamp():.6f}"
                remembered.keep(session, _mark(row.channel), since)
            here = tuple(thread for thread in open_threads if thread.channel == row.channel)
            found.append(Place(row.channel, since, here))
        return tuple(found)


def caught_up(desk: Desk, channel: str, ts: str) -> None:
    """Remember that everything in a channel up to a message is in the inbox. It never moves back."""
    with desk.db.transaction() as session:
        if ts > (remembered.value(session, _mark(channel)) or "0"):
            remembered.keep(session, _mark(channel), ts)


def _mark(channel: str) -> str:
    return f"read_back:{channel}"
