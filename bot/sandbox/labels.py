"""Which button, option or field does a person mean by its visible label?"""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.blocks import elements_in
from bot.sandbox.errors import Mistake
from bot.sandbox.interactions import blocks_of
from bot.sandbox.limits import options_of
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import Channel, Person
from bot.sandbox.state import chosen, option_called
from bot.sandbox.views import View, inputs_of
from bot.sandbox.wire import Json

_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")


@dataclass(frozen=True, slots=True)
class Target:
    """An element that somebody can click: where it is, and the state entry that the click means."""

    place: Message | View
    element: Json
    choice: Json


def normal(label: str) -> str:
    """A label without emoji, case and surplus spaces, so that `Escalate` finds `🔺 Escalate`."""
    words = _SHORTCODE.sub(" ", label)
    words = re.sub(r"^[^\w(]+|[^\w)?!.%]+$", "", words.strip())
    return " ".join(words.casefold().split())


def places_of(
    platform: Platform, person: Person, *, channel: Channel | None, ts: str | None, text: str | None
) -> Iterator[Message | View]:
    """What this person has before them, nearest first: the open modal, messages newest first, the home tab.

    With a channel, ts or text only the messages that fit.
    """
    narrowed = bool(channel or ts or text)
    top = platform.views.top(person.id)
    if top is not None and not narrowed:
        yield top
    workspace = platform.workspace
    own = [one for one in reversed(workspace.ephemerals) if one.ephemeral_to == person.id and not one.deleted]
    logs = [workspace.newest_first(one.id) for one in ([channel] if channel else workspace.channels_of(person))]
    for message in heapq.merge(own, *logs, key=lambda one: one.ts, reverse=True):
        fits = (
            not message.deleted
            and (channel is None or message.channel == channel.id)
            and (ts is None or message.ts == ts)
        )
        if fits and (text is None or text.casefold() in message.text.casefold()):
            yield message
    home = platform.views.homes.get(person.id)
    if home is not None and not narrowed:
        yield home


def find(places: Iterator[Message | View], label: str, value: object) -> Target:
    """The first element with this label; raises Mistake that names the labels there are."""
    wanted = normal(label) or label.strip()
    known: dict[str, None] = {}
    for place in places:
        for block in blocks_of(place):
            for element in elements_in(block):
                held = element | {"block_id": block["block_id"]}
                labels = _labels(block, element)
                known.update(dict.fromkeys(labels))
                if wanted in {normal(one) or one.strip() for one in labels}:
                    return Target(place, held, _choice(element, label, value))
    shown = ", ".join(repr(one) for one in list(known)[:12])
    raise Mistake(f"nothing is labelled {label!r}; there {'is ' + shown if shown else 'are no buttons'}")


def _labels(block: Json, element: Json) -> list[str]:
    kind = element["type"]
    if kind == "button":
        return [element["text"]["text"]]
    labels = [option["text"]["text"] for option in options_of(element)]
    if "placeholder" in element:
        labels.append(element["placeholder"]["text"])
    if block["type"] == "input":
        labels.append(block["label"]["text"])
    elif block["type"] == "section" and block.get("text"):
        labels.append(block["text"]["text"])
    return labels


def _choice(element: Json, label: str, value: object) -> Json:
    kind = element["type"]
    if kind == "button":
        return {}
    if kind == "overflow":
        return {"selected_option": option_called(element, label if value is None else str(value))}
    if value is None and options_of(element):
        value = [label] if kind in {"checkboxes", "multi_static_select"} else label
    return chosen(element, value)


def filled(platform: Platform, view: View, values: Json) -> Json:
    """`state.values` for values given by input label; raises Mistake for a label that the form does not have.

    A person is named by handle, a channel by name, an option by its text.
    """
    inputs = {normal(block["label"]["text"]): (block, element) for block, element in inputs_of(view.body["blocks"])}
    state: Json = {}
    for label, value in values.items():
        if normal(label) not in inputs:
            known = ", ".join(repr(block["label"]["text"]) for block, _ in inputs.values())
            raise Mistake(f"the form {view.title!r} has no field {label!r}; it has {known or 'none'}")
        block, element = inputs[normal(label)]
        entry = chosen(element, _resolved(platform, element["type"], value))
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def _resolved(platform: Platform, kind: str, value: object) -> object:
    if isinstance(value, list):
        return [_resolved(platform, kind, item) for item in value]
    if "users_select" in kind:
        return platform.workspace.find_person(value).id
    if "conversations_select" in kind or "channels_select" in kind:
        return platform.workspace.find_channel(value).id
    return value


def errors_by_label(view: View, errors: dict[str, str]) -> dict[str, str]:
    """A form's errors by visible label."""
    names = {block["block_id"]: block["label"]["text"] for block, _ in inputs_of(view.body["blocks"])}
    return {names.get(block_id, block_id): text for block_id, text in errors.items()}
