"""What of the ticket in hand was read before, together with the same of many others?

Work that goes through many tickets in one transaction reads what it needs of all of them at once. While one of them is
in hand, who asks for its rows is told what was read; as soon as a statement has written anything, everybody reads for
themselves again. Nobody else can have changed it meanwhile: the ticket is locked.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.engine import Connection
from sqlmodel import Session

UNKNOWN: Final = object()
"""The answer where nothing was read before."""

_READ, _IN_HAND = "gathered", "in_hand"

Facts = dict[Any, Any]


def keep(session: Session, number: int, what: object, found: object) -> None:
    """Note what was read of a ticket."""
    session.info.setdefault(_READ, {}).setdefault(number, {})[what] = found


def keep_rows(session: Session, numbers: Iterable[int], what: object, rows: Iterable[Any]) -> None:
    """Note the rows that were read of many tickets, in their order; of some there may be none."""
    found: dict[int, list[Any]] = {number: [] for number in numbers}
    for row in rows:
        found[row.ticket_number].append(row)
    for number, of_ticket in found.items():
        keep(session, number, what, of_ticket)


def known(session: Session, number: int | None, what: object) -> Any:
    """What was read of a ticket that is in hand; UNKNOWN where nothing was, or something was written since.

    Without a number: what was read for whichever is in hand.
    """
    of, facts = session.info.get(_IN_HAND, _NOBODY)
    return facts.get(what, UNKNOWN) if number is None or of == number else UNKNOWN


def once(session: Session, number: int | None, what: object) -> Any:
    """The same for what whoever asks is about to change: asked again, nothing is known."""
    of, facts = session.info.get(_IN_HAND, _NOBODY)
    return facts.pop(what, UNKNOWN) if of == number else UNKNOWN


@contextmanager
def in_hand(session: Session, number: int) -> Iterator[None]:
    """Work on one of the tickets that were read."""
    facts: Facts = session.info.get(_READ, {}).pop(number, {})
    connection = session.connection()
    session.info[_IN_HAND] = number, facts
    connection.info[_IN_HAND] = facts
    try:
        yield
    finally:
        del session.info[_IN_HAND], connection.info[_IN_HAND]


def forget(connection: Connection) -> None:
    """Something was written."""
    facts: Facts | None = connection.info.get(_IN_HAND)
    if facts:
        facts.clear()


_NOBODY: tuple[None, Facts] = None, {}
