"""How do a ticket's clocks follow from its timeline?

The clocks are a pure fold over the timeline (domain/sla_clocks.py); the rows are what the fold last gave, so that
anybody can recompute them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import sla
from bot.domain.events import Opened
from bot.domain.ledger import explain
from bot.domain.sla_clocks import clocks
from bot.domain.terms import tier_escalated_to
from bot.domain.ticket import State
from bot.services import customer_news, staff_news, timeline
from bot.services.desk import Work
from bot.store import clocks as rows
from bot.store import deadlines, trail
from bot.store.tables import Clock, Ticket
from bot.store.trail import Entry

JUST_AFTER = timedelta(seconds=1)
"""Exactly at due is met (R5): we look for the breach a second later."""


ENDINGS = frozenset({State.RESOLVED, State.CLOSED, State.DECLINED, State.MERGED})
"""States whose names are also what the timeline calls the move to them."""


@dataclass(slots=True)
class Standing:
    """What a ticket's timeline says of it, as far as it was read: whose it is, under which terms, and how it ended.

    `owner` has it, empty where nobody does; `ended` is the state in which it rests, empty while it is worked on; `at`
    the moment of the last row.
    """

    customer: str = ""
    opened_at: datetime | None = None
    owner: str = ""
    handbook: str = ""
    tier: str = ""
    zone: str = ""
    severity: str = ""
    ended: str = ""
    at: datetime | None = None
    engaged: set[int | str] = field(default_factory=set)


def history(
    work: Work, ticket: Ticket, *, reasons: bool = True, standing: Standing | None = None
) -> Iterator[sla.Event]:
    """Tell the timeline of a ticket in the words of the clocks. Source: SLA rules R7 to R14.

    No moment depends on the words of an excuse: who wants no `reasons` has them left unread. `standing` is brought up
    to date on the way.
    """
    pinned, owed = standing or Standing(), set[str]()
    for row in _in_order(trail.read(work.session, timeline.stream_of(ticket), words=reasons)):
        pinned.at = row.at
        _of_end(pinned, row)
        _of_owner(pinned, row)
        told = (_of_terms(work, pinned, row), _of_pages(row), _of_life(work, pinned, row), _of_split(owed, row))
        yield from (event for event in told if event is not None)


def _in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Let nothing be earlier than what came before it.

    A machine's clock is set back now and then, and those of two machines never agree: the rows' own order holds.
    """
    latest: datetime | None = None
    for row in entries:
        latest = row.at if latest is None else max(row.at, latest)
        yield row if row.at == latest else replace(row, at=latest)


def _of_terms(work: Work, pinned: Standing, row: Entry) -> sla.Event | None:
    """What changes which targets hold: opening, regrade, another handbook, a level engaged for the first time."""
    facts = row.facts
    match row.kind:
        case "opened":
            pinned.handbook, pinned.tier, pinned.zone = str(facts["handbook"]), str(facts["tier"]), str(facts["zone"])
            pinned.customer, pinned.severity = str(facts["customer"]), str(facts["severity"])
            pinned.opened_at = datetime.fromisoformat(facts["written_at"])
            return sla.Opened(pinned.opened_at, pinned.severity, _terms(work, pinned))
        case "regraded":
            pinned.severity = str(facts["after"])
            return sla.Regraded(row.at, pinned.severity, _terms(work, pinned))
        case "rebased":
            pinned.handbook = str(facts["handbook"])
            return sla.TierChanged(row.at, _terms(work, pinned))
        case "retiered":
            pinned.tier, pinned.zone = str(facts["tier"]), str(facts["zone"])
            return sla.TierChanged(row.at, _terms(work, pinned))
        case "escalated" | "paged":
            level = int(facts["level"])
            owes = tier_escalated_to(work.desk.handbooks.pinned(work.session, pinned.handbook), level) or level
            if owes not in pinned.engaged:
                pinned.engaged.add(owes)
                return sla.Engaged(row.at, level, _terms(work, pinned))
        case "stood_down":
            handbook = work.desk.handbooks.pinned(work.session, pinned.handbook)
            called_off = [int(level) for level in facts.get("levels", ())]
            pinned.engaged -= {tier_escalated_to(handbook, level) or level for level in called_off}
    return None


