"""What follows from a missed target beside the escalation: its analysis, its remediation action, an excuse?

A breach is never erased (R8). Sources: enterprise support and SLA handbook, breaches; ledger SL-9.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.domain.errors import BadInput, MissingWords
from bot.domain.events import AnalysisAsked, BreachAnalysed, Excused, Words
from bot.domain.people import Action, Actor, check
from bot.domain.triage import check_length
from bot.services import announce, breach_news, clocks, ladder, tell, timeline, views
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import clocks as rows
from bot.store import deadlines, people
from bot.store.tables import Clock, Ticket

ASKED_EVERY = timedelta(days=1)
"""How often the analysis is asked for until it is there."""


def ask(work: Work, *, number: int, now: datetime) -> None:
    """Ask for the analysis of what was missed, and again a day later; nothing where it is all analysed."""
    ticket = ticket_of(work, number)
    missed = unanalysed(work, ticket)
    if not missed:
        return
    asked = breach_news.who_answers(work, ticket)
    event = AnalysisAsked(breaches=missed, people=tuple(person.id for person in asked))
    announce.happened(work, ticket, event, by=ladder.BOT, now=now)
    # Without the ticket's number: the asking goes on when the ticket is over.
    deadlines.arm(work.session, kind="analysis", subject=str(number), due_at=now + ASKED_EVERY)


def ask_once_a_day(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Ask because a target was just missed, unless the day's request is out already."""
    if deadlines.due_of(work.session, kind="analysis", subject=str(ticket.number_known)) is None:
        ask(work, number=ticket.number_known, now=now)


def analyse(work: Work, *, actor: Actor, ticket: str, values: dict[str, str], now: datetime) -> Answer:
    """Keep why targets were missed and what is done about it: cause, action, who, until when.

    Raises MissingWords, TooLong or BadInput with the field it belongs to.
    """
    check(actor, Action.WORK)
    row = ticket_of(work, ticket, actor=actor, lock=True)
    missed = unanalysed(work, row)
    if not missed:
        return tell.plain(work, "nothing_to_analyse", ticket=row.id, now=now)
    cause = check_length(values.get("cause", ""), what="cause", field="cause")
    action = check_length(values.get("action", ""), what="action", field="action")
    owner = people.person(work.session, values.get("action_owner", ""))
    if owner is None or not owner.active or owner.customer_id:
        raise BadInput("choose_owner", field="action_owner")
    until = _date(values.get("until", ""), now=now)
    event = BreachAnalysed(
        breaches=missed, owner=owner.id, until=until.isoformat(), cause=Words(cause), action=Words(action)
    )
    announce.happened(work, row, event, by=actor.label, now=now)
    deadlines.cancel(work.session, kind="analysis", subject=str(row.number_known))
    return Answer(ticket=row.id)


def excuse(work: Work, *, actor: Actor, ticket: str, metric: str, reason: str, now: datetime) -> Answer:
    """Excuse the latest breach of a metric, with a reason: it stays a breach and is reported apart (R8)."""
    check(actor, Action.EXCUSE)
    row = ticket_of(work, ticket, actor=actor, lock=True)
    if not reason.strip():
        raise MissingWords("missing_reason", why="excuse", field="reason")
    said = check_length(reason, what="reason", field="reason")
    found = [clock for clock in excusable(work, row) if clock.metric == metric]
    if not found:
        raise BadInput("nothing_to_excuse", ticket=row.id, field="breach")
    event = Excused(metric=metric, nth=found[-1].nth, reason=Words(said))
    announce.happened(work, row, event, by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    return Answer(ticket=row.id)


def excusable(work: Work, row: Ticket) -> tuple[Clock, ...]:
    """The latest breach of each metric, where it is not excused yet, in the order of their metrics."""
    latest = {clock.metric: clock for clock in _missed(work, row)}
    return tuple(clock for clock in latest.values() if not clock.excused)


def unanalysed(work: Work, row: Ticket) -> tuple[str, ...]:
    """The missed targets, `metric:nth`, that nobody has analysed; an excused one needs no analysis."""
    written = {
        each
        for _, _, event in timeline.events_of(work, row)
        if isinstance(event, BreachAnalysed)
        for each in event.breaches
    }
    missed = [clock for clock in _missed(work, row) if clock.announced_at is not None and not clock.excused]
    return _without(written, [f"{clock.metric}:{clock.nth}" for clock in missed])


def _missed(work: Work, row: Ticket) -> list[Clock]:
    found = rows.of_ticket(work.session, row.number_known)
    return [clock for clock in found if clock.breached_at is not None and clock.metric in views.PROMISES]


def _without(known: Collection[str], found: list[str]) -> tuple[str, ...]:
    return tuple(each for each in found if each not in known)


def _date(words: str, *, now: datetime) -> date:
    try:
        until = date.fromisoformat(words.strip())
    except ValueError:
        raise BadInput("no_day", field="until") from None
    if until < now.date():
        raise BadInput("past_day", field="until")
    return until
