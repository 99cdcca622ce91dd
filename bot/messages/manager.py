"""What does a manager see in the home tab: what burns, where, who has how much, and who is being paged?"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import Block
from bot.messages.answers import MOST
from bot.messages.blocks import actions, button, divider, header, menu, option, section, sections
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket
from bot.messages.words import cut

MOST_LINES = 12
"""Customers and people that are listed."""

DEEDS = ("assign", "severity", "note", "why")
"""What can be done with a burning ticket from here, as entries of its menu."""


@dataclass(frozen=True, slots=True)
class Burn:
    """One ticket that burns, and why, in words."""

    ticket: StaffTicket
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paged:
    """Who is being paged for a ticket right now."""

    ticket_id: str
    grade: str
    who: tuple[str, ...]
    level: int
    since: datetime
    duty: str = ""
    """What they are asked as, such as `incident commander`, where no level pages them."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is being worked on, from above. `by_customer`: name, open, burning; `by_person`: name, open."""

    total: int
    burning: tuple[Burn, ...] = ()
    more: int = 0
    by_customer: tuple[tuple[str, int, int], ...] = ()
    by_person: tuple[tuple[str, int], ...] = ()
    paged: tuple[Paged, ...] = ()


def overview(catalog: Catalog, *, seen: Overview, zone: str, now: datetime) -> list[Block]:
    """What burns first, each with a menu to regrade or reassign it from here; then who is paged, and the counts."""
    said = catalog.say("home_manager", zone=zone, now=now, seen=seen, most=MOST_LINES)
    several = catalog.label("bulk_begin")
    return [
        header(catalog.label("home_burning")),
        *(_burning(catalog, each, zone=zone, now=now) for each in seen.burning),
        *sections(said.get("rest", "")),
        actions(button("bulk_begin", several, value="several", aloud=several)),
        *sections(said.get("paged", "")),
        *sections(said.get("counts", "")),
        divider(),
    ]


def paged_text(catalog: Catalog, *, paged: tuple[Paged, ...], zone: str, now: datetime) -> str:
    """Say who is being paged right now."""
    return cut(catalog.say("answer_paged_now", zone=zone, now=now, paged=paged).get("answer", ""), MOST)


def _burning(catalog: Catalog, burn: Burn, *, zone: str, now: datetime) -> Block:
    text = catalog.say("home_burning", zone=zone, now=now, ticket=burn.ticket, why=burn.why)["body"]
    options = [option(f"{deed}:{burn.ticket.id}", catalog.label(f"more_{deed}")) for deed in DEEDS]
    return section(text, accessory=menu("card_more", catalog.label("more"), options))
