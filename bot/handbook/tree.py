"""What does a YAML text say, and at which line and column does it say so?

YAML 1.1 and 1.2 read some plain words differently (`no`, `12:30`, `010`); such words are refused, so that a handbook
means the same to every reader. Values are those of YAML 1.2's core schema; all keys are text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import yaml

from bot.handbook.errors import HandbookError

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"

_WORDS_FOR_TRUTH = re.compile(r"^(y|n|yes|no|on|off)$", re.IGNORECASE)
_BASE_60 = re.compile(r"^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$")
_ODD_NUMBER = re.compile(r"^[-+]?(0\d[\d_]*|0[box][\da-fA-F_]+|\d[\d_]*_[\d_]*)$")
_INT = re.compile(r"^[-+]?\d+$")
_FLOAT = re.compile(r"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
DEEPEST = 20
"""Levels of nesting beyond which a text is no handbook."""

_STANDARD_TAG = "tag:yaml.org,2002:"


_Loader: TypeAlias = Any
CAREFUL: _Loader = yaml.SafeLoader
QUICK: _Loader = getattr(yaml, "CSafeLoader", CAREFUL)
"""Ten times as fast, where the library brings it along: the directory of a large desk is long."""


class _Mark(Protocol):
    """A place as the YAML library gives it, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of a source, both from 1."""

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its place, and with its key's place where it has a key."""

    value: "Scalar | dict[str, Item] | list[Item]"
    at: Place
    key_at: Place | None = None

    @property
    def named_at(self) -> Place:
        """Where its key stands, else where it begins."""
        return self.key_at or self.at

    def members(self) -> "dict[str, Item]":
        """Give a mapping's items, a copy; nothing for other values."""
        return dict(self.value) if isinstance(self.value, dict) else {}

    def plain(self) -> Plain:
        """Give the value without places."""
        match self.value:
            case dict():
                return {key: item.plain() for key, item in self.value.items()}
            case list():
                return [item.plain() for item in self.value]
            case _:
                return self.value


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at a place: the key it concerns (may be empty), and the sentence."""

    at: Place
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.at}: {self.key}: {self.text}" if self.key else f"{self.at}: {self.text}"


def refuse(flaws: Iterable[Flaw]) -> None:
    """Raise HandbookError with all flaws in the order of the text; nothing where there are none."""
    ordered = sorted(dict.fromkeys(flaws), key=lambda flaw: (flaw.at.source, flaw.at.line, flaw.at.column))
    if ordered:
        raise HandbookError(map(str, ordered))


def read_tree(text: str, source: str, *, begin: str = "extends: enterprise") -> Item:
    """Read a YAML text into a tree of items with their places; HandbookError has every flaw that it finds.

    `begin` is a line that such a text may begin with, for the sentence about an empty one.
    """
    reader = _Reader(source)
    start = Place(source, 1, 1)
    try:
        node = reader.node(text)
    except yaml.MarkedYAMLError as error:
        raise HandbookError([str(_syntax(error, start))]) from error
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise HandbookError([str(Flaw(start, "", f"cannot be read as YAML: {said}"))]) from error
    except RecursionError as error:
        raise HandbookError([str(Flaw(start, "", "is nested too deeply to be read"))]) from error
    if node is None:
        raise HandbookError([str(Flaw(start, "", f"is empty; begin with `{begin}`"))])
    item = reader.item(node, "")
    if not isinstance(item.value, dict):
        reader.flaws.append(Flaw(item.at, "", f"must be `key: value` lines; begin with `{begin}`"))
    refuse(reader.flaws)
    return item


def _syntax(error: yaml.MarkedYAMLError, start: Place) -> Flaw:
    mark = error.problem_mark or error.context_mark
    place = Place(start.source, mark.line + 1, mark.column + 1) if mark else start
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return Flaw(place, "", f"is not YAML: {said}; check the indentation, colons and quotes here")


class _Reader:
    """Turns YAML's nodes into items and gathers flaws on the way."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.flaws: list[Flaw] = []

    def node(self, text: str) -> yaml.Node | None:
        """The text as YAML's nodes; raises what YAML's careful reader says of it."""
        try:
            return self._node(text, QUICK)
        except (yaml.YAMLError, UnicodeError):
            # The quick one is of few words, and knows no half characters.
            return self._node(text, CAREFUL)

    def _node(self, text: str, loader: _Loader) -> yaml.Node | None:
        self._refuse_mazes(text, loader)
        node: yaml.Node | None = yaml.compose(text, Loader=loader)
        return node

    def _refuse_mazes(self, text: str, loader: _Loader) -> None:
        """An alias can make a small file enormous, and so can brackets within brackets."""
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                place = self._place(event.start_mark)
                refuse([Flaw(place, "", f"is nested deeper than {DEEPEST} levels; no key of a handbook lies so deep")])
            if isinstance(event, yaml.AliasEvent):
                place = self._place(event.start_mark)
                refuse([Flaw(place, "", f"`*{event.anchor}` is an alias; write the value out, or use `extends`")])

    def flaw(self, mark: _Mark | None, key: str, text: str) -> None:
        self.flaws.append(Flaw(self._place(mark), key, text))

    def _place(self, mark: _Mark | None) -> Place:
        return Place(self.source, mark.line + 1, mark.column + 1) if mark else Place(self.source, 1, 1)

    def item(self, node: yaml.Node, path: str) -> Item:
        at = self._place(node.start_mark)
        match node:
            case yaml.MappingNode():
                return Item(self._mapping(node, path), at)
            case yaml.SequenceNode():
                return Item([self.item(each, f"{path}[{index}]") for index, each in enumerate(node.value)], at)
            case yaml.ScalarNode():
                return Item(self._scalar(node, path), at)
            case _:
                self.flaw(node.start_mark, path, "is neither a word, a list nor a mapping")
                return Item(None, at)

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Item]:
        items: dict[str, Item] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.flaw(key_node.start_mark, path, "a key must be a single word, not a list or a mapping")
                continue
            key = key_node.value
            inner = f"{path}.{key}" if path else key
            self._refuse_traps(key_node, inner)
            if key in items:
                first = items[key].named_at
                self.flaw(key_node.start_mark, inner, f"is written twice (first in line {first.line}); keep one")
                continue
            items[key] = replace(self.item(value_node, inner), key_at=self._place(key_node.start_mark))
        return items

    def _scalar(self, node: yaml.ScalarNode, path: str) -> Scalar:
        if not node.tag.startswith(_STANDARD_TAG):
            self.flaw(node.start_mark, path, f"has the tag `{node.tag}`, not known here; write the plain value")
            return None
        if "\0" in node.value:
            self.flaw(node.start_mark, path, "holds the character \\0, which no database keeps; leave it out")
            return None
        if node.style or self._refuse_traps(node, path):
            return str(node.value)
        return plain_value(node.value)

    def _refuse_traps(self, node: yaml.ScalarNode, path: str) -> bool:
        word = node.value
        if node.style:
            return False
        if _WORDS_FOR_TRUTH.match(word):
            self.flaw(
                node.start_mark,
                path,
                f"`{word}` is a word to some readers of YAML and true or false to others; "
                f'write `true` or `false`, or "{word}" in quotes',
            )
        elif _BASE_60.match(word):
            self.flaw(
                node.start_mark,
                path,
                f'`{word}` is a number of base 60 to some readers; write "{word}" in quotes',
            )
        elif _ODD_NUMBER.match(word):
            self.flaw(
                node.start_mark,
                path,
                f"`{word}` is a different number to different readers of YAML; "
                f'write it in plain decimal digits, or "{word}" in quotes',
            )
        else:
            return False
        return True


