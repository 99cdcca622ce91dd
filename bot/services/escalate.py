"""Who may raise a ticket to a higher level, and what follows at once?

Our managers choose any level, our engineers raise by one, a customer's manager's request acts at once; any other person
of the customer is heard, and one click of ours does it. Sources: customer operations §5, ledger ES-3, ES-4.
"""

import re
from datetime import datetime

from bot.domain.errors import BadInput, NoSuchTicket, NotAllowed, UnknownLevel
from bot.domain.events import EscalationAsked, Words
from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.mark import Mark
from bot.domain.people import CUSTOMERS, Action, Actor, Role, check, may
from bot.domain.ticket import Severity
from bot.domain.triage import SUMMARY_LIMIT, check_length
from bot.domain.triggers import Occasion, fired
from bot.messages import sentences
from bot.services import announce, ladder, marks, tell, triggers
from bot.services.desk import Answer, Work
from bot.services.secrets import masked
from bot.services.tickets import still_worked, ticket_of
from bot.store import inbox, pages, people, tickets
from bot.store.savepoint import undoable
from bot.store.tables import Ticket

_TICKET = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}-\d{1,12}|#\d{1,9}")


def escalate(
    work: Work, *, actor: Actor, ticket: str, level: str | None = None, reason: str = "", kind: str = "", now: datetime
) -> Answer:
    """Raise a ticket to a level (a number or a name; unset: the next one) and page its people.

    `kind` is a reason of the handbook's, or a mark that the ticket gets first: it reaches at least as far as the
    handbook says. Raises NotAllowed, UnknownLevel, BadInput below the level that is paged now, Over, TooLate, TooLong.
    A customer's user is heard instead.
    """
    if actor.role is Role.CUSTOMER:
        return ask_escalation(work, actor=actor, ticket=ticket, reason=reason, now=now)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    check(actor, Action.ESCALATE)
    if reason.strip():
        check_length(reason, what="reason", field="reason", limit=SUMMARY_LIMIT)
    handbook = work.handbook(row)
    target = _level(handbook, row, level)
    above = ladder.policy_of(handbook).above(row.level)
    if target != above and not may(actor.role, Action.ESCALATE_ANY):
        raise NotAllowed("past_level", level=above)
    trigger, occasion = _why(work, row, actor, kind, reason=reason.strip(), now=now)
    found = fired(handbook.escalation, occasion, now=now)
    if found:
        trigger, reached = found[0].kind.value, triggers.level_of(work, row, found[0])
        chosen = target if level else 0
        target = chosen if level and found[0].level == "next" else max(chosen, reached)
    running = pages.running(work.session, row.number_known)
    if running is not None and target < running.level:
        raise BadInput("below_level", field="level", ticket=row.id, level=running.level)
    triggers.raise_to(work, row, target, trigger=trigger, reason=reason.strip(), by=actor.label, now=now)
    return _said(work, row, target, to=actor, now=now)


def ask_escalation(work: Work, *, actor: Actor, ticket: str, reason: str = "", now: datetime) -> Answer:
    """Ask for an escalation: a customer's manager's request acts at once, others' after one click of ours."""
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    if actor.role is not Role.CUSTOMER:
        return escalate(work, actor=actor, ticket=row.id, reason=reason, now=now)
    check(actor, Action.ASK_ESCALATION)
    event = EscalationAsked(reason=Words(masked(reason).text.strip()[:SUMMARY_LIMIT]))
    announce.happened(work, row, event, by=actor.label, now=now)
    return tell.plain(work, "escalation_asked", ticket=row.id, to=actor, now=now)


