"""Which handbooks ship, what does one say when all is resolved, and what differs between two?"""

import json
from collections.abc import Iterator
from typing import cast

import yaml

from bot.handbook.loader import Loaded, load, names
from bot.handbook.tree import Plain
from bot.handbook.wording import dotted


def listing() -> str:
    """Name the built-in handbooks with title, tiers and severities, one a line, the default first."""
    lines = []
    for name in names():
        handbook = load(name).handbook
        severities = ", ".join(handbook.severity_names().values())
        lines.append(f"{name:<11} {handbook.title}: tiers {', '.join(handbook.tiers)}; {severities}")
    return "\n".join(lines) + "\n"


def effective(loaded: Loaded) -> str:
    """Write a handbook out as YAML with all that it inherits; loading that text gives the same handbook again.

    Public holidays are named by place; their dates are in the canonical text only.
    """
    content = _content(loaded)
    for part in [content["business_calendar"], *cast("dict[str, Plain]", content["tiers"]).values()]:
        cast("dict[str, Plain]", part).pop("public_holidays", None)
    head = f"# {loaded.handbook.title}, from {loaded.source}\n# pinned as {loaded.hash}\n"
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def check(loaded: Loaded) -> str:
    """Say in one line that a handbook is sound, and what it holds."""
    handbook = loaded.handbook
    return (
        f"{loaded.source}: sound: {handbook.title}; tiers {', '.join(handbook.tiers)};"
        f" {', '.join(handbook.severity_names().values())}; pinned as {loaded.hash[:12]}\n"
    )


def diff(old: Loaded, new: Loaded) -> str:
    """Name every key that differs, one a line: `key: old -> new`, `key: added new`, `key: removed old`."""
    before, after = dict(_leaves(_content(old))), dict(_leaves(_content(new)))
    lines = []
    for key in dict.fromkeys([*before, *after]):
        if key not in before:
            lines.append(f"{key}: added {_said(after[key])}")
        elif key not in after:
            lines.append(f"{key}: removed {_said(before[key])}")
        elif before[key] != after[key]:
            lines.append(f"{key}: {_said(before[key])} -> {_said(after[key])}")
    return "\n".join(lines) + "\n" if lines else "no difference\n"


def _content(loaded: Loaded) -> dict[str, Plain]:
    return cast("dict[str, Plain]", json.loads(loaded.text))


def _leaves(value: Plain, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Plain]]:
    """Every value that is no mapping, with its dotted key; lists are compared whole unless they hold mappings."""
    match value:
        case dict() if value:
            for key, each in value.items():
                yield from _leaves(each, (*path, key))
        case list() if any(isinstance(each, dict) for each in value):
            for index, each in enumerate(value):
                yield from _leaves(each, (*path, index))
        case _:
            yield dotted(path), value


def _said(value: Plain) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
