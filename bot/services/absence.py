"""Up to where has the desk certainly heard everything, and what must be read again after it was away?

The mark moves only when a channel was read back as a whole: a live event says nothing about those before it. Reading
goes back a little behind it: a thread under a message of ours is known only once we know that it was posted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.services.desk import Desk
from bot.store import remembered, threads, watch
from bot.store.threads import Thread

BEHIND_FOR = timedelta(hours=1)
"""How far behind the mark a channel is read again; what is known already is not taken twice."""


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
            found.append(Place(row.channel, _behind(session, row.channel, since), here))
        return tuple(found)


def caught_up(desk: Desk, channel: str, ts: str) -> None:
    """Remember that everything in a channel up to a message is in the inbox. It never moves back."""
    with desk.db.transaction() as session:
        if ts > (remembered.value(session, _mark(channel)) or "0"):
            remembered.keep(session, _mark(channel), ts)


def _behind(session: Session, channel: str, since: str) -> str:
    """From where to read: a little behind the mark, never before we began to listen there."""
    began = remembered.value(session, _began(channel))
    if began is None:
        began = since
        remembered.keep(session, _began(channel), began)
    return max(began, f"{float(since) - BEHIND_FOR.total_seconds():.6f}")


def _began(channel: str) -> str:
    return f"listening_since:{channel}"


def _mark(channel: str) -> str:
    return f"read_back:{channel}"
