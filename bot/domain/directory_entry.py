"""What of the directory is changed by itself, and how does a form's text become it and come out again?

A form is the directory file in pieces: each field bears the key that it has there, and is checked by the same rules.
Addresses hold passwords, so a form shows them masked; a line that was left masked keeps what stands there.
"""

import copy
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.domain.directory import Directory, Path
from bot.domain.errors import BadInput

Tree = dict[str, Any]
"""A directory as plain values."""


class Thing(StrEnum):
    """What there is to change."""

    CUSTOMER = "customer"
    MEMBER = "member"
    COLLEAGUE = "colleague"
    TEAM = "team"
    ROTATION = "rotation"
    LEVEL = "level"
    DUTY = "duty"
    CHANNELS = "channels"


FIELDS: Mapping[Thing, tuple[str, ...]] = MappingProxyType(
    {
        Thing.CUSTOMER: (
            "name", "channel", "tier", "timezone", "account_manager", "every_message", "contract", "language",
            "handbook", "contacts",
        ),
        Thing.MEMBER: ("name", "slack", "team", "role", "timezone", "contacts"),
        Thing.COLLEAGUE: ("name", "slack", "role", "timezone", "hours", "skills", "contacts"),
        Thing.TEAM: ("members",),
        Thing.ROTATION: ("order", "every", "handoff", "timezone", "start", "restrict", "only"),
        Thing.LEVEL: ("targets",),
        Thing.DUTY: ("target",),
        Thing.CHANNELS: ("triage", "operations"),
    }
)  # fmt: skip
"""The fields of each form, as the directory file calls them."""

_WHOLE = MappingProxyType({Thing.TEAM: "members", Thing.LEVEL: "targets", Thing.DUTY: "target"})
"""Things that are one value in the file: the field that holds it."""

