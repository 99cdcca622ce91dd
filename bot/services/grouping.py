"""Does a message go on with what the same person wrote just before, or is it another problem?

People write in bursts; each burst is one ticket. What was grouped wrongly is mended by Split and Merge under More.
"""

from datetime import datetime, timedelta

from bot.domain.people import CUSTOMERS, Actor
from bot.domain.ticket import WORKED_STATES, State
from bot.domain.triage import read_request
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import conversation
from bot.store.tables import Ticket


def continued(work: Work, *, actor: Actor, channel: str, ts: str, text: str, now: datetime) -> Ticket | None:  # noqa: ARG001 - every use case takes `now`
    """Give the ticket that a message in the channel itself goes on with, by the handbook's `intake.group_within`.

    Both moments are Slack's, so that it does not matter when we read them. Whoever names a severity after having named
    one before reports another problem. People of ours report several in a row: theirs are never taken together.
    """
    last = conversation.last_at_root(work.session, channel, actor.label) if actor.role in CUSTOMERS else None
    if last is None or last.deleted_at is not None:
        return None
    row = ticket_of(work, last.ticket_number)
    while row.followed_by is not None:
        row = ticket_of(work, row.followed_by)
    handbook = work.handbook(row)
    rule = handbook.intake
    if not rule.group or abs(timedelta(seconds=float(ts) - float(last.ts))) > rule.group_within:
        return None
    again = read_request(text, handbook.severity, spoken=True).severity is not None and row.details.get("severity")
    return None if again or State(row.state) not in WORKED_STATES or row.customer_id != actor.customer else row
