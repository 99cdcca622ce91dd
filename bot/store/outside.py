"""Which pages go out beside Slack, by which of a person's contacts, and what is known of those contacts?

A row names the person and the place among their contacts, never the address: that holds a secret. Its lane is
`out:PERSON:PLACE`, so that each contact takes one at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.domain.message import Kind, Priority, Visibility
from bot.store.insertion import insert_once
from bot.store.tables import OutboxRow, Person, metadata

OP = "notify"
LANE = "out:"

_OUTBOX = metadata.tables["outbox"]
_INSERT = insert_once(_OUTBOX, "key", returning=_OUTBOX.c.seq)


@dataclass(frozen=True, slots=True)
class Place:
    """One contact of one person, the first is 0."""

    person: str
    number: int

    @property
    def lane(self) -> str:
        """The lane of what goes there."""
        return f"{LANE}{self.person}:{self.number}"

    @classmethod
    def of(cls, lane: str) -> "Place":
        """The contact that a lane means. Raises ValueError for any other lane."""
        person, mark, number = lane.removeprefix(LANE).rpartition(":")
        if not lane.startswith(LANE) or not mark:
            raise ValueError(f"{lane} is no lane of a contact")
        return cls(person, int(number))


def notify(
    session: Session,
    *,
    place: Place,
    title: str,
    body: str,
    facts: Mapping[str, Any],
    id: str,  # noqa: A002 - the column's name, as in outbox.post
    key: str,
    ticket_number: int | None = None,
    priority: Priority = Priority.PAGE,
    now: datetime,
) -> bool:
    """Let a page go out to a contact once; False where one with the same `key` is known already."""
    row = OutboxRow(
        id=id, key=key, op=OP, kind=Kind.PAGE.value, visibility=Visibility.INTERNAL.value, priority=priority,
        lane=place.lane, payload={"text": title, "body": body, **facts}, ticket_number=ticket_number, state="pending",
        created_at=now, not_before=now,
    )  # fmt: skip
    values = row.model_dump(exclude={"seq"})
    return session.connection().execute(_INSERT.on(session), values).scalar_one_or_none() is not None


def rows(session: Session, *, prefix: str) -> list[OutboxRow]:
    """What went or goes out under keys with such a beginning, from the first."""
    statement = select(OutboxRow).where(col(OutboxRow.key).startswith(prefix, autoescape=True), col(OutboxRow.op) == OP)
    return list(session.exec(statement.order_by(col(OutboxRow.seq))).all())


def contact(session: Session, place: Place) -> str | None:
    """The address there, with its secret: only the sender asks. None where the directory knows none any more."""
    person = session.get(Person, place.person)
    if person is None or not person.active or place.number >= len(person.contacts):
        return None
    return person.contacts[place.number]


def is_theirs(session: Session, place: Place) -> bool:
    """Whether that is anybody but an active person of ours."""
    person = session.get(Person, place.person)
    return person is None or not person.active or person.customer_id is not None or person.workspace != ""
