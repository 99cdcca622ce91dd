"""Which deadlines of open tickets would another version of the handbook move, and how is it brought to them?

A ticket keeps the version that it was opened under; only this, on purpose and in the record, gives it another (R7).
"""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.errors import BadInput
from bot.domain.events import Rebased
from bot.domain.terms import terms_of
from bot.handbook.loader import Loaded
from bot.services import announce, clocks, moves, updates
from bot.services.desk import Work
from bot.services.moves import Move
from bot.services.tickets import ticket_of
from bot.store import people, tickets
from bot.store.tables import Ticket


def plan(work: Work, loaded: Loaded, *, now: datetime) -> tuple[Move, ...]:
    """Every deadline that would move. Raises BadInput where the handbook lacks the tier of an open ticket."""
    return tuple(move for row in _behind(work, loaded) for move in _moves(work, row, loaded, now=now))


def apply(work: Work, loaded: Loaded, *, by: str, now: datetime) -> tuple[Move, ...]:
    """Bring the version to every open ticket that follows this handbook, and give the deadlines that moved.

    Each ticket's timeline says so; finished clocks stay as they are. Raises BadInput as `plan` does.
    """
    moved: list[Move] = []
    behind = [row.number_known for row in _behind(work, loaded)]
    digest = work.desk.handbooks.pin(work.session, loaded, now=now)
    for number in behind:
        row = ticket_of(work, number)
        moved += _moves(work, row, loaded, now=now)
        before, row.handbook = row.handbook, digest
        announce.happened(work, row, Rebased(before=before, handbook=digest), by=by, now=now)
        clocks.refresh(work, row, now=now)
        updates.plan_anew(work, row, now=now)
    return tuple(moved)


def _behind(work: Work, loaded: Loaded) -> list[Ticket]:
    """The open tickets that follow this handbook at another version.

    It is the handbook of the customers that name it; where none does, that of all who name none of their own.
    """
    own = {row.id: row.handbook for row in people.customers(work.session) if row.handbook}
    name = loaded.handbook.name
    named = {customer for customer, given in own.items() if given == name or _name_of(work, customer) == name}
    found = [
        row
        for row in tickets.all_open(work.session)
        if row.handbook != loaded.hash and (row.customer_id in named if named else row.customer_id not in own)
    ]
    lacking = [row for row in found if row.tier not in loaded.handbook.tiers]
    if lacking:
        raise BadInput("tier_lacking", tickets=[f"{row.id} ({row.tier})" for row in lacking])
    return found


def _name_of(work: Work, customer: str) -> str:
    row = people.customer(work.session, customer)
    return work.handbook_of(row).handbook.name if row else ""


def _moves(work: Work, row: Ticket, loaded: Loaded, *, now: datetime) -> Iterator[Move]:
    terms = terms_of(loaded.handbook, tier=row.tier, severity=row.severity, zone=row.zone)
    return moves.of_ticket(work, row, terms, now=now)
