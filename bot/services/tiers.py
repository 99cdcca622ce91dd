"""What becomes of a customer's open tickets when their tier or time zone changes?

A ticket has the tier of its customer's contract. A change of it is a decision that the directory records, and it
reaches open tickets at once: time used keeps the old calendar, the rest runs in the new one, and nobody is breached by
it (R11).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import Retiered
from bot.domain.terms import terms_of
from bot.domain.ticket import WORKED_STATES
from bot.services import announce, clocks, moves, paging, updates
from bot.services.desk import Work
from bot.services.moves import Move
from bot.services.tickets import ticket_of
from bot.store import pages, people, tickets
from bot.store.tables import Ticket


@dataclass(frozen=True, slots=True)
class Standing:
    """Under which tier a customer stands, and in which zone; without one, in the handbook's."""

    tier: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A ticket that keeps its tier, because the version of the handbook that it pins has none of the new name."""

    ticket: str
    tier: str
    wanted: str

    def __str__(self) -> str:
        """The ticket and why, in one line."""
        return f"{self.ticket} keeps tier {self.tier}: its version of the handbook has no tier {self.wanted}"


def standings(work: Work) -> dict[str, Standing]:
    """How every active customer stands now, as the directory has it."""
    return {row.id: Standing(row.tier, row.timezone) for row in people.customers(work.session) if row.active}


def plan(work: Work, wanted: Mapping[str, Standing], *, now: datetime) -> tuple[Move | Kept, ...]:
    """Every deadline of an open ticket that would move where customers stood so, and the tickets that would not follow.

    `wanted` is by customer; tickets of others stay as they are.
    """
    found: list[Move | Kept] = []
    for row, standing in _differing(work, wanted):
        handbook = work.handbook(row)
        if standing.tier not in handbook.tiers:
            found.append(Kept(row.id, row.tier, standing.tier))
            continue
        zone = standing.zone or handbook.zone
        terms = terms_of(handbook, tier=standing.tier, severity=row.severity, zone=zone)
        found += moves.of_ticket(work, row, terms, now=now)
    return tuple(found)


def follow(work: Work, *, by: str, now: datetime) -> None:
    """Let every open ticket follow its customer's tier and zone; a second time changes nothing.

    Clocks, updates, card and receipt follow, and the timeline says so. Where nobody was paged yet, those are whom the
    new tier pages now. Source: SLA rule R11.
    """
    differing = [(row.number_known, standing) for row, standing in _differing(work, standings(work))]
    for number, standing in differing:
        row = ticket_of(work, number)
        handbook = work.handbook(row)
        if standing.tier not in handbook.tiers:
            continue
        event = Retiered(before=row.tier, tier=standing.tier, zone_before=row.zone, zone=standing.zone or handbook.zone)
        row.tier, row.zone = event.tier, event.zone
        announce.happened(work, row, event, by=by, now=now)
        clocks.refresh(work, row, now=now)
        updates.plan_anew(work, row, now=now)
        if row.state in WORKED_STATES and pages.latest(work.session, number) is None:
            paging.page_if_due(work, row, by=by, now=now)


def _differing(work: Work, wanted: Mapping[str, Standing]) -> Iterator[tuple[Ticket, Standing]]:
    for row in tickets.all_open(work.session):
        standing = wanted.get(row.customer_id)
        if standing and (row.tier, row.zone) != (standing.tier, standing.zone or work.handbook(row).zone):
            yield row, standing