def _of_end(pinned: Standing, row: Entry) -> None:
    """What ends a ticket, for good or until it is opened again."""
    if row.kind in ENDINGS:
        pinned.ended = row.kind
    elif row.kind == "reopened":
        pinned.ended = ""


def _of_owner(pinned: Standing, row: Entry) -> None:
    """Who has a ticket: whoever took it or was given it; what nobody had is of whoever solved it."""
    match row.kind:
        case "claimed" | "assigned":
            pinned.owner = str(row.facts["owner"])
        case "released":
            pinned.owner = ""
        case "resolved":
            pinned.owner = pinned.owner or row.actor.removeprefix("person:")


def _of_pages(row: Entry) -> sla.Event | None:
    """What happens to the chains of pages; before pages said how long they wait there was nothing to count."""
    match row.kind:
        case "paged" if row.facts.get("within"):
            return sla.Paged(row.at, str(row.facts["escalation"]), timedelta(seconds=row.facts["within"]))
        case "acknowledged":
            return sla.Acknowledged(row.at, str(row.facts["escalation"]))
        case "stood_down":
            levels = tuple(int(level) for level in row.facts.get("levels", ()))
            return sla.StoodDown(row.at, str(row.facts["escalation"]), levels)
    return None


def _of_life(work: Work, pinned: Standing, row: Entry) -> sla.Event | None:  # noqa: C901, PLR0911, PLR0912 - a table
    """What happens under the targets that hold."""
    at, facts = row.at, row.facts
    match row.kind:
        case "customer_wrote" if not facts["courtesy"]:
            return sla.CustomerWrote(at)
        case "replied":
            return sla.Replied(at)
        case "update_posted" if facts["written"]:
            return sla.Replied(at)
        case "work_started":
            return sla.WorkStarted(at)
        case "waiting_started":
            return sla.Waiting(at, str(facts["reason"]))
        case "waiting_ended":
            return sla.Resumed(at, str(facts["reason"]))
        case "resolved":
            return sla.Resolved(at)
        case "reopened":
            handbook = work.desk.handbooks.pinned(work.session, pinned.handbook)
            return sla.Reopened(at, fresh=handbook.reopen == "fresh")
        case "closed":
            return sla.Closed(at)
        case "declined":
            return sla.Declined(at)
        case "merged":
            return sla.Merged(at)
        case "absorbed":
            return sla.Absorbed(at, {name: datetime.fromisoformat(said) for name, said in facts["starts"].items()})
        case "excused":
            return sla.Excused(at, str(facts["metric"]), row.words.get("reason", ""), row.actor)
    return None


def _of_split(owed: set[str], row: Entry) -> sla.Event | None:
    """Whether the last message that waits for our answer went to another ticket; `owed` are those that wait."""
    match row.kind:
        case "customer_wrote" if not row.facts["courtesy"]:
            owed.add(str(row.facts["message"]))
        case "reopened":
            owed.add(row.kind)
        case "replied" | "resolved":
            owed.clear()
        case "update_posted" if row.facts["written"]:
            owed.clear()
        case "split_off" if owed:
            owed.difference_update(row.facts["messages"])
            return None if owed else sla.TakenOut(row.at)
    return None


def measured(work: Work, ticket: Ticket, *, now: datetime) -> tuple[sla.Clock, ...]:
    """Recompute every clock of a ticket from its timeline, without the words of excuses."""
    return told(work, ticket, now=now)[0]


def told(work: Work, ticket: Ticket, *, now: datetime) -> tuple[tuple[sla.Clock, ...], Standing]:
    """The same, with what the timeline says of the ticket itself; as of its last row, where that is later than now."""
    standing = Standing()
    log = tuple(history(work, ticket, reasons=False, standing=standing))
    return clocks(log, now=max(now, standing.at or now)), standing


