"""Which Block Kit pieces do we build from? Each is cut to Slack's limits with an ellipsis, so that none is refused."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.domain.message import Block
from bot.messages.words import ELLIPSIS, clean, cut

SECTION = 3000
FIELD = 2000
HEADER = 150
LABEL = 75
GROUP = 100
ALL_TEXT = 11_500
"""Slack documents no such limit, yet refuses messages whose blocks hold more than about twelve thousand characters."""


def plain(text: str, limit: int) -> Block:
    """Plain text of at most `limit` characters, never empty; Slack parses nothing in it."""
    words = clean(text).strip() or ELLIPSIS
    return {
        "type": "plain_text",
        "text": words if len(words) <= limit else words[: limit - 1] + ELLIPSIS,
        "emoji": False,
    }


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """Finished mrkdwn of at most `limit` characters; `verbatim` keeps Slack from finding names in it."""
    return {"type": "mrkdwn", "text": cut(text, limit) or ELLIPSIS, "verbatim": True}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """One paragraph of mrkdwn, with an element beside it if one is given."""
    return {"type": "section", "text": mrkdwn(text)} | ({"accessory": accessory} if accessory else {})


def sections(text: str, *, most: int = 4) -> list[Block]:
    """Long mrkdwn as several paragraphs, parted at line ends where there are any."""
    parts: list[str] = []
    rest = text
    while rest and len(parts) < most - 1 and len(rest) > SECTION:
        whole = cut(rest, SECTION).removesuffix(ELLIPSIS)
        at = whole.rfind("\n")
        at = at if at > SECTION // 2 else len(whole)
        parts.append(rest[:at])
        rest = rest[at:].lstrip("\n")
    return [section(part) for part in [*parts, rest] if part.strip()]


def fields(pairs: Iterable[str]) -> Block:
    """Up to ten short facts in two columns."""
    return {"type": "section", "fields": [mrkdwn(pair, FIELD) for pair in pairs][:10]}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts][:10]}


def header(text: str) -> Block:
    """A heading in plain text."""
    return {"type": "header", "text": plain(text, HEADER)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    """A row of buttons; at most five, so that they stay one row."""
    return {"type": "actions", "elements": [*elements][:5]}


def button(
    action: str, label: str, *, value: str, aloud: str = "", style: str = "", confirm: Block | None = None
) -> Block:
    """A button. `aloud` is what a screen reader says in its place; `style` is empty, `primary` or `danger`."""
    made: Block = {"type": "button", "action_id": action, "text": plain(label, LABEL), "value": value[:2000]}
    made["accessibility_label"] = (aloud or f"{label} {value}")[:LABEL]
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def menu(action: str, label: str, options: Sequence[Block]) -> Block:
    """A menu of any number of further actions; what is chosen is done at once."""
    return {"type": "static_select", "action_id": action, "placeholder": plain(label, 150), "options": [*options][:100]}


def option(value: str, label: str, description: str = "") -> Block:
    """One choice of a menu or select."""
    made: Block = {"text": plain(label, LABEL), "value": value[:150]}
    return made | ({"description": plain(description, LABEL)} if description else {})


def confirm(*, title: str, text: str, yes: str, no: str) -> Block:
    """A question before a button takes effect."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def select(options: Sequence[Block], *, first: str | None = None, placeholder: str = "") -> Block:
    """A select of up to a hundred options; `first` is the value chosen beforehand, if it is among them."""
    made: Block = {"type": "static_select", "action_id": "value", "options": [*options][:100]}
    chosen = [one for one in made["options"] if one["value"] == first]
    if chosen:
        made["initial_option"] = chosen[0]
    return made | ({"placeholder": plain(placeholder, 150)} if placeholder else {})


