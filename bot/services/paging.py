"""Who is paged for a ticket, and what happens when nobody answers?

The rules are in domain/escalation.py; here the chain meets the rows: its pages, its next deadline and its timeline.
What an answer does is in page_answers.py.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import escalation as chains
from bot.domain.escalation import Chain, Consequence, Exhaust, PageLevel, Phase, SkipLevel
from bot.domain.events import Escalated, Exhausted, LevelSkipped, Paged
from bot.domain.events import Words as Said
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.domain.triggers import Occasion, fired
from bot.messages import sentences
from bot.services import announce, clocks, ladder, staff_news
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import deadlines, pages
from bot.store.tables import Escalation, Page, Ticket

AT_OPENING = "page_at_opening"
"""The kind of the deadline that pages when support hours begin."""


def engage(
    work: Work,
    ticket: Ticket,
    *,
    level: int,
    trigger: str,
    reason: str,
    by: str,
    circle: str = ladder.LADDER,
    first: tuple[str, ...] = (),
    now: datetime,
) -> Escalation | None:
    """Page a level now: a new chain, or the running one raised to it. None where the handbook knows no levels.

    `circle` is the ladder or a duty; `first` are people to page now instead of the level's, such as a silent owner.
    """
    handbook = work.handbook(ticket)
    if not handbook.levels:
        return None
    policy = ladder.policy_for(handbook, circle)
    row = pages.running(work.session, ticket.number_known, circle=circle)
    before = ticket.level
    reach = ladder.reach_for(work, ticket, circle, first=first, now=now)
    if row is None:
        chain, consequences = chains.start(policy, level, reach, now=now)
        row = Escalation(
            id=work.new_id(),
            ticket_number=ticket.number_known,
            circle=circle,
            state=chain.phase.value,
            level=chain.level,
            attempt=chain.attempt,
            round=chain.round,
            trigger=trigger,
            reason=reason,
            started_by=by,
            started_at=now,
            stepped_at=now,
        )
        work.session.add(row)
    else:
        chain, consequences = chains.raise_to(ladder.chain_of(row), policy, level, reach, now=now)
        row.trigger, row.reason = trigger, reason
        wanted = {person for each in consequences if isinstance(each, PageLevel) for person in each.people}
        asked = _asked_by_step(work, row) if chain.level == row.level else []
        if _step_stands(asked, wanted, only=bool(first)):
            _keep_step(work, ticket, row, asked, wanted, only=bool(first), now=now)
            _tell_why(work, ticket, row, before=before, by=by, now=now)
            return row
    row.level = chain.level
    _tell_why(work, ticket, row, before=before, by=by, now=now)
    carry_out(work, ticket, row, chain, consequences, now=now)
    return row


def _asked_by_step(work: Work, row: Escalation) -> list[Page]:
    """Give the pages of the chain's current step that wait for an answer, and those whose people cannot take it."""
    return [
        each
        for each in pages.of_escalation(work.session, row.id, states=("paging", "declined"))
        if (each.level, each.attempt, each.round) == (row.level, row.attempt, row.round)
    ]


def _step_stands(asked: list[Page], wanted: set[str], *, only: bool) -> bool:
    """Say whether the current step asks these people already, so that no new one begins. `only` means them alone."""
    asking = {each.person_id for each in asked if each.state == "paging"}
    if only:
        return wanted <= asking
    return bool(asking) and (not wanted.isdisjoint(asking) or wanted <= {each.person_id for each in asked})


def _keep_step(
    work: Work, ticket: Ticket, row: Escalation, asked: list[Page], wanted: set[str], *, only: bool, now: datetime
) -> None:
    """Ask within the current step whoever came since, nobody twice for it. With `only` all others are let go."""
    if only:
        for each in asked:
            if each.state == "paging" and each.person_id not in wanted:
                each.state, each.answered_at = "passed_on", now
    fresh = tuple(sorted(wanted - {each.person_id for each in asked}))
    if fresh:
        _ask(work, ticket, row, PageLevel(row.level, row.attempt, row.round, fresh), now=now)


