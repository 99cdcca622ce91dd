"""What does somebody read who asked: the answer to a command, a click or a mention, as finished text for them alone?"""

from datetime import datetime

from bot.messages.render import Catalog
from bot.messages.view import (
    ClockView,
    CustomerRow,
    CustomerTicket,
    Entry,
    LevelOnCall,
    StaffTicket,
    Step,
)
from bot.messages.words import cut

MOST = 12_000
"""Nobody reads a longer answer; Slack takes at most 40,000 characters."""


def opened(catalog: Catalog, *, ticket: CustomerTicket, suggested: str = "", now: datetime) -> str:
    """Say which ticket was opened and where the answers come; `suggested` is a higher severity that it reads like."""
    return _answer(catalog, "answer_opened", zone=ticket.zone, now=now, ticket=ticket, suggested=suggested)


def customer_tickets(
    catalog: Catalog,
    *,
    rows: tuple[CustomerRow, ...],
    total: int = 0,
    closed: tuple[CustomerRow, ...] = (),
    zone: str,
    now: datetime,
) -> str:
    """List a customer's own tickets: the first of `total` that are open, and those that ended lately. Ledger LC-5."""
    more = max(total - len(rows), 0)
    return _answer(catalog, "answer_customer_tickets", zone=zone, now=now, rows=rows, more=more, closed=closed)


def staff_queue(catalog: Catalog, *, tickets: tuple[StaffTicket, ...], total: int, zone: str, now: datetime) -> str:
    """List the queue in the order given, highest severity first; `total` may be more than are listed. Ledger SV-3."""
    return _answer(catalog, "answer_staff_queue", zone=zone, now=now, tickets=tickets, total=total)


def customer_ticket(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    next_at: datetime | None = None,
    missing: tuple[str, ...] = (),
    history: tuple[Step, ...] = (),
    now: datetime,
) -> str:
    """Show a customer one of its tickets, and the steps of the work on it."""
    return _answer(
        catalog, "answer_customer_ticket", zone=ticket.zone, now=now, ticket=ticket, next_at=next_at, missing=missing,
        history=history,
    )  # fmt: skip


def staff_ticket(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    clocks: tuple[ClockView, ...] = (),
    history: tuple[Entry, ...] = (),
    zone: str,
    now: datetime,
) -> str:
    """Show our own people a ticket, its clocks and what happened. An entry's words are finished lines (`happened`)."""
    return _answer(catalog, "answer_staff_ticket", zone=zone, now=now, ticket=ticket, clocks=clocks, history=history)


def help_for_customer(
    catalog: Catalog, *, bot: str, commands: bool, severities: tuple[str, ...], zone: str, now: datetime
) -> str:
    """Say what a customer's people can do; `commands`: whether slash commands work for them. `bot`: its handle."""
    return _answer(
        catalog, "answer_help_customer", zone=zone, now=now, bot=bot, commands=commands, severities=severities
    )


def help_for_staff(catalog: Catalog, *, bot: str, severities: tuple[str, ...], zone: str, now: datetime) -> str:
    """Say what our own people can do here."""
    return _answer(catalog, "answer_help_staff", zone=zone, now=now, bot=bot, severities=severities)


def on_call(catalog: Catalog, *, levels: tuple[LevelOnCall, ...], zone: str, now: datetime) -> str:
    """Say whom each level pages now, until when, and who is next."""
    return _answer(catalog, "answer_on_call", zone=zone, now=now, levels=levels)


def update_kept(
    catalog: Catalog, *, ticket_id: str, promised_at: datetime, due_at: datetime, zone: str, now: datetime
) -> str:
    """Tell who wrote an update that its words go out at another moment than the form promised, since that went by."""
    return _answer(
        catalog, "answer_update_kept", zone=zone, now=now, ticket_id=ticket_id, promised_at=promised_at, due_at=due_at
    )


def update_replaced(catalog: Catalog, *, ticket_id: str, by: str, words: str, zone: str, now: datetime) -> str:
    """Tell who wrote an update that its words took the place of those that somebody else wrote meanwhile."""
    return _answer(catalog, "answer_update_replaced", zone=zone, now=now, ticket_id=ticket_id, by=by, words=words)


def secret_removed(
    catalog: Catalog, *, kinds: tuple[str, ...], secure_channel: str = "", posted: bool, zone: str, now: datetime
) -> str:
    """Tell kindly what was taken out of somebody's words (`kinds`: password, key), and where such things go instead.

    `posted`: their message still stands in Slack for others to read.
    """
    return _answer(
        catalog, "answer_secret_removed", zone=zone, now=now, kinds=kinds, secure_channel=secure_channel, posted=posted
    )


def _answer(catalog: Catalog, name: str, *, zone: str, now: datetime, **values: object) -> str:
    return cut(catalog.say(name, zone=zone, now=now, **values).get("answer", ""), MOST)
