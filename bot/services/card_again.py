"""What becomes of a card that somebody removed in Slack, or that Slack no longer keeps?

Without it nobody can claim or resolve from the triage channel, so it is posted anew with its next change, while what it
is about goes on. What was written below the old one stays a note of its ticket.
"""

from datetime import datetime

from bot.domain.incident import IncidentState
from bot.domain.ticket import OPEN_STATES, State
from bot.services.desk import Work
from bot.services.staff_news import CARD
from bot.store import cards, incidents, outbox, tickets
from bot.store.tables import OutboxRow


def put_back(work: Work, row: OutboxRow, *, now: datetime) -> None:
    """Post a card anew of which Slack says that it is not there, as it was to be edited."""
    if row.op != "edit" or row.card is None or not _goes_on(work, row.card):
        return
    if not cards.leave(work.session, row.card, ts=row.ts):
        return
    outbox.post(
        work.session, message=CARD, lane=row.lane, id=work.new_id(), card=row.card, key=f"{row.card}:again:{row.id}",
        ticket_number=row.ticket_number, now=now,
    )  # fmt: skip


def _goes_on(work: Work, card: str) -> bool:
    """Whether a card is that of a ticket or incident that is not over."""
    kind, _, number = card.partition(":")
    if kind == "card":
        ticket = tickets.by_number(work.session, int(number))
        return ticket is not None and State(ticket.state) in OPEN_STATES
    incident = incidents.incident(work.session, int(number)) if kind == "incident" else None
    return incident is not None and incident.state == IncidentState.OPEN
