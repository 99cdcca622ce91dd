"""What happens when somebody answers a page: has it, cannot take it, or passes it on?

A page whose level is gone by can still be acknowledged (whoever has it, has it); raising or declining it is refused.
"""

from datetime import datetime

from bot.domain import escalation as chains
from bot.domain.errors import NoSuchTicket, TooLate
from bot.domain.escalation import Chain, Phase
from bot.domain.events import Acknowledged, Claimed, PageDeclined
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import OPEN_STATES, State
from bot.messages import sentences
from bot.services import announce, clocks, ladder, paging
from bot.services.desk import Answer, Work
from bot.services.tickets import over, ticket_of
from bot.services.views import said_at
from bot.store import deadlines, pages, people
from bot.store.tables import Escalation, Page, Ticket


def acknowledge(work: Work, *, actor: Actor, page: str, now: datetime) -> Answer:
    """Take a ticket that one was paged for: the first click wins, everybody sees who it was.

    Raises TooLate for the second one, Over when there is nothing left to take.
    """
    check(actor, Action.ACKNOWLEDGE)
    ticket, row, mine = _answered(work, actor, page, now=now)
    _acknowledged(work, ticket, row, mine=mine.id, actor=actor, now=now)
    return Answer(ticket=ticket.id)


def taken(work: Work, ticket: Ticket, *, actor: Actor, now: datetime) -> bool:
    """Let whoever takes a ticket by its card end the ladder's pages, as by acknowledging; says whether any ran.

    Whoever has it already ends only pages that ask them: a call for somebody else goes on.
    """
    found = pages.running(work.session, ticket.number_known)
    row = pages.escalation(work.session, found.id, lock=True) if found else None
    if row is None or row.state != Phase.PAGING:
        return False
    own = [each for each in pages.of_escalation(work.session, row.id) if each.person_id == actor.person]
    if ticket.owner == actor.person and not own:
        return False
    _acknowledged(work, ticket, row, mine=own[-1].id if own else "", actor=actor, now=now)
    return True


def _acknowledged(work: Work, ticket: Ticket, row: Escalation, *, mine: str, actor: Actor, now: datetime) -> None:
    """End a chain because somebody has it now; `mine` is the page by which they said so, where it was one."""
    row.state = Phase.ACKNOWLEDGED.value
    row.acknowledged_by = actor.person
    row.acknowledged_at = now
    deadlines.cancel(work.session, kind="page", subject=row.id)
    for each in pages.of_escalation(work.session, row.id):
        if each.state in ("paging", "passed_on"):
            each.state = "acknowledged" if each.id == mine else "taken"
            each.answered_at = now
    before = ticket.owner
    if row.circle == ladder.LADDER:
        ticket.owner = actor.person
    duty = ladder.duty_words(row.circle)
    event = Acknowledged(escalation=row.id, level=row.level, after_for=now - row.started_at, duty=duty)
    announce.happened(work, ticket, event, by=actor.label, now=now)
    if before != ticket.owner and ticket.owner:
        announce.happened(work, ticket, Claimed(owner=ticket.owner, before=before), by=actor.label, now=now)
    clocks.refresh(work, ticket, now=now)


def escalate_now(work: Work, *, actor: Actor, page: str, now: datetime) -> Answer:
    """Pass a page to the next level at once. Raises TooLate where its level is gone by."""
    check(actor, Action.ACKNOWLEDGE)
    ticket, row, mine = _answered(work, actor, page, now=now)
    _must_be_current(row, mine, ticket)
    # Whoever holds a duty has nobody above them: their page goes to the ladder's next level.
    level = ladder.policy_of(work.handbook(ticket)).above(ticket.level)
    reason = sentences.reason(work.desk.catalog, "passed_on", who=actor.name)
    paging.engage(work, ticket, level=level, trigger="passed_on", reason=reason, by=actor.label, now=now)
    return Answer(ticket=ticket.id)


def decline(work: Work, *, actor: Actor, page: str, now: datetime) -> Answer:
    """Say that one cannot take it: the page goes on at once where nobody else of this level is left to answer.

    Raises TooLate where the page's level is gone by.
    """
    check(actor, Action.ACKNOWLEDGE)
    ticket, row, mine = _answered(work, actor, page, now=now)
    _must_be_current(row, mine, ticket)
    mine.state, mine.answered_at = "declined", now
    event = PageDeclined(escalation=row.id, level=row.level, duty=ladder.duty_words(row.circle))
    announce.happened(work, ticket, event, by=actor.label, now=now)
    left = [each for each in pages.of_escalation(work.session, row.id) if each.state == "paging"]
    if left:
        return Answer(ticket=ticket.id)
    policy = ladder.policy_for(work.handbook(ticket), row.circle)
    # A handbook that was brought to the ticket since may lack the level.
    here = policy.levels.get(row.level)
    last_attempt = here.attempts if here else row.attempt
    if opens_at := ladder.waits_until(work, ticket, row, at=now):
        # Nobody else is called outside support hours; as they begin it goes on from here.
        row.attempt = last_attempt
        paging.arm(work, row, opens_at)
        return Answer(ticket=ticket.id)
    given_up = Chain(Phase.PAGING, row.level, last_attempt, row.round, now)
    reach = ladder.reach_for(work, ticket, row.circle, now=now)
    chain, consequences = chains.advance(given_up, policy, reach, now=now)
    paging.carry_out(work, ticket, row, chain, consequences, now=now)
    return Answer(ticket=ticket.id)


def still_asked(work: Work, *, actor: Actor, page: str, now: datetime) -> None:
    """Let pass whoever may still acknowledge a page. Raises what acknowledging it would raise."""
    check(actor, Action.ACKNOWLEDGE)
    _answered(work, actor, page, now=now)


def _answered(work: Work, actor: Actor, page: str, *, now: datetime) -> tuple[Ticket, Escalation, Page]:
    """Find what a click on a page is about; refuse it where somebody was first or nothing is left to do."""
    mine = pages.page(work.session, page)
    if mine is None:
        raise NoSuchTicket("no_such_page")
    ticket = ticket_of(work, mine.ticket_number)
    row = pages.escalation(work.session, mine.escalation_id, lock=True)
    # Read again: another click may have answered it while this one waited.
    mine = pages.page(work.session, page, lock=True)
    if row is None or mine is None:
        raise NoSuchTicket(ticket=ticket.id)
    if row.state == Phase.ACKNOWLEDGED and row.acknowledged_at:
        winner = people.name_of(work.session, row.acknowledged_by)
        at = said_at(work, row.acknowledged_at, actor=actor, now=now)
        raise TooLate("page_taken", ticket=ticket.id, by=winner, at=at)
    if State(ticket.state) not in OPEN_STATES:
        raise over(ticket)
    if row.state == Phase.STOOD_DOWN:
        raise TooLate("page_not_needed", ticket=ticket.id)
    return ticket, row, mine


def _must_be_current(row: Escalation, mine: Page, ticket: Ticket) -> None:
    if mine.state == "declined":
        raise TooLate("page_handed_on", ticket=ticket.id)
    if mine.state != "paging" or (mine.level, mine.attempt, mine.round) != (row.level, row.attempt, row.round):
        raise TooLate("page_passed_on", ticket=ticket.id, level=row.level)
