"""What do our people do with a ticket between the page and the closing?

Sources: enterprise support §Ticket Management, service policy §Case Management, SLA handbook §Communications.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.errors import BadInput, MissingWords, NotAllowed, UnknownSeverity
from bot.domain.events import (
    Claimed,
    Closed,
    Noted,
    Regraded,
    Reopened,
    Replied,
    Resolved,
    WaitingEnded,
    WaitingStarted,
    Words,
    WorkStarted,
)
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity, State, move
from bot.domain.triage import check_length, missing
from bot.messages import sentences
from bot.services import (
    announce,
    clocks,
    leak_guard,
    page_answers,
    paging,
    reply_files,
    staff_news,
    standing_down,
    tell,
    triggers,
    updates,
)
from bot.services.desk import Answer, Work
from bot.services.tickets import WAITING, mark_answered, over, still_open, still_worked, ticket_of
from bot.store import conversation, deadlines, people
from bot.store.tables import Ticket

CLOSING = ("root_cause", "workaround", "prevention")


def claim(work: Work, *, actor: Actor, ticket: str, shown: str = "", now: datetime) -> Answer:
    """Own a ticket, and nobody is paged for it any more. Who had it is told; claiming one's own changes nothing.

    `shown`: whom the card named as having it. Where somebody else was faster it stays theirs, and the card says so.
    """
    check(actor, Action.CLAIM)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    before = row.owner
    if before not in (None, actor.person, shown):
        staff_news.refresh_card(work, row, now=now)
        return tell.plain(work, "has_it_already", ticket=row.id, who=people.name_of(work.session, before), now=now)
    if not page_answers.taken(work, row, actor=actor, now=now):
        if before == actor.person:
            return tell.plain(work, "yours_already", ticket=row.id, now=now)
        row.owner = actor.person
        announce.happened(work, row, Claimed(owner=_person(actor), before=before), by=actor.label, now=now)
    if before in (None, actor.person):
        return Answer(ticket=row.id)
    return tell.plain(work, "taken_over", ticket=row.id, who=people.name_of(work.session, before), now=now)


def start_work(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Say that one is working on it: this ends the two-hour rule's clock.

    Raises MissingWords where required metadata is missing (never for a Sev 1).
    """
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    handbook = work.handbook(row)
    lacking = missing(handbook.blocking_fields(row.severity), row.details)
    if lacking:
        labels = [handbook.required_fields[key].label for key in handbook.required_fields if key in lacking]
        raise MissingWords("missing_details", ticket=row.id, labels=labels)
    if row.state == State.IN_PROGRESS:
        return tell.plain(work, "in_work_already", ticket=row.id, now=now)
    if row.state == State.WAITING:
        _end_waiting(work, row, by=actor.label, now=now)
    if row.state != State.IN_PROGRESS:
        row.state = move(row.id, State(row.state), State.IN_PROGRESS)
    row.worked_at = row.worked_at or now
    if row.owner in (None, actor.person):
        page_answers.taken(work, row, actor=actor, now=now)
    if row.owner is None:
        row.owner = actor.person
        announce.happened(work, row, Claimed(owner=_person(actor), before=None), by=actor.label, now=now)
    announce.happened(work, row, WorkStarted(), by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)
    return Answer(ticket=row.id)


def reply(
    work: Work,
    *,
    actor: Actor,
    ticket: str,
    text: str,
    files: Sequence[Mapping[str, str]] = (),
    anyway: str = "",
    now: datetime,
) -> Answer:
    """Answer the customer in their channel, in the name of the person who writes, with the files that they chose.

    Raises HeldBack where the words hold what is not the customer's, until `anyway` names what was shown.
    """
    check(actor, Action.REPLY)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    said = check_length(text, what="reply", field="text")
    leak_guard.ask_twice(work, [row], actor=actor, where="reply", values={"text": said, "anyway": anyway}, now=now)
    remark = conversation.add(
        work.session, ticket_number=row.number_known, channel=row.channel, ts=f"out:{work.new_id()}",
        visibility="customer", author=actor.label, author_name=actor.name, text=said,
        files=reply_files.chosen(files), at=now,
    )  # fmt: skip
    replied(work, row, message=str(remark.ts), text=said, actor=actor, now=now)
    return Answer(ticket=row.id)


