"""Which form changes who is on call: whom, from when to when, in whose place?"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.message import Block
from bot.messages.blocks import actions, button, field, moment_input
from bot.messages.form_parts import View, choice, form
from bot.messages.render import Catalog
from bot.messages.view import Choice

CHANGES = ("replace", "add", "remove")
"""What a change does, in the order in which the form offers it."""


def override_row(catalog: Catalog) -> list[Block]:
    """The row with the button that opens the form, for those who may send it."""
    words = catalog.label("override")
    return [actions(button("oncall_override", words, value="override", aloud=words))]


def override_form(
    catalog: Catalog,
    *,
    people: tuple[Choice, ...],
    rotations: tuple[Choice, ...],
    change: str,
    starts_at: datetime,
    metadata: Mapping[str, object],
) -> View:
    """Ask who, what the change does, from when to when, and for which rotation where there are several.

    `starts_at` and `change` are chosen beforehand. Slack shows moments in its reader's own zone.
    """
    changes = tuple(Choice(each, catalog.label(f"override_{each}")) for each in CHANGES)
    fields = [
        choice(catalog, "override_person", people),
        choice(catalog, "override_change", changes, first=change),
        field("override_from", catalog.label("override_from"), moment_input(first=starts_at)),
        field("override_to", catalog.label("override_to"), moment_input()),
    ]
    if len(rotations) > 1:
        fields.append(choice(catalog, "override_rotation", rotations))
    return form(catalog, "override", fields, metadata)
