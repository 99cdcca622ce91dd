"""Which form does a person get, and what is filled in already?

Opening a form changes nothing; a person who may not do the deed is told so before they have written a word.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.details import FIELDS
from bot.domain.errors import Over
from bot.domain.handbook import Handbook
from bot.domain.people import STAFF, Action, Actor, Role, check, may
from bot.domain.ticket import State
from bot.domain.triage import SUMMARY_LIMIT, one_line
from bot.messages import forms
from bot.messages.view import Choice, Question
from bot.messages.words import spoken_metric
from bot.services import breach_news, breaches, clocks, drafting, marks, schedule, tell, triage, updates, views
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import clocks as clock_rows
from bot.store import people, tickets
from bot.store.tables import Ticket

RESTS = ("30 minutes", "1 hour", "2 hours", "4 hours", "8 hours", "24 hours")
"""How long a ticket may be let rest."""

ACTION_TAKES = timedelta(days=7)
"""How long a remediation action takes where nobody says otherwise."""


def ticket_form(
    work: Work,
    *,
    actor: Actor,
    channel: str,
    text: str = "",
    reason: str = "",
    severity: str | None = None,
    message: Mapping[str, object] | None = None,
    now: datetime,  # noqa: ARG001 - every use case takes it
) -> Answer:
    """Show the form that opens a ticket; `text` is kept as the summary, `reason` says why the form is shown."""
    check(actor, Action.OPEN)
    found = people.customer_of_channel(work.session, channel)
    customer = found or (people.customer(work.session, actor.customer) if actor.customer else None)
    handbook = work.handbook_of(customer).handbook
    theirs = () if customer or not actor.is_staff else tuple(people.customers(work.session))
    suggested = None if severity else handbook.suggestion(text)
    return Answer(
        view=forms.ticket_form(
            work.words_for(actor),
            severities=views.severities(handbook),
            default_severity=handbook.default_severity.value,
            categories=tuple(
                Choice(key, category.label, category.description or "") for key, category in handbook.categories.items()
            ),
            questions=_questions(handbook),
            customers=tuple(Choice(row.id, row.name) for row in theirs if row.active),
            values={"summary": text[:SUMMARY_LIMIT], **({"severity": severity} if severity else {})},
            reason=reason,
            suggested=handbook.severity_names()[suggested] if suggested else "",
            metadata={"channel": channel, **({"message": dict(message)} if message else {})},
        )
    )


def details_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:  # noqa: ARG001 - as above
    """Show the form for required metadata, with what is known already."""
    check(actor, Action.ADD_DETAILS)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    handbook = work.handbook(row)
    return Answer(
        view=forms.details_form(
            work.words_for(actor),
            ticket=views.customer_ticket(work, row),
            questions=_questions(handbook),
            severities=views.severities(handbook) if not row.details.get("severity") else (),
            values=row.details,
            metadata=_about(row),
        )
    )


def reply_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form for a public reply, with the channel that it goes to and who reads there (ledger LC-6)."""
    check(actor, Action.REPLY)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    readers = [person.name for person in people.people_of_customer(work.session, row.customer_id)]
    return Answer(
        view=forms.reply_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            channel=row.channel,
            readers=tuple(readers),
            metadata=_about(row),
        )
    )