_ROOMS = MappingProxyType(
    {
        Thing.CUSTOMER: "customers", Thing.COLLEAGUE: "people", Thing.TEAM: "teams", Thing.ROTATION: "rotations",
        Thing.LEVEL: "levels", Thing.DUTY: "duties",
    }
)  # fmt: skip
_MASK = re.compile(r"([a-z][a-z0-9+.-]*://\.\.\. \[[0-9a-f]{6}\])((?: .*)?)")
_ACCOUNT = re.compile(r"\b[UW][A-Z0-9]{2,20}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the directory: `customer` is whose person it is, where it is a customer's."""

    thing: Thing
    key: str = ""
    customer: str = ""

    @property
    def path(self) -> Path:
        """Where it stands in the file."""
        if self.thing is Thing.MEMBER:
            return ("customers", self.customer, "people", self.key)
        return ("channels",) if self.thing is Thing.CHANNELS else (_ROOMS[self.thing], self.key)


def tree_of(directory: Directory) -> Tree:
    """The directory as plain values, to be changed and checked again."""
    return directory.model_dump(mode="json")


def found(tree: Tree, entry: Entry) -> Any:
    """What stands there now; None where there is no such thing."""
    place: Any = tree
    for step in entry.path:
        place = place.get(step) if isinstance(place, dict) else None
    return place


def placed(tree: Tree, entry: Entry, value: Any) -> Tree:
    """The directory with that value there; None takes the thing out. A customer keeps its people."""
    changed = copy.deepcopy(tree)
    *way, last = map(str, entry.path)
    room = changed
    for step in way:
        room = room.setdefault(step, {})
    if value is None or value == []:
        room.pop(last, None)
    elif entry.thing is Thing.CUSTOMER:
        room[last] = {"people": room.get(last, {}).get("people", {}), **value}
    else:
        room[last] = value
    return changed


def written(thing: Thing, value: Any) -> dict[str, str]:
    """What stands in a form's fields for this value; nothing where there is none yet."""
    if value is None:
        return {}
    parts = {_WHOLE[thing]: value} if thing in _WHOLE else value
    return {name: _text(name, parts[name]) for name in FIELDS[thing] if parts.get(name) is not None}


def read(thing: Thing, values: Mapping[str, str], *, before: Any) -> Any:
    """What a form's fields say; fields that it does not have stay as `before`. Raises BadInput at the field."""
    old = {} if before is None else {_WHOLE[thing]: before} if thing in _WHOLE else before
    parts = {name: value for name, value in old.items() if name != "people"}
    for name in FIELDS[thing]:
        text = values.get(name, "").strip()
        if name in values and text != _text(name, old.get(name)):
            parts.pop(name, None)
            if text or name in {"members", "targets", "order"}:
                parts[name] = _value(name, text, thing=thing, before=old.get(name))
    return parts.get(_WHOLE[thing]) if thing in _WHOLE else parts


def prints(thing: Thing, values: Mapping[str, str]) -> dict[str, str]:
    """A short fingerprint of each field, by which a form knows later what it had shown."""
    return {name: _print(values.get(name, "")) for name in FIELDS[thing]}


@dataclass(frozen=True, slots=True)
class Merged:
    """Two people's changes put together: fields that both changed, and those that only the other did."""

    values: Mapping[str, str]
    both: tuple[str, ...]
    theirs: tuple[str, ...]


def merged(shown: Mapping[str, str], mine: Mapping[str, str], now: Mapping[str, str]) -> Merged:
    """Put what somebody sent (`mine`) over what stands there `now`; `shown` are the prints of what they had seen.

    A field that they left alone is the other's. Where both changed one, it is theirs to decide.
    """
    values, both, theirs = dict(mine), [], []
    for name in mine:
        was, ours, standing = shown.get(name, _print("")), mine[name], now.get(name, "")
        if _print(standing) == was or standing == ours:
            continue
        if _print(ours) == was:
            values[name] = standing
            theirs.append(name)
        else:
            both.append(name)
    return Merged(values, tuple(both), tuple(theirs))


def key_from(name: str) -> str:
    """A short name made from a long one: `Acme Corp.` is `acme-corp`, `Öztürk` is `ozturk`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:40].rstrip("-")


def account_in(text: str) -> str:
    """The Slack user id in what somebody pasted, such as a profile's link; else the text."""
    hit = _ACCOUNT.search(text)
    return hit.group() if hit else text


def customer_in(channel_name: str) -> str:
    """Whom a channel's name is about: `ext-acme-support` is `Acme`; empty where it says nothing."""
    idle = {"ext", "external", "shared", "support", "help", "helpdesk", "customer", "client", "cust", "connect", "desk"}
    words = [each for each in re.split(r"[-_\s]+", channel_name.strip("#").lower()) if each and each not in idle]
    return " ".join(each.capitalize() for each in words)


def _print(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def _masked(contact: str) -> str:
    """A contact without what is secret of its address; when it is tried stays readable, and can be changed."""
    address, gap, when = contact.partition(" ")
    scheme, mark, _ = address.partition("://")
    digest = hashlib.sha256(address.encode()).hexdigest()[:6]
    return f"{scheme}://... [{digest}]{gap}{when}" if mark else contact


def _unmasked(line: str, known: Iterable[str]) -> str:
    hit = _MASK.fullmatch(line)
    if hit is None:
        return line
    addresses = [each.partition(" ")[0] for each in known]
    kept = [each for each in addresses if _masked(each) == hit[1]]
    if not kept:
        raise BadInput("not_the_address", line=line, field="contacts")
    return kept[0] + hit[2]


def _text(name: str, value: Any) -> str:
    match name:
        case _ if value is None:
            text = ""
        case "contacts" if isinstance(value, dict):
            text = "\n".join(f"{kind}: {_masked(each)}" for kind in value for each in value[kind])
        case "contacts":
            text = "\n".join(map(_masked, value))
        case "only":
            text = "\n".join(f"{who}: {hours}" for who, hours in value.items())
        case "order" | "skills":
            text = ", ".join(value)
        case "members":
            text = ",".join(value)
        case "targets":
            text = ",".join(map(_pointer, value))
        case "target":
            text = _pointer(value)
        case "every_message" | "contract":
            text = "yes" if value else "no"
        case _:
            text = str(value)
    return text


def _pointer(target: str) -> str:
    """A target with its kind: a bare name is a person's."""
    return target if ":" in target else f"person:{target}"


def _value(name: str, text: str, *, thing: Thing, before: Any) -> Any:
    value: Any = text
    match name:
        case "contacts" if thing is Thing.CUSTOMER:
            known = [each for kind in before or {} for each in before[kind]]
            value = {kind: [_unmasked(each, known) for each in rest] for kind, rest in _pairs(text, name).items()}
        case "contacts":
            value = [_unmasked(line, before or ()) for line in _lines(text)]
        case "only":
            value = {who: hours[-1] for who, hours in _pairs(text, name).items()}
        case "order" | "skills" | "members" | "targets":
            value = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
        case "every_message" | "contract":
            value = text == "yes"
        case "slack":
            value = account_in(text)
    return value


def _pairs(text: str, field: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for line in _lines(text):
        kind, mark, rest = (part.strip() for part in line.partition(":"))
        if not mark or not kind or not rest or rest.startswith("//"):
            raise BadInput("whose_is_it", line=line, field=field)
        pairs.setdefault(kind, []).append(rest)
    return pairs


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
