"""What happens when very many pages come for one person at once? They become one message with one button.

The first ones of a minute come on their own, and so does whatever is more severe than all that waits. The rest is one
bundle, a new one each ten minutes, that follows what is answered.
"""

from datetime import datetime, timedelta

from bot.domain.escalation import Phase
from bot.domain.message import InternalMessage, Kind, Unworded, Visibility
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity
from bot.messages import bundle as texts
from bot.messages import sentences
from bot.messages.view import graded
from bot.services import media, staff_news, tell, views
from bot.services.desk import Answer, Work
from bot.store import deadlines, outbox, outside, pages, people, standing, storms
from bot.store.outside import Place
from bot.store.tables import Escalation, Page, Person, Ticket

DEADLINE = "take"
ALONE = 10
"""How many pages of a minute come on their own."""

BUNDLE = Unworded(Kind.PAGE, Visibility.INTERNAL)
"""What a bundle says is found as it leaves (see standing.py): two of its tickets may be taken at once."""

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BUNDLE_FOR = timedelta(minutes=10)


def bundle(work: Work, ticket: Ticket, chain: Escalation, *, now: datetime) -> frozenset[str]:
    """Take the chain's new pages into bundles where their people get too many; gives the ids of those pages."""
    taken = set()
    for page in pages.of_escalation(work.session, chain.id, states=("paging",)):
        if page.paged_at != now or storms.paged_since(work.session, page.person_id, since=now - MINUTE) <= ALONE:
            continue
        person = people.person(work.session, page.person_id)
        if person is None or _breaks_through(work, ticket, page):
            continue
        outbox.cancel(work.session, card=f"page:{page.id}", now=now)
        _begin(work, person, now=now)
        taken.add(page.id)
    return frozenset(taken)


def follow(work: Work, chain: Escalation, *, now: datetime) -> None:
    """Let the bundles of everybody who was paged by a chain show what still waits for them."""
    first: dict[str, datetime] = {}
    for page in pages.of_escalation(work.session, chain.id):
        first.setdefault(page.person_id, page.paged_at)
    for person, since in first.items():
        card = storms.newest_standing(work.session, _cards(person, since=since, now=now))
        if card is not None:
            standing.say_anew(work.session, message=BUNDLE, card=card, token=work.new_id, ticket_number=None, now=now)


def regraded(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Let a page come out of its bundle whose ticket is now more severe than all else that waits for its person."""
    for chain in pages.of_ticket(work.session, ticket.number_known, states=(Phase.PAGING.value,)):
        for page in pages.of_escalation(work.session, chain.id, states=("paging",)):
            card = staff_news.page_card(page)
            if storms.newest_standing(work.session, [card]) is None and _breaks_through(work, ticket, page):
                staff_news.page_alone(work, ticket, chain, page, now=now)
                media.ring(work, ticket, chain, page, now=now)
        follow(work, chain, now=now)


def acknowledge_all(work: Work, *, actor: Actor, now: datetime) -> Answer:
    """Take everything that one is paged for, each ticket in a transaction of its own. Raises NotAllowed."""
    check(actor, Action.ACKNOWLEDGE)
    waiting = storms.unanswered(work.session, actor.person or "")
    for page, ticket in waiting:
        deadlines.arm(work.session, kind=DEADLINE, subject=page.id, due_at=now, ticket_number=ticket.number_known)
    if not waiting:
        return tell.plain(work, "nothing_waits", now=now)
    return tell.plain(work, "all_yours", count=len(waiting), now=now)


def _breaks_through(work: Work, ticket: Ticket, page: Page) -> bool:
    others = storms.waiting(work.session, page.person_id, besides=page.id)
    return others.severity is None or ticket.severity < others.severity


def _cards(person: str, *, since: datetime, now: datetime) -> list[str]:
    """Every name that a bundle of somebody may have which began in that time, of a day at most."""
    length = BUNDLE_FOR.total_seconds()
    newest = int(now.timestamp() // length)
    oldest = max(int(since.timestamp() // length), newest - int(DAY.total_seconds() // length))
    return [f"bundle:{person}:{number}" for number in range(oldest, newest + 1)]


def _begin(work: Work, person: Person, *, now: datetime) -> None:
    """Post a bundle unless one stands, which `follow` brings up to date; outside Slack it goes to every contact."""
    [card] = _cards(person.id, since=now, now=now)
    if storms.newest_standing(work.session, [card]) is not None:
        return
    posted = outbox.post(
        work.session, message=BUNDLE, lane=f"@{person.slack}", id=work.new_id(), card=card, key=card, now=now
    )
    if posted is None or not person.contacts:
        return
    message = words(work, card.partition(":")[2], now=now)
    for number, contact in enumerate(person.contacts):
        outside.notify(
            work.session, place=Place(person.id, number), title=sentences.reason(work.desk.catalog, "storm"),
            body=message.text, id=work.new_id(),
            facts={"medium": contact.partition("://")[0], "action": "trigger", "dedup": card},
            key=f"out:{card}:{number}", now=now,
        )  # fmt: skip


def words(work: Work, bundle: str, *, now: datetime) -> InternalMessage:
    """What a bundle, `PERSON:NUMBER`, says as its person's pages stand now."""
    person = bundle.rpartition(":")[0]
    lines = []
    for _, ticket in storms.unanswered(work.session, person, limit=texts.SHOWN):
        severity = Severity(ticket.severity)
        label = work.handbook(ticket).severity_names()[severity]
        lines.append(f"{ticket.id} ({graded(severity, label)}): {ticket.summary}")
    count = storms.waiting(work.session, person).count
    zone = views.zone_of(work, person)
    return texts.bundle(work.desk.catalog, person=person, lines=tuple(lines), count=count, zone=zone, now=now)
