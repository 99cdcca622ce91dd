"""Does the record still say what was written, and do the clocks follow from it?

`verify` recomputes the hash chains and every SLA result from the trail alone (design, invariant 9; ledger AU-1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import sla
from bot.domain.seal import Signed
from bot.services import clocks, seals, timeline
from bot.services.desk import Desk, Work
from bot.store import clocks as rows
from bot.store import tickets, trail
from bot.store.snapshot import at_one_moment
from bot.store.tables import Clock, Ticket


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit found: how much was checked, and the first difference in words where there is one."""

    streams: int
    entries: int
    clocks: int
    difference: str | None = None
    seals: int = 0


def verify(desk: Desk, *, copies: Sequence[Signed] = (), keys: Sequence[str] = (), now: datetime) -> Verdict:
    """Check the trail against its chains and its seals, then tickets and clocks against what follows from it.

    `copies` are seals that were kept outside the database; `keys` the public keys that may have signed, any where none
    is given and SECRET_KEY is not set.
    """
    keys = keys or ([desk.seal_key.public] if desk.seal_key else ())
    with desk.db.reading() as session:
        return verify_in(Work(desk, at_one_moment(session)), copies=copies, keys=keys, now=now)


def verify_in(work: Work, *, copies: Sequence[Signed] = (), keys: Sequence[str] = (), now: datetime) -> Verdict:
    """Do the same within a transaction that is open already."""
    session = work.session
    streams, entries = trail.size(session)
    found = trail.verify(session)
    if found is not None:
        return Verdict(streams, entries, 0, str(found))
    sealed = len(seals.signed_since(session, 1))
    unsealed = seals.difference(session, copies=copies, keys=keys)
    differs = unsealed or _rewritten(work)
    if differs is not None:
        return Verdict(streams, entries, 0, differs, sealed)
    checked, differs = _recomputed(work, now=now)
    return Verdict(streams, entries, checked, differs, sealed)


def _rewritten(work: Work) -> str | None:
    """Which handbook is no longer the one that tickets pinned."""
    altered = work.desk.handbooks.altered(work.session)
    if altered is None:
        return None
    name, digest, is_kept = altered
    return f"handbook {name}: version {digest[:12]} {'is not what was pinned' if is_kept else 'is gone'}"


def _recomputed(work: Work, *, now: datetime) -> tuple[int, str | None]:
    """How many clocks were recomputed, and the first that differs from its row."""
    checked, told_of = 0, trail.streams(work.session)
    for ticket in tickets.every(work.session):
        if timeline.stream_of(ticket) not in told_of:
            return checked, f"{ticket.id}: there is a ticket, and the trail tells of none"
        told_of.discard(timeline.stream_of(ticket))
        kept = {(row.metric, row.nth): row for row in rows.of_ticket(work.session, ticket.number_known)}
        measured, standing = clocks.told(work, ticket, now=now)
        differs = _misstated(ticket, standing)
        if differs:
            return checked, f"{ticket.id}: {differs}"
        for clock in measured if ticket.begun else ():
            checked += 1
            row = kept.pop((clock.metric, clock.nth), None)
            differs = _difference(clock, row, now=max(now, standing.at or now))
            if differs:
                return checked, f"{ticket.id} {clock.metric} {clock.nth}: {differs}"
        if kept:
            metric, nth = min(kept)
            return checked, f"{ticket.id} {metric} {nth}: no event of the trail began it"
    gone = min((stream for stream in told_of if stream.startswith(timeline.STREAM.format(""))), default=None)
    return checked, f"{gone}: the trail tells of a ticket, and there is none" if gone else None


def _misstated(ticket: Ticket, standing: clocks.Standing) -> str | None:
    """What a row says otherwise than its trail: which ticket it is, whose, since when, on which terms, who has it."""
    if ticket.id.rpartition("-")[2] != str(ticket.number):
        return f"its row has the number {ticket.number}"
    ended = ticket.state if ticket.state in clocks.ENDINGS else ""
    compared = {
        "customer": (ticket.customer_id, standing.customer),
        "opening": (ticket.opened_at, standing.opened_at),
        "severity": (ticket.severity, standing.severity),
        "tier": (ticket.tier, standing.tier),
        "zone": (ticket.zone, standing.zone),
        "handbook": (ticket.handbook, standing.handbook),
        "owner": (ticket.owner or "nobody", standing.owner or "nobody"),
        "end": (ended or "open", standing.ended or "open"),
    }
    for name, (said, told) in compared.items():
        if said != told:
            return f"{name} is {_said(said)}, the trail gives {_said(told)}"
    return None


def export(desk: Desk) -> Iterator[dict[str, Any]]:
    """Give every row of the trail with its hash, in order of streams, for an auditor's own check."""
    with desk.db.reading() as session:
        yield from trail.raw(session)


def state_of(row: Clock, *, now: datetime) -> str:
    """Say how a clock stands at a moment: one whose due moment has passed is breached, noticed or not (R6)."""
    if row.state == sla.State.RUNNING and row.due_at is not None and now > row.due_at:
        return sla.State.BREACHED.value
    return row.state


def _difference(clock: sla.Clock, row: Clock | None, *, now: datetime) -> str | None:
    """What a clock's row says otherwise than the trail; a missed moment that nobody noticed yet is no difference."""
    if row is None:
        return "the trail says that it ran, but it was never written down"
    told = {**clocks.measures(clock), "warn_at": None}
    kept = {name: getattr(row, name) for name in told} | {"warn_at": None, "state": state_of(row, now=now)}
    if row.state != kept["state"]:
        kept["breached_at"] = row.due_at
    for name, is_ in kept.items():
        if is_ != told[name]:
            return f"{name} is {_said(is_)}, the trail gives {_said(told[name])}"
    return None


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
