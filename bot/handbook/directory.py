"""How does a directory file become a checked value, and how is the value written as a file again?"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from bot.domain.directory import Directory, Tiers, faults
from bot.handbook import wording
from bot.handbook.errors import HandbookError
from bot.handbook.loader import load
from bot.handbook.tree import Flaw, Place, find, read_tree, refuse, without_nulls

LARGEST_FILE = 5_000_000
"""Bytes beyond which a file is not read as a directory."""


@dataclass(frozen=True, slots=True)
class LoadedDirectory:
    """A directory, the SHA-256 of its file's content in hex, and the file."""

    directory: Directory
    hash: str
    source: str


def load_directory(
    path: str, *, tiers: Tiers | None = None, languages: Collection[str] | None = None
) -> LoadedDirectory:
    """Read a directory file; `tiers` are the known tiers by handbook (None is the default one).

    Handbooks of customers that are not among them are read from their files; without `tiers` none is looked at.
    `languages` are those that customers can be written to in; without them any will do.

    Raises HandbookError with every fault as `file:line:column: key: what is wrong, what is allowed`.
    """
    try:
        content = Path(path).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise HandbookError([f"{path}: {reason}; give the path of a directory file"]) from error
    except UnicodeDecodeError as error:
        raise HandbookError([f"{path}:1:1: is not UTF-8; save the file as UTF-8"]) from error
    if len(content) > LARGEST_FILE:
        raise HandbookError([f"{path}:1:1: has {len(content)} bytes; a directory has at most {LARGEST_FILE}"])
    directory = parse_directory(text, path, tiers=tiers, languages=languages)
    return LoadedDirectory(directory, hashlib.sha256(content).hexdigest(), path)


def parse_directory(
    text: str, source: str, *, tiers: Tiers | None = None, languages: Collection[str] | None = None
) -> Directory:
    """Read a directory's text. Raises HandbookError as `load_directory` does."""
    tree = without_nulls(read_tree(text, source, begin="people:"))
    try:
        directory = Directory.model_validate(tree.plain())
    except ValidationError as error:
        refuse(wording.flaws(error.errors(), tree, top=Directory))
        raise
    unread: dict[tuple[str | int, ...], str] = {}
    if tiers is not None:
        own, unread = _own_handbooks(directory, tiers)
        tiers = {**tiers, **own}
    found = []
    for path, sentence in (*unread.items(), *faults(directory, tiers=tiers, languages=languages)):
        item, _ = find(tree, path)
        place = Place(source, 1, 1) if item is tree else item.named_at if isinstance(item.value, dict) else item.at
        found.append(Flaw(place, wording.dotted(path), sentence))
    refuse(found)
    return directory


def _own_handbooks(directory: Directory, tiers: Tiers) -> tuple[Tiers, dict[tuple[str | int, ...], str]]:
    """The tiers of the handbooks that only customers name, and which of them cannot be read, by path and sentence."""
    own: dict[str | None, frozenset[str]] = {}
    unread: dict[tuple[str | int, ...], str] = {}
    for key, customer in directory.customers.items():
        name = customer.handbook
        if name is None or name in tiers or name in own:
            continue
        try:
            own[name] = frozenset(load(name).handbook.tiers)
        except HandbookError as error:
            unread["customers", key, "handbook"] = f"cannot be used: {error.faults[0]}"
    return own, unread


def directory_text(directory: Directory) -> str:
    """Write a directory as a file that reads back as the same directory."""
    content = directory.model_dump(mode="json", exclude_defaults=True)
    if "levels" in content:
        content["levels"] = {int(level): targets for level, targets in content["levels"].items()}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120) if content else "{}\n"
