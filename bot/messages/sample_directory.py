"""How do the forms of the directory look with plausible values? For the check of the templates."""

from collections.abc import Iterator
from typing import get_args

from bot.domain.directory_entry import Entry, Thing
from bot.domain.message import Block, InternalMessage
from bot.messages import directory, home
from bot.messages.directory import Clash, Counts, EntryForm, Refusal
from bot.messages.render import Catalog
from bot.messages.samples import NOW, ZONE
from bot.messages.view import Choice

METADATA = {"thing": "customer", "key": "acme"}
CHOICES = (Choice("acme", "Acme Corp"), Choice("person:ana", "Person ana", "Their own"))
CHOSEN = ("tier", "handbook", "role", "account_manager", "every_message", "contract", "target", "targets", "members",
          "of")  # fmt: skip
VALUES = {
    "name": "Acme Corp", "channel": "C0ACME", "slack": "U0ANA", "tier": "acme", "start": "2026-01-05",
    "targets": "acme,person:ana", "contacts": "technical: mailto://... [a1b2c3]",
}  # fmt: skip


def directory_views_in(catalog: Catalog) -> Iterator[Block]:
    """Every form of the directory, new and not, with and without somebody else's change."""
    yield directory.things_form(catalog, metadata={})
    for counts in (Counts(1, 1, 1, 1), Counts(40, 9, 2, 3, ("Globex", "Fern"))):
        below = directory.home_blocks(catalog, counts=counts)
        yield home.staff_home(catalog, posts=(), queue="None.", below=below, zone=ZONE, now=NOW)
    choices = dict.fromkeys(CHOSEN, CHOICES)
    clash = Clash("Mei Tan", (("name", "Acme Inc", "Acme SA"), ("timezone", "", "Europe/Lisbon")))
    for thing in Thing:
        for there in ((), CHOICES):
            yield directory.pick_form(catalog, thing=thing, there=there or CHOICES[:1], metadata=METADATA)
        for shown in (
            EntryForm(Entry(thing), {}, choices, key="acme", workspaces=("T0ACME",)),
            EntryForm(Entry(thing, "acme", "acme"), VALUES, choices, "Acme Corp", ("ana", "bo"), clash=clash),
        ):
            yield directory.entry_form(catalog, shown=shown, metadata=METADATA)


def joined_in(catalog: Catalog) -> Iterator[InternalMessage]:
    """The news of a channel that belongs to nobody, known and unknown."""
    for name, shared, by in (("", (), ""), ("ext-acme", ("T0ACME",), "Ana Lima")):
        yield directory.channel_joined(
            catalog, name=name, workspaces=shared, by=by, reference="{}", zone=ZONE, now=NOW
        )  # fmt: skip


def directory_answers_in(catalog: Catalog) -> Iterator[str]:
    """What somebody hears who saved a form, or whose form is refused."""
    for changes, theirs, on_call in (
        ((), (), None),
        (("customer acme: tier standard -> premium",), ("name",), ("Ana Lima",)),
        (("level 1: removed",), (), ()),
    ):
        yield directory.saved(catalog, changes=changes, theirs=theirs, who="Mei Tan", on_call=on_call)
    for part in get_args(Refusal):
        yield directory.refusal(catalog, part=part, key="acme", who="Acme Corp", places=("Team first-line",))
    yield directory.called(catalog, thing=Thing.TEAM, key="first-line")
