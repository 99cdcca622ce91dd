"""What does a seal of the record say, and do seals agree with each other?

A seal names the head of every stream that moved since the seal before, and that seal's digest: the seals are a chain,
and together they hold every stream. Whoever kept them elsewhere sees a row, a tail, a ticket or a whole day that went
missing, also where the database was put back to an older copy. Source: design, invariant 9.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple


class Point(NamedTuple):
    """A place in a stream: the number of its row there, and that row's hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A seal as it is kept: the text that was signed, to the byte, and its signature in hex."""

    text: str
    signature: str

    @property
    def digest(self) -> str:
        """What the next seal says of this one, and what is told outside the database."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal. `before` is the digest of the one before, empty for the first; `key` the public key in hex."""

    number: int
    at: datetime
    before: str
    key: str
    points: Mapping[str, Point]

    @property
    def text(self) -> str:
        """The one text of this seal: JSON with sorted keys and no spaces."""
        value = {
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "before": self.before,
            "key": self.key,
            "heads": {stream: [point.seq, point.hash] for stream, point in self.points.items()},
        }
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class BrokenSeal(Exception):  # noqa: N818 - an auditor's word; the message is the line that they read
    """A seal is not what was signed, or one is missing."""


def read(text: str) -> Seal:
    """Make a seal of its text again. Raises BrokenSeal."""
    try:
        value = json.loads(text)
        return Seal(
            number=int(value["number"]),
            at=datetime.fromisoformat(value["at"]),
            before=str(value["before"]),
            key=str(value["key"]),
            points={str(stream): Point(int(seq), str(link)) for stream, (seq, link) in value["heads"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenSeal(f"a seal cannot be read: {type(error).__name__}") from None


def in_chain(
    kept: Iterable[Signed], *, verifies: Callable[[str, Signed], bool], keys: Sequence[str] = ()
) -> list[tuple[Seal, Signed]]:
    """Read seals in the order of their numbers, each signed, and each naming the one before.

    `verifies(key, signed)` checks a signature; `keys` are the public keys that may have signed, any where none is
    given. Raises BrokenSeal with the first that is wrong or missing.
    """
    read_ = sorted(((read(each.text), each) for each in kept), key=lambda pair: pair[0].number)
    before: tuple[Seal, Signed] | None = None
    for seal, signed in read_:
        if not verifies(seal.key, signed):
            raise BrokenSeal(f"seal {seal.number} is not what was signed")
        if keys and seal.key not in keys:
            raise BrokenSeal(f"seal {seal.number} was signed with another key, {seal.key}")
        expected, link = (before[0].number + 1, before[1].digest) if before else (1, "")
        if seal.number != expected:
            raise BrokenSeal(f"seal {min(expected, seal.number)} is missing or there twice")
        if seal.before != link:
            raise BrokenSeal(f"seal {seal.number} does not follow the one before it")
        before = (seal, signed)
    return read_


def reach(seals: Iterable[Seal]) -> dict[str, tuple[int, Point]]:
    """How far each stream is sealed: the newest seal that names it, by number, and the point it names."""
    return {stream: (seal.number, point) for seal in seals for stream, point in seal.points.items()}
