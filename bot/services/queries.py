"""What does a person see who asks: their tickets, one ticket, the queue, help?

A customer's people see their own organisation's tickets and nothing of anyone else's (ledger LC-5).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import sla
from bot.domain.events import Event
from bot.domain.handbook import Handbook
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity, queue_order
from bot.messages import answers, own, staff
from bot.messages.render import Catalog
from bot.messages.view import CustomerRow, CustomerTicket, Entry
from bot.messages.words import Mrkdwn
from bot.services import schedule, timeline, views
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import clocks, people, tickets
from bot.store.tables import Ticket

RECENTLY_FOR = timedelta(days=14)
"""How long a closed ticket stays in its customer's list."""

LISTED = own.MOST
"""Tickets that one answer lists."""

HISTORY = 25
"""Entries of a timeline that one answer shows, the last ones."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a customer's people may know of their tickets: the first of `total` open ones, and those closed lately."""

    rows: tuple[CustomerRow, ...]
    total: int
    closed: tuple[CustomerRow, ...]
    zone: str


def list_tickets(work: Work, *, actor: Actor, channel: str, now: datetime) -> Answer:
    """List the tickets that a person may see here: a customer's own, or the work queue."""
    check(actor, Action.SEE)
    if not actor.is_staff:
        return _customers_list(work, actor.customer or "", now=now)
    customer = people.customer_of_channel(work.session, channel)
    rows = tickets.open_of_customer(work.session, customer.id) if customer else tickets.queue(work.session)
    ordered = in_order(work, rows)
    zone = views.zone_of(work, actor.person)
    found = tuple(views.staff_ticket(work, row, now=now) for row in ordered[:LISTED])
    return Answer(text=answers.staff_queue(work.desk.catalog, tickets=found, total=len(ordered), zone=zone, now=now))


def show_ticket(work: Work, *, actor: Actor, ticket: str, channel: str = "", now: datetime) -> Answer:  # noqa: ARG001
    """Show one ticket as this person may see it."""
    check(actor, Action.SEE)
    row = ticket_of(work, ticket, actor=actor, lock=False)
    if not actor.is_staff:
        words, theirs = work.catalog(row), views.customer_ticket(work, row)
        text = answers.customer_ticket(
            words,
            ticket=theirs,
            next_at=schedule.next_update_at(work, row, now=now),
            missing=views.lacking_labels(work.handbook(row), row),
            history=views.steps(work, row)[-HISTORY:],
            now=now,
        )
        return Answer(text=text, ticket=row.id, blocks=own.one(words, text=text, ticket=theirs))
    zone = views.zone_of(work, actor.person)
    return Answer(
        text=answers.staff_ticket(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            clocks=tuple(views.clock_view(clock) for clock in clocks.known_of(work.session, row.number_known)),
            history=_history(work, row, zone=zone, now=now),
            zone=zone,
            now=now,
        ),
        ticket=row.id,
    )


def status(work: Work, *, actor: Actor, channel: str, ticket: str | None = None, now: datetime) -> Answer:
    """Answer `@bot status`: in a ticket's thread that ticket, else the list."""
    if ticket is not None:
        return show_ticket(work, actor=actor, ticket=ticket, channel=channel, now=now)
    return list_tickets(work, actor=actor, channel=channel, now=now)


def help_text(work: Work, *, actor: Actor, channel: str = "", now: datetime) -> Answer:
    """Say what this person can do here."""
    customer = people.customer_of_channel(work.session, channel) if channel else None
    handbook = work.handbook_of(customer).handbook
    names = tuple(f"{key.value} ({label})" for key, label in handbook.severity_names().items())
    # Within the backticks of the examples Slack shows no mention as one.
    bot, zone = "Watchbell", views.zone_of(work, actor.person)
    if actor.is_staff:
        return Answer(text=answers.help_for_staff(work.desk.catalog, bot=bot, severities=names, zone=zone, now=now))
    commands = actor.slack.workspace == ""
    return Answer(
        text=answers.help_for_customer(
            work.words_for(actor), bot=bot, commands=commands, severities=names, zone=zone, now=now
        )
    )


def opened_text(words: Catalog, handbook: Handbook, ticket: CustomerTicket, *, graded: bool, now: datetime) -> str:
    """Tell the person who opened a ticket which one it is, and if its words read worse than what they chose.

    `graded` says whether they chose at all.
    """
    reads = handbook.suggestion(ticket.summary)
    worse = graded and reads is not None and reads < ticket.severity
    suggested = handbook.severity_names()[reads] if reads and worse else ""
    return answers.opened(words, ticket=ticket, suggested=suggested, now=now)


def in_order(work: Work, rows: list[Ticket]) -> list[Ticket]:
    """Put tickets into the order of work: highest severity, then nearest deadline (ledger SV-3)."""
    numbers = [row.number_known for row in rows]
    running = clocks.of_tickets(work.session, numbers, states=[state.value for state in sla.OPEN_STATES])

    def place(row: Ticket) -> tuple[str, bool, float, int]:
        due = [clock.due_at for clock in running[row.number_known] if clock.due_at is not None]
        return queue_order(Severity(row.severity), min(due, default=None), row.number_known)

    return sorted(rows, key=place)


def of_customer(work: Work, customer: str, *, now: datetime) -> Own:
    """Give a customer's open tickets in the order of work, and those that were closed lately."""
    found = people.customer(work.session, customer)

    def listed(rows: list[Ticket]) -> tuple[CustomerRow, ...]:
        return tuple(
            CustomerRow(
                views.customer_ticket(work, row),
                schedule.next_update_at(work, row, now=now),
                views.lacking_labels(work.handbook(row), row),
            )
            for row in rows
        )

    ordered = in_order(work, tickets.open_of_customer(work.session, customer))
    return Own(
        rows=listed(ordered[:LISTED]),
        total=len(ordered),
        closed=listed(tickets.recently_closed(work.session, customer, since=now - RECENTLY_FOR)),
        zone=(found.timezone if found else None) or work.desk.handbooks.default.handbook.zone,
    )


def _customers_list(work: Work, customer: str, *, now: datetime) -> Answer:
    found = of_customer(work, customer, now=now)
    words = work.words_of(customer)
    text = answers.customer_tickets(
        words, rows=found.rows, total=found.total, closed=found.closed, zone=found.zone, now=now
    )
    blocks = own.answer(words, rows=found.rows, total=found.total, closed=found.closed, zone=found.zone, now=now)
    return Answer(text=text, blocks=blocks)


def _history(work: Work, row: Ticket, *, zone: str, now: datetime) -> tuple[Entry, ...]:
    handbook = work.handbook(row)
    names = views.all_names(work)

    def said(event: Event, actor: str) -> str:
        return staff.happened(
            work.desk.catalog, event=event, actor=views.name_of_actor(work, actor), names=names,
            levels={number: level.name for number, level in handbook.levels.items()},
            severities={key.value: label for key, label in handbook.severity_names().items()}, zone=zone, now=now,
        )  # fmt: skip

    entries = timeline.events_of(work, row)[-HISTORY:]
    return tuple(Entry(at, Mrkdwn(said(event, actor))) for at, actor, event in entries)