def _tell_why(work: Work, ticket: Ticket, row: Escalation, *, before: int | None, by: str, now: datetime) -> None:
    """Let everybody hear why a chain pages; those who are asked already see the new reason on their page."""
    if row.circle == ladder.LADDER:
        ticket.level = max(ticket.level or 0, row.level)
        event = Escalated(
            escalation=row.id, level=row.level, before=before, trigger=row.trigger, reason=Said(row.reason)
        )
        announce.happened(work, ticket, event, by=by, now=now)
    announce.refresh_pages(work, ticket, row, now=now)


def page_if_due(work: Work, ticket: Ticket, *, by: str, now: datetime) -> None:
    """Page whom the handbook pages for that severity: the level that its trigger reaches, else the first one.

    Beside the ladder the holders of its roles are paged (ledger ES-5), and whoever it mobilises is called together.
    Outside support hours only what pages after hours does; all else pages when they begin. Nobody is paged twice for
    the same thing.
    """
    handbook = work.handbook(ticket)
    if State(ticket.state) not in WORKED_STATES:
        return
    for chain in pages.of_ticket(work.session, ticket.number_known, states=(Phase.PAGING.value,)):
        # What rested until support hours does so no more where it pages at any hour now, and the other way round.
        arm(work, chain, ladder.step_at(work, ticket, chain) or now)
    severe = fired(handbook.escalation, Occasion(Severity(ticket.severity), graded=True), now=now)
    wanted = severe or handbook.pages_on_opening(ticket.severity)
    roles = handbook.escalation.roles.get(Severity(ticket.severity), ())
    if not handbook.pages_at(ticket.tier, ticket.severity, zone=ticket.zone, at=now):
        if wanted or roles:
            subject = str(ticket.number_known)
            due_at = handbook.calendar(ticket.tier, ticket.zone).next_opening(now)
            deadlines.arm(work.session, kind=AT_OPENING, subject=subject, due_at=due_at, ticket_number=ticket.number)
        return
    if wanted and not pages.running(work.session, ticket.number_known):
        first = min(handbook.levels, default=0)
        level = severe[0].level if severe and isinstance(severe[0].level, int) else first
        engage(work, ticket, level=level, trigger="severity", reason="", by=by, now=now)
    for duty in roles:
        if duty != handbook.escalation.ladder_role:
            page_duty(work, ticket, duty=duty, trigger="severity", reason="", by=by, now=now)
    # Whoever was paged first sees on the page who was paged beside.
    for chain in pages.of_ticket(work.session, ticket.number_known, states=(Phase.PAGING.value,)) if roles else ():
        announce.refresh_pages(work, ticket, chain, now=now)
    together = handbook.escalation.mobilises.get(Severity(ticket.severity))
    if together is not None:
        staff_news.mobilised(work, ticket, who=together, now=now)


def page_at_opening(work: Work, *, number: int, now: datetime) -> None:
    """Page for what came outside support hours now that they begin, unless somebody has it or it waits."""
    ticket = ticket_of(work, number)
    if ticket.owner is None and ticket.state != State.WAITING:
        page_if_due(work, ticket, by=ladder.BOT, now=now)


def page_duty(
    work: Work, ticket: Ticket, *, duty: str, trigger: str, reason: str, by: str, now: datetime
) -> Escalation | None:
    """Page the holder of a duty beside the ladder, on a chain of its own; one that runs already gets the new reason."""
    circle = ladder.DUTY + duty
    return engage(work, ticket, level=1, trigger=trigger, reason=reason, by=by, circle=circle, now=now)


