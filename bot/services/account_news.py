"""What does a customer's own manager of ours hear: each Sev 1, each missed target, each escalation?

Source: enterprise support §Support Tiers (account manager, technical account manager); ledger PG-6.
"""

from datetime import datetime

from bot.domain.events import Breached, Escalated, Event, Opened, Regraded
from bot.domain.ticket import Severity
from bot.messages import alarms
from bot.services import staff_news, views
from bot.services.desk import Work
from bot.store import outbox, people
from bot.store.tables import Person, Ticket

OWN_PAGES = frozenset({"passed_on", "severity"})
"""Triggers of an escalation that are no news: a page handed on, and the pages of a Sev 1 that was told as such."""


def hear(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Tell the customer's manager in a direct message, if the tier has one and the event concerns them."""
    if not _concerns(event):
        return
    manager = manager_of(work, row)
    if manager is None:
        return
    zone = views.zone_of(work, manager.id)
    message = alarms.account_news(
        work.desk.catalog,
        ticket=views.staff_ticket(work, row, now=now),
        what=staff_news.told(work, row, event, by=by, zone=zone, now=now),
        zone=zone,
        now=now,
    )
    outbox.post(
        work.session, message=message, lane=f"@{manager.slack}", id=work.new_id(), ticket_number=row.number_known,
        now=now,
    )  # fmt: skip


def manager_of(work: Work, row: Ticket) -> Person | None:
    """The customer's own manager, where the tier has one and the directory names somebody who is there."""
    tier = work.handbook(row).tier(row.tier)
    customer = people.customer(work.session, row.customer_id)
    if tier is None or tier.account_manager is None or customer is None or customer.account_manager is None:
        return None
    found = people.person(work.session, customer.account_manager)
    return found if found is not None and found.active and found.slack else None


def _concerns(event: Event) -> bool:
    match event:
        case Opened(severity=severity) | Regraded(after=severity):
            return severity is Severity.SEV1
        case Escalated(trigger=trigger):
            return trigger not in OWN_PAGES
        case _:
            return isinstance(event, Breached)
