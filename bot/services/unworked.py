"""What follows when nobody has begun to work on a ticket in time?

The two-hour rule is independent of the ladder: whoever the handbook names is paged on a chain of their own, and the
customer's contact is called. Source: service policy §Severity 1 (ledger ES-6).
"""

from datetime import datetime

from bot.domain.handbook_escalation import TriggerKind
from bot.services import contacts, ladder, paging
from bot.services.desk import Work
from bot.store.tables import Ticket


def page_and_call(work: Work, row: Ticket, *, now: datetime) -> None:
    """Page the duties that the handbook names for this, and make the call that it promises."""
    escalation = work.handbook(row).escalation
    for duty in escalation.unworked_pages:
        paging.page_duty(work, row, duty=duty, trigger=TriggerKind.UNWORKED, reason="", by=ladder.BOT, now=now)
    if escalation.unworked_calls is not None:
        contacts.call(work, row, kind=escalation.unworked_calls, now=now)
