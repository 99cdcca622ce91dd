"""Which tickets look like the same problem, and what did somebody decide about them?

Each new ticket is compared with those that are being worked on and came shortly before, in a transaction after its
opening. What looks alike is offered once, under the card of the first one: 20 reports of one outage are one message
that grows. Only our own people read it. Source: ledger IN-11.
"""

from datetime import datetime

from bot.domain.errors import BadInput
from bot.domain.handbook_words import share
from bot.domain.incident import TITLE_LIMIT, IncidentState
from bot.domain.likeness import Likeness, Rarity, likeness
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import OPEN_STATES, WORKED_STATES, State
from bot.domain.triage import one_line
from bot.services import incident_news, incidents, staff_news, tell
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import deadlines, tickets
from bot.store import incidents as rows
from bot.store.incident_tables import Alike
from bot.store.tables import Ticket

DEADLINE = "alike"


def later(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let a new ticket be compared once it is open, where the handbook wants that."""
    if not work.handbook(row).incidents.offer:
        return
    subject = str(row.number_known)
    deadlines.arm(work.session, kind=DEADLINE, subject=subject, due_at=now, ticket_number=row.number)


def look(work: Work, *, number: int, now: datetime) -> None:
    """Compare a ticket with what came shortly before, and offer the likest; of equals the oldest."""
    row = tickets.by_number(work.session, number)
    if row is None or State(row.state) not in WORKED_STATES or rows.alike(work.session, number) is not None:
        return
    ours = work.handbook(row).incidents
    since = row.opened_at - ours.alike_within
    others = rows.opened_since(work.session, since, before=number) if ours.offer else {}
    if not others:
        return
    rarity = Rarity.learned(rows.summaries_before(work.session, since))
    why, likest = max(
        ((likeness(row.summary, said, rarity=rarity), other) for other, said in others.items()),
        key=lambda pair: (pair[0].share, -pair[1]),
    )
    if why.share >= share(ours.alike_from):
        _offer(work, row, ticket_of(work, likest), why, now=now)


def link_all(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Make one incident of a ticket and everything that looks like it and waits; it joins the one there is.

    Raises BadInput where nothing waits any more.
    """
    check(actor, Action.TRIAGE)
    first = ticket_of(work, ticket, actor=actor, lock=False)
    there = _incident_of(work, first)
    found = incidents.still_going(work, there) if there else None
    chosen = _undecided(work, first)
    if found is None:
        title = one_line(first.summary, TITLE_LIMIT)
        found = incidents.begin(work, title=title, by=actor.label, now=now)
    free = [row for row in chosen if _incident_of(work, row) is None]
    incidents.join(work, found, free, by=actor.label, now=now)
    _decide(work, chosen, "linked", actor, now=now)
    incident_news.offer(work, first, now=now)
    return tell.plain(work, "all_linked", count=len(free), incident=found.id, now=now)


def keep_apart(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Say that what waits is not the same problem; it is not offered again. Raises BadInput where nothing waits."""
    check(actor, Action.TRIAGE)
    first = ticket_of(work, ticket, actor=actor, lock=False)
    others = [row for row in _undecided(work, first) if row.number != first.number]
    _decide(work, others, "apart", actor, now=now)
    incident_news.offer(work, first, now=now)
    return tell.plain(work, "kept_apart", ticket=first.id, others=[row.id for row in others], now=now)


def inherit(work: Work, row: Ticket, survivor: Ticket, *, now: datetime) -> None:
    """Let what waits because it looks like a merged ticket be offered beside its survivor. Both are locked."""
    numbers = (row.number_known, survivor.number_known)
    waiting = [
        each
        for each in rows.offered(work.session, row.number_known, states=["waiting"])
        if each.ticket_number not in numbers
    ]
    if not waiting:
        return
    own = rows.alike(work.session, survivor.number_known)
    if own is None or own.offer == row.number:
        own = own or Alike(ticket_number=survivor.number_known, offer=0, state="", percent=0)
        own.offer, own.state, own.words, own.percent = survivor.number_known, "waiting", [], 100
        work.session.add(own)
    for each in waiting:
        each.offer = own.offer
    work.session.flush()
    first = tickets.by_number(work.session, own.offer)
    if first is not None:
        incident_news.offer(work, first, now=now)


def _offer(work: Work, row: Ticket, likest: Ticket, why: Likeness, *, now: datetime) -> None:
    """Put a ticket beside what it looks like, under the card of the first of them."""
    known = rows.alike(work.session, likest.number_known)
    # What was said to be different from its first one begins an offer of its own.
    if known is not None and known.state == "apart" and known.offer != likest.number:
        known.offer, known.state, known.words, known.percent = likest.number_known, "waiting", [], 100
    first_number = known.offer if known is not None else likest.number_known
    for number in sorted({row.number_known, first_number}):
        ticket_of(work, number)
    first = ticket_of(work, first_number)
    if rows.alike(work.session, first_number) is None:
        work.session.add(Alike(ticket_number=first_number, offer=first_number, state="waiting", percent=100))
    percent = round(why.share * 100)
    work.session.add(
        Alike(
            ticket_number=row.number_known, offer=first_number, state="waiting", percent=percent, words=list(why.words)
        )
    )
    work.session.flush()
    incident_news.offer(work, first, now=now)
    staff_news.refresh_card(work, row, now=now)


def _undecided(work: Work, first: Ticket) -> list[Ticket]:
    """The first ticket and all that wait with it, locked by number; refused where somebody has decided meanwhile."""
    waiting = [each.ticket_number for each in rows.offered(work.session, first.number_known, states=["waiting"])]
    locked = [ticket_of(work, number) for number in sorted({first.number_known, *waiting})]
    for each in rows.offered(work.session, first.number_known):
        work.session.refresh(each)
    still = {each.ticket_number for each in rows.offered(work.session, first.number_known, states=["waiting"])}
    kept = [
        row
        for row in locked
        if State(row.state) in OPEN_STATES and (row.number == first.number or row.number_known in still)
    ]
    if not [row for row in kept if row.number != first.number]:
        raise BadInput("nothing_alike", ticket=first.id)
    return kept


def _incident_of(work: Work, row: Ticket) -> int | None:
    found = rows.of_ticket(work.session, row.number_known)
    return found.number if found is not None and found.state == IncidentState.OPEN else None


def _decide(work: Work, decided: list[Ticket], state: str, actor: Actor, *, now: datetime) -> None:
    for row in decided:
        found = rows.alike(work.session, row.number_known)
        if found is not None:
            found.state, found.decided_by = state, actor.person
    work.session.flush()
    for row in decided:
        staff_news.refresh_card(work, row, now=now)
