"""Which forms put a reply right that a customer has read already, or take it back?"""

from collections.abc import Mapping

from bot.messages.blocks import field, section, sections, text_input
from bot.messages.form_parts import View, about, form
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket
from bot.messages.words import paragraph


def correct(catalog: Catalog, *, ticket: StaffTicket, text: str, metadata: Mapping[str, object]) -> View:
    """The form that changes a reply where the customer reads it."""
    blocks = [
        section(catalog.phrase("forms", "correct_intro", ticket=ticket)),
        about(ticket),
        field("text", catalog.label("reply_text"), text_input(value=text, lines=True)),
    ]
    return form(catalog, "correct", blocks, metadata)


def take_back(catalog: Catalog, *, ticket: StaffTicket, text: str, metadata: Mapping[str, object]) -> View:
    """The form that asks whether a reply is to disappear, with its words."""
    asked = section(catalog.phrase("forms", "take_back_intro", ticket=ticket))
    return form(catalog, "take_back", [asked, about(ticket), *sections(paragraph(text, 2500))], metadata)