def plain_value(word: str) -> Scalar:
    """Read an unquoted word as YAML 1.2's core schema does: null, a truth value, a number, else text."""
    if word in _NULLS:
        return None
    if word in _BOOLS:
        return _BOOLS[word]
    if _INT.match(word):
        return int(word)
    if _FLOAT.match(word):
        return float(word)
    return word


def merged(base: Item, own: Item) -> Item:
    """Lay `own` over `base`: mappings by key and deeply, all else replaces; null takes an inherited key away."""
    if not isinstance(base.value, dict) or not isinstance(own.value, dict):
        return own
    items = dict(base.value)
    for key, item in own.value.items():
        if item.value is None:
            items.pop(key, None)
        elif key in items:
            items[key] = merged(items[key], item)
        else:
            items[key] = item
    return replace(own, value=items)


def without_nulls(item: Item) -> Item:
    """Take away every key whose value is null: an unset key and a null one mean the same."""
    match item.value:
        case dict():
            return replace(
                item, value={key: without_nulls(each) for key, each in item.value.items() if each.value is not None}
            )
        case list():
            return replace(item, value=[without_nulls(each) for each in item.value])
        case _:
            return item


def find(root: Item, path: tuple[str | int, ...]) -> tuple[Item, bool]:
    """Follow a path as far as it goes; says with it whether its end was reached."""
    item = root
    for step in path:
        match item.value:
            case dict() if str(step) in item.value:
                item = item.value[str(step)]
            case list() if isinstance(step, int) and step < len(item.value):
                item = item.value[step]
            case _:
                return item, False
    return item, True
