"""Which calendars are read again and again for absences, and how did their last reading go?"""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.rota_tables import AbsenceFeed


def keep(session: Session, *, url: str, person: str | None, by: str, at: datetime) -> AbsenceFeed:
    """Keep a calendar; one that is kept already is now whose it is said to be. It was read well just now."""
    row = by_url(session, url) or AbsenceFeed(url=url, kept_by=by, kept_at=at)
    row.person_id, row.trouble, row.wanted_at = person, "", None
    session.add(row)
    session.flush()
    return row


def drop(session: Session, row: AbsenceFeed) -> None:
    """Read it no more."""
    session.delete(row)
    session.flush()


def by_url(session: Session, url: str) -> AbsenceFeed | None:
    """The calendar of that address."""
    return session.exec(select(AbsenceFeed).where(col(AbsenceFeed.url) == url).with_for_update()).first()


def of_person(session: Session, person: str) -> list[AbsenceFeed]:
    """The calendars of one person, in the order in which they came."""
    return list(session.exec(select(AbsenceFeed).where(col(AbsenceFeed.person_id) == person).order_by(_ID)).all())


def one(session: Session, number: int) -> AbsenceFeed | None:
    """The calendar of that number, held until the transaction ends."""
    return session.get(AbsenceFeed, number, with_for_update=True)


def first_wanted(session: Session) -> AbsenceFeed | None:
    """The calendar that has waited longest to be read."""
    wanted = col(AbsenceFeed.wanted_at)
    return session.exec(select(AbsenceFeed).where(wanted.is_not(None)).order_by(wanted, _ID).limit(1)).first()


_ID = col(AbsenceFeed.id)
