"""How does a handbook's file become the one value that the bot obeys and pins on each ticket?"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from bot.domain.handbook import Handbook
from bot.domain.handbook_faults import faults
from bot.domain.handbook_tiers import Hours
from bot.handbook import wording
from bot.handbook.errors import HandbookError
from bot.handbook.public_holidays import UnknownPlaceError, holiday_dates
from bot.handbook.tree import Flaw, Item, Place, find, merged, read_tree, refuse, without_nulls

LARGEST_FILE = 1_000_000
"""Bytes beyond which a file is not read as a handbook."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A handbook with its canonical text, that text's SHA-256 in hex, and the file or built-in it came from."""

    handbook: Handbook
    text: str
    hash: str
    source: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A file's name for people, its text, its stem, and the folder that its own `extends` counts from."""

    label: str
    stem: str
    text: str
    folder: Path


def names() -> tuple[str, ...]:
    """Give the names of the built-in handbooks, the default first."""
    return ("enterprise", "channel", "service", "sla")


def load(name_or_path: str) -> Loaded:
    """Read a built-in handbook by name or a file by path, with all that it extends, and write public holidays out.

    Raises HandbookError with every fault as `file:line:column: key: what is wrong, what is allowed`.
    """
    # What ships never changes while a process runs; a file may.
    return _built_in(name_or_path) if name_or_path in names() else _read(name_or_path)


@cache
def _built_in(name: str) -> Loaded:
    return _read(name)


def _read(name_or_path: str) -> Loaded:
    source = _open(name_or_path, Path())
    tree = _resolved(source, ())
    handbook = _with_holidays(_validated(tree, source.stem), tree)
    found = [_placed(path, text, tree) for path, text in faults(handbook)]
    refuse(found)
    text = canonical(handbook)
    return Loaded(handbook, text, fingerprint(text), source.label)


def from_text(text: str) -> Handbook:
    """Read a handbook back from its canonical text, as a ticket has it pinned. HandbookError: it is not canonical."""
    try:
        return Handbook.model_validate_json(text)
    except ValidationError as error:
        tree = Item({}, Place("pinned handbook", 1, 1))
        raise HandbookError(map(str, wording.flaws(error.errors(), tree))) from error


def canonical(handbook: Handbook) -> str:
    """Write a handbook as the text that is hashed, stored and pinned: JSON with every key that is set, defaults too."""
    content = handbook.model_dump(mode="json", exclude_none=True)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _open(name_or_path: str, folder: Path) -> _Source:
    if name_or_path in names():
        text = resources.files("bot.handbook").joinpath("builtin", f"{name_or_path}.yml").read_text("utf-8")
        return _Source(f"{name_or_path}.yml", name_or_path, text, folder)
    path = folder / name_or_path
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        known = ", ".join(names())
        reason = (error.strerror or "cannot be read").lower()
        raise HandbookError([f"{name_or_path}: {reason}; give the path of a file, or a built-in: {known}"]) from error
    if size > LARGEST_FILE:
        raise HandbookError([f"{name_or_path}:1:1: has {size} bytes; a handbook has at most {LARGEST_FILE}"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise HandbookError([f"{name_or_path}:{line}:{column}: is not UTF-8; save the file as UTF-8"]) from error
    return _Source(str(path), path.stem, text, path.parent)


def _resolved(source: _Source, seen: tuple[str, ...]) -> Item:
    """Lay a source over what it extends; every value keeps the place where it was written."""
    tree = read_tree(source.text, source.label)
    own = tree.members()
    extends = own.pop("extends", None)
    bare = replace(tree, value=own)
    if extends is None or extends.value is None:
        return without_nulls(bare)
    if not isinstance(extends.value, str):
        refuse([Flaw(extends.at, "extends", f"must be a built-in ({', '.join(names())}) or the path of a file")])
    base = _base(str(extends.value), extends, source, (*seen, source.label))
    return without_nulls(merged(base, bare))


def _base(wanted: str, extends: Item, source: _Source, seen: tuple[str, ...]) -> Item:
    try:
        parent = _open(wanted, source.folder)
    except HandbookError as error:
        said = "; ".join(error.faults)
        raise HandbookError([str(Flaw(extends.at, "extends", f"leads to nothing: {said}"))]) from error
    if parent.label in seen:
        chain = " -> ".join((*seen, parent.label))
        raise HandbookError([str(Flaw(extends.at, "extends", f"goes in a circle ({chain}); extend another handbook"))])
    base = _resolved(parent, seen)
    return replace(base, value={key: item for key, item in base.members().items() if key != "name"})


def _validated(tree: Item, stem: str) -> Handbook:
    content = tree.plain()
    if isinstance(content, dict):
        content.setdefault("name", _key_of(stem))
    found: list[Flaw] = []
    try:
        handbook = Handbook.model_validate(content)
    except ValidationError as error:
        found = wording.flaws(error.errors(), tree)
    found += _written_by_hand(tree)
    refuse(found)
    return handbook


def _key_of(stem: str) -> str:
    word = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in stem.lower()).strip("_")
    return (word if word[:1].isalpha() else f"h_{word}")[:40]


def _hours_parts(tree: Item) -> list[tuple[str | int, ...]]:
    """Paths of everything that has hours and holidays."""
    tiers, whole = find(tree, ("tiers",))
    return [("business_calendar",), *(("tiers", key) for key in (tiers.members() if whole else {}))]


def _written_by_hand(tree: Item) -> list[Flaw]:
    found = []
    for path in _hours_parts(tree):
        item, whole = find(tree, (*path, "public_holidays"))
        if whole:
            text = "is written by the loader; name places in `holidays` or dates in `closed`"
            found.append(Flaw(item.named_at, wording.dotted((*path, "public_holidays")), text))
    return found


def _with_holidays(handbook: Handbook, tree: Item) -> Handbook:
    """Write the public holidays of every calendar out as dates."""
    found: list[Flaw] = []

    def dated(part: Hours, path: tuple[str | int, ...]) -> dict[str, object]:
        if not part.holidays:
            return {}
        here = (*path, "holidays")
        if handbook.holiday_years is None:
            found.append(_placed(here, "need `holiday_years`, such as `2025-2035`, so that they become dates", tree))
            return {}
        first, last = map(int, handbook.holiday_years.split("-"))
        if not 1990 <= first <= last <= 2100:
            found.append(_placed(("holiday_years",), "must go forward and lie between 1990 and 2100", tree))
            return {}
        try:
            return {"public_holidays": holiday_dates(part.holidays, first, last)}
        except UnknownPlaceError as error:
            found.append(_placed(here, str(error), tree))
            return {}

    business = handbook.business_calendar
    changed: dict[str, object] = {
        "business_calendar": business.model_copy(update=dated(business, ("business_calendar",))),
        "tiers": {key: tier.model_copy(update=dated(tier, ("tiers", key))) for key, tier in handbook.tiers.items()},
    }
    refuse(found)
    return handbook.model_copy(update=changed)


def _placed(path: tuple[str | int, ...], text: str, tree: Item) -> Flaw:
    item, whole = find(tree, path)
    if item is tree:
        return Flaw(Place(tree.at.source, 1, 1), wording.dotted(path), text)
    place = item.at if whole and not isinstance(item.value, dict) else item.named_at
    return Flaw(place, wording.dotted(path), text)
