"""Would Slack take this payload? Every block, element, view and text limit that we know of, in one place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.message import Message

Piece = Mapping[str, Any]

MOST_TEXT = 4000
MOST_BLOCK_TEXT = 12_000
MOST_VIEW_BYTES = 250_000

_TEXT_LIMITS: dict[tuple[str, str], tuple[int, bool]] = {
    ("section", "text"): (3000, False),
    ("header", "text"): (150, True),
    ("input", "label"): (2000, True),
    ("input", "hint"): (2000, True),
    ("button", "text"): (75, True),
    ("option", "text"): (75, True),
    ("option", "description"): (75, True),
    ("confirm", "title"): (100, True),
    ("confirm", "text"): (300, False),
    ("confirm", "confirm"): (30, True),
    ("confirm", "deny"): (30, True),
    ("modal", "title"): (24, True),
    ("modal", "submit"): (24, True),
    ("modal", "close"): (24, True),
    ("select", "placeholder"): (150, True),
    ("entry", "placeholder"): (150, True),
}
"""For each piece and key: the most characters, and whether it must be plain text."""

_STRING_LIMITS = {"block_id": 255, "action_id": 255, "callback_id": 255, "accessibility_label": 75, "url": 3000,
                  "private_metadata": 3000}  # fmt: skip
_PIECES = {"static_select": "select", "plain_text_input": "entry"}
_ELEMENTS = {
    "actions": {"button", "static_select"},
    "input": {
        "plain_text_input",
        "static_select",
        "multi_static_select",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "users_select",
        "conversations_select",
        "file_input",
    },
    "section": {"button", "overflow", "static_select"},
}
_OPTIONS = {"overflow": 5, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}


class OverLimit(ValueError):  # noqa: N818 - the field's word: something is over a limit of Slack
    """Slack would refuse the payload; the text lists every place and why."""


def check_message(message: Message) -> None:
    """Let a message pass that Slack takes as it is. Raises OverLimit."""
    wrong = [] if message.text.strip() else ["text: missing"]
    wrong += [f"text: {len(message.text)} characters"] if len(message.text) > MOST_TEXT else []
    wrong += [f"blocks: {len(message.blocks)}"] if len(message.blocks) > 50 else []
    wrong += [*_blocks(message.blocks)]
    total = sum(len(text) for text in texts(message.blocks))
    wrong += [f"blocks: {total} characters together"] if total > MOST_BLOCK_TEXT else []
    _raise(wrong)


def check_view(view: Piece) -> None:
    """Let a view pass that Slack takes as it is. Raises OverLimit."""
    blocks: Sequence[Piece] = view.get("blocks", ())
    wrong = [*_texts(view, "modal", "view"), *_strings(view, "view"), *_blocks(blocks)]
    wrong += [] if 1 <= len(blocks) <= 100 else [f"view: {len(blocks)} blocks"]
    wrong += ["view: an input needs a submit"] if _has_input(blocks) and "submit" not in view else []
    wrong += ["view: too large"] if len(repr(view).encode()) > MOST_VIEW_BYTES else []
    _raise(wrong)


def texts(piece: object) -> Iterator[str]:
    """Every text that a reader sees in blocks or views."""
    if isinstance(piece, Mapping):
        for key, inner in piece.items():
            yield from (inner,) if key == "text" and isinstance(inner, str) else texts(inner)
    elif isinstance(piece, (list, tuple)):
        for inner in piece:
            yield from texts(inner)


def _raise(wrong: list[str]) -> None:
    if wrong:
        raise OverLimit("; ".join(wrong))


def _has_input(blocks: Sequence[Piece]) -> bool:
    return any(block.get("type") == "input" for block in blocks)


def _blocks(blocks: Sequence[Piece]) -> Iterator[str]:
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(named) != len({*named}):
        yield "block_id: twice the same"
    for number, block in enumerate(blocks):
        yield from _block(block, f"block {number}")


def _block(block: Piece, at: str) -> Iterator[str]:
    kind = block.get("type")
    yield from _strings(block, at)
    yield from _texts(block, str(kind), at)
    match kind:
        case "section":
            yield from _section(block, at)
        case "header" | "divider":
            return
        case "context":
            yield from _count(block, "elements", 10, at)
            for element in block.get("elements", ()):
                yield from _text(element, 3000, f"{at}.elements", plain=False)
        case "actions":
            yield from _count(block, "elements", 5, at)
            ids = [element.get("action_id") for element in block.get("elements", ())]
            if len(ids) != len({*ids}):
                yield f"{at}: an action_id twice"
            for element in block.get("elements", ()):
                yield from _element(element, "actions", at)
        case "input":
            yield from _element(block.get("element", {}), "input", at)
        case _:
            yield f"{at}: unknown type {kind!r}"


def _section(block: Piece, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{at}: neither text nor fields"
    if "fields" in block:
        yield from _count(block, "fields", 10, at)
        for one in block["fields"]:
            yield from _text(one, 2000, f"{at}.fields", plain=False)
    if "accessory" in block:
        yield from _element(block["accessory"], "section", at)


def _element(element: Piece, within: str, at: str) -> Iterator[str]:
    kind = str(element.get("type"))
    at = f"{at}.{kind}"
    if kind not in _ELEMENTS[within]:
        yield f"{at}: does not belong in {within}"
        return
    yield from _strings(element, at)
    yield from _texts(element, _PIECES.get(kind, kind), at)
    if kind == "button" and len(element.get("value", "")) > 2000:
        yield f"{at}.value: too long"
    if kind in _OPTIONS:
        yield from _options(element, kind, at)
    if kind == "plain_text_input" and len(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield f"{at}.initial_value: too long"
    if "confirm" in element:
        yield from _texts(element["confirm"], "confirm", at)


def _options(element: Piece, kind: str, at: str) -> Iterator[str]:
    groups = element.get("option_groups")
    if groups is not None:
        yield from _count(element, "option_groups", 100, at)
        for group in groups:
            yield from _text(group["label"], 75, f"{at}.option_groups", plain=True)
    known = []
    for holder in groups or (element,):
        yield from _count(holder, "options", _OPTIONS[kind], at)
        known += holder.get("options", ())
    for one in known:
        yield from _texts(one, "option", f"{at}.options")
        if not 1 <= len(one.get("value", "")) <= 150:
            yield f"{at}.options: a value of {len(one.get('value', ''))} characters"
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", ())
    if any(one not in known for one in first):
        yield f"{at}: the first choice is none of the options"


def _count(piece: Piece, key: str, most: int, at: str) -> Iterator[str]:
    if not 1 <= len(piece.get(key, ())) <= most:
        yield f"{at}.{key}: {len(piece.get(key, ()))} of 1 to {most}"


def _strings(piece: Piece, at: str) -> Iterator[str]:
    for key, most in _STRING_LIMITS.items():
        if key in piece and not (isinstance(piece[key], str) and len(piece[key]) <= most):
            yield f"{at}.{key}: longer than {most}"


def _texts(piece: Piece, kind: str, at: str) -> Iterator[str]:
    for (owner, key), (most, plain) in _TEXT_LIMITS.items():
        if owner == kind and key in piece:
            yield from _text(piece[key], most, f"{at}.{key}", plain=plain)


def _text(piece: Piece, most: int, at: str, *, plain: bool) -> Iterator[str]:
    if piece.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        yield f"{at}: {piece.get('type')!r} is no kind of text here"
    length = len(piece.get("text", ""))
    if not 1 <= length <= most:
        yield f"{at}: {length} characters of 1 to {most}"
