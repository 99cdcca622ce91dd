"""What was said on a ticket? Messages as they read now, ours and theirs."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.store import gathered
from bot.store.newborn import has_none
from bot.store.tables import Person, Remark


def add(
    session: Session,
    *,
    ticket_number: int,
    channel: str,
    ts: str,
    visibility: str,
    author: str,
    author_name: str,
    text: str,
    files: list[dict[str, str]] | None = None,
    at_root: bool = False,
    at: datetime,
) -> Remark:
    """Keep a message of a ticket's conversation; `ts` is Slack's, or `out:` and an id for one that we post."""
    row = Remark(
        ticket_number=ticket_number,
        channel=channel,
        ts=ts,
        visibility=visibility,
        author=author,
        author_name=author_name,
        text=text,
        files=files or [],
        at_root=at_root,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def dated(session: Session, channel: str, ts: str, *, version: str | None) -> None:
    """Keep with a message, where it belongs to a ticket, which edit of it its words come from."""
    row = by_ts(session, channel, ts)
    if row is not None:
        row.version = version


def by_id(session: Session, number: int) -> Remark | None:
    """The message of that number."""
    return session.get(Remark, number)


def author_name(session: Session, author: str) -> str | None:
    """The name under which somebody last wrote; `author` is the trail's word for them."""
    statement = select(Remark.author_name).where(col(Remark.author) == author).order_by(col(Remark.id).desc())
    return session.exec(statement.limit(1)).first()


def last_at_root(session: Session, channel: str, author: str) -> Remark | None:
    """The newest message of a ticket's that somebody wrote in the channel itself; `author` is the trail's word."""
    statement = select(Remark).where(
        col(Remark.channel) == channel, col(Remark.author) == author, col(Remark.at_root).is_(True)
    )
    return session.exec(statement.order_by(col(Remark.id).desc()).limit(1)).first()


def joined(session: Session, ticket_number: int, first_ts: str) -> int:
    """How many messages in the channel itself were taken into a ticket beside the one that it began with."""
    if has_none(session, ticket_number, "remark"):
        return 0
    found: dict[str, int] = gathered.known(session, ticket_number, Remark)
    if found is not gathered.UNKNOWN:
        return sum(times for ts, times in found.items() if ts != first_ts)
    statement = select(func.count()).where(
        col(Remark.ticket_number) == ticket_number, col(Remark.at_root).is_(True), col(Remark.ts) != first_ts,
        col(Remark.deleted_at).is_(None),
    )  # fmt: skip
    return int(session.exec(statement).one())


def gather(session: Session, numbers: Collection[int]) -> None:
    """Count what was taken in from the channel itself for many tickets, for the work on each of them."""
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    statement = select(Remark.ticket_number, Remark.ts).where(
        col(Remark.ticket_number).in_(numbers), col(Remark.at_root).is_(True), col(Remark.deleted_at).is_(None)
    )
    for number, ts in session.exec(statement):
        found[number][ts] = found[number].get(ts, 0) + 1
    for number, times in found.items():
        gathered.keep(session, number, Remark, times)


def of_ticket(session: Session, ticket_number: int) -> list[Remark]:
    """A ticket's messages in the order in which they were written, deleted ones too."""
    statement = select(Remark).where(col(Remark.ticket_number) == ticket_number)
    return list(session.exec(statement.order_by(col(Remark.at), col(Remark.id))).all())


def last_by_ours(session: Session, numbers: Collection[int]) -> dict[int, datetime]:
    """When somebody of ours last wrote on each of these tickets, to the customer or as a note."""
    ours = select(Person.id).where(col(Person.customer_id).is_(None))
    labels = [f"person:{each}" for each in session.exec(ours)]
    statement = select(Remark.ticket_number, func.max(Remark.at)).where(
        col(Remark.ticket_number).in_(numbers), col(Remark.author).in_(labels)
    )
    return dict(session.exec(statement.group_by(col(Remark.ticket_number))).all())


def by_ts(session: Session, channel: str, ts: str, *, lock: bool = False) -> Remark | None:
    """The message at that place in Slack; as it stands now, and locked until the transaction ends, where asked."""
    statement = select(Remark).where(col(Remark.channel) == channel, col(Remark.ts) == ts)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()
