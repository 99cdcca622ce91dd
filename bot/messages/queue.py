"""What do our own people hear when the queue itself is in trouble?"""

from datetime import datetime, timedelta

from bot.domain.message import InternalMessage, Kind
from bot.domain.ticket import Severity
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket, graded


def queue_alarm(
    catalog: Catalog,
    *,
    severity: Severity,
    label: str,
    count: int,
    most: int | None = None,
    oldest_for: timedelta | None = None,
    tickets: tuple[StaffTicket, ...],
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say that too many tickets of a severity are open (`most` are allowed), or one is too old (`oldest_for`).

    `tickets` are the most urgent of them. Source: ledger ES-7.
    """
    parts = catalog.say(
        "queue_alarm", zone=zone, now=now, grade=graded(severity, label), count=count, most=most,
        oldest_for=oldest_for, tickets=tickets,
    )  # fmt: skip
    return internal_message(Kind.ALARM, parts)
