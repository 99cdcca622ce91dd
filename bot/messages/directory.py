"""How do administrators change the directory in Slack: which forms do they fill in, and what do they hear?

A block is named after the key that it is in the directory file, so that a refused field finds its place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.domain.directory_entry import FIELDS, Entry, Thing
from bot.domain.message import Block, InternalMessage, Kind
from bot.messages import blocks
from bot.messages.blocks import SECTION, actions, button, context, divider, header, menu, option, section, text_input
from bot.messages.compose import internal_message
from bot.messages.form_parts import View, kept_with
from bot.messages.render import Catalog
from bot.messages.view import Choice
from bot.messages.words import ELLIPSIS, cut, unescaped

WORDS = "directory"
NEW = "+new"
"""The value of "A new one" in the list of what there is."""

GONE = "gone"
MOST = 1000
"""Characters of a refusal: it stands below a field."""

Refusal = Literal[
    "wrong", "taken", "there", "former", "nameless", "named", "removed", "last", "choose", "no_handbook",
    "known_channel",
]  # fmt: skip
"""Why a form is refused, as the words call it."""

_CHANNELS = frozenset({"channel", "triage", "operations"})
_CHOSEN = frozenset({"tier", "handbook", "role", "account_manager", "every_message", "contract", "target"})
_SEVERAL = frozenset({"members", "targets"})
_LINES = frozenset({"contacts", "only"})
_HINTED = frozenset(
    {
        "channel", "timezone", "contract", "language", "handbook", "contacts", "slack", "team", "hours", "skills",
        "order", "every", "handoff", "restrict", "only", "targets",
    }
)  # fmt: skip
_NEEDED: Mapping[Thing, frozenset[str]] = {
    Thing.CUSTOMER: frozenset({"name", "tier", "every_message"}),
    Thing.MEMBER: frozenset({"name", "slack", "role"}),
    Thing.COLLEAGUE: frozenset({"name", "slack", "role"}),
    Thing.TEAM: frozenset({"members"}),
    Thing.ROTATION: frozenset({"order", "every", "handoff", "timezone", "start"}),
    Thing.LEVEL: frozenset(),
    Thing.DUTY: frozenset({"target"}),
    Thing.CHANNELS: frozenset(),
}
_NAMES = frozenset(name for names in FIELDS.values() for name in names)
_SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Clash:
    """Fields that somebody else (`who`) changed too: name, what stands there now, what the reader wrote."""

    who: str
    both: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class EntryForm:
    """One thing of the directory with what its form shows; a new one has no key yet."""

    entry: Entry
    values: Mapping[str, str]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    of: str = ""
    """The name of the customer whose person it is."""
    people: tuple[str, ...] = ()
    key: str = ""
    """A short name that is suggested for a new one."""
    workspaces: tuple[str, ...] = ()
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much stands in the directory; `without` are customers that have no channel."""

    customers: int
    people: int
    rotations: int
    teams: int
    without: tuple[str, ...] = ()


def things_form(catalog: Catalog, *, metadata: Mapping[str, object]) -> View:
    """Choose what to change."""
    things = [option(thing.value, _say(catalog, thing.value)) for thing in Thing]
    return _form(catalog, "directory_thing", "next", [_field(catalog, "thing", blocks.select(things))], metadata)


def pick_form(catalog: Catalog, *, thing: Thing, there: tuple[Choice, ...], metadata: Mapping[str, object]) -> View:
    """Choose which one, or a new one; levels are the handbook's, so there is no new one."""
    fresh = [] if thing is Thing.LEVEL else [option(NEW, _say(catalog, "new"))]
    listed = [option(each.key, each.label, each.description) for each in there]
    which = _field(catalog, "which", blocks.long_select([*fresh, *listed], first=[NEW]))
    about = context(f"*{_say(catalog, thing.value)}*")
    return _form(catalog, "directory_pick", "next", [about, which], metadata)


def entry_form(catalog: Catalog, *, shown: EntryForm, metadata: Mapping[str, object]) -> View:
    """Change one thing, or make a new one; what somebody else changed meanwhile is said above."""
    entry = shown.entry
    rows: list[Block] = []
    if shown.clash is not None:
        both = tuple((_field_called(catalog, name), now, yours) for name, now, yours in shown.clash.both)
        rows.append(section(catalog.phrase(WORDS, "meanwhile", who=shown.clash.who, both=both)))
    called = _say(catalog, f"called_{entry.thing.value}")
    fresh = entry.thing is not Thing.CHANNELS
    rows.append(section(catalog.phrase(WORDS, "about", called=called, key=entry.key, fresh=fresh, of=shown.of)))
    if shown.workspaces:
        rows.append(context(catalog.phrase(WORDS, "shared", workspaces=shown.workspaces)))
    if entry.thing is Thing.MEMBER and not entry.customer:
        customers = [option(each.key, each.label) for each in shown.choices.get("of", ())]
        if customers:
            rows.append(_field(catalog, "field_of", blocks.long_select(customers), name="of"))
    if not entry.key and fresh:
        named = entry.thing in (Thing.CUSTOMER, Thing.MEMBER, Thing.COLLEAGUE)
        rows.append(
            _field(catalog, "field_key", text_input(value=shown.key), name="key", hint="hint_key", optional=named)
        )
    rows += [_input(catalog, shown, name) for name in FIELDS[entry.thing] if _is_shown(shown, name)]
    if entry.key and entry.thing is not Thing.LEVEL:
        tick = blocks.checkboxes([option("yes", _say(catalog, "gone_yes"))])
        rows += [divider(), _field(catalog, "field_gone", tick, name=GONE, hint="hint_gone", optional=True)]
    return _form(catalog, "directory", "save", rows, metadata)


