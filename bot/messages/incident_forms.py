"""Which forms does an incident open: to link a ticket, to write to all its customers, to resolve it?"""

from collections.abc import Mapping

from bot.domain.message import Block
from bot.messages.blocks import field, section, sections, text_input
from bot.messages.form_parts import View, about, choice, form, several
from bot.messages.incidents import Part
from bot.messages.render import Catalog
from bot.messages.view import Choice, StaffTicket

UPDATE = ("known", "done", "next", "eta", "workaround")
CLOSING = ("root_cause", "workaround", "prevention")

PREVIEWED = 30
"""Tickets that the form to resolve shows one by one."""


def link_form(
    catalog: Catalog, *, ticket: StaffTicket, incidents: tuple[Choice, ...], title: str, metadata: Mapping[str, object]
) -> View:
    """The form that makes a ticket part of an incident: one that is open, or a new one with a title (IN-11)."""
    blocks = [about(ticket)]
    if incidents:
        blocks.append(choice(catalog, "incident", incidents, optional=True))
    name = field("title", catalog.label("incident_title"), text_input(value=title), optional=bool(incidents))
    return form(catalog, "link", [*blocks, name], metadata)


def update_form(
    catalog: Catalog, *, incident: str, customers: tuple[str, ...], metadata: Mapping[str, object]
) -> View:  # fmt: skip
    """The form for one update to all customers of an incident; it says who reads it (IN-11, UP-3)."""
    intro = catalog.phrase("incident_words", "goes_to", customers=customers)
    blocks = [section(f"*{incident}*\n{intro}")]
    for name in UPDATE:
        label = catalog.label("update_workaround" if name == "workaround" else name)
        hint = catalog.label("eta_hint") if name == "eta" else ""
        blocks.append(field(name, label, text_input(lines=name != "eta"), hint=hint, optional=name != "known"))
    return form(catalog, "incident_update", blocks, metadata)


def resolve_form(
    catalog: Catalog, *, incident: str, parts: tuple[Part, ...], metadata: Mapping[str, object]
) -> View:  # fmt: skip
    """The form that resolves an incident: which tickets it solves, shown one by one, and the closing note (LC-2)."""
    shown = [catalog.phrase("incident_words", "preview", each=each) for each in parts[:PREVIEWED]]
    blocks: list[Block] = [section(f"*{incident}*\n{catalog.phrase('incident_words', 'solves')}")]
    blocks += sections("\n".join(shown))
    if parts:
        choices = tuple(Choice(each.id, f"{each.id} · {each.customer}") for each in parts)
        blocks.append(several(catalog, "solved_tickets", choices, optional=True))
    blocks += [
        field(name, catalog.label(name), text_input(lines=True), hint=catalog.label(f"{name}_hint"))
        for name in CLOSING
    ]  # fmt: skip
    return form(catalog, "incident_resolve", blocks, metadata)
