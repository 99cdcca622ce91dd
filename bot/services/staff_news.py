"""What do our own people hear, and where?

The card stands in the triage channel, pages are direct messages, alarms go to operations. The card's thread is the
ticket's internal room: one line for everything that happens there.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.escalation import Phase
from bot.domain.events import Event, Paged
from bot.domain.message import InternalMessage, Kind, Priority, Unworded, Visibility
from bot.domain.people import LEADS
from bot.domain.ticket import Severity
from bot.messages import alarms, sentences, staff
from bot.messages.view import StaffTicket
from bot.messages.words import Mrkdwn, moment
from bot.services import customer_news, ladder, page_views, schedule, views
from bot.services.desk import Work
from bot.services.oncall import people_of_duty
from bot.store import outbox, pages, people, remembered, standing
from bot.store.tables import Escalation, Page, Person, Remark, Ticket

TRIAGE, OPERATIONS = "channel:triage", "channel:operations"
"""Under which names the directory's internal channels are remembered."""

CARD = Unworded(Kind.CARD, Visibility.INTERNAL)
"""What a ticket's card says is found as it leaves (see standing.py)."""

ASKED = "ask"
"""How the cards begin that ask for the words of an update."""


def ticket_card(row: Ticket) -> str:
    """The card under which the ticket stands in the triage channel."""
    return f"card:{row.number_known}"


def room_of(row: Ticket) -> str:
    """The thread under the ticket's card."""
    return f"card:card:{row.number_known}"


def desk_zone(work: Work) -> str:
    """The zone in which channels of ours read times."""
    return work.desk.handbooks.default.handbook.zone


def card(work: Work, row: Ticket, *, now: datetime) -> None:
    """Put the ticket's card into the triage channel."""
    _in_triage(work, row, CARD, card=ticket_card(row), now=now)


