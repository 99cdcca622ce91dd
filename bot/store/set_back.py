"""What was planned by a clock that was ahead, and must not wait until the clock is as late again?

Deadlines stay: they are promises, and their moments stand. What is here says only how soon something may go on.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session

from bot.store.tables import metadata

_INBOX, _LANE, _OUTBOX = (metadata.tables[name] for name in ("inbox", "lane", "outbox"))


def let_go(session: Session, *, lease_for: timedelta, now: datetime) -> None:
    """Let everything go on now that the clock was set back to: lanes, messages, deliveries, and what is in flight.

    A pause that Slack asked for ends with it; where Slack still wants one, it says so again.
    """
    connection = session.connection()
    connection.execute(update(_LANE).where(_LANE.c.free_at > now).values(free_at=now))
    for rows, came_at in ((_OUTBOX, _OUTBOX.c.created_at), (_INBOX, _INBOX.c.received_at)):
        waits = rows.c.state == "pending", came_at > now, rows.c.not_before > now
        connection.execute(update(rows).where(*waits).values(not_before=now))
    latest = now + lease_for
    in_flight = _OUTBOX.c.state == "sending", _OUTBOX.c.lease_until > latest
    connection.execute(update(_OUTBOX).where(*in_flight).values(lease_until=latest))