def note_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form for an internal note."""
    check(actor, Action.NOTE)
    row = ticket_of(work, ticket, actor=actor, lock=False)
    ticket_view = views.staff_ticket(work, row, now=now)
    return Answer(view=forms.note_form(work.desk.catalog, ticket=ticket_view, metadata=_about(row)))


def escalate_form(
    work: Work, *, actor: Actor, ticket: str | None, channel: str, reason: str = "", now: datetime
) -> Answer:
    """Show the form to escalate: a given ticket, or one of those that are open here; `reason` is kept in it.

    Levels are offered to those who may choose one. Source: ledger ES-3.
    """
    if actor.role is not Role.CUSTOMER:
        check(actor, Action.ESCALATE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False)) if ticket else None
    found = [] if row else open_here(work, actor=actor, channel=channel)
    handbook = work.handbook(row) if row else work.desk.handbooks.default.handbook
    levels: tuple[Choice, ...] = ()
    if may(actor.role, Action.ESCALATE_ANY):
        levels = tuple(
            Choice(str(number), f"{number}: {level.name}", level.team or "")
            for number, level in sorted(handbook.levels.items())
        )
    ticket_view = None
    if row is not None:
        ticket_view = views.staff_ticket(work, row, now=now) if actor.is_staff else views.customer_ticket(work, row)
    return Answer(
        view=forms.escalate_form(
            work.words_for(actor),
            ticket=ticket_view,
            tickets=tuple(Choice(each.id, f"{each.id} {one_line(each.summary, 60)}") for each in found),
            levels=levels,
            reason_kinds=_reasons(work, actor, handbook, row, now=now),
            reason=reason,
            metadata=_about(row) if row else {"channel": channel},
        )
    )


def resolve_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that resolves, with what an earlier resolution said."""
    check(actor, Action.RESOLVE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    if row.state == State.RESOLVED:
        raise Over(ticket=row.id, state=State.RESOLVED)
    ticket_view = views.staff_ticket(work, row, now=now)
    return Answer(
        view=forms.resolve_form(work.desk.catalog, ticket=ticket_view, values=row.closing, metadata=_about(row))
    )


def update_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form for the words of the next update, with what is written already."""
    check(actor, Action.WORK)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    due_at = schedule.next_update_at(work, row, now=now)
    return Answer(
        view=forms.update_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            due_at=due_at,
            values=row.draft or row.proposal or drafting.propose(work, row, now=now),
            tone=work.handbook(row).tone.hints(row.severity, row.state),
            metadata=_about(row)
            | {"seen": updates.fingerprint(row.draft)}
            | ({"due_at": due_at.isoformat()} if due_at else {}),
            zone=views.zone_of(work, actor.person),
            now=now,
        )
    )


def severity_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that changes the severity, with the handbook's words for each (SV-1, SV-2)."""
    check(actor, Action.REGRADE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    return Answer(
        view=forms.severity_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            severities=views.severities(work.handbook(row)),
            metadata=_about(row),
        )
    )


def wait_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that begins to wait, with the handbook's reasons (R9)."""
    check(actor, Action.WORK)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    reasons = tuple(Choice(key, key.replace("_", " ")) for key in work.handbook(row).pauses)
    return Answer(
        view=forms.wait_form(
            work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), reasons=reasons, metadata=_about(row)
        )
    )


def hand_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that hands a ticket over, with everybody of the support team but its owner."""
    check(actor, Action.HAND_OVER)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    staff = people.of_role(work.session, [role.value for role in STAFF])
    return Answer(
        view=forms.hand_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            colleagues=tuple(Choice(each.id, each.name) for each in staff if each.id != row.owner),
            metadata=_about(row),
        )
    )


def assign_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that gives a ticket to somebody, oneself included."""
    check(actor, Action.HAND_OVER)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    staff = people.of_role(work.session, [role.value for role in STAFF])
    return Answer(
        view=forms.assign_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            colleagues=tuple(Choice(each.id, each.name) for each in staff if each.id != row.owner),
            metadata=_about(row),
        )
    )