def replied(work: Work, row: Ticket, *, message: str, text: str, actor: Actor, now: datetime) -> None:
    """Take a public reply of a person of ours into the ticket, wherever it was written (R12)."""
    mark_answered(row, now=now)
    announce.happened(work, row, Replied(message=message, text=Words(text)), by=actor.label, now=now)
    clocks.refresh(work, row, now=now)


def note(work: Work, *, actor: Actor, ticket: str, text: str, now: datetime) -> Answer:
    """Keep an internal note. It never reaches a customer."""
    check(actor, Action.NOTE)
    row = ticket_of(work, ticket, actor=actor, lock=True)
    said = check_length(text, what="note", field="text")
    remark = conversation.add(
        work.session, ticket_number=row.number_known, channel="internal", ts=f"out:{work.new_id()}",
        visibility="internal", author=actor.label, author_name=actor.name, text=said, at=now,
    )  # fmt: skip
    announce.happened(work, row, Noted(message=str(remark.ts), text=Words(said)), by=actor.label, now=now)
    return Answer(ticket=row.id)


def wait(work: Work, *, actor: Actor, ticket: str, reason: str = WAITING, now: datetime) -> Answer:
    """Wait for the customer, or for what else the handbook lists: resolution pauses (R9)."""
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    if reason in row.waiting_for:
        return tell.plain(work, "waits_already", ticket=row.id, now=now)
    if reason not in work.handbook(row).pauses:
        raise BadInput("unknown_wait", field="reason")
    if row.state != State.WAITING:
        row.state = move(row.id, State(row.state), State.WAITING)
    row.waiting_for = [*row.waiting_for, reason]
    announce.happened(work, row, WaitingStarted(reason=reason), by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan_anew(work, row, now=now)
    return Answer(ticket=row.id)


def resume(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Go on with a ticket that waited."""
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    if row.state != State.WAITING:
        raise BadInput("not_waiting", ticket=row.id, state=row.state)
    _end_waiting(work, row, by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)
    return Answer(ticket=row.id)


def customer_answered(work: Work, row: Ticket, *, by: str, now: datetime) -> None:
    """Take the ticket back from the customer; what else it waits for goes on."""
    if row.waiting_for == [WAITING]:
        _end_waiting(work, row, by=by, now=now)
    elif WAITING in row.waiting_for:
        row.waiting_for = [each for each in row.waiting_for if each != WAITING]
        announce.happened(work, row, WaitingEnded(reason=WAITING), by=by, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)


def regrade(work: Work, *, actor: Actor, ticket: str, severity: str, reason: str, now: datetime) -> Answer:
    """Change the severity, with a reason; clocks and cadence are recomputed, a Sev 1 pages (R10, SV-2).

    What paged for the old severity alone ends.
    """
    check(actor, Action.REGRADE)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    handbook = work.handbook(row)
    key = handbook.severity(severity)
    if key is None:
        raise UnknownSeverity(word=severity, known=[*handbook.severity_names().values()])
    if not reason.strip():
        raise MissingWords("missing_reason", why="severity", field="reason")
    grade(work, row, severity=key, reason=reason.strip(), by=actor.label, now=now)
    return Answer(ticket=row.id)


def grade(
    work: Work, row: Ticket, *, severity: Severity, reason: str, page: bool = True, by: str, now: datetime
) -> None:
    """Give the ticket a severity and let everything follow: clocks, cadence, and pages unless `page` is false."""
    before = Severity(row.severity)
    row.details = {**row.details, "severity": severity.value}
    if before == severity:
        return
    row.severity, row.severity_since = severity.value, now
    announce.happened(work, row, Regraded(before=before, after=severity, reason=Words(reason)), by=by, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan_anew(work, row, now=now)
    standing_down.regraded(work, row, by=by, now=now)
    if page:
        paging.page_if_due(work, row, by=by, now=now)


def resolve(
    work: Work, *, actor: Actor, ticket: str, values: dict[str, str], guarded: bool = True, now: datetime
) -> Answer:
    """Solve a ticket with its closing note; the customer gets the summary and is asked to confirm.

    `guarded` is false where the author was asked about the words already. Raises HeldBack where they hold what is not
    the customer's, MissingWords for what the handbook requires and nobody wrote. Source: SLA handbook §Communications.
    """
    check(actor, Action.RESOLVE)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    handbook = work.handbook(row)
    words = {name: values.get(name, "").strip() for name in CLOSING}
    for required in handbook.closing.required:
        if not words[required]:
            raise MissingWords("missing_closing", what=required, field=required)
    for name, text in words.items():
        check_length(text or "none", what=name, field=name)
    if guarded:
        leak_guard.ask_twice(work, [row], actor=actor, where="resolution", values=values, now=now)
    if row.state == State.WAITING:
        _end_waiting(work, row, by=actor.label, now=now)
    row.state = move(row.id, State(row.state), State.RESOLVED)
    row.resolved_at, row.times_resolved = now, row.times_resolved + 1
    row.closing = {**words, "by": actor.name}
    row.owner = row.owner or actor.person
    close_later(work, row, now=now)
    event = Resolved(
        root_cause=Words(words["root_cause"]), workaround=Words(words["workaround"]),
        prevention=Words(words["prevention"]),
    )  # fmt: skip
    standing_down.stand_down(work, row, why=sentences.reason(work.desk.catalog, "is_resolved"), by=actor.label, now=now)
    announce.happened(work, row, event, by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)
    return Answer(ticket=row.id)


def close_later(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let silence from now on close a resolved ticket, for as long as its handbook waits (ledger LC-3)."""
    silence = work.handbook(row).silence_closes_after(row.severity)
    if silence is not None:
        subject = str(row.number_known)
        deadlines.arm(work.session, kind="close", subject=subject, due_at=now + silence, ticket_number=row.number)


def confirm(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Close a resolved ticket because the customer says that it works."""
    row = ticket_of(work, ticket, actor=actor, lock=True)
    check(actor, Action.CONFIRM)
    if row.state != State.RESOLVED:
        raise over(row)
    _close(work, row, how="confirmed", by=actor.label, now=now)
    return Answer(ticket=row.id)


def close_resolved(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Close a resolved ticket without the customer's word, as a manager decides; they can still open a new one."""
    check(actor, Action.CLOSE)
    row = ticket_of(work, ticket, actor=actor, lock=True)
    if row.state != State.RESOLVED:
        raise BadInput("not_resolved", ticket=row.id, state=row.state)
    _close(work, row, how="support", by=actor.label, now=now)
    return Answer(ticket=row.id)


def close_silent(work: Work, *, number: int, now: datetime) -> None:
    """Close a resolved ticket whose customer stayed silent for as long as the handbook waits."""
    row = ticket_of(work, number)
    if row.state == State.RESOLVED:
        _close(work, row, how="silence", by="bot", now=now)


def reopen(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Take a resolved ticket up again with one click: resolution resumes with the time already used (R13).

    What is still broken is asked for in the thread, where it can be answered in free words (ledger LC-3).
    """
    row = ticket_of(work, ticket, actor=actor, lock=True)
    check(actor, Action.REOPEN)
    if row.state != State.RESOLVED:
        raise over(row)
    row.state = move(row.id, State.RESOLVED, State.IN_PROGRESS)
    row.resolved_at = None
    deadlines.cancel(work.session, kind="close", subject=str(row.number_known))
    announce.happened(work, row, Reopened(), by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)
    triggers.reopened(work, row, by=actor.label, now=now)
    paging.page_if_due(work, row, by=actor.label, now=now)
    return Answer(ticket=row.id)


def _close(work: Work, row: Ticket, *, how: str, by: str, now: datetime) -> None:
    row.state = move(row.id, State(row.state), State.CLOSED)
    row.closed_at = now
    standing_down.stand_down(work, row, why=sentences.reason(work.desk.catalog, "is_closed"), by=by, now=now)
    deadlines.cancel(work.session, ticket_number=row.number_known)
    announce.happened(work, row, Closed(how=how), by=by, now=now)
    clocks.refresh(work, row, now=now)


def _end_waiting(work: Work, row: Ticket, *, by: str, now: datetime) -> None:
    reasons, row.waiting_for = row.waiting_for, []
    row.state = State.IN_PROGRESS if row.worked_at else State.RESPONDED
    for reason in reasons:
        announce.happened(work, row, WaitingEnded(reason=reason), by=by, now=now)


def _person(actor: Actor) -> str:
    if actor.person is None:
        raise NotAllowed("not_listed")
    return actor.person
