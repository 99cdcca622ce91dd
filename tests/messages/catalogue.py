"""What can the desk say at all? Every typed function of the catalogue, to be asked again with anybody's words.

The samples show each function with facts that fit; here the facts keep their shape and every word in them is another.
"""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, wraps
from types import ModuleType
from typing import Any, Literal

import bot.messages
from bot.domain.events import Words
from bot.domain.message import Block, CustomerMessage, InternalMessage
from bot.messages.outside import OutsideText
from bot.messages.sample_events import EVENTS
from bot.messages.words import Mrkdwn, clean, escape
from tests.messages.reading import CATALOG

OURS = {"id", "ticket_id", "zone", "key", "metadata", "handbook", "reference", "default_severity", "state", "person",
        "bot", "action"}  # fmt: skip
"""Names of what is never anybody's words: ids and keys of ours."""

ADDRESSES = {"url", "link", "calendar"}
EVENT_KINDS = tuple({type(event) for event in EVENTS})
BUILDERS = {"compose", "check", "form_parts", "sentences", "words"}
"""Modules that put finished parts together, or try them: the others are the catalogue."""

MESSAGES = {CustomerMessage, InternalMessage}
SAID = (*MESSAGES, OutsideText, str, Block)


@dataclass(frozen=True, slots=True)
class Call:
    """One function of the catalogue with the facts of a sample."""

    function: Callable[..., object]
    facts: Mapping[str, object]

    @property
    def name(self) -> str:
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"

    def said(self) -> object:
        """What it says with the facts of the sample."""
        return self._asked(self.facts)

    def said_with(self, words: str, many: int) -> object:
        """What it says when every word is this one, and of every list there is `many` times as much."""
        hints = _hints(self.function)
        given = {name: _strange(value, name, hints.get(name), words, many) for name, value in self.facts.items()}
        return self._asked(given)

    def _asked(self, facts: Mapping[str, object]) -> object:
        return self.function(CATALOG, **facts) if "catalog" in _hints(self.function) else self.function(**facts)


def functions() -> Iterator[tuple[ModuleType, Callable[..., object]]]:
    """Every public function that says something whole: a message, a form, an answer, a text for outside Slack."""
    for name, module in _modules():
        if name not in BUILDERS and not name.startswith("sample"):
            for function in _public(module):
                hints = _hints(function)
                if hints.get("return") in SAID and ("catalog" in hints or hints["return"] in MESSAGES):
                    yield module, function


@cache
def calls() -> tuple[Call, ...]:
    """Every call that drawing all the samples makes."""
    heard: list[Call] = []
    with _listening(heard):
        for name, module in _modules():
            for samples in _public(module) if name.startswith("sample") else ():
                if [*_hints(samples)] == ["catalog", "return"]:
                    list(samples(CATALOG))
    return tuple(heard)


def _modules() -> Iterator[tuple[str, ModuleType]]:
    for found in pkgutil.iter_modules(bot.messages.__path__):
        yield found.name, importlib.import_module(f"bot.messages.{found.name}")


def _public(module: ModuleType) -> list[Callable[..., Any]]:
    found = inspect.getmembers(module, inspect.isfunction)
    return [each for name, each in found if each.__module__ == module.__name__ and not name.startswith("_")]


@contextmanager
def _listening(heard: list[Call]) -> Iterator[None]:
    listened = [*functions()]
    for module, function in listened:
        setattr(module, function.__name__, _heard(function, heard))
    try:
        yield
    finally:
        for module, function in listened:
            setattr(module, function.__name__, function)


def _heard(function: Callable[..., object], heard: list[Call]) -> Callable[..., object]:
    @wraps(function)
    def told(*given: object, **named: object) -> object:
        facts = inspect.signature(function).bind(*given, **named).arguments
        heard.append(Call(function, {name: each for name, each in facts.items() if name != "catalog"}))
        return function(*given, **named)

    return told


def _strange(value: object, name: str, hint: object, words: str, many: int) -> object:
    if name in OURS or hint is Block or _is_chosen(hint):
        return value
    if isinstance(value, str):
        return _strange_text(value, name, words)
    if isinstance(value, tuple):
        return _strange_list(value, name, words, many)
    if isinstance(value, Mapping) and "type" not in value:
        return {key: _strange(each, str(key), None, words, many) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _strange_value(value, words, many)
    return value


def _strange_list(values: tuple[object, ...], name: str, words: str, many: int) -> tuple[object, ...]:
    """So many more of the same; what is a tuple itself is one entry, whose length says what it is."""
    odd = [
        tuple(_strange(part, name, None, words, 1) for part in each) if isinstance(each, tuple)
        else _strange(each, name, None, words, many)
        for each in values
    ]  # fmt: skip
    return tuple(_another(each, number) for number in range(many) for each in odd)


def _strange_text(value: str, name: str, words: str) -> str:
    if isinstance(value, Mrkdwn):
        return escape(words)
    # An enum's word is ours, and a sentence of ours is never empty.
    if type(value) is not str or (name == "sentence" and not clean(words).strip()):
        return value
    return f"https://a.example/{words}" if name in ADDRESSES else words


def _strange_value(value: Any, words: str, many: int) -> object:
    hints = typing.get_type_hints(type(value))
    own = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
    if isinstance(value, EVENT_KINDS):
        # What an event holds is ids and keys of ours, but for what people wrote.
        own = {name: each for name, each in own.items() if hints[name] is Words}
    return replace(value, **{name: _strange(each, name, hints[name], words, many) for name, each in own.items()})


def _another(value: object, number: int) -> object:
    """One more of the same, under a key of its own where it has one."""
    if not number or not is_dataclass(value) or isinstance(value, type):
        return value
    keys = {one.name: getattr(value, one.name) for one in fields(value) if one.name in {"id", "key"}}
    return replace(value, **{name: f"{key}{number}" for name, key in keys.items()})


def _is_chosen(hint: object) -> bool:
    """Whether only fixed words may stand there."""
    return typing.get_origin(hint) is Literal or any(_is_chosen(each) for each in typing.get_args(hint))


@cache
def _hints(of: Callable[..., object]) -> dict[str, object]:
    return typing.get_type_hints(of)
