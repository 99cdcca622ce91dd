"""What does triage decide about a ticket that is not ours to solve as it stands: to decline it, or to merge it?

Sources: service policy §Case Management; ledger SV-5; SLA rules R14.
"""

from datetime import datetime

from bot.domain.errors import BadInput, MissingWords
from bot.domain.events import Absorbed, Assigned, Declined, Event, Merged, Words
from bot.domain.people import Action, Actor, check
from bot.domain.terms import PROMISED
from bot.domain.ticket import WORKED_STATES, Severity, State, move
from bot.domain.triage import check_length
from bot.messages import sentences
from bot.services import alike, announce, clocks, incidents, paging, standing_down, tell, updates, views, working
from bot.services.desk import Answer, Work
from bot.services.tickets import still_worked, ticket_of
from bot.store import deadlines, pages
from bot.store.tables import Escalation, Ticket


def decline(work: Work, *, actor: Actor, ticket: str, reason: str, now: datetime) -> Answer:
    """Decline a ticket with a reason that the customer reads; its clocks end, neither met nor missed."""
    check(actor, Action.TRIAGE)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    said = _reason(reason)
    row.state = move(row.id, State(row.state), State.DECLINED)
    why = sentences.reason(work.desk.catalog, "is_declined")
    _end(work, row, Declined(reason=Words(said)), why=why, by=actor.label, now=now)
    return Answer(ticket=row.id)


def merge(work: Work, *, actor: Actor, ticket: str, into: str, reason: str, now: datetime) -> Answer:
    """Merge a duplicate into another ticket of the same customer, which keeps the earliest open start (R14).

    What is written in the duplicate's thread belongs to the survivor from then on. So does all else that was promised
    on it: the more severe of both severities, its owner, its escalation, and pages that nobody has answered.
    """
    check(actor, Action.TRIAGE)
    row, survivor = _both(work, actor, ticket, into)
    said = _reason(reason)
    unanswered, graded = pages.running(work.session, row.number_known), survivor.severity
    starts = {
        clock.metric: clock.started_at
        for clock in clocks.measured(work, row, now=now)
        if clock.is_open and clock.metric in PROMISED
    }
    row.state = move(row.id, State(row.state), State.MERGED)
    row.followed_by = survivor.number
    event = Merged(into=survivor.id, reason=Words(said))
    why = sentences.reason(work.desk.catalog, "is_merged", ticket=survivor.id)
    _end(work, row, event, why=why, by=actor.label, now=now)
    announce.happened(work, survivor, Absorbed(ticket=row.id, starts=starts), by=actor.label, now=now)
    _inherit(work, row, survivor, unanswered, by=actor.label, now=now)
    clocks.refresh(work, survivor, now=now)
    updates.plan_anew(work, survivor, now=now)
    incidents.inherit(work, row, survivor, by=actor.label, now=now)
    alike.inherit(work, row, survivor, now=now)
    grade = views.staff_ticket(work, survivor, now=now).grade if survivor.severity != graded else ""
    return tell.plain(work, "merged", ticket=survivor.id, before=row.id, grade=grade, now=now)


def _inherit(
    work: Work, row: Ticket, survivor: Ticket, unanswered: Escalation | None, *, by: str, now: datetime
) -> None:
    """Let a duplicate's owner, severity, escalation and pages go on with its survivor: a merge silences nothing.

    Who has the duplicate already is not paged again for the severity that comes with it.
    """
    if survivor.owner is None and row.owner is not None:
        why = sentences.reason(work.desk.catalog, "merged_in", ticket=row.id)
        survivor.owner, survivor.assigned = row.owner, {"to": row.owner, "why": why}
        announce.happened(work, survivor, Assigned(owner=row.owner, before=None, why=why), by=by, now=now)
    if Severity(row.severity).value < Severity(survivor.severity).value:
        why = sentences.reason(work.desk.catalog, "merged_severity", ticket=row.id)
        theirs = survivor.owner is not None and survivor.owner == row.owner and unanswered is None
        working.grade(work, survivor, severity=Severity(row.severity), reason=why, page=not theirs, by=by, now=now)
    if row.escalated_at is not None:
        survivor.escalated_at = min(row.escalated_at, survivor.escalated_at or row.escalated_at)
        survivor.level = max(row.level or 0, survivor.level or 0) or None
    if unanswered is not None and survivor.owner is None and pages.running(work.session, survivor.number_known) is None:
        paging.engage(
            work, survivor, level=unanswered.level, trigger=unanswered.trigger, reason=unanswered.reason, by=by, now=now
        )


def survivors(row: Ticket, candidates: list[Ticket]) -> list[Ticket]:
    """Those of the tickets that this one can be merged into."""
    return [each for each in candidates if each.number != row.number and State(each.state) in WORKED_STATES]


def _both(work: Work, actor: Actor, ticket: str, into: str) -> tuple[Ticket, Ticket]:
    """Find the duplicate and the survivor, locked in the order of their numbers so that two merges never wait in turn.

    Raises BadInput where they cannot be one.
    """
    found = [ticket_of(work, each, actor=actor, lock=False) for each in (ticket, into)]
    for number in sorted({each.number_known for each in found}):
        ticket_of(work, number)
    row, survivor = found
    still_worked(row)
    if row.number == survivor.number:
        raise BadInput("into_itself", field="into")
    if row.customer_id != survivor.customer_id:
        raise BadInput("other_customer", ticket=survivor.id, field="into")
    if not survivors(row, [survivor]):
        raise BadInput("not_worked", ticket=survivor.id, field="into")
    return row, survivor


def _end(work: Work, row: Ticket, event: Event, *, why: str, by: str, now: datetime) -> None:
    row.closed_at = now
    row.waiting_for = []
    standing_down.stand_down(work, row, why=why, by=by, now=now)
    deadlines.cancel(work.session, ticket_number=row.number_known)
    announce.happened(work, row, event, by=by, now=now)
    clocks.refresh(work, row, now=now)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise MissingWords("missing_reason", why="decline", field="reason")
    return check_length(reason, what="reason", field="reason")
