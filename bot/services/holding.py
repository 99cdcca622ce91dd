"""What can one do with a ticket that one has: hand it over, give it back, let it rest, and what if one forgets it?

Source: ledger PG-2 ("it goes on"); the field's bug lists: an acknowledgement and then nothing.
"""

from datetime import datetime

from bot.domain.errors import BadInput, MissingWords
from bot.domain.escalation import Phase
from bot.domain.events import Assigned, Claimed, Released, Snoozed, Words
from bot.domain.people import STAFF, Action, Actor, Role, check
from bot.domain.target import parse_duration
from bot.domain.ticket import WORKED_STATES, State
from bot.messages import sentences
from bot.services import announce, attention, ladder, paging
from bot.services.desk import Answer, Work
from bot.services.tickets import still_worked, ticket_of
from bot.store import deadlines, pages, people
from bot.store.tables import Ticket


def page_again(work: Work, *, number: int, now: datetime) -> None:
    """Page the owner of a ticket that went quiet; without an answer it goes on up like any page.

    It ends with the handbook's hard cap, counted from the acknowledgement: a ticket of weeks is for the queue.
    """
    row = ticket_of(work, number)
    escalation = work.handbook(row).escalation
    if row.owner is None or State(row.state) not in WORKED_STATES or pages.running(work.session, number):
        return
    last = pages.latest(work.session, number)
    since = last.acknowledged_at if last and last.acknowledged_at else row.opened_at
    if now - since > escalation.quiet_ends_after:
        return
    if opens_at := ladder.rests_until(work, row, None, at=now):
        deadlines.arm(work.session, kind=attention.KIND, subject=str(number), due_at=opens_at, ticket_number=number)
        return
    level = row.level or min(work.handbook(row).levels, default=0)
    paging.engage(
        work, row, level=level, trigger="quiet", reason="", by=ladder.BOT, first=_if_active(work, row.owner), now=now
    )


def hand_over(work: Work, *, actor: Actor, ticket: str, person: str, now: datetime) -> Answer:
    """Give a ticket to a colleague, who is paged for it: it is theirs once they acknowledge, and never nobody's.

    Raises BadInput for somebody who is not of the team.
    """
    check(actor, Action.HAND_OVER)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    found = people.person(work.session, person)
    if found is None or not found.active or Role(found.role) not in STAFF:
        raise BadInput("choose_colleague", field="person")
    before, row.owner = row.owner, found.id
    announce.happened(work, row, Claimed(owner=found.id, before=before), by=actor.label, now=now)
    if found.id != actor.person:
        level = row.level or min(work.handbook(row).levels, default=0)
        reason = sentences.reason(work.desk.catalog, "handed_over", who=actor.name)
        paging.engage(
            work, row, level=level, trigger="handed_over", reason=reason, by=actor.label, first=(found.id,), now=now
        )
    return Answer(ticket=row.id)


def assign(work: Work, *, actor: Actor, ticket: str, person: str, now: datetime) -> Answer:
    """Give a ticket to somebody who is told and not paged: it is theirs at once. Raises BadInput for an outsider."""
    check(actor, Action.HAND_OVER)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    found = people.person(work.session, person)
    if found is None or not found.active or Role(found.role) not in STAFF:
        raise BadInput("choose_colleague", field="person")
    if row.owner == found.id:
        return Answer(ticket=row.id)
    before, row.owner = row.owner, found.id
    why = f"{actor.name} chose {found.name}"
    row.assigned = {"to": found.id, "why": why}
    announce.happened(work, row, Assigned(owner=found.id, before=before, why=why), by=actor.label, now=now)
    return Answer(ticket=row.id)


def give_back(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Take an acknowledgement back: nobody has it any more, and the pages begin again at its level."""
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    if row.owner is None:
        raise BadInput("nobody_has", ticket=row.id)
    before, row.owner = row.owner, None
    announce.happened(work, row, Released(before=before), by=actor.label, now=now)
    attention.plan(work, row, now=now)
    level = row.level or min(work.handbook(row).levels, default=0)
    reason = sentences.reason(work.desk.catalog, "given_back", who=actor.name)
    paging.engage(work, row, level=level, trigger="passed_on", reason=reason, by=actor.label, now=now)
    return Answer(ticket=row.id)


def let_rest(work: Work, *, actor: Actor, ticket: str, words: str, reason: str, now: datetime) -> Answer:
    """Let an acknowledged ticket rest for a while ("2 hours"); customer updates go on as they are.

    Raises BadInput where nobody has it or the while cannot be read, MissingWords without a reason.
    """
    check(actor, Action.WORK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    if _is_paging(work, row) or row.owner is None:
        raise BadInput("acknowledge_first", ticket=row.id)
    try:
        until = now + parse_duration(words)
    except ValueError as error:
        raise BadInput("no_duration", word=words, why=str(error), field="until") from None
    if not reason.strip():
        raise MissingWords("missing_reason", why="rest", field="reason")
    row.snoozed_until = until
    announce.happened(work, row, Snoozed(until=until, reason=Words(reason.strip())), by=actor.label, now=now)
    return Answer(ticket=row.id)


def _is_paging(work: Work, row: Ticket) -> bool:
    return bool(pages.of_ticket(work.session, row.number_known, states=[Phase.PAGING.value]))


def _if_active(work: Work, person: str) -> tuple[str, ...]:
    found = people.person(work.session, person)
    return (person,) if found is not None and found.active else ()