def explained(work: Work, ticket: Ticket, metric: str, nth: int, *, zone: str, now: datetime) -> str:
    """Say span by span why a clock is due when it is, in the wall time of a zone."""
    return explain(history(work, ticket), metric, nth=nth, zone=zone, now=now).text()


def begin(work: Work, ticket: Ticket, event: Opened, *, now: datetime) -> None:
    """Start the clocks of a ticket of which nothing is known but its opening."""
    pinned = Standing(
        customer=event.customer,
        handbook=event.handbook,
        tier=event.tier,
        zone=event.zone,
        severity=event.severity.value,
    )
    for clock in clocks([sla.Opened(event.written_at, pinned.severity, _terms(work, pinned))], now=now):
        _start(work, ticket, clock)


def refresh(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Write down what the timeline says of the clocks now, and what each of them is due to do."""
    known = {(row.metric, row.nth): row for row in rows.of_ticket(work.session, ticket.number_known)}
    changed = moved = False
    for clock in measured(work, ticket, now=now):
        row = known.get((clock.metric, clock.nth))
        if row is None:
            changed = True
            _start(work, ticket, clock)
            continue
        if clock.metric == sla.Metric.FIRST_RESPONSE:
            moved = (row.due_at, row.rebased) != (clock.due_at, clock.rebased)
        for name, value in measures(clock).items():
            setattr(row, name, value)
        # Each page and each message comes by here, and most change no clock.
        if work.session.is_modified(row):
            changed = True
            _arm(work, ticket, clock, row)
    if changed:
        work.session.flush()
        staff_news.refresh_card(work, ticket, now=now)
    if moved:
        # The receipt may name that moment.
        customer_news.refresh_receipt(work, ticket, now=now)


def _start(work: Work, ticket: Ticket, clock: sla.Clock) -> None:
    which = {"ticket_number": ticket.number_known, "metric": clock.metric, "nth": clock.nth}
    rows.add(work.session, {**which, **measures(clock)})
    _arm(work, ticket, clock, None)


def _terms(work: Work, pinned: Standing) -> sla.Terms:
    """What a pinned handbook promises as the timeline stands."""
    return work.desk.handbooks.terms(
        work.session, pinned.handbook, tier=pinned.tier, severity=pinned.severity, zone=pinned.zone
    )


def measures(clock: sla.Clock) -> dict[str, object]:
    """What a clock's row says of it, by column."""
    return {
        "severity": clock.severity,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "state": clock.state.value,
        "ended_at": clock.ended_at,
        "breached_at": clock.breached_at,
        "rebased": clock.rebased,
        "excused": clock.excused is not None,
    }


def _arm(work: Work, ticket: Ticket, clock: sla.Clock, row: Clock | None) -> None:
    """Give the clock its warning and its breach, each once; a breach that nobody noticed is told though it ended.

    A page that nobody acknowledges has its ladder, which says so itself. What is new has nothing to be taken away.
    """
    if clock.metric == sla.ACKNOWLEDGE:
        return
    subject = f"{ticket.number_known}:{clock.metric}:{clock.nth}"
    missed_at = clock.breached_at or (clock.due_at if clock.is_open else None)
    if missed_at is None or (row is not None and row.announced_at is not None):
        if row is not None:
            deadlines.cancel(work.session, kind="clock_breach", subject=subject)
    else:
        at = missed_at + JUST_AFTER
        deadlines.arm(work.session, kind="clock_breach", subject=subject, due_at=at, ticket_number=ticket.number_known)
    is_warned = row is not None and row.warned_at is not None
    if clock.warn_at is None or clock.state is not sla.State.RUNNING or is_warned:
        if row is not None:
            deadlines.cancel(work.session, kind="clock_warn", subject=subject)
        return
    deadlines.arm(
        work.session, kind="clock_warn", subject=subject, due_at=clock.warn_at, ticket_number=ticket.number_known
    )
