"""What does a reader of a message see? Its texts and the labels of its buttons."""

from collections.abc import Iterator
from typing import Any

from bot.domain.message import Message
from bot.messages.render import Catalog

CATALOG = Catalog(strict=True)


def seen(message: Message) -> str:
    """All that the message's blocks show, without its buttons."""
    return "\n".join(_texts([block for block in message.blocks if block["type"] != "actions"]))


def labels(message: Message) -> list[str]:
    """The labels of its buttons; a menu is `More`."""
    elements = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
    return [one["text"]["text"] if one["type"] == "button" else "More" for one in elements]


def buttons(message: Message) -> dict[str, str]:
    """The values of its buttons by their action ids."""
    elements = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
    return {one["action_id"]: one.get("value", "") for one in elements}


def block(view: dict[str, Any], name: str) -> dict[str, Any]:
    """A form's field by its name."""
    found: dict[str, Any] = next(one for one in view["blocks"] if one.get("block_id") == name)
    return found


def _texts(piece: object) -> Iterator[str]:
    if isinstance(piece, dict):
        for key, inner in piece.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(piece, (list, tuple)):
        for inner in piece:
            yield from _texts(inner)
