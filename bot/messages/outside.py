"""What does a page say where there is no Slack: in a mail, a text message, a call, another system's incident?

Plain words without markup. The opaque id stands at the end, since such a medium may bring the same page twice.
"""

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.messages.render import Catalog
from bot.messages.view import CustomerTicket, PageView, StaffTicket


@dataclass(frozen=True, slots=True)
class OutsideText:
    """A finished page in plain text."""

    title: str
    body: str


def page(
    catalog: Catalog, *, ticket: StaffTicket, page: PageView, reference: str, link: str = "", zone: str, now: datetime
) -> OutsideText:
    """Say what is wrong, why this person, and how to answer; `link` acknowledges after one more click."""
    parts = catalog.say("page_outside", zone=zone, now=now, ticket=ticket, page=page, reference=reference, link=link)
    return plain(parts)


def contact(
    catalog: Catalog, *, ticket: CustomerTicket, about: Literal["system", "unworked"], said: str = "", reference: str,
    now: datetime,
) -> OutsideText:  # fmt: skip
    """Write to a customer's own contact: their `system` seems involved, or the ticket went `unworked`.

    `said` is what a person of ours asks of them. Nothing internal can be handed in. Source: ledger PG-5, ES-6.
    """
    parts = catalog.say(
        "contact_outside", zone=ticket.zone, now=now, ticket=ticket, about=about, said=said, reference=reference
    )
    return plain(parts)


def plain(parts: dict[str, str]) -> OutsideText:
    """The parts `text` and `body` of a template without markup."""
    return OutsideText(title=html.unescape(parts["text"]), body=html.unescape(parts["body"]))