def rest_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that lets an acknowledged ticket rest for a while."""
    check(actor, Action.WORK)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    return Answer(
        view=forms.rest_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            spans=tuple(Choice(words, words) for words in RESTS),
            metadata=_about(row),
        )
    )


def decline_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that declines a ticket (SV-5)."""
    check(actor, Action.TRIAGE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    ticket_view = views.staff_ticket(work, row, now=now)
    return Answer(view=forms.decline_form(work.desk.catalog, ticket=ticket_view, metadata=_about(row)))


def merge_form(work: Work, *, actor: Actor, ticket: str, into: str = "", now: datetime) -> Answer:
    """Show the form that merges a ticket into another of its customer's (R14); `into` is proposed."""
    check(actor, Action.TRIAGE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    found = triage.survivors(row, tickets.open_of_customer(work.session, row.customer_id))
    return Answer(
        view=forms.merge_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            tickets=tuple(Choice(each.id, f"{each.id} {one_line(each.summary, 60)}") for each in found),
            into=into or None,
            metadata=_about(row),
        )
    )


def analysis_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form for the analysis of missed targets, with a week for its action (SL-9)."""
    check(actor, Action.WORK)
    row = ticket_of(work, ticket, actor=actor, lock=False)
    missed = breaches.unanalysed(work, row)
    if not missed:
        return tell.plain(work, "nothing_to_analyse", ticket=row.id, now=now)
    zone = views.zone_of(work, actor.person)
    ours = people.of_role(work.session, [role.value for role in STAFF])
    return Answer(
        view=forms.analysis_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            missed=tuple(breach_news.in_words(work, row, each, zone=zone, now=now) for each in missed),
            people=tuple(Choice(each.id, each.name) for each in ours),
            owner=actor.person,
            until=(now + ACTION_TAKES).date(),
            metadata=_about(row),
        )
    )


def excuse_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that excuses a missed target (R8)."""
    check(actor, Action.EXCUSE)
    row = ticket_of(work, ticket, actor=actor, lock=False)
    zone = views.zone_of(work, actor.person)
    found = [(clock.metric, f"{clock.metric}:{clock.nth}") for clock in breaches.excusable(work, row)]
    return Answer(
        view=forms.excuse_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            breaches=tuple(
                Choice(metric, breach_news.in_words(work, row, each, zone=zone, now=now)) for metric, each in found
            ),
            metadata=_about(row),
        )
    )


def why(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show every clock of a ticket, and span by span why the next one is due when it is, in the reader's zone."""
    check(actor, Action.WORK)
    row = ticket_of(work, ticket, actor=actor, lock=False)
    zone = views.zone_of(work, actor.person)
    measured = clocks.measured(work, row, now=now)
    following = min(
        (clock for clock in measured if clock.is_open and clock.target),
        key=lambda clock: (clock.due_at is None, clock.due_at or now, clock.metric),
        default=None,
    )
    told = clocks.explained(work, row, following.metric, following.nth, zone=zone, now=now) if following else ""
    return Answer(
        view=forms.why_view(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            clocks=tuple(views.clock_view(clock) for clock in clock_rows.known_of(work.session, row.number_known)),
            metric=spoken_metric(following.metric) if following else "",
            ledger=told,
            zone=zone,
            now=now,
            metadata=_about(row),
        )
    )


def _reasons(work: Work, actor: Actor, handbook: Handbook, row: Ticket | None, *, now: datetime) -> tuple[Choice, ...]:
    """The kinds of reason that our own people choose from: the handbook's, and the marks that are none of those."""
    if not actor.is_staff:
        return ()
    theirs = handbook.escalation.reasons
    kinds = marks.choices(work, row, now=now) if row else ()
    return (
        *(Choice(key, reason.label, reason.description or "") for key, reason in theirs.items()),
        *(kind for kind in kinds if kind.key not in theirs),
    )


def open_here(work: Work, *, actor: Actor, channel: str) -> list[Ticket]:
    """The open tickets that a person may choose from where they are: the channel's customer's, their own, or all."""
    customer = people.customer_of_channel(work.session, channel)
    if not actor.is_staff:
        return tickets.open_of_customer(work.session, actor.customer) if actor.customer else []
    return tickets.open_of_customer(work.session, customer.id) if customer else tickets.queue(work.session)


def _questions(handbook: Handbook) -> dict[str, Question]:
    fields = {str(key): field for key, field in handbook.required_fields.items()}
    return {
        name: Question(fields[name].label, fields[name].question) if name in fields else Question(name, "")
        for name in FIELDS
        if name in fields
    }


def _about(row: Ticket) -> dict[str, object]:
    return {"ticket": row.id, "channel": row.channel}
