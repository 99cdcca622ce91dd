"""What goes into an incident channel, and who is asked in as a ticket goes on?

Only people of ours whom the directory lists are invited. What Slack has not made yet waits (store/rooms.py).
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.events import Assigned, Claimed, Closed, Declined, Event, Merged, Paged, Regraded
from bot.domain.ticket import Severity
from bot.domain.triage import one_line
from bot.messages import incidents as texts
from bot.services import incident_news, schedule, staff_news, views
from bot.services.desk import Work
from bot.store import deadlines, pages, people, rooms
from bot.store.incident_tables import IncidentChannel
from bot.store.tables import Card, Person, Ticket

OPEN, END = "room", "archive"
"""The deadlines of a channel: to open it because the handbook asks for it, and to archive it."""

TOPIC_LIMIT = 250
"""Characters of a channel's topic."""


def follow(work: Work, row: Ticket, event: Event, *, now: datetime) -> None:
    """Open a channel where the handbook asks for it now, ask in who is paged or takes the ticket, let it end."""
    match event:
        case Regraded():
            open_if_asked(work, row, now=now)
        case Paged(people=paged):
            _ask_in(work, row, paged, now=now)
        case Claimed(owner=owner) | Assigned(owner=owner):
            _ask_in(work, row, (owner,), now=now)
        case Closed() | Declined() | Merged():
            if rooms.of_ticket(work.session, row.number_known) is not None:
                end_later(work, row, now=now)
        case _:
            return


def open_if_asked(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let a channel open by itself where the handbook asks for one at that severity."""
    wanted = Severity(row.severity) in work.handbook(row).incidents.channel_for
    if wanted and rooms.of_ticket(work.session, row.number_known) is None:
        _later(work, row, OPEN, due_at=now)


def furnish(work: Work, row: Ticket, room: IncidentChannel, *, by: str, now: datetime) -> None:
    """Have a channel made, with topic, the ticket as a bookmark, first words and everybody who was paged or has it."""
    rooms.act(work.session, room, op=rooms.MAKE, payload={"name": room.name}, token=work.new_id(), now=now)
    ticket = incident_news.part(work, row)
    topic = one_line(f"{ticket.id} · {ticket.grade} · {ticket.customer}: {ticket.summary}", TOPIC_LIMIT)
    rooms.act(work.session, room, op=rooms.TOPIC, payload={"topic": topic}, token=work.new_id(), now=now)
    card = work.session.get(Card, f"card:{row.number_known}")
    if card is not None:
        payload = {"title": row.id, "channel": card.channel, "ts": card.ts}
        rooms.act(work.session, room, op=rooms.BOOKMARK, payload=payload, token=work.new_id(), now=now)
    message = texts.channel_opened(
        work.desk.catalog, ticket=ticket, asked_by=views.name_of_actor(work, by),
        next_at=schedule.next_update_at(work, row, now=now), zone=staff_news.desk_zone(work), now=now,
    )  # fmt: skip
    rooms.put(work.session, room, message=message, token=work.new_id(), now=now)
    paged = [
        each.person_id
        for chain in pages.of_ticket(work.session, row.number_known)
        for each in pages.of_escalation(work.session, chain.id)
    ]
    invite(work, room, [*paged, row.owner or ""], now=now)


def invite(work: Work, room: IncidentChannel, names: Iterable[str], *, now: datetime) -> None:
    """Ask people of ours in, each once."""
    found = [people.person(work.session, each) for each in dict.fromkeys(names) if each]
    new = [each for each in found if each is not None and _is_ours(each) and each.slack not in room.invited]
    if not new:
        return
    room.invited = [*room.invited, *(each.slack for each in new)]
    work.session.add(room)
    for each in new:
        # One call a person: Slack refuses the whole list for one who cannot come.
        rooms.act(work.session, room, op=rooms.INVITE, payload={"user": each.slack}, token=work.new_id(), now=now)


def end_later(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let a channel end after the handbook's time."""
    _later(work, row, END, due_at=now + work.handbook(row).incidents.channel_stays)


def _ask_in(work: Work, row: Ticket, names: Iterable[str], *, now: datetime) -> None:
    room = rooms.of_ticket(work.session, row.number_known, lock=True)
    if room is not None and room.archived_at is None:
        invite(work, room, names, now=now)


def _is_ours(person: Person) -> bool:
    return bool(person.active and person.slack and not person.workspace and person.customer_id is None)


def _later(work: Work, row: Ticket, kind: str, *, due_at: datetime) -> None:
    subject = str(row.number_known)
    deadlines.arm(work.session, kind=kind, subject=subject, due_at=due_at, ticket_number=row.number)