def refresh_card(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let the card say how the ticket stands now."""
    standing.say_anew(
        work.session, message=CARD, card=ticket_card(row), token=work.new_id, ticket_number=row.number_known, now=now
    )


def room_event(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Say in the room what happened."""
    what = told(work, row, event, by=by, zone=desk_zone(work), now=now)
    message = staff.room_said(ticket_id=row.id, what=what)
    key = None
    if isinstance(event, Paged):
        # Where more is to be said than Slack takes, a newer page takes the place of one that was not said yet.
        pages_of_chain = f"paged:{event.escalation}:"
        outbox.cancel(work.session, key_prefix=pages_of_chain, ticket_number=row.number_known, now=now)
        key = f"{pages_of_chain}{work.new_id()}"
    _in_triage(work, row, message, key=key, thread=room_of(row), now=now)


def escalates_at(work: Work, row: Ticket, *, why: str, at: datetime, now: datetime) -> None:
    """Say in the room that what happened outside support hours escalates as they begin."""
    zone = desk_zone(work)
    said = sentences.reason(work.desk.catalog, "escalates_at", why=why, at=moment(at, zone=zone, now=now))
    message = staff.notice(work.desk.catalog, ticket_id=row.id, sentence=said, zone=zone, now=now)
    _in_triage(work, row, message, thread=room_of(row), now=now)


def never_came(work: Work, row: Ticket, *, kind: str, why: str, author: Person | None, now: datetime) -> None:
    """Say in the room, and to its author where somebody wrote it, that words for the customer reached nobody."""
    zone = desk_zone(work)
    said = sentences.reason(work.desk.catalog, "never_came", kind=kind, why=why, yours=False)
    message = staff.notice(work.desk.catalog, ticket_id=row.id, sentence=said, zone=zone, now=now)
    _in_triage(work, row, message, thread=room_of(row), now=now)
    if author is not None:
        said = sentences.reason(work.desk.catalog, "never_came", kind=kind, why=why, yours=True)
        message = staff.notice(work.desk.catalog, ticket_id=row.id, sentence=said, zone=zone, now=now)
        outbox.post(
            work.session, message=message, lane=f"@{author.slack}", id=work.new_id(), ticket_number=row.number_known,
            now=now,
        )  # fmt: skip


def told(work: Work, row: Ticket, event: Event, *, by: str, zone: str, now: datetime) -> Mrkdwn:
    """Put an event into one line, with the names that the ticket's handbook and the directory know."""
    handbook = work.handbook(row)
    return staff.happened(
        work.desk.catalog,
        event=event,
        actor=views.name_of_actor(work, by),
        names=views.all_names(work),
        levels={number: level.name for number, level in handbook.levels.items()},
        severities={key.value: label for key, label in handbook.severity_names().items()},
        zone=zone,
        now=now,
    )


def room_line(work: Work, row: Ticket, remark: Remark, *, side: staff.Side, now: datetime) -> None:
    """Mirror what somebody wrote into the room, and follow its edits and deletion."""
    message = staff.room_line(
        work.desk.catalog,
        ticket_id=row.id,
        author=remark.author_name,
        side=side,
        text=remark.text,
        files=customer_news.files_of(remark),
        edited=remark.edited_at is not None,
        deleted=remark.deleted_at is not None,
        reply=str(remark.id) if side == "public" and remark.ts.startswith("out:") else "",
        zone=desk_zone(work),
        now=now,
    )
    key = f"room:{remark.id}"
    changed = remark.edited_at or remark.deleted_at
    if not changed or not outbox.edit(
        work.session, message=message, card=key, id=work.new_id(), ticket_number=row.number, now=now
    ):
        # What began the ticket stands on its card, and here only once it reads otherwise.
        _in_triage(work, row, message, card=key, thread=room_of(row), now=now)


def room_details(work: Work, row: Ticket, details: str, *, by: str, now: datetime) -> None:
    """Show the details that somebody filled in, in their words, to those who work with them (ledger IN-3)."""
    message = staff.room_line(
        work.desk.catalog, ticket_id=row.id, author=views.name_of_actor(work, by), side="details", text=details,
        zone=desk_zone(work), now=now,
    )  # fmt: skip
    _in_triage(work, row, message, thread=room_of(row), now=now)


def page_card(page: Page) -> str:
    """The card under which a page stands with its person."""
    return f"page:{page.id}"


def page(work: Work, row: Ticket, chain: Escalation, *, now: datetime) -> None:
    """Send the pages of the chain that begin now, each to its person."""
    ticket = views.staff_ticket(work, row, now=now)
    for each in pages.of_escalation(work.session, chain.id, states=("paging",)):
        if each.paged_at == now:
            _post_page(work, row, ticket, chain, each, key=page_card(each), now=now)


def page_alone(work: Work, row: Ticket, chain: Escalation, page: Page, *, now: datetime) -> None:
    """Send a page on its own, once, that had been taken into one message with others."""
    ticket = views.staff_ticket(work, row, now=now)
    _post_page(work, row, ticket, chain, page, key=f"{page_card(page)}:alone", now=now)


def refresh_pages(work: Work, row: Ticket, chain: Escalation, *, just_sent: bool = False, now: datetime) -> None:
    """Let every copy of the chain's pages show how it stands now; those that ended earlier have their last word.

    Where pages were `just_sent`, they say so already. What went by earlier changes last once the chain is over: after
    a night there are hundreds, and card and receipt must not wait for them.
    """
    found = pages.of_escalation(work.session, chain.id)
    changed = [each for each in found if _says_otherwise(each, just_sent=just_sent, now=now)]
    if not changed:
        return
    ticket = views.staff_ticket(work, row, now=now)
    for each in changed:
        message = _page(work, row, ticket, chain, each, now=now)
        is_newest = (each.level, each.attempt, each.round) == (chain.level, chain.attempt, chain.round)
        outbox.edit(
            work.session, message=message, card=page_card(each), id=work.new_id(), ticket_number=row.number,
            priority=Priority.EDIT if is_newest or chain.state == Phase.PAGING else Priority.REST, now=now,
        )  # fmt: skip


def _says_otherwise(page: Page, *, just_sent: bool, now: datetime) -> bool:
    """Whether a page stands otherwise than its copies say."""
    if page.state == "paging":
        return not (just_sent and page.paged_at == now)
    return page.answered_at == now


def take_back_pages(work: Work, chain: Escalation, *, now: datetime) -> None:
    """Let no page of the chain leave any more that ended now while Slack was away: nobody is woken for what is over.

    One that passed on still tells its person, unless they are paged again.
    """
    found = pages.of_escalation(work.session, chain.id)
    asked = {each.person_id for each in found if each.state == "paging"}
    for each in found:
        if each.answered_at == now and (each.state != "passed_on" or each.person_id in asked):
            outbox.cancel(work.session, card=page_card(each), now=now)


def update_request(work: Work, row: Ticket, *, due_at: datetime, now: datetime) -> None:
    """Ask for the words of the next update: its owner, else those who are paged for it, else level 1."""
    for person in _who_writes(work, row, now=now):
        message = staff.update_request(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            due_at=due_at,
            last_said=row.last_said.get("known", ""),
            last_at=row.updated_at,
            draft={name: row.proposal[name] for name in schedule.FIELDS if name in row.proposal},
            nth=row.updates_sent + 1,
            zone=views.zone_of(work, person),
            now=now,
        )
        found = people.person(work.session, person)
        if found is not None:
            key = f"{ASKED}:{row.number_known}:{row.updates_sent + 1}:{person}"
            outbox.post(
                work.session, message=message, lane=f"@{found.slack}", id=work.new_id(), card=key, key=key,
                ticket_number=row.number_known, expires_at=due_at, now=now,
            )  # fmt: skip


def end_update_request(work: Work, row: Ticket, *, nth: int, posted: bool, now: datetime) -> None:
    """Let the requests for an update say who wrote it, and lose their button once it is out."""
    found = outbox.cards(work.session, kind=ASKED, prefix=f"{row.number_known}:{nth}:", ticket_number=row.number_known)
    due_at = schedule.next_update_at(work, row, now=now) or now
    for card in found:
        message = staff.update_request(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            due_at=now if posted else due_at,
            written_by=row.draft.get("by", ""),
            posted=posted,
            zone=views.zone_of(work, card.rpartition(":")[2]),
            now=now,
        )
        outbox.edit(work.session, message=message, card=card, id=work.new_id(), ticket_number=row.number, now=now)


def exhausted(work: Work, row: Ticket, chain: Escalation, *, round_number: int, now: datetime) -> None:
    """Raise the alarm that nobody acknowledged: to operations, and to every manager (ledger PG-2)."""
    paged = dict.fromkeys(
        people.name_of(work.session, each.person_id) for each in pages.of_escalation(work.session, chain.id)
    )
    policy = ladder.policy_for(work.handbook(row), chain.circle)
    again_at = now if chain.attempt else now + policy.again_after

    def say(zone: str) -> InternalMessage:
        return alarms.exhausted(
            work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), round_number=round_number,
            paged=tuple(paged), paging_since=chain.started_at, again_at=again_at,
            duty=ladder.duty_words(chain.circle), zone=zone, now=now,
        )  # fmt: skip

    alarm(work, say, row=row, key=f"exhausted:{chain.id}:{round_number}:{now.isoformat()}", managers=True, now=now)


