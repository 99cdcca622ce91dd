"""By which media does a page reach its person beside Slack, in which order, and when is that over?

The first contact gets it at once, the next ones with it or after a wait while nobody answers, as the person, the level
or the handbook says; a contact that fails hands on at once. Acknowledging, declining, passing on and standing down take
back what has not left.
"""

from datetime import datetime, timedelta

from bot.domain.contact import parse_contact, turn
from bot.domain.message import Kind
from bot.messages import outside as texts
from bot.services import ladder, page_views, undelivered, views
from bot.services.desk import Work
from bot.store import deadlines, outbox, outside, pages, people, tickets
from bot.store.outside import Place
from bot.store.tables import Escalation, OutboxRow, Page, Person, Ticket

DEADLINE = "medium"
LINK_LIVES_FOR = timedelta(hours=12)
"""How long the link of a page acknowledges it: a night."""

LINK = "acknowledge"
INCIDENTS = "pagerduty"
"""The scheme of contacts that hear of the acknowledgement and of the end too."""


def begin(
    work: Work, ticket: Ticket, chain: Escalation, *, bundled: frozenset[str] = frozenset(), now: datetime
) -> None:
    """Send the pages that begin now to their people's first contacts, and take back those that ended.

    `bundled` are pages that go out in one with others.
    """
    take_back_ended(work, chain, now=now)
    for page in pages.of_escalation(work.session, chain.id, states=("paging",)):
        if page.paged_at == now and page.id not in bundled:
            _go_on(work, ticket, chain, page, now=now)


def ring(work: Work, ticket: Ticket, chain: Escalation, page: Page, *, now: datetime) -> None:
    """Send a page that stood in one with others to its person's first contact."""
    _go_on(work, ticket, chain, page, now=now)


def step(work: Work, *, subject: str, now: datetime) -> None:
    """Try the next contact of a page that nobody answered meanwhile. `subject` names the chain and the page."""
    page = pages.page(work.session, subject.partition(":")[2])
    chain = pages.escalation(work.session, subject.partition(":")[0])
    if page is None or chain is None or page.state != "paging":
        return
    ticket = tickets.by_number(work.session, page.ticket_number)
    if ticket is not None:
        _go_on(work, ticket, chain, page, now=now)


def take_back(work: Work, chain: Escalation, page: Page | None = None, *, now: datetime) -> None:
    """Let nothing more go out for a chain, or for one page of it."""
    subject = f"{chain.id}:{page.id}" if page else f"{chain.id}:"
    number = chain.ticket_number
    outbox.cancel(work.session, key_prefix=f"{outside.LANE}{subject}", ticket_number=number, now=now)
    deadlines.cancel(work.session, kind=DEADLINE, subject_prefix=subject, ticket_number=number)


def take_back_ended(work: Work, chain: Escalation, *, now: datetime) -> None:
    """Let nothing more go out for those pages of a chain that ended now."""
    for page in pages.of_escalation(work.session, chain.id):
        if page.answered_at == now:
            take_back(work, chain, page, now=now)


def answered(work: Work, chain: Escalation, *, action: str, now: datetime) -> None:
    """Take back what has not left, and tell incidents elsewhere: `acknowledge`, or `resolve` where it is over."""
    take_back(work, chain, now=now)
    sent = outside.rows(work.session, prefix=f"{outside.LANE}{chain.id}:", ticket_number=chain.ticket_number)
    told = {row.lane: row for row in sent}
    for lane, row in told.items():
        if row.payload.get("medium") == INCIDENTS and row.state in ("sending", "sent"):
            outside.notify(
                work.session, place=Place.of(lane), title=row.payload["text"], body="", id=work.new_id(),
                facts={"medium": INCIDENTS, "action": action, "dedup": chain.id},
                key=f"told:{chain.id}:{lane}:{action}", ticket_number=row.ticket_number, now=now,
            )  # fmt: skip


def lost(work: Work, row: OutboxRow, *, why: str, now: datetime) -> None:
    """A message reached nobody: a page goes to its person's next contact at once; after the last one it is told.

    Where nothing else may have reached them, those who are paged next hear of it at once, and not only by the ladder.
    """
    next_up: tuple[str, ...] = ()
    page = _page_of(work, row)
    if page is not None and page.state == "paging":
        chain = pages.escalation(work.session, page.escalation_id)
        ticket = tickets.by_number(work.session, page.ticket_number)
        if chain is not None and ticket is not None:
            if _go_on(work, ticket, chain, page, now=now):
                return
            if _was_last(work, chain, page, row):
                next_up = ladder.next_up(work, ticket, chain, now=now)
    undelivered.tell(work, row, why=why, next_up=next_up, now=now)


def _was_last(work: Work, chain: Escalation, page: Page, row: OutboxRow) -> bool:
    """Whether a page failed at its person's last contact, or everywhere beside Slack."""
    person = people.person(work.session, page.person_id)
    if row.op == outside.OP and person is not None and Place.of(row.lane).number + 1 >= len(person.contacts):
        return True
    tried = outside.rows(work.session, prefix=f"{outside.LANE}{chain.id}:{page.id}:", ticket_number=chain.ticket_number)
    return all(each.state == "failed" for each in tried if each.id != row.id)


def _page_of(work: Work, row: OutboxRow) -> Page | None:
    if row.kind != Kind.PAGE.value or row.key is None:
        return None
    identity = row.key.rpartition(":")[0] if row.op == outside.OP else row.card or ""
    return pages.page(work.session, identity.rpartition(":")[2])


def _go_on(work: Work, ticket: Ticket, chain: Escalation, page: Page, *, now: datetime) -> bool:
    """Send a page to the next contact, and those tried with it, and arm the one after; False where none is left."""
    person = people.person(work.session, page.person_id)
    subject = f"{chain.id}:{page.id}"
    sent = outside.rows(work.session, prefix=f"{outside.LANE}{subject}:", ticket_number=ticket.number_known)
    if person is None or len(sent) >= len(person.contacts):
        return False
    level = page.level if chain.circle == ladder.LADDER else None
    wait = work.handbook(ticket).escalation.media_wait(level)
    due = turn([parse_contact(each) for each in person.contacts], tried=len(sent), wait=wait)
    for number in range(len(sent), len(sent) + due.count):
        _send(work, ticket, chain, page, person, number=number, now=now)
    deadlines.cancel(work.session, kind=DEADLINE, subject=subject)
    if due.next_after is not None:
        due_at = now + due.next_after
        deadlines.arm(work.session, kind=DEADLINE, subject=subject, due_at=due_at, ticket_number=ticket.number_known)
    return True


def _send(
    work: Work, ticket: Ticket, chain: Escalation, page: Page, person: Person, *, number: int, now: datetime
) -> None:
    identity = work.new_id()
    link = work.desk.links.url(LINK, page.id, person.id, expires_at=now + LINK_LIVES_FOR) if work.desk.links else ""
    said = texts.page(
        work.desk.catalog,
        ticket=views.staff_ticket(work, ticket, now=now),
        page=page_views.page_view(work, ticket, chain, page),
        reference=identity[:8],
        link=link,
        zone=views.zone_of(work, person.id),
        now=now,
    )
    outside.notify(
        work.session, place=Place(person.id, number), title=said.title, body=said.body, id=identity,
        facts={"medium": person.contacts[number].partition("://")[0], "action": "trigger", "dedup": chain.id},
        key=f"{outside.LANE}{chain.id}:{page.id}:{number}", ticket_number=ticket.number_known, now=now,
    )  # fmt: skip
