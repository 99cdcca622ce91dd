"""Would Slack take these blocks, and which ids does it give to those that bear none?"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Literal

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import COMMON, Check, check_element
from bot.sandbox.wire import Json, copied

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_BLOCK_TEXT = 13_200  # Slack documents no such limit, yet answers msg_blocks_too_long from about here
_ids = itertools.count(1)


def accept(blocks: object, *, surface: Surface) -> list[Json]:
    """A copy of the blocks with ids filled in; raises SlackError `invalid_blocks` that names each place."""
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    check = Check()
    if len(blocks) > MOST_BLOCKS[surface]:
        check.wrong(f"no more than {MOST_BLOCKS[surface]} items allowed", "/blocks")
    for number, block in enumerate(blocks):
        if isinstance(block, dict):
            _check_block(check, block, f"/blocks/{number}", surface)
        else:
            check.wrong("must be an object", f"/blocks/{number}")
    if check.problems:
        raise SlackError("invalid_blocks", *check.problems)
    if surface == "message" and sum(len(text) for text in texts_of(blocks)) > MOST_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return _with_ids(blocks)


def texts_of(value: object) -> Iterator[str]:
    """Every `text` string anywhere inside blocks."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def _with_ids(blocks: list[Json]) -> list[Json]:
    given = copied(blocks)
    for block in given:
        block.setdefault("block_id", f"b{next(_ids)}")
        for element in elements_in(block):
            if element.get("type") != "image" and element.get("type") != "text":
                element.setdefault("action_id", f"a{next(_ids)}")
    return given


def elements_in(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    if block.get("type") == "actions":
        return list(block.get("elements", []))
    one = block.get("element") if block.get("type") == "input" else block.get("accessory")
    return [one] if isinstance(one, dict) and one.get("type") != "image" else []


def _check_block(check: Check, block: Json, at: str, surface: Surface) -> None:
    kind = str(block.get("type"))
    rule = _RULES.get(kind)
    if rule is None or (kind in _ONLY_MESSAGES and surface != "message"):
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.string(block, "block_id", 255, at)
    if block.get("block_id"):
        check.unique("block_id", str(block["block_id"]), f"{at}/block_id")
    rule(check, block, at)


def _section(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"text", "fields", "accessory", "expand"}, at)
    if block.get("text") is None and not block.get("fields"):
        check.wrong("missing required field: text or fields", at)
    check.text(block, "text", 3000, at)
    if block.get("fields") is not None:
        for number, one in enumerate(check.items(block, "fields", 10, at)):
            check.text({str(number): one}, str(number), 2000, f"{at}/fields")
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        if accessory.get("type") == "image":
            _image_element(check, accessory, f"{at}/accessory")
        else:
            check_element(check, accessory, f"{at}/accessory", within="section", block_id=at)


def _header(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"text", "level"}, at)
    check.text(block, "text", 150, at, required=True, plain=True)


def _divider(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON, at)


def _context(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"elements"}, at)
    for number, element in enumerate(check.items(block, "elements", 10, at)):
        where = f"{at}/elements/{number}"
        if element.get("type") == "image":
            _image_element(check, element, where)
        else:
            check.text({str(number): element}, str(number), 3000, f"{at}/elements")


def _actions(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"elements"}, at)
    for number, element in enumerate(check.items(block, "elements", 25, at)):
        check_element(check, element, f"{at}/elements/{number}", within="actions", block_id=at)


def _input(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"label", "element", "hint", "optional", "dispatch_action"}, at)
    check.text(block, "label", 2000, at, required=True, plain=True)
    check.text(block, "hint", 2000, at, plain=True)
    element = block.get("element")
    if isinstance(element, dict):
        check_element(check, element, f"{at}/element", within="input", block_id=at)
    else:
        check.wrong("missing required field: element", at)


def _image_element(check: Check, element: Json, at: str) -> None:
    check.keys(element, {"type", "image_url", "alt_text", "slack_file"}, at)
    check.string(element, "image_url", 3000, at, required="slack_file" not in element)
    check.string(element, "alt_text", 2000, at, required=True)


def _image(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"image_url", "alt_text", "title", "slack_file"}, at)
    check.string(block, "image_url", 3000, at, required="slack_file" not in block)
    check.string(block, "alt_text", 2000, at, required=True)
    check.text(block, "title", 2000, at, plain=True)


def _rich_text(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"elements"}, at)
    known = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for number, element in enumerate(check.items(block, "elements", 1000, at)):
        if element.get("type") not in known:
            check.wrong(f"unsupported type: {element.get('type')}", f"{at}/elements/{number}/type")


def _markdown(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"text"}, at)
    check.string(block, "text", 12_000, at, required=True, least=1)


def _table(check: Check, block: Json, at: str) -> None:
    check.keys(block, COMMON | {"rows", "column_settings"}, at)
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        check.wrong("must have between 1 and 100 rows", f"{at}/rows")
    elif any(not isinstance(row, list) or not 1 <= len(row) <= 20 for row in rows):
        check.wrong("each row must have between 1 and 20 cells", f"{at}/rows")
    check.unique("only_one_table_allowed", "table", at)


_RULES: dict[str, Callable[[Check, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "table": _table,
}
_ONLY_MESSAGES = {"markdown", "table"}

_EVENT_TYPE = re.compile(r"\w[\w.-]*")


def accept_metadata(metadata: object) -> Json | None:
    """Message metadata of a shape that Slack takes; raises SlackError invalid_metadata_format."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not _EVENT_TYPE.fullmatch(str(metadata.get("event_type", ""))):
        raise SlackError("invalid_metadata_schema")
    if len(str(metadata)) > 8000:
        raise SlackError("metadata_too_large")
    return copied(metadata)
