"""What goes out beside Slack, by which contact of a person or a customer, and what is known of those contacts?

A row names whose contact it is and its place among theirs, never the address: that holds a secret. Its lane is
`out:PERSON:PLACE`, or `out:CUSTOMER/KIND:PLACE`, so that each contact takes one at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.domain.contact import parse_contact
from bot.domain.message import Kind, Priority, Visibility
from bot.store.insertion import insert_once
from bot.store.tables import Customer, OutboxRow, Person, metadata

OP = "notify"
LANE = "out:"

_OUTBOX = metadata.tables["outbox"]
_INSERT = insert_once(_OUTBOX, "key", returning=_OUTBOX.c.seq)


@dataclass(frozen=True, slots=True)
class Place:
    """One contact of one person, or of those that a customer names by `kind`; the first is 0."""

    person: str
    number: int
    kind: str = ""

    @property
    def lane(self) -> str:
        """The lane of what goes there."""
        return f"{LANE}{self.person}{'/' if self.kind else ''}{self.kind}:{self.number}"

    @classmethod
    def of(cls, lane: str) -> "Place":
        """The contact that a lane means. Raises ValueError for any other lane."""
        whose, mark, number = lane.removeprefix(LANE).rpartition(":")
        if not lane.startswith(LANE) or not mark:
            raise ValueError(f"{lane} is no lane of a contact")
        owner, _, kind = whose.partition("/")
        return cls(owner, int(number), kind)


def is_call(address: str) -> bool:
    """Whether an address is a telephone that is called, as `twilio://...?method=call`."""
    return parse_qs(urlsplit(address).query).get("method") == ["call"]


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
    kind: Kind = Kind.PAGE,
    visibility: Visibility = Visibility.INTERNAL,
    now: datetime,
) -> bool:
    """Let a page, or another message, go out to a contact once; False where one with the same `key` is known."""
    row = OutboxRow(
        id=id, key=key, op=OP, kind=kind.value, visibility=visibility.value, priority=priority,
        lane=place.lane, payload={"text": title, "body": body, **facts}, ticket_number=ticket_number, state="pending",
        created_at=now, not_before=now,
    )  # fmt: skip
    values = row.model_dump(exclude={"seq"})
    return session.connection().execute(_INSERT.on(session), values).scalar_one_or_none() is not None


def rows(session: Session, *, prefix: str, ticket_number: int) -> list[OutboxRow]:
    """What went or goes out for a ticket under keys with such a beginning, from the first."""
    return _rows(session, prefix, col(OutboxRow.ticket_number) == ticket_number)


def failed(session: Session, *, prefix: str) -> list[OutboxRow]:
    """What was given up, under keys with such a beginning, from the first."""
    return _rows(session, prefix, col(OutboxRow.state) == "failed")


def _rows(session: Session, prefix: str, few: ColumnElement[bool]) -> list[OutboxRow]:
    # No index knows a key's beginning: it is looked for among `few`.
    found = select(OutboxRow).where(few, col(OutboxRow.key).startswith(prefix, autoescape=True))
    return list(session.exec(found.where(col(OutboxRow.op) == OP).order_by(col(OutboxRow.seq))).all())


def contact(session: Session, place: Place) -> str | None:
    """The address there, with its secret: only the sender asks. None where the directory knows none any more."""
    if place.kind:
        customer = session.get(Customer, place.person)
        named = customer.contacts.get(place.kind, []) if customer and customer.active else []
        found = named[place.number] if place.number < len(named) else None
        return str(found) if found and "://" in found else None
    person = session.get(Person, place.person)
    if person is None or not person.active or place.number >= len(person.contacts):
        return None
    return parse_contact(person.contacts[place.number]).address


def is_theirs(session: Session, place: Place) -> bool:
    """Whether that is anybody but an active person of ours."""
    if place.kind:
        return True
    person = session.get(Person, place.person)
    return person is None or not person.active or person.customer_id is not None or person.workspace != ""
