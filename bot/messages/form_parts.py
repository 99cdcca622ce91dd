"""Which pieces do all forms share: the frame, the line that says what it is about, and the selects?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, takewhile

from bot.domain.message import Block
from bot.messages.blocks import context, divider, field, long_select, modal, option, section, sections
from bot.messages.render import Catalog
from bot.messages.view import Choice, StaffTicket
from bot.messages.words import escape, line

View = Block
"""A view as `views.open` takes it."""

KEPT = 2900
"""Slack keeps at most three thousand characters of metadata with a form."""


def form(catalog: Catalog, name: str, blocks: list[Block], metadata: Mapping[str, object]) -> View:
    """A form by its name, with its labelled frame. ValueError: the metadata is longer than Slack keeps."""
    return modal(
        callback=f"form_{name}",
        title=catalog.label(f"{name}_title"),
        submit=catalog.label(f"{name}_submit"),
        close=catalog.label("cancel"),
        blocks=blocks,
        metadata=kept_with(metadata),
    )


def nothing(catalog: Catalog, name: str, metadata: Mapping[str, object]) -> View:
    """The same form where there is nothing to choose from: it says so and cannot be sent."""
    view = form(catalog, name, [section(catalog.phrase("forms", f"{name}_nothing"))], metadata)
    del view["submit"]
    return view


def about(ticket: StaffTicket) -> Block:
    """One line that says which ticket a form is about, for our own people."""
    return context(f"*{escape(ticket.id)}* · {escape(ticket.grade)} · {line(ticket.customer)} · {line(ticket.summary)}")


LIST_BYTES = 80_000
"""What the options of one field may take, of the 250,000 that Slack takes of a form: some seven hundred tickets."""


def choice(
    catalog: Catalog, name: str, choices: Iterable[Choice], *, first: str | None = None, optional: bool = False,
    hint: str = "", label: str = "",
) -> Block:  # fmt: skip
    """A field to choose one thing in; `first` is chosen beforehand. Of thousands the first are offered."""
    options = offered(choices)
    chosen = long_select(options, first=[first] if first else [])
    return field(name, catalog.label(label or name), chosen, optional=optional, hint=hint)


def several(
    catalog: Catalog, name: str, choices: Sequence[Choice], *, optional: bool = False, hint: str = ""
) -> Block:  # fmt: skip
    """A field to choose any number of things in; all of them are chosen beforehand. Of thousands the first are."""
    options = offered(choices, most=LIST_BYTES // 2)
    return field(
        name,
        catalog.label(name),
        long_select(options, first=[one.key for one in choices], many=True),
        optional=optional,
        hint=hint,
    )


def offered(choices: Iterable[Choice], *, most: int = LIST_BYTES) -> list[Block]:
    """The choices as options, as far as a form has room for them."""
    options = [option(one.key, one.label, one.description) for one in choices]
    ends = accumulate(len(json.dumps(each)) for each in options)
    return options[: sum(1 for _ in takewhile(lambda end: end <= most, ends))]


def meanings(choices: Iterable[Choice]) -> list[Block]:
    """What each choice means, in full: an option's own description is cut by Slack."""
    rows = [f"*{line(one.label, 80)}*: {line(one.description, 600)}" for one in choices if one.description]
    return [*sections("\n".join(rows)), divider()] if rows else []


def kept_with(metadata: Mapping[str, object]) -> str:
    """What Slack keeps with a form, as its text. ValueError: it is longer than Slack keeps."""
    text = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
    if len(text) > KEPT:
        raise ValueError(f"a form's metadata has {len(text)} characters; at most {KEPT} fit: keep ids in it, not texts")
    return text
