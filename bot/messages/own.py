"""How do a customer's own tickets look where they are listed: each with what one can do with it?

The home tab shows them and so does the answer to `@bot status`, for people who have no home tab.
"""

from datetime import datetime

from bot.domain.message import Block
from bot.domain.ticket import State
from bot.messages.blocks import actions, button, divider, fitted, header, section, sections
from bot.messages.render import Catalog
from bot.messages.view import CustomerRow, CustomerTicket

MOST = 20
"""Tickets that one answer lists; each takes two of the fifty blocks that Slack allows."""


def tickets(catalog: Catalog, *, rows: tuple[CustomerRow, ...], zone: str, now: datetime) -> list[Block]:
    """Each ticket in its lines, with its buttons beneath."""
    blocks: list[Block] = []
    for row in rows:
        body = catalog.say("home_customer_ticket", zone=zone, now=now, row=row)["body"]
        blocks += [section(body), *_offered(catalog, row.ticket)]
    return blocks


def answer(
    catalog: Catalog,
    *,
    rows: tuple[CustomerRow, ...],
    total: int,
    closed: tuple[CustomerRow, ...] = (),
    zone: str,
    now: datetime,
) -> tuple[Block, ...]:
    """The list as an answer: `rows` are the first of `total` open ones, `closed` ended lately. Source: ledger LC-5."""
    shown = rows[:MOST]
    said = catalog.say(
        "answer_customer_tickets", zone=zone, now=now, rows=shown, closed=closed, more=total - len(shown)
    )
    here = catalog.say("home_customer", zone=zone, now=now, shown=shown, more=0, closed=closed)
    return fitted(
        [
            *tickets(catalog, rows=shown, zone=zone, now=now),
            *sections(said.get("rest", "")),
            *sections(here.get("body", "")),
            *ended(catalog, here.get("more", "")),
        ]
    )


def ended(catalog: Catalog, lines: str) -> list[Block]:
    """What was closed lately, beneath a heading; nothing where nothing was."""
    return [divider(), header(catalog.label("home_closed")), *sections(lines)] if lines else []


def one(catalog: Catalog, *, text: str, ticket: CustomerTicket) -> tuple[Block, ...]:
    """One ticket as an answer: what is said of it, and its buttons."""
    return fitted([*sections(text), *_offered(catalog, ticket)])


def _offered(catalog: Catalog, ticket: CustomerTicket) -> list[Block]:
    """What one can do with a ticket from here: the same buttons as on its messages; none once it is over."""
    if ticket.state is State.RESOLVED:
        names = [("customer_confirm", "works"), ("customer_reopen", "broken")]
    elif ticket.is_worked:
        names = [("customer_details", "details"), ("customer_escalate", "escalate")]
    else:
        return []
    return [
        actions(
            *(
                button(action, catalog.label(label), value=ticket.id, aloud=f"{catalog.label(label)}: {ticket.id}")
                for action, label in names
            )
        )
    ]
