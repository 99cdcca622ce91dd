"""Up to where has the desk certainly heard everything, and what must be read again after it was away?

The mark moves only when a channel was read back as a whole: a live event says nothing about those before it. Reading
goes back a little behind it: Slack's messages do not become visible strictly in the order of their ts.

Every process that was away wants all channels read. One of them at a time reads for all, so that they do not ask Slack
too much together, and begins with what was read longest ago, so that one that is killed again and again leaves no
channel unread for ever.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.domain.message import InternalMessage
from bot.messages import alarms, sentences
from bot.services import staff_news
from bot.services.desk import Desk, Work
from bot.store import people, remembered, threads, watch
from bot.store.threads import Thread

BEHIND_FOR = timedelta(minutes=5)
"""How far behind the mark a channel is read again; what is known already is not taken twice."""

HELD_FOR = timedelta(seconds=30)
"""For how long the reading is somebody's; half of it is longer than Slack's answer may take."""

_MARK, _BEGAN, _READ = "read_back:", "listening_since:", "read_at:"
_READER = "reader"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """One channel to read back: all that was written after `since`, and the threads of its open tickets."""

    channel: str
    since: str
    threads: tuple[Thread, ...]
    taken_at: datetime


def take(
    desk: Desk, *, reader: str, wanted_at: datetime, but: Collection[str], now: datetime
) -> Place | datetime | None:
    """Give the channel that was read longest ago.

    Those named by `but` and those that anybody read after `wanted_at` are left out; None where none is left. While
    another reader is at work, gives the moment until when. A channel that is watched since just now has nothing to read
    back.
    """
    with desk.db.transaction() as session:
        remembered.hold(session, _READER)
        other, until = _reader(session)
        if other != reader and until > now:
            return until
        marks = _marks(session, now=now)
        read = {name: datetime.fromisoformat(text) for name, text in remembered.starting(session, _READ).items()}
        left = [each for each in marks if each not in but and read.get(each, _LONG_AGO) <= wanted_at]
        _keep(session, reader, until=now + HELD_FOR if left else _LONG_AGO)
        if not left:
            return None
        channel = min(left, key=lambda each: (read.get(each, _LONG_AGO), each))
        since = _behind(session, channel, marks[channel])
        return Place(channel, since, tuple(threads.of_open_tickets(session, channel)), now)


def keep(desk: Desk, *, reader: str, until: datetime) -> bool:
    """Stay the one who reads; False where somebody else is it by now."""
    with desk.db.transaction() as session:
        remembered.hold(session, _READER)
        ours = _reader(session)[0] == reader
        if ours:
            _keep(session, reader, until=until)
        return ours


def caught_up(desk: Desk, place: Place, ts: str) -> None:
    """Remember that everything in a channel up to a message is in the inbox. It never moves back."""
    with desk.db.transaction() as session:
        if ts > (remembered.value(session, _MARK + place.channel) or "0"):
            remembered.keep(session, _MARK + place.channel, ts)
        remembered.keep(session, _READ + place.channel, place.taken_at.isoformat())


def cannot_read(desk: Desk, channel: str, *, why: str, now: datetime) -> None:
    """Ask a person to see to a channel that Slack will not show, once until it was read again.

    Nobody is asked about a channel that is no customer's and not ours: we were there once.
    """
    with desk.db.transaction() as session:
        work = Work(desk, session)
        customer = people.customer_of_channel(session, channel)
        ours = {remembered.value(session, each) for each in (staff_news.TRIAGE, staff_news.OPERATIONS)}
        if customer is None and channel not in ours:
            return
        whose = customer.name if customer else ""
        title = sentences.reason(desk.catalog, "unreadable", customer=whose)
        line = sentences.reason(desk.catalog, "unreadable_why", channel=channel, why=why)
        advice = sentences.reason(desk.catalog, "unreadable_advice", customer=whose)

        def say(zone: str) -> InternalMessage:
            return alarms.findings(desk.catalog, title=title, lines=(line,), advice=advice, zone=zone, now=now)

        read_at = remembered.value(session, _READ + channel) or ""
        staff_news.alarm(work, say, key=f"unreadable:{channel}:{why}:{read_at}", now=now)


def _marks(session: Session, *, now: datetime) -> Mapping[str, str]:
    """Up to where each watched channel was read; one that is watched since just now, up to now."""
    known = remembered.starting(session, _MARK)
    found = {}
    for row in watch.watched(session):
        since = known.get(row.channel) or (row.seen_ts if row.seen_ts > "0" else None)
        if since is None:
            since = f"{now.timestamp():.6f}"
            remembered.keep(session, _MARK + row.channel, since)
        found[row.channel] = since
    return found


def _reader(session: Session) -> tuple[str, datetime]:
    name, _, until = (remembered.value(session, _READER) or "").partition(" ")
    return name, datetime.fromisoformat(until) if until else _LONG_AGO


def _keep(session: Session, reader: str, *, until: datetime) -> None:
    remembered.keep(session, _READER, f"{reader} {until.isoformat()}")


def _behind(session: Session, channel: str, since: str) -> str:
    """From where to read: a little behind the mark, never before we began to listen there."""
    began = remembered.value(session, _BEGAN + channel)
    if began is None:
        began = since
        remembered.keep(session, _BEGAN + channel, began)
    return max(began, f"{float(since) - BEHIND_FOR.total_seconds():.6f}")
