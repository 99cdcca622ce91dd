"""How is somebody asked twice about words that a customer should perhaps not read?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.leak import Found, fingerprint
from bot.domain.message import Block, InternalMessage, Kind
from bot.messages.blocks import SECTION, checkboxes, field, option, section
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.words import clean

WARNING, ANYWAY = "leak", "anyway"
"""The blocks that a form gets when it comes back."""


def asked_twice(
    catalog: Catalog, view: Mapping[str, Any], *, values: Mapping[str, str], found: tuple[Found, ...]
) -> Block:
    """Give a form that was sent back to its author: every word kept, what was found above, "Send anyway" to tick."""
    shown = [block for block in view.get("blocks") or () if block.get("block_id") not in (WARNING, ANYWAY)]
    told = {**section(catalog.phrase("leak", "warning", found=found)), "block_id": WARNING}
    tick = checkboxes([option(fingerprint(found), catalog.label("send_anyway"))])
    ask = field(ANYWAY, catalog.label("anyway"), tick, optional=True)
    kept = {key: view[key] for key in ("type", "callback_id", "title", "submit", "close") if view.get(key)}
    return {
        **kept,
        "private_metadata": view.get("private_metadata") or "",
        "blocks": [told, *(_kept(block, values) for block in shown), ask],
    }


def leak_noticed(
    catalog: Catalog, *, ticket_id: str, found: tuple[Found, ...], zone: str, now: datetime
) -> InternalMessage:
    """Tell an author what their words in a customer's thread hold, and what can still be done."""
    parts = catalog.say("leak", zone=zone, now=now, ticket_id=ticket_id, found=found)
    return internal_message(Kind.NOTICE, {part: parts.get(part, "") for part in ("text", "body")})


def _kept(block: Mapping[str, Any], values: Mapping[str, str]) -> Block:
    """A field with what was written or chosen in it."""
    name = str(block.get("block_id", ""))
    if block.get("type") != "input" or name not in values:
        return dict(block)
    element, value = dict(block["element"]), values[name]
    for stale in ("initial_value", "initial_option", "initial_options", "initial_date"):
        element.pop(stale, None)
    chosen = [each for each in element.get("options") or () if each.get("value") in value.split(",")]
    match element.get("type"):
        case "plain_text_input" if clean(value):
            element["initial_value"] = clean(value)[:SECTION]
        case "static_select" | "radio_buttons" if chosen:
            element["initial_option"] = chosen[0]
        case "multi_static_select" | "checkboxes" if chosen:
            element["initial_options"] = chosen
        case "datepicker" if value:
            element["initial_date"] = value
    return {**block, "element": element}
