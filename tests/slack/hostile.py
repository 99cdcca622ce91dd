"""How may a delivery be wrong? Real ones, of which anything may be missing, swapped, misshapen or meant to harm."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from tests.slack.recorded import Recorded

Json = dict[str, Any]
Place = tuple[Any, Any]
"""A container and the key or index in it."""

JUNK: tuple[object, ...] = (
    None, True, False, 0, -1, 2**63, -(2**70), 1e308, float("nan"), 0.1, "", " ", "\n\t", "x" * 5_000, "\x00", "a\x00b",
    "\ud800", "\ud83d", "\u202etxet", "\u2028", "🙂" * 400, "<!channel>", "<@U0ANA>", "<#C0TRIAGE|x>", "&lt;!here&gt;",
    "{{ 7 * 7 }}", "{% for x in y %}", "'; DROP TABLE ticket; --", "%s%n%x", "../../etc/passwd", "javascript:alert(1)",
    "T-1", "T-99999999999999999999", "-1", "C0ACME", "C0TRIAGE", "U0ANA", "U0BELL", "T0ACME", "T0WATCH", "USLACKBOT",
    "1.5", "1767600000.000001", "9999999999.999999", "99999999999999999999.000001", "-1767600000.000001", "nan",
    "１７６７６００００.０００００１", "inf", "1e9", "zzz", "sev1", "null", "[]", "{}", "{", '{"ticket": 7}',
    '{"ticket": null}', [], {}, [None],
    [[]], [[[[[]]]]], {"": None}, {"id": []}, [{}], {"a": {"a": {"a": {}}}}, ["x"] * 200,
)  # fmt: skip
CHARACTERS = "\x00\x1b\u0085\u200b\ufeff\U0001f4a9é漢'\"<>&{}%\\"


def spoil(original: Recorded, others: Sequence[Recorded], seed: int) -> Recorded:
    """A copy with one to four things wrong, the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - cases, no secrets
    payload = copy.deepcopy(original.payload)
    for _ in range(chance.randint(1, 4)):
        places = list(_places(payload))
        if places:
            container, key = chance.choice(places)
            chance.choice(CHANGES)(container, key, others, chance)
    return Recorded(original.kind, payload)


def _places(node: object) -> Iterator[Place]:
    """Every place of a tree in which something stands."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        pairs = list(node.items())
    elif isinstance(node, list):
        pairs = list(enumerate(node))
    for key, value in pairs:
        yield node, key
        yield from _places(value)


def _junk(container: Any, key: Any, _others: Sequence[Recorded], chance: Random) -> None:
    container[key] = copy.deepcopy(chance.choice(JUNK))


def _missing(container: Any, key: Any, _others: Sequence[Recorded], _chance: Random) -> None:
    del container[key]


def _wrapped(container: Any, key: Any, _others: Sequence[Recorded], chance: Random) -> None:
    container[key] = chance.choice(([container[key]], {"value": container[key]}, [container[key]] * 2))


def _swapped(container: Any, key: Any, others: Sequence[Recorded], chance: Random) -> None:
    """What stands at any place of another delivery."""
    other, name = chance.choice(list(_places(chance.choice(others).payload)))
    container[key] = copy.deepcopy(other[name])


def _renamed(container: Any, key: Any, _others: Sequence[Recorded], chance: Random) -> None:
    if isinstance(container, dict):
        container[chance.choice(("", "id", f"{key}2", str(key).upper(), "__class__"))] = container.pop(key)


def _scribbled(container: Any, key: Any, _others: Sequence[Recorded], chance: Random) -> None:
    """A text with a strange character in it, or cut off."""
    text = container[key]
    if isinstance(text, str):
        at = chance.randint(0, len(text))
        container[key] = text[:at] + chance.choice(("", *CHARACTERS)) + chance.choice(("", text[at:]))


CHANGES: tuple[Callable[[Any, Any, Sequence[Recorded], Random], None], ...] = (
    _junk, _junk, _junk, _missing, _missing, _wrapped, _swapped, _swapped, _renamed, _scribbled,
)  # fmt: skip


def mangled(content: bytes, chance: Random) -> bytes:
    """A body that is no longer what its type says: cut off, with strange bytes, nested beyond reason, or twice."""
    at = chance.randint(0, len(content))
    return chance.choice(
        (
            content[:at], content[:at] + bytes([chance.randint(0, 255)]) + content[at:], content * 2, b"", b"\xff\xfe",
            b"[" * 50_000, b'{"payload":' * 5_000, b"payload=%7B%22type", b"payload=" + b"[" * 5_000, b"null", b"[1]",
            b'"x"', b"payload=null", b"payload=[]", b"payload=7", b"a=b&" * 5_000, b"ssl_check=1", b"7",
            json.dumps({"type": "url_verification"}).encode(), json.dumps({"type": "event_callback"}).encode(),
        )
    )  # fmt: skip
