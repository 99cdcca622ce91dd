"""What happens when very many pages come for one person at once? They become one message with one button.

The first ones of a minute come on their own, and so does whatever is more severe than all that waits. The rest is one
bundle, a new one each ten minutes, that follows what is answered.
"""

from datetime import datetime, timedelta

from bot.domain.message import InternalMessage
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity
from bot.messages import bundle as texts
from bot.messages.view import graded
from bot.services import tell, views
from bot.services.desk import Answer, Work
from bot.store import deadlines, outbox, outside, pages, people, storms
from bot.store.outside import Place
from bot.store.tables import Escalation, Page, Person, Ticket

DEADLINE = "take"
ALONE = 10
"""How many pages of a minute come on their own."""

MINUTE = timedelta(minutes=1)
BUNDLE_FOR = timedelta(minutes=10)
TITLE = "Many tickets need you"


def bundle(work: Work, ticket: Ticket, chain: Escalation, *, now: datetime) -> frozenset[str]:
    """Take the chain's new pages into bundles where their people get too many; gives the ids of those pages."""
    taken = set()
    for page in pages.of_escalation(work.session, chain.id, states=("paging",)):
        if storms.paged_since(work.session, page.person_id, since=now - MINUTE) <= ALONE:
            continue
        person = people.person(work.session, page.person_id)
        if person is None or _breaks_through(work, ticket, page):
            continue
        outbox.cancel(work.session, card=f"page:{page.id}", now=now)
        _tell(work, person, now=now)
        taken.add(page.id)
    return frozenset(taken)


def follow(work: Work, chain: Escalation, *, now: datetime) -> None:
    """Let the bundles of everybody who was paged by a chain show what still waits for them."""
    for person in {page.person_id for page in pages.of_escalation(work.session, chain.id)}:
        for card in outbox.cards(work.session, prefix=f"bundle:{person}:")[-1:]:
            message = _said(work, person, now=now)
            outbox.edit(work.session, message=message, card=card, id=work.new_id(), now=now)


def acknowledge_all(work: Work, *, actor: Actor, now: datetime) -> Answer:
    """Take everything that one is paged for, each ticket in a transaction of its own. Raises NotAllowed."""
    check(actor, Action.ACKNOWLEDGE)
    waiting = storms.unanswered(work.session, actor.person or "")
    for page, ticket in waiting:
        deadlines.arm(work.session, kind=DEADLINE, subject=page.id, due_at=now, ticket_number=ticket.number_known)
    if not waiting:
        return tell.plain(work, "Nothing waits for you any more.", now=now)
    return tell.plain(work, f"{len(waiting)} tickets are yours now; their cards show it in a moment.", now=now)


def _breaks_through(work: Work, ticket: Ticket, page: Page) -> bool:
    others = [each for mine, each in storms.unanswered(work.session, page.person_id) if mine.id != page.id]
    return not others or ticket.severity < min(each.severity for each in others)


def _tell(work: Work, person: Person, *, now: datetime) -> None:
    """Post the bundle, or let the one that stands show more; outside Slack it goes once, to every contact."""
    card = f"bundle:{person.id}:{int(now.timestamp() // BUNDLE_FOR.total_seconds())}"
    message = _said(work, person.id, now=now)
    posted = outbox.post(
        work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), card=card, key=card, now=now
    )
    if posted is None:
        outbox.edit(work.session, message=message, card=card, id=work.new_id(), now=now)
        return
    for number, contact in enumerate(person.contacts):
        outside.notify(
            work.session, place=Place(person.id, number), title=TITLE, body=message.text, id=work.new_id(),
            facts={"medium": contact.partition("://")[0], "action": "trigger", "dedup": card},
            key=f"out:{card}:{number}", now=now,
        )  # fmt: skip


def _said(work: Work, person: str, *, now: datetime) -> InternalMessage:
    lines = []
    for _, ticket in storms.unanswered(work.session, person):
        severity = Severity(ticket.severity)
        label = work.handbook(ticket).severity_names()[severity]
        lines.append(f"{ticket.id} ({graded(severity, label)}): {ticket.summary}")
    return texts.bundle(work.desk.catalog, person=person, lines=tuple(lines), zone=views.zone_of(work, person), now=now)
