"""When do people get a channel of their own for one ticket, who is asked in, and when does it end?

It is internal: only people of ours whom the directory lists are invited, and the relay refuses anybody else. It opens
on request, or at once for the severities of the handbook's `incidents.channel_for`; whoever is paged or takes the
ticket is asked in; it is archived a while after the ticket is over and no open incident holds it. Source: service
policy §Severity 1 (the team is mobilised).
"""

from datetime import datetime

from bot.domain.errors import BadInput
from bot.domain.events import ChannelArchived, ChannelOpened
from bot.domain.incident import IncidentState, channel_name, most_severe
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import OPEN_STATES, Severity, State
from bot.services import announce, incidents, ladder, room_news, tell
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import incidents as rows
from bot.store import rooms
from bot.store.incident_tables import IncidentChannel
from bot.store.tables import Ticket


def open_for(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Open a channel for a ticket and ask everybody in who was paged for it, its owner and who asks.

    Raises BadInput where there is one already; one that Slack would not make may be asked for again.
    """
    check(actor, Action.WORK)
    row = still_open(ticket_of(work, ticket, actor=actor))
    there = rooms.of_ticket(work.session, row.number_known, lock=True)
    if there is not None and not rooms.is_lost(work.session, there):
        raise BadInput("channel_there", ticket=row.id, channel=there.name)
    room = _open(work, row, there, by=actor.label, now=now)
    room_news.invite(work, room, [actor.person or ""], now=now)
    return tell.plain(work, "channel_made", ticket=row.id, channel=room.name, now=now)


def open_for_incident(work: Work, *, actor: Actor, incident: str, now: datetime) -> Answer:
    """Open a channel for an incident, on its most severe ticket."""
    check(actor, Action.WORK)
    found = incidents.still_going(work, incident)
    going = [row for row in rows.tickets_of(work.session, found.number_known) if State(row.state) in OPEN_STATES]
    if not going:
        raise BadInput("incident_not_open", incident=found.id)
    worst = most_severe((Severity(row.severity), row.number_known) for row in going)
    return open_for(work, actor=actor, ticket=next(row.id for row in going if row.number == worst), now=now)


def open_by_rule(work: Work, *, number: int, now: datetime) -> None:
    """Open a channel because the handbook asks for one."""
    row = ticket_of(work, number)
    if State(row.state) in OPEN_STATES and rooms.of_ticket(work.session, number, lock=True) is None:
        _open(work, row, None, by=ladder.BOT, now=now)


def end(work: Work, *, number: int, now: datetime) -> None:
    """Archive a channel whose ticket is over; while an open incident holds the ticket, look again later."""
    row = ticket_of(work, number)
    room = rooms.of_ticket(work.session, number, lock=True)
    if room is None or room.archived_at is not None or State(row.state) in OPEN_STATES:
        return
    incident = rows.of_ticket(work.session, number)
    if incident is not None and incident.state == IncidentState.OPEN:
        room_news.end_later(work, row, now=now)
        return
    room.archived_at = now
    rooms.act(work.session, room, op=rooms.ARCHIVE, payload={}, token=work.new_id(), now=now)
    announce.happened(work, row, ChannelArchived(name=room.name), by=ladder.BOT, now=now)


def _open(work: Work, row: Ticket, there: IncidentChannel | None, *, by: str, now: datetime) -> IncidentChannel:
    # The end of a random token: two desks, or two tries, never want the same name.
    name = channel_name(row.id, work.new_id()[-4:])
    room = there or IncidentChannel(ticket_number=row.number_known, name=name, asked_by=by, asked_at=now)
    room.name, room.asked_by, room.asked_at, room.invited = name, by, now, []
    work.session.add(room)
    work.session.flush()
    room_news.furnish(work, row, room, by=by, now=now)
    announce.happened(work, row, ChannelOpened(name=name), by=by, now=now)
    return room