def step(work: Work, *, escalation: str, now: datetime) -> None:
    """Take the step of a chain that is due: repeat, go up, or raise the alarm and go round."""
    found = pages.escalation(work.session, escalation)
    if found is None:
        return
    # Always the ticket first, then its chain: two people's clicks and a tick must not wait for each other.
    ticket = ticket_of(work, found.ticket_number)
    row = pages.escalation(work.session, escalation, lock=True) or found
    if row.state == Phase.PAGING and (opens_at := ladder.waits_until(work, ticket, row, at=now)):
        arm(work, row, opens_at)
        return
    policy = ladder.policy_for(work.handbook(ticket), row.circle)
    reach = ladder.reach_for(work, ticket, row.circle, now=now)
    chain, consequences = chains.advance(ladder.chain_of(row), policy, reach, now=now)
    carry_out(work, ticket, row, chain, consequences, now=now)


def carry_out(
    work: Work,
    ticket: Ticket,
    row: Escalation,
    chain: Chain,
    consequences: Iterable[Consequence],
    *,
    now: datetime,
) -> None:
    """Write what a step of the chain asks for: old pages pass on, new ones go out, the next step gets its deadline."""
    row.state, row.level, row.attempt, row.round = chain.phase.value, chain.level, chain.attempt, chain.round
    row.stepped_at = chain.stepped_at
    duty = ladder.duty_words(row.circle)
    for consequence in consequences:
        match consequence:
            case SkipLevel(level):
                _skip(work, ticket, row, level, now=now)
            case Exhaust(round_):
                alarm = Exhausted(escalation=row.id, round=round_, duty=duty)
                announce.happened(work, ticket, alarm, by=ladder.BOT, now=now)
            case PageLevel():
                _page(work, ticket, row, consequence, now=now)
    if chain.phase is Phase.PAGING and not chain.attempt:
        # Nobody can be paged: those who were asked last may still take it, but their step is gone by.
        _pass_on(work, row, now=now)
        announce.refresh_pages(work, ticket, row, now=now)
    due_at = ladder.step_at(work, ticket, row)
    if due_at is not None:
        arm(work, row, due_at)
    clocks.refresh(work, ticket, now=now)


def arm(work: Work, row: Escalation, due_at: datetime) -> None:
    """Let the next step of a chain be taken at that moment, whatever it was before."""
    deadlines.arm(work.session, kind="page", subject=row.id, due_at=due_at, ticket_number=row.ticket_number)


def _skip(work: Work, ticket: Ticket, row: Escalation, level: int, *, now: datetime) -> None:
    """Say why a level is passed over: nobody is there, which somebody must mend, or the handbook wants it so."""
    planned = row.circle == ladder.LADDER and not ladder.is_paged(work, ticket, level, at=now)
    reason = "not_paged_now" if planned else "nobody_to_page"
    duty = ladder.duty_words(row.circle)
    why = sentences.reason(work.desk.catalog, reason, duty=duty)
    event = LevelSkipped(escalation=row.id, level=level, why=why, planned=planned, duty=duty)
    announce.happened(work, ticket, event, by=ladder.BOT, now=now)


def _pass_on(work: Work, row: Escalation, *, now: datetime) -> None:
    for each in pages.of_escalation(work.session, row.id, states=("paging",)):
        each.state, each.answered_at = "passed_on", now


def _page(work: Work, ticket: Ticket, row: Escalation, due: PageLevel, *, now: datetime) -> None:
    if row.circle == ladder.LADDER:
        ticket.level = max(ticket.level or 0, due.level)
    _pass_on(work, row, now=now)
    _ask(work, ticket, row, due, now=now)


def _ask(work: Work, ticket: Ticket, row: Escalation, due: PageLevel, *, now: datetime) -> None:
    for person in due.people:
        work.session.add(
            Page(
                id=work.new_id(),
                escalation_id=row.id,
                ticket_number=ticket.number_known,
                level=due.level,
                attempt=due.attempt,
                round=due.round,
                person_id=person,
                state="paging",
                paged_at=now,
            )
        )
    work.session.flush()
    event = Paged(
        escalation=row.id, level=due.level, attempt=due.attempt, round=due.round, people=due.people,
        duty=ladder.duty_words(row.circle),
        within=ladder.policy_for(work.handbook(ticket), row.circle).levels[due.level].acknowledge_within,
    )  # fmt: skip
    announce.happened(work, ticket, event, by=ladder.BOT, now=now)