def alarm(
    work: Work,
    say: Callable[[str], InternalMessage],
    *,
    row: Ticket | None = None,
    key: str,
    managers: bool = False,
    follows: bool = False,
    now: datetime,
) -> bool:
    """Say it in the operations channel (else in triage), and to every manager where asked or where there is neither.

    What `follows` can be said anew by `correct`. False where all of them were told already.
    """
    channel = remembered.value(work.session, OPERATIONS) or remembered.value(work.session, TRIAGE)
    number = row.number if row else None
    said: list[str | None] = []
    if channel:
        said += [outbox.post(
            work.session, message=say(desk_zone(work)), lane=channel, id=work.new_id(), key=key,
            card=key if follows else None, ticket_number=number, now=now,
        )]  # fmt: skip
    if not managers and channel:
        return any(said)
    for person in people.of_role(work.session, [role.value for role in LEADS]):
        theirs = f"{key}:{person.id}"
        said += [outbox.post(
            work.session, message=say(views.zone_of(work, person.id)), lane=f"@{person.slack}", id=work.new_id(),
            key=theirs, card=theirs if follows else None, ticket_number=number, now=now,
        )]  # fmt: skip
    return any(said)


def correct(work: Work, say: Callable[[str], InternalMessage], *, row: Ticket, key: str, now: datetime) -> None:
    """Let every copy of an alarm that follows say this instead; where there is none, nothing happens."""
    copies = {key: desk_zone(work)}
    for person in people.of_role(work.session, [role.value for role in LEADS]):
        copies[f"{key}:{person.id}"] = views.zone_of(work, person.id)
    for card, zone in copies.items():
        outbox.edit(work.session, message=say(zone), card=card, id=work.new_id(), ticket_number=row.number, now=now)


