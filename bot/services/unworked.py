"""What follows when nobody has begun to work on a ticket in time?

The two-hour rule is independent of the ladder: whoever the handbook names is paged on a chain of their own, and a
person of ours is asked to call the customer's contact. Source: service policy §Severity 1 (ledger ES-6).
"""

from datetime import datetime

from bot.domain.message import InternalMessage
from bot.messages import staff
from bot.services import ladder, paging, staff_news
from bot.services.desk import Work
from bot.store import people
from bot.store.tables import Ticket

TRIGGER = "unworked"


def page_and_call(work: Work, row: Ticket, *, now: datetime) -> None:
    """Page the duties that the handbook names for this, and ask for the call that it promises."""
    escalation = work.handbook(row).escalation
    for duty in escalation.unworked_pages:
        paging.page_duty(work, row, duty=duty, trigger=TRIGGER, reason="", by=ladder.BOT, now=now)
    if escalation.unworked_calls is not None:
        _ask_to_call(work, row, kind=escalation.unworked_calls, now=now)


def _ask_to_call(work: Work, row: Ticket, *, kind: str, now: datetime) -> None:
    found = people.customer(work.session, row.customer_id)
    contacts = (found.contacts if found else {}).get(kind, [])
    named = [people.name_of(work.session, contact) for contact in contacts if ":" not in contact]
    whom = ", ".join(named) or (found.name if found else row.customer_id)

    def say(zone: str) -> InternalMessage:
        sentence = f"Nobody has worked on it in time. Please call {whom} now and note the call on the ticket."
        return staff.notice(work.desk.catalog, ticket_id=row.id, sentence=sentence, zone=zone, now=now)

    staff_news.alarm(work, say, row=row, key=f"call:{row.number_known}:{row.severity_since.isoformat()}", now=now)
