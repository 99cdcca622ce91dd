"""What does somebody read who is paged for very many tickets at once?"""

from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import button
from bot.messages.compose import internal_message
from bot.messages.render import Catalog


def bundle(catalog: Catalog, *, person: str, lines: tuple[str, ...], zone: str, now: datetime) -> InternalMessage:
    """Name the tickets, a line each, with one button for all; without it once none is left."""
    label = catalog.label("acknowledge_all")
    ask = button("page_acknowledge_all", label, value=person, aloud=f"{label}: {len(lines)} tickets", style="primary")
    parts = catalog.say("bundle", zone=zone, now=now, lines=lines)
    return internal_message(Kind.PAGE, parts, [ask] if lines else [])
