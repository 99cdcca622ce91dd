"""What are all customers called, without a model of each?"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from bot.store.tables import metadata

_CUSTOMER = metadata.tables["customer"]
_NAMES = select(_CUSTOMER.c.id, _CUSTOMER.c.name, _CUSTOMER.c.channel).order_by(_CUSTOMER.c.id)


@dataclass(frozen=True, slots=True)
class Named:
    """A customer's id and name, and its channel where it has one."""

    id: str
    name: str
    channel: str | None


def of_customers(session: Session) -> list[Named]:
    """All customers by id, active or not."""
    session.flush()
    return [Named(*row) for row in session.connection().execute(_NAMES)]
