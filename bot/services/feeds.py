"""Which calendars are read again each hour for absences, and who hears when one cannot be read?

Reading takes as long as somebody else's server likes, so no transaction waits for it: a deadline notes that a calendar
wants to be read, a free process reads it and brings back what it found. What was found last holds until then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session

from bot.domain.errors import BadInput
from bot.domain.message import InternalMessage
from bot.handbook.absences import Away
from bot.messages import alarms, sentences
from bot.messages.sentences import worded
from bot.services import absences, staff_news, views
from bot.services.absences import Taken
from bot.services.desk import Work
from bot.store import deadlines, feeds, outbox, people, trail
from bot.store.rota_tables import AbsenceFeed

DEADLINE = "absences"
EVERY = timedelta(hours=1)
STREAM = "directory"


@dataclass(frozen=True, slots=True)
class Wish:
    """One calendar that wants to be read, and since when."""

    number: int
    url: str
    since: datetime

    @property
    def host(self) -> str:
        """Where it is, without what may be secret of it."""
        return host_of(self.url)


def keep(work: Work, *, url: str, person: str | None, found: Iterable[Away], by: str, now: datetime) -> Taken:
    """Take over what a calendar says now, and read it again each hour. Raises BadInput."""
    taken = absences.take(work, found=found, source=url, person=person, by=by, now=now)
    known = feeds.by_url(work.session, url)
    if known is None or known.person_id != person:
        _note(work, "calendar_kept", url, person, by=by, now=now)
    _arm(work, feeds.keep(work.session, url=url, person=person, by=by, at=now), now=now)
    return taken


def stop(work: Work, *, url: str, by: str, now: datetime) -> None:
    """Read a calendar no more; the absences that it brought go with it. Raises BadInput."""
    row = feeds.by_url(work.session, url)
    if row is None:
        raise BadInput("no_such_feed")
    absences.take(work, found=(), source=url, by=by, now=now)
    _note(work, "calendar_dropped", url, row.person_id, by=by, now=now)
    forget(work, row)


def forget(work: Work, row: AbsenceFeed) -> None:
    """Read a calendar no more, without a word."""
    deadlines.cancel(work.session, kind=DEADLINE, subject=str(row.id))
    feeds.drop(work.session, row)


def want(work: Work, *, subject: str, now: datetime) -> None:
    """Let a calendar be read as soon as somebody can, and again in an hour."""
    row = feeds.one(work.session, int(subject))
    if row is not None:
        row.wanted_at = row.wanted_at or now
        _arm(work, row, now=now)


def wanted(session: Session) -> Wish | None:
    """Which calendar has waited longest to be read, if one does."""
    row = feeds.first_wanted(session)
    return Wish(row.id, row.url, row.wanted_at) if row and row.id is not None and row.wanted_at else None


def read(work: Work, wish: Wish, *, found: Iterable[Away], now: datetime) -> None:
    """Take over what a calendar says; where it could not be read before, say that it can be again."""
    row = _answered(work, wish)
    if row is None:
        return
    try:
        absences.take(work, found=found, source=row.url, person=row.person_id, by=f"calendar:{row.id}", now=now)
    except BadInput as left:
        _fails(work, row, str(worded(work.desk.catalog, left)), now=now)
        return
    if row.trouble:
        row.trouble = ""
        _tell(work, row, part="calendar_works", now=now)


def failed(work: Work, wish: Wish, *, why: str, now: datetime) -> None:
    """Tell once that a calendar cannot be read, and again only after it could be meanwhile."""
    row = _answered(work, wish)
    if row is not None:
        _fails(work, row, why, now=now)


def host_of(url: str) -> str:
    """The host of an address: all that is said of it, since the rest of it may be the key to the calendar."""
    return urlsplit(url).hostname or "its address"


def _answered(work: Work, wish: Wish) -> AbsenceFeed | None:
    """The calendar, where this wish is still the one that waits: of two processes that read it, one takes it over."""
    row = feeds.one(work.session, wish.number)
    if row is None or (row.url, row.wanted_at) != (wish.url, wish.since):
        return None
    row.wanted_at = None
    return row


def _arm(work: Work, row: AbsenceFeed, *, now: datetime) -> None:
    deadlines.arm(work.session, kind=DEADLINE, subject=str(row.id), due_at=now + EVERY)


def _fails(work: Work, row: AbsenceFeed, why: str, *, now: datetime) -> None:
    before, row.trouble = row.trouble, why
    if not before:
        _tell(work, row, part="calendar_fails", why=why, now=now)


def _tell(work: Work, row: AbsenceFeed, *, part: str, why: str = "", now: datetime) -> None:
    """Tell operations, who keep the address, and whoever's calendar it is."""
    catalog, owner = work.desk.catalog, people.person(work.session, row.person_id) if row.person_id else None
    facts = {"who": owner.name if owner else "", "host": host_of(row.url)}
    title = sentences.plainly(catalog, sheet="reasons", part=part, facts=facts)
    lines, advice = ((why,), sentences.reason(catalog, "calendar_advice")) if why else ((), "")

    def say(zone: str) -> InternalMessage:
        return alarms.findings(
            work.desk.catalog, title=title, lines=lines, advice=advice, alarm=bool(why), zone=zone, now=now
        )

    key = f"feed:{row.id}:{now.isoformat()}"
    staff_news.alarm(work, say, key=key, now=now)
    if owner is not None and owner.active:
        outbox.post(
            work.session, message=say(views.zone_of(work, owner.id)), lane=f"@{owner.slack}", id=work.new_id(),
            key=f"{key}:own", now=now,
        )  # fmt: skip


def _note(work: Work, kind: str, url: str, person: str | None, *, by: str, now: datetime) -> None:
    trail.append(
        work.session, stream=STREAM, actor=by, event_kind=kind, facts={"person": person},
        words={"source": host_of(url)}, author=by, at=now, token=work.desk.token,
    )  # fmt: skip