def home_blocks(catalog: Catalog, *, counts: Counts) -> list[Block]:
    """What stands in the directory, and where it is changed, for an administrator's home tab."""
    said = catalog.phrase(
        WORDS, "home", customers=counts.customers, people=counts.people, rotations=counts.rotations,
        teams=counts.teams, without=counts.without,
    )  # fmt: skip
    connect = _say(catalog, "connect")
    things = [option(f"{thing.value}:", _say(catalog, thing.value)) for thing in Thing]
    return [
        divider(),
        header(_say(catalog, "home_title")),
        section(said),
        actions(
            button("directory_connect", connect, value="{}", aloud=connect, style="primary"),
            menu("directory_change", _say(catalog, "change"), things),
        ),
    ]


def channel_joined(
    catalog: Catalog, *, name: str, workspaces: tuple[str, ...], by: str, reference: str, zone: str, now: datetime
) -> InternalMessage:
    """Tell an administrator that the bot was invited where no customer is; `reference` comes back with the button."""
    parts = catalog.say("channel_joined", zone=zone, now=now, channel=name, workspaces=workspaces, by=by)
    label = _say(catalog, "connect_this")
    return internal_message(
        Kind.NOTICE,
        {part: parts.get(part, "") for part in ("text", "body", "more", "footer")},
        [button("directory_connect", label, value=reference, aloud=label, style="primary")],
    )


def saved(
    catalog: Catalog, *, changes: Sequence[str], theirs: Sequence[str], who: str, on_call: tuple[str, ...] | None
) -> str:
    """Say what was changed, field by field; `theirs` are fields that somebody else changed meanwhile.

    `on_call` are those whom it pages now, empty where it pages nobody; None where it is nothing that pages.
    """
    fields = [_field_called(catalog, name) for name in theirs]
    return cut(catalog.phrase(WORDS, "saved", changes=changes, theirs=fields, who=who, on_call=on_call), SECTION)


def refusal(catalog: Catalog, *, part: Refusal, key: str = "", who: str = "", places: tuple[str, ...] = ()) -> str:
    """Say as plain text why a form is refused: `part` of the words, with whom or what it names."""
    said = unescaped(catalog.phrase(WORDS, part, key=key, what=key, holder=who, who=who, places=places))
    return said if len(said) <= MOST else said[: MOST - 1] + ELLIPSIS


def called(catalog: Catalog, *, thing: Thing, key: str) -> str:
    """One thing of the directory in a sentence: `Team first-line`, as plain text."""
    return f"{_say(catalog, f'called_{thing.value}')} {key}".strip()


def _field_called(catalog: Catalog, name: str) -> str:
    return _say(catalog, f"field_{name}") if name in _NAMES else name


def _is_shown(shown: EntryForm, name: str) -> bool:
    """Whether a field is there: one to choose in needs something to choose."""
    return name not in _CHOSEN | _SEVERAL or bool(shown.choices.get(name))


def _input(catalog: Catalog, shown: EntryForm, name: str) -> Block:
    thing = shown.entry.thing
    hint = "hint_kinds" if name == "contacts" and thing is Thing.CUSTOMER else f"hint_{name}" if name in _HINTED else ""
    if name == "slack" and thing is Thing.COLLEAGUE:
        hint = ""
    people = ", ".join(shown.people)
    return _field(
        catalog, f"field_{name}", _element(shown, name), name=name, hint=hint,
        optional=name not in _NEEDED[thing], people=people,
    )  # fmt: skip


def _element(shown: EntryForm, name: str) -> Block:
    value = shown.values.get(name, "")
    given = value if _SLACK_ID.fullmatch(value) else ""
    options = [option(each.key, each.label, each.description) for each in shown.choices.get(name, ())]
    if name in _CHANNELS:
        return blocks.channel_select(first=given)
    if name == "slack" and shown.entry.thing is Thing.COLLEAGUE:
        return blocks.person_select(first=given)
    if name in _SEVERAL:
        return blocks.long_select(options, first=value.split(","), many=True)
    if name in _CHOSEN:
        return blocks.long_select(options, first=[value])
    return blocks.date_input(first=_day(value)) if name == "start" else text_input(value=value, lines=name in _LINES)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _field(
    catalog: Catalog, label: str, element: Block, *, name: str = "", hint: str = "", optional: bool = False,
    people: str = "",
) -> Block:  # fmt: skip
    said = _say(catalog, hint, people=people) if hint else ""
    return blocks.field(name or label, _say(catalog, label), element, hint=said, optional=optional)


def _form(catalog: Catalog, name: str, submit: str, rows: list[Block], metadata: Mapping[str, object]) -> View:
    return blocks.modal(
        callback=f"form_{name}",
        title=_say(catalog, "title"),
        submit=_say(catalog, submit),
        close=_say(catalog, "cancel"),
        blocks=rows,
        metadata=kept_with(metadata),
    )


def _say(catalog: Catalog, part: str, **values: object) -> str:
    return unescaped(catalog.phrase(WORDS, part, **values))
