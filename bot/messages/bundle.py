"""What does somebody read who is paged for very many tickets at once?"""

from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import button
from bot.messages.compose import internal_message
from bot.messages.render import Catalog

SHOWN = 20
"""How many tickets a bundle names; the rest it counts."""


def bundle(
    catalog: Catalog, *, person: str, lines: tuple[str, ...], count: int, zone: str, now: datetime
) -> InternalMessage:
    """Name the first tickets, a line each, with one button for all; without it once none is left."""
    label = catalog.label("acknowledge_all")
    ask = button("page_acknowledge_all", label, value=person, aloud=f"{label}: {count} tickets", style="primary")
    parts = catalog.say("bundle", zone=zone, now=now, lines=lines[:SHOWN], count=count)
    return internal_message(Kind.PAGE, parts, [ask] if lines else [])
