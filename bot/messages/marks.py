"""Which form sets a mark on a ticket, and which takes one back?"""

from collections.abc import Mapping
from typing import Literal

from bot.domain.message import Block
from bot.messages.blocks import field, text_input
from bot.messages.form_parts import View, about, choice, form, meanings
from bot.messages.render import Catalog
from bot.messages.view import Choice, StaffTicket


def mark_form(
    catalog: Catalog,
    *,
    name: Literal["mark", "unmark"],
    ticket: StaffTicket,
    kinds: tuple[Choice, ...],
    metadata: Mapping[str, object],
) -> View:
    """The form that sets a mark or takes one back, with a sentence; what each mark sets off stands beside it.

    Setting one also asks for a word to the customer, for the mark that calls their own people in (PG-5).
    """
    blocks: list[Block] = [
        about(ticket),
        choice(catalog, "mark", kinds),
        *meanings(kinds),
        field("reason", catalog.label(f"{name}_reason"), text_input(lines=True)),
    ]
    if name == "mark":
        said = field("said", catalog.label("mark_said"), text_input(lines=True), hint=catalog.label("mark_said_hint"),
                     optional=True)  # fmt: skip
        blocks.append(said)
    return form(catalog, name, blocks, metadata)
