"""How is a refusal of the handbook's model said to a person: what is wrong, and what is allowed?"""

import difflib
from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.domain.handbook import Handbook
from bot.handbook.keys import model_at
from bot.handbook.tree import Flaw, Item, Place, find

MOST_GOT = 60
"""Characters of a wrong value that are said back: enough to find it."""

_KINDS = {
    "string_type": "must be text; put it in quotes",
    "bool_type": "must be `true` or `false`",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "dict_type": "must be `key: value` lines below it",
    "model_type": "must be `key: value` lines below it",
    "tuple_type": "must be a list: `[one, two]`, or lines that begin with `-`",
    "string_too_short": "must not be empty; leave the key out to say that it is open",
}


def flaws(errors: Iterable[ErrorDetails], root: Item, *, top: type[BaseModel] = Handbook) -> list[Flaw]:
    """Give each of the errors of a model (`top`) a place in the text and a sentence."""
    found = [_flaw(error, root, top) for error in errors]
    return list(dict.fromkeys(found))


def said(error: ErrorDetails, *, top: type[BaseModel]) -> str:
    """What is wrong with the value that an error of a model (`top`) names, as the end of a sentence."""
    return _sentence(error, tuple(step for step in error["loc"] if step != "[key]"), top)


def dotted(path: Iterable[str | int]) -> str:
    """Write a path as people do: `tiers.gold.targets.sev1`, `closed[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _flaw(error: ErrorDetails, root: Item, top: type[BaseModel]) -> Flaw:
    path = tuple(step for step in error["loc"] if step != "[key]")
    item, whole = find(root, path)
    place = _place(error, item, whole=whole, top=root)
    return Flaw(place, dotted(path), _sentence(error, path, top))


def _place(error: ErrorDetails, item: Item, *, whole: bool, top: Item) -> Place:
    if item is top:
        return top.at if isinstance(top.value, dict) and not top.value else Place(top.at.source, 1, 1)
    if error["type"] == "extra_forbidden" or error["loc"][-1] == "[key]" or not whole:
        return item.named_at
    return item.named_at if isinstance(item.value, dict) else item.at


def _sentence(error: ErrorDetails, path: tuple[str | int, ...], top: type[BaseModel]) -> str:
    kind = error["type"]
    context = error.get("ctx", {})
    match kind:
        case "missing":
            return f"is missing; {_meaning(path, top)}"
        case "extra_forbidden":
            return _unknown_key(path, top)
        case "value_error":
            return str(context["error"])
        case _:
            return f"{_rule(kind, context) or error['msg']} (got {_got(error['input'])})"


def _rule(kind: str, context: Mapping[str, object]) -> str | None:
    """What a value has to be, where its kind or its bounds are wrong."""
    match kind:
        case "literal_error" | "enum":
            return f"must be one of {_listed(str(context['expected']))}"
        case "string_pattern_mismatch":
            return f"must look like {_pattern_words(str(context['pattern']))}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case _:
            return _KINDS.get(kind)


def _got(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case bool():
            return "true" if value else "false"
        case None:
            return "nothing"
        case _:
            words = repr(value)
            return words if len(words) <= MOST_GOT else f"{words[:MOST_GOT]} …"


def _listed(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def _pattern_words(pattern: str) -> str:
    words = {
        r"^[a-z][a-z0-9_]{0,39}$": "a key: lower case letters, digits and `_`, beginning with a letter",
        r"^[A-Z][A-Z0-9]{0,7}$": "`T` or `SUP`: one to eight capital letters and digits",
        r"^\d{4}-\d{4}$": "a range of years such as `2025-2035`",
        r"^[a-z][a-z0-9._-]{0,39}$": "a short name: lower case letters, digits, `-`, `_` and `.`",
        r"^[UW][A-Z0-9]{2,20}$": "a Slack user id such as `U0ANA` (profile, More, Copy member ID)",
        r"^[CG][A-Z0-9]{2,20}$": "a Slack channel id such as `C0ACME` (channel details, at the bottom)",
        r"^T[A-Z0-9]{2,20}$": "a Slack workspace id such as `T0ACME`",
        r"^https?://\S+$": "a link that begins with http:// or https://",
        r"^[a-z]{2}$": "a language's two small letters, such as `en`",
        r"^[a-z][a-z0-9+.-]*://\S+$": "an address that begins with its kind, such as `mailto://ana@example.com`",
    }
    return words.get(pattern, f"`{pattern}`")


def _meaning(path: tuple[str | int, ...], top: type[BaseModel]) -> str:
    model = model_at(path[:-1], top=top)
    field = model.model_fields.get(str(path[-1])) if model else None
    return f"it says: {field.description}" if field and field.description else "write it"


def _unknown_key(path: tuple[str | int, ...], top: type[BaseModel]) -> str:
    model = model_at(path[:-1], top=top)
    allowed = list(model.model_fields) if model else []
    near = difflib.get_close_matches(str(path[-1]), allowed, n=1)
    guess = f"did you mean `{near[0]}`? " if near else ""
    return f"is not a key here; {guess}allowed: {', '.join(allowed)}"