def long_select(options: Sequence[Block], *, first: Sequence[str] = (), many: bool = False) -> Block:
    """A select of up to ten thousand options, in groups where there are more than a hundred; `first` are chosen."""
    made: Block = {"type": "multi_static_select" if many else "static_select", "action_id": "value"}
    if len(options) <= GROUP:
        made["options"] = [*options]
    else:
        parts = [[*options[at : at + GROUP]] for at in range(0, min(len(options), GROUP * GROUP), GROUP)]
        made["option_groups"] = [
            {"label": plain(f"{part[0]['text']['text'][:30]} {ELLIPSIS} {part[-1]['text']['text'][:30]}", LABEL),
             "options": part}
            for part in parts
        ]  # fmt: skip
    known = {one["value"]: one for one in options[: GROUP * GROUP]}
    chosen = [known[one] for one in first if one in known]
    if chosen:
        made["initial_options" if many else "initial_option"] = chosen if many else chosen[0]
    return made


def person_select(*, first: str = "") -> Block:
    """A field to choose somebody of the workspace in; `first` is a Slack user id."""
    return {"type": "users_select", "action_id": "value"} | ({"initial_user": first} if first else {})


def channel_select(*, first: str = "") -> Block:
    """A field to choose a channel in, public or private; `first` is its id."""
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    made: Block = {"type": "conversations_select", "action_id": "value", "filter": kinds}
    return made | ({"initial_conversation": first} if first else {})


def checkboxes(options: Sequence[Block]) -> Block:
    """Up to ten boxes to tick, none beforehand."""
    return {"type": "checkboxes", "action_id": "value", "options": [*options][:10]}


def text_input(*, value: str = "", lines: bool = False, placeholder: str = "") -> Block:
    """A field to write in, with the text that is kept in it."""
    made: Block = {"type": "plain_text_input", "action_id": "value", "multiline": lines, "max_length": SECTION}
    kept = clean(value)
    if kept:
        made["initial_value"] = _short(kept, SECTION)
    return made | ({"placeholder": plain(placeholder, 150)} if placeholder else {})


def field(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """A field of a form; its block is named after the field, so that an error finds it."""
    made: Block = {"type": "input", "block_id": name, "label": plain(label, 150), "element": element}
    made["optional"] = optional
    return made | ({"hint": plain(hint, 500)} if hint else {})


def file_input(*, most: int) -> Block:
    """A field to attach files to, one to ten."""
    return {"type": "file_input", "action_id": "value", "max_files": most}


def date_input(*, first: date | None = None) -> Block:
    """A field to choose a day in."""
    made: Block = {"type": "datepicker", "action_id": "value"}
    return made | ({"initial_date": first.isoformat()} if first else {})


def moment_input(*, first: datetime | None = None) -> Block:
    """A field to choose a day and a time in, in the zone of whoever fills it in."""
    made: Block = {"type": "datetimepicker", "action_id": "value"}
    return made | ({"initial_date_time": int(first.timestamp())} if first else {})


def modal(*, callback: str, title: str, submit: str, close: str, blocks: Sequence[Block], metadata: str) -> Block:
    """A form, ready for `views.open`."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(close, 24),
        "private_metadata": metadata,
        "blocks": [*blocks][:100],
    }


def fitted(blocks: Sequence[Block], *, most: int = ALL_TEXT) -> tuple[Block, ...]:
    """The blocks with their longest texts cut until all of them together fit into one message of at most 50 blocks."""
    kept = [*blocks][:50]
    while (over := sum(map(_length, kept)) - most) > 0:
        at = max(range(len(kept)), key=lambda at: len(_words(kept[at])))
        words = _words(kept[at])
        if len(words) <= 200:
            break
        kept[at] = {**kept[at], "text": mrkdwn(words, max(200, len(words) - over))}
    return tuple(kept)


def _short(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1] + ELLIPSIS


def _words(block: Block) -> str:
    """The text of a section, the only block that can be cut short."""
    words: str = block["text"]["text"] if block["type"] == "section" and "text" in block else ""
    return words


def _length(piece: object) -> int:
    if isinstance(piece, dict):
        length = 0
        for key, inner in piece.items():
            if isinstance(inner, str):
                length += len(inner) if key == "text" else 0
            else:
                length += _length(inner)
        return length
    return sum(map(_length, piece)) if isinstance(piece, (list, tuple)) else 0
