"""How do a ticket's clocks follow from its timeline, and what happens when one runs out?

The clocks are a pure fold over the timeline (domain/sla_clocks.py); the rows are what the fold last gave, so that
anybody can recompute them. A breach is a fact of the log; noticing it late changes only when we say so (R6).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain import sla
from bot.domain.events import Breached, Warned
from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.sla_clocks import clocks
from bot.domain.terms import terms_of
from bot.services import announce, staff_news, timeline
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import clocks as rows
from bot.store import deadlines, trail
from bot.store.tables import Clock, Ticket

JUST_AFTER = timedelta(seconds=1)
"""Exactly at due is met (R5): we look for the breach a second later."""


# One case an event: this is the table of what the clocks know of a timeline.
def history(work: Work, ticket: Ticket) -> Iterator[sla.Event]:  # noqa: C901, PLR0912
    """Tell the timeline of a ticket in the words of the clocks. Source: SLA rules R9 to R13."""
    opened: dict[str, str] = {}
    for row in trail.read(work.session, timeline.stream_of(ticket)):
        facts = row.facts
        match row.kind:
            case "opened":
                opened = {key: str(facts[key]) for key in ("handbook", "tier", "zone")}
                terms = _terms(work, opened, str(facts["severity"]))
                yield sla.Opened(row.at, str(facts["severity"]), terms)
            case "regraded":
                yield sla.Regraded(row.at, str(facts["after"]), _terms(work, opened, str(facts["after"])))
            case "customer_wrote":
                if not facts["courtesy"]:
                    yield sla.CustomerWrote(row.at)
            case "replied":
                yield sla.Replied(row.at)
            case "update_posted":
                if facts["written"]:
                    yield sla.Replied(row.at)
            case "work_started":
                yield sla.WorkStarted(row.at)
            case "waiting_started":
                yield sla.Waiting(row.at, str(facts["reason"]))
            case "waiting_ended":
                yield sla.Resumed(row.at, str(facts["reason"]))
            case "resolved":
                yield sla.Resolved(row.at)
            case "reopened":
                yield sla.Reopened(row.at)
            case "closed":
                yield sla.Closed(row.at)
            case _:
                pass


def measured(work: Work, ticket: Ticket, *, now: datetime) -> tuple[sla.Clock, ...]:
    """Recompute every clock of a ticket from its timeline."""
    return clocks(tuple(history(work, ticket)), now=now)


def refresh(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Write down what the timeline says of the clocks now, and what each of them is due to do."""
    known = {(row.metric, row.nth): row for row in rows.of_ticket(work.session, ticket.number_known)}
    for clock in measured(work, ticket, now=now):
        row = known.get((clock.metric, clock.nth))
        if row is None:
            row = Clock(
                ticket_number=ticket.number_known, metric=clock.metric, nth=clock.nth, severity=clock.severity,
                started_at=clock.started_at, state=clock.state.value,
            )  # fmt: skip
            work.session.add(row)
        _copy(clock, row)
        _arm(work, ticket, clock, row)
    work.session.flush()
    staff_news.refresh_card(work, ticket, now=now)


def warn(work: Work, *, number: int, metric: str, nth: int, now: datetime) -> None:
    """Say that a target is about to be missed, if its clock still runs. Source: ledger SL-6."""
    ticket = ticket_of(work, number)
    clock = _find(work, ticket, metric, nth, now=now)
    row = rows.one(work.session, number, metric, nth)
    if clock is None or clock.state is not sla.State.RUNNING or clock.due_at is None or row is None:
        return
    row.warned_at = now
    announce.happened(work, ticket, Warned(metric=metric, nth=nth, due_at=clock.due_at), by="bot", now=now)


def breach(work: Work, *, number: int, metric: str, nth: int, now: datetime) -> tuple[Ticket, TriggerKind] | None:
    """Note that a target was missed; gives the trigger that this is, for the handbook to answer (ledger SL-9)."""
    ticket = ticket_of(work, number)
    clock = _find(work, ticket, metric, nth, now=now)
    row = rows.one(work.session, number, metric, nth)
    if clock is None or clock.breached_at is None or row is None or row.announced_at is not None:
        return None
    row.announced_at = now
    event = Breached(metric=metric, nth=nth, due_at=clock.breached_at)
    announce.happened(work, ticket, event, by="bot", now=now)
    refresh(work, ticket, now=now)
    return (ticket, TriggerKind.SLA_BREACH) if metric != sla.Metric.WORKED else None


def _terms(work: Work, opened: dict[str, str], severity: str) -> sla.Terms:
    handbook: Handbook = work.desk.handbooks.pinned(work.session, opened["handbook"])
    return terms_of(handbook, tier=opened["tier"], severity=severity, zone=opened["zone"])


def _find(work: Work, ticket: Ticket, metric: str, nth: int, *, now: datetime) -> sla.Clock | None:
    found = [clock for clock in measured(work, ticket, now=now) if (clock.metric, clock.nth) == (metric, nth)]
    return found[0] if found else None


def _copy(clock: sla.Clock, row: Clock) -> None:
    row.severity, row.started_at, row.due_at, row.warn_at = (
        clock.severity, clock.started_at, clock.due_at, clock.warn_at,
    )  # fmt: skip
    row.state, row.ended_at, row.breached_at = clock.state.value, clock.ended_at, clock.breached_at
    row.rebased, row.excused = clock.rebased, clock.excused is not None


def _arm(work: Work, ticket: Ticket, clock: sla.Clock, row: Clock) -> None:
    """Give the clock its warning and its breach, each once."""
    subject = f"{ticket.number_known}:{clock.metric}:{clock.nth}"
    if clock.due_at is None or not clock.is_open or row.announced_at is not None:
        deadlines.cancel(work.session, kind="clock_breach", subject=subject)
    else:
        at = clock.due_at + JUST_AFTER
        deadlines.arm(work.session, kind="clock_breach", subject=subject, due_at=at, ticket_number=ticket.number_known)
    if clock.warn_at is None or clock.state is not sla.State.RUNNING or row.warned_at is not None:
        deadlines.cancel(work.session, kind="clock_warn", subject=subject)
        return
    deadlines.arm(
        work.session, kind="clock_warn", subject=subject, due_at=clock.warn_at, ticket_number=ticket.number_known
    )
