"""When do pages end although nobody answered them? With their ticket, or with the severity that they came from.

What else raised a chain goes on whatever the severity: a person's escalation, a missed target. Sources: service policy
§Severity Level Definition, SLA handbook §Escalation Paths (whom a severity calls).
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.escalation import Phase
from bot.domain.events import Escalated, Event, Paged, StoodDown
from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.ticket import Severity
from bot.messages import sentences
from bot.services import announce, clocks, ladder, timeline
from bot.services.desk import Work
from bot.store import deadlines, pages
from bot.store.tables import Escalation, Ticket

OF_SEVERITY = frozenset({TriggerKind.SEVERITY.value, TriggerKind.UNWORKED.value})
"""What pages for nothing but how severe a ticket is."""


def stand_down(work: Work, ticket: Ticket, *, why: str, by: str, now: datetime) -> None:
    """End every running chain of a ticket because there is nothing left to page for."""
    _end(work, ticket, _running(work, ticket), why=why, by=by, now=now)


def regraded(work: Work, ticket: Ticket, *, by: str, now: datetime) -> None:
    """End aloud what pages for nothing but a severity that the ticket has no longer, unless the new one pages too."""
    handbook = work.handbook(ticket)
    why = sentences.reason(work.desk.catalog, "is_less_severe")
    for row in _running(work, ticket):
        if _is_called_for(handbook, Severity(ticket.severity), row.circle, now=now):
            continue
        said = [event for _, _, event in timeline.events_of(work, ticket)]
        if ladder.triggers_of(row, said) <= OF_SEVERITY:
            before, levels = _engaged_by(row, said)
            if row.circle == ladder.LADDER:
                ticket.level = before
            _end(work, ticket, [row], why=why, levels=levels, by=by, now=now)
    clocks.refresh(work, ticket, now=now)


def _engaged_by(row: Escalation, said: Iterable[Event]) -> tuple[int | None, tuple[str, ...]]:
    """Give the level at which a ticket stood before a chain, and those that this chain was the first to engage."""
    others: set[int] = set()
    own: dict[int, None] = {}
    before: int | None = None
    for event in said:
        if not isinstance(event, Escalated | Paged) or (isinstance(event, Paged) and event.duty):
            continue
        if event.escalation != row.id:
            others.add(event.level)
            continue
        if isinstance(event, Escalated) and not own:
            before = event.before
        if event.level not in others:
            own[event.level] = None
    return before, tuple(str(level) for level in own)


def _is_called_for(handbook: Handbook, severity: Severity, circle: str, *, now: datetime) -> bool:
    """Say whether the handbook pages a circle for that severity, or once such a ticket has gone unworked."""
    if circle == ladder.LADDER:
        return ladder.is_called(handbook, severity, now=now)
    duty, rules = circle.removeprefix(ladder.DUTY), handbook.escalation
    return duty in rules.roles.get(severity, ()) or (severity in rules.unworked and duty in rules.unworked_pages)


def _running(work: Work, ticket: Ticket) -> list[Escalation]:
    return pages.of_ticket(work.session, ticket.number_known, states=[Phase.PAGING.value])


def _end(
    work: Work,
    ticket: Ticket,
    chains: Iterable[Escalation],
    *,
    why: str,
    levels: tuple[str, ...] = (),
    by: str,
    now: datetime,
) -> None:
    for row in chains:
        row.state = Phase.STOOD_DOWN.value
        deadlines.cancel(work.session, kind="page", subject=row.id)
        for each in pages.of_escalation(work.session, row.id):
            if each.state in ("paging", "passed_on"):
                each.state, each.answered_at = "stood_down", now
        announce.happened(work, ticket, StoodDown(escalation=row.id, why=why, levels=levels), by=by, now=now)
