"""What must our own people hear even if nobody asked: silence, breaches, empty levels, messages that cannot be sent?"""

from datetime import datetime, timedelta

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import button
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket
from bot.messages.words import Mrkdwn


def exhausted(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    round_number: int,
    paged: tuple[str, ...],
    paging_since: datetime,
    again_at: datetime,
    duty: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say that the last level, or whoever holds a duty, did not acknowledge, and when it goes on. Ledger PG-2."""
    parts = catalog.say(
        "exhausted", zone=zone, now=now, ticket=ticket, round=round_number, paged=paged, paging_since=paging_since,
        again_at=again_at, duty=duty,
    )  # fmt: skip
    return internal_message(Kind.ALARM, parts)


def level_skipped(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    level: int,
    level_name: str,
    why: str,
    next_name: str = "",
    duty: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say that a level, or a duty, had nobody to page and was passed over at once; `why` completes "because"."""
    parts = catalog.say(
        "level_skipped", zone=zone, now=now, ticket=ticket, level=level, level_name=level_name, why=why,
        next_name=next_name, duty=duty,
    )  # fmt: skip
    return internal_message(Kind.ALARM, parts)


def breached(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    metric: str,
    due_at: datetime,
    noticed_late_for: timedelta | None = None,
    next_name: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say which target passed unmet and when. `metric` in words; `next_name`: the level that it escalates to.

    `noticed_late_for` says how much later than due we noticed, after an outage. Source: SLA rules R6.
    """
    parts = catalog.say(
        "breached", zone=zone, now=now, ticket=ticket, metric=metric, due_at=due_at, noticed_late_for=noticed_late_for,
        next_name=next_name,
    )  # fmt: skip
    return internal_message(Kind.ALARM, parts)


def warned(
    catalog: Catalog, *, ticket: StaffTicket, metric: str, due_at: datetime, zone: str, now: datetime
) -> InternalMessage:
    """Say which target is about to pass, and when. Source: ledger SL-6."""
    return internal_message(
        Kind.ALARM, catalog.say("warned", zone=zone, now=now, ticket=ticket, metric=metric, due_at=due_at)
    )


def dead_letter(
    catalog: Catalog,
    *,
    what: str,
    ticket_id: str,
    to: str,
    why: str,
    since: datetime,
    attempts: int = 1,
    paged_next: bool = False,
    whole_place: bool = False,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say which message reached nobody, for whom it was, why, and what to do. `what` is the message's kind.

    Whoever is `paged_next` reads that they need not wait for it; with `whole_place` that nothing else arrives there.
    """
    parts = catalog.say(
        "dead_letter", zone=zone, now=now, what=what, ticket_id=ticket_id, to=to, why=why, since=since,
        attempts=attempts, paged_next=paged_next, whole_place=whole_place,
    )  # fmt: skip
    return internal_message(Kind.ALARM, parts)


def escalation_asked(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    asked_by: str,
    reason: str = "",
    approved_by: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say that a person of the customer asks for an escalation that needs one click of ours; no button once given."""
    parts = catalog.say(
        "escalation_asked", zone=zone, now=now, ticket=ticket, asked_by=asked_by, reason=reason, approved_by=approved_by
    )
    label = catalog.label("approve")
    ask = button("escalation_approve", label, value=ticket.id, aloud=f"{label}: {ticket.id}", style="primary")
    return internal_message(Kind.ALARM, parts, [] if approved_by or ticket.is_over else [ask])


def analysis_request(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    missed: tuple[str, ...],
    analysed_by: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Ask why targets were missed and what is done about it; no button once that is written. Source: ledger SL-9.

    `missed`: each target in words with its moment.
    """
    parts = catalog.say("analysis_request", zone=zone, now=now, ticket=ticket, missed=missed, analysed_by=analysed_by)
    buttons = [
        button(action, catalog.label(label), value=ticket.id, aloud=f"{catalog.label(label)}: {ticket.id}", style=style)
        for action, label, style in (("breach_analyse", "analyse", "primary"), ("breach_excuse", "excuse", ""))
    ]
    return internal_message(Kind.NOTICE, parts, [] if analysed_by else buttons)


def account_news(catalog: Catalog, *, ticket: StaffTicket, what: Mrkdwn, zone: str, now: datetime) -> InternalMessage:
    """Tell the customer's own manager what happened; `what` is a finished line (`staff.happened`). Ledger PG-6."""
    return internal_message(Kind.NOTICE, catalog.say("account_news", zone=zone, now=now, ticket=ticket, what=what))


def findings(
    catalog: Catalog,
    *,
    title: str,
    lines: tuple[str, ...],
    advice: str = "",
    alarm: bool = True,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say what somebody or something looked for and found, a line each, and what to do; an alarm, or a notice."""
    parts = catalog.say("findings", zone=zone, now=now, title=title, lines=lines, advice=advice)
    return internal_message(Kind.ALARM if alarm else Kind.NOTICE, parts)


def mobilised(catalog: Catalog, *, ticket: StaffTicket, who: str, zone: str, now: datetime) -> InternalMessage:
    """Call a team together in its channel; `who` are the handbook's words for them. Source: service policy, ES-6."""
    return internal_message(Kind.ALARM, catalog.say("mobilised", zone=zone, now=now, ticket=ticket, who=who))
