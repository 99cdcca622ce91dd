"""How does a manager choose several tickets and an action, see what would happen, and hear how it went?"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import field, long_select, section, sections, text_input
from bot.messages.compose import internal_message
from bot.messages.form_parts import View, choice, form, nothing, offered
from bot.messages.render import Catalog
from bot.messages.view import Choice

ACTIONS = ("assign", "wait", "close", "note")


def choose_form(catalog: Catalog, *, tickets: tuple[Choice, ...], people: tuple[Choice, ...]) -> View:
    """Choose tickets, an action, and what it needs; says so where no ticket is open."""
    if not tickets:
        return nothing(catalog, "bulk", {})
    deeds = tuple(Choice(action, catalog.label(f"bulk_{action}")) for action in ACTIONS)
    blocks = [
        field("tickets", catalog.label("bulk_tickets"), long_select(offered(tickets), many=True)),
        choice(catalog, "action", deeds, label="bulk_action"),
        *([choice(catalog, "person", people, label="bulk_person", optional=True)] if people else []),
        field("text", catalog.label("bulk_text"), text_input(lines=True), optional=True),
    ]
    return form(catalog, "bulk", blocks, {})


def preview_form(
    catalog: Catalog,
    *,
    action: str,
    person: str,
    text: str,
    told: tuple[tuple[str, str, str], ...],
    metadata: Mapping[str, object],
) -> View:
    """What will happen: `told` are tickets with their summary and why they are refused, if they are."""
    doing, refused = [each for each in told if not each[2]], [each for each in told if each[2]]
    said = catalog.phrase(
        "bulk_preview", "preview", deed=catalog.label(f"bulk_{action}"), person=person, doing=doing, refused=refused
    )
    blocks = sections(said)
    if action == "note":
        blocks.append(field("text", catalog.label("bulk_text"), text_input(value=text, lines=True)))
    else:
        blocks.append(section(catalog.phrase("bulk_preview", "one_by_one")))
    return form(catalog, "bulk_do", blocks, metadata)


def done(
    catalog: Catalog, *, action: str, done: int, refused: tuple[tuple[str, str], ...], zone: str, now: datetime
) -> InternalMessage:
    """Tell how it went: how many were done, and which were refused and why."""
    deed = catalog.label(f"bulk_{action}")
    parts = catalog.say("bulk_done", zone=zone, now=now, deed=deed, done=done, refused=refused)
    return internal_message(Kind.NOTICE, {part: parts.get(part, "") for part in ("text", "body", "more")})
