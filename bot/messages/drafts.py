"""Which words does the desk propose for an update of its own accord?"""

from collections.abc import Mapping
from datetime import datetime

from bot.messages.render import Catalog
from bot.messages.view import CustomerTicket, Step

FIELDS = ("known", "done", "next", "eta", "workaround")


def draft(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    steps: tuple[Step, ...] = (),
    calling: bool = False,
    last: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """Give what is known, done and next, by severity and state, as plain text for a form; `last` are the last words."""
    said = catalog.say_plainly(
        "draft", zone=ticket.zone, now=now, ticket=ticket, steps=steps, calling=calling,
        last={name: last.get(name, "") for name in FIELDS},
    )  # fmt: skip
    return {name: " ".join(text.split()) for name, text in said.items()}