def approve(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Do what a customer's user asked for, with one click of ours."""
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    trigger = TriggerKind.CUSTOMER_REQUEST.value
    found = fired(work.handbook(row).escalation, Occasion(Severity(row.severity), asked=trigger), now=now)
    level = triggers.level_of(work, row, found[0]) if found else _level(work.handbook(row), row, None)
    reason = sentences.reason(work.desk.catalog, "customer_asked")
    triggers.raise_to(work, row, level, trigger=trigger, reason=reason, by=actor.label, now=now)
    return _said(work, row, level, to=actor, now=now)


def asked_by_mention(
    work: Work, *, actor: Actor, ticket: str | None, channel: str, message: str, text: str, now: datetime
) -> Answer:
    """Take "@bot escalate [T-1042 or #1042] [reason]": the ticket named, else that of the thread, else the only one.

    A message (`message` is its ts) escalates a ticket once, however often it is edited or read; then the answer is
    empty. What is refused may be asked for anew by an edit.
    """
    first, _, rest = text.strip().partition(" ")
    # Whether such a ticket exists must not show: it may be somebody else's.
    if _TICKET.fullmatch(first):
        ticket, text = first.removeprefix("#").upper(), rest
    if ticket is None:
        ticket = _only_ticket(work, actor, channel)
    with undoable(work.session):
        key = f"asked:{channel}:{message}:{ticket}"
        if inbox.claim_key(work.session, key=key, kind="asked", body={"user": actor.slack.user}, now=now) is not None:
            return Answer()
        return escalate(work, actor=actor, ticket=ticket, reason=text, now=now)


def _only_ticket(work: Work, actor: Actor, channel: str) -> str:
    customer = people.customer_of_channel(work.session, channel)
    if customer is None or not (actor.is_staff or actor.customer == customer.id):
        raise NoSuchTicket("no_ticket_here")
    found = [row.id for row in tickets.open_of_customer(work.session, customer.id)]
    if not found:
        raise BadInput("no_open_ticket")
    if len(found) > 1:
        raise BadInput("which_ticket", tickets=found)
    return found[0]


def _said(work: Work, row: Ticket, level: int, *, to: Actor, now: datetime) -> Answer:
    """Tell the person who escalated what follows: where nobody is paged at that level, which one is instead."""
    chain = pages.running(work.session, row.number_known)
    level = chain.level if chain else level
    found = work.handbook(row).level(level)
    paged = [
        people.name_of(work.session, page.person_id)
        for page in (pages.of_escalation(work.session, chain.id, states=("paging",)) if chain else ())
    ]
    return tell.plain(
        work, "escalated", ticket=row.id, to=to, level=level, name=found.name if found else "",
        paged=[*dict.fromkeys(paged)], inside=to.is_staff, now=now,
    )  # fmt: skip


def _level(handbook: Handbook, row: Ticket, word: str | None) -> int:
    if not handbook.levels:
        raise BadInput("no_levels", ticket=row.id)
    if not word or not word.strip():
        return ladder.policy_of(handbook).above(row.level)
    folded = word.strip().casefold().removeprefix("level").strip().removeprefix("l").strip()
    for number, level in handbook.levels.items():
        if folded == str(number) or word.strip().casefold() == level.name.casefold():
            return number
    known = [f"{number} ({level.name})" for number, level in sorted(handbook.levels.items())]
    raise UnknownLevel(level=word.strip()[:40], known=known)


def _why(
    work: Work, row: Ticket, actor: Actor, kind: str, *, reason: str, now: datetime
) -> tuple[str, Occasion]:  # fmt: skip
    """Give the trigger's name and the occasion that somebody's reason is; a mark is set on the ticket first."""
    severity = Severity(row.severity)
    if actor.role in CUSTOMERS or not kind:
        asked = _of_role(actor)
        return asked, Occasion(severity, asked=asked)
    if kind in work.handbook(row).escalation.reasons:
        return kind, Occasion(severity, asked=kind)
    if kind not in set(Mark):
        raise BadInput("unknown_reason", field="reason_kind")
    check(actor, Action.MARK)
    mark = Mark(kind)
    marks.put(work, row, mark, actor=actor, reason=reason, now=now)
    return _of_role(actor), triggers.of_mark(work, row, mark)


def _of_role(actor: Actor) -> str:
    """The reason of somebody who names none."""
    if actor.role in CUSTOMERS:
        return TriggerKind.CUSTOMER_REQUEST.value
    leads = may(actor.role, Action.ESCALATE_ANY)
    return (TriggerKind.MANAGEMENT_DECISION if leads else TriggerKind.SUPPORT_DECISION).value