def mobilised(work: Work, row: Ticket, *, who: str, now: datetime) -> None:
    """Call a whole team together in the triage channel, once for as long as the ticket is that severe (ES-6)."""
    message = alarms.mobilised(
        work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), who=who, zone=desk_zone(work), now=now
    )
    _in_triage(work, row, message, card=f"mobilised:{row.number_known}:{row.severity_since.isoformat()}", now=now)


def not_worked_off(work: Work, *, key: int, why: str, again: bool, now: datetime) -> None:
    """Say that something Slack brought could not be worked off, after many tries, and whether it is tried `again`.

    It stays in the inbox.
    """

    def say(zone: str) -> InternalMessage:
        sentence = sentences.reason(work.desk.catalog, "delivery_not_worked_off", row=key, why=why, again=again)
        return staff.notice(work.desk.catalog, ticket_id="Watchbell", sentence=sentence, zone=zone, now=now)

    alarm(work, say, key=f"given_up:{key}", now=now)


def _who_writes(work: Work, row: Ticket, *, now: datetime) -> list[str]:
    """Whoever has it, and beside them the holder of the duty that the handbook asks for such words (a P1's lead)."""
    duty = work.handbook(row).updates.asked_beside_owner.get(Severity(row.severity))
    beside = people_of_duty(work.session, duty, now=now) if duty else []
    return list(dict.fromkeys([*_who_has_it(work, row, now=now), *(person.id for person in beside)]))


def _who_has_it(work: Work, row: Ticket, *, now: datetime) -> list[str]:
    if row.owner:
        return [row.owner]
    chain = pages.running(work.session, row.number_known)
    if chain:
        return [each.person_id for each in pages.of_escalation(work.session, chain.id, states=("paging",))]
    return list(ladder.reachable(work, now)(1))


def card_words(work: Work, row: Ticket, *, now: datetime) -> InternalMessage:
    """What the card says of a ticket as it stands now."""
    return staff.card(work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), zone=desk_zone(work), now=now)


def _post_page(
    work: Work, row: Ticket, ticket: StaffTicket, chain: Escalation, page: Page, *, key: str, now: datetime
) -> None:
    person = people.person(work.session, page.person_id)
    if person is not None:
        message = _page(work, row, ticket, chain, page, now=now)
        outbox.post(
            work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), card=page_card(page), key=key,
            ticket_number=row.number_known, now=now,
        )  # fmt: skip


def _page(
    work: Work, row: Ticket, ticket: StaffTicket, chain: Escalation, page: Page, *, now: datetime
) -> InternalMessage:
    return staff.page(
        work.desk.catalog,
        ticket=ticket,
        page=page_views.page_view(work, row, chain, page),
        zone=views.zone_of(work, page.person_id),
        now=now,
    )


def _in_triage(
    work: Work,
    row: Ticket,
    message: InternalMessage | Unworded,
    *,
    card: str | None = None,
    key: str | None = None,
    thread: str | None = None,
    now: datetime,
) -> None:
    channel = remembered.value(work.session, TRIAGE)
    if channel is None:
        return
    outbox.post(
        work.session, message=message, lane=channel, id=work.new_id(), card=card, key=key or card, thread=thread,
        ticket_number=row.number_known, priority=Priority.REST if message.kind is Kind.NOTICE else None, now=now,
    )  # fmt: skip
