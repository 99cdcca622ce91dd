"""Does a text that a customer will read hold what is not theirs to read?

Words of an internal note, another customer, or a secret. It is a question to the author, never a verdict: the rules
would rather ask once too often, but not about what the customer has said or read already.
Source: ledger LC-6; design, invariant 8.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Refused

RUN = 6
"""So many words in a row are a quotation."""

LINE = 4
"""A whole line of a note with at least this many words is one too, however short."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARK = re.compile(r"(?<![\w.:/@-])(?=[\w.:/@-]*\d)(?=[\w.:/@-]*[.:/@_-])\w[\w.:/@-]{5,}\w")
"""A host, an address, a path, a build: it bears a digit and a sign, and nobody writes it by chance."""

_FORMS = frozenset(
    {"inc", "corp", "corporation", "company", "co", "ltd", "limited", "llc", "gmbh", "ag", "sa", "bv", "plc", "group"}
)


class Kind(StrEnum):
    """What was found, as people read it."""

    NOTE = "words of an internal note"
    CUSTOMER = "another customer"
    CREDENTIAL = "a password or key"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found: what kind it is, and the words of the text that show it."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Others:
    """Whom a text must not name: other customers' `names`, their `people`, and the `ids` of their channels and people.

    `own` are names that may stand there: the customer's own, and our people's.
    """

    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


class HeldBack(Refused):
    """What was found has to be looked at before it is sent."""

    usual = "held_back"

    def __init__(self, found: tuple[Found, ...]) -> None:
        self.found = found
        super().__init__(found=found)


def found_in(
    text: str, *, notes: Iterable[str], known: Iterable[str], others: Others, secrets: Iterable[str] = ()
) -> tuple[Found, ...]:
    """Give what a text holds that its customer should not read, each thing once; `known` is what they have read."""
    found = [*_quoted(text, notes, " \n ".join(known)), *_named(text, others)]
    found += [Found(Kind.CREDENTIAL, _masked(secret)) for secret in secrets]
    return tuple(dict.fromkeys(found))


def fingerprint(found: Iterable[Found]) -> str:
    """Name a set of findings, so that "send anyway" counts for just what was shown."""
    told = "\n".join(sorted(f"{each.kind.value}: {each.words}" for each in found))
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]


def _quoted(text: str, notes: Iterable[str], known: str) -> Iterator[Found]:
    said, read = _words(text), _joined(_words(known))
    whole = _joined(said)
    for note in notes:
        words = _words(note)
        longest = _longest_run(said, words, read)
        if longest:
            yield Found(Kind.NOTE, longest)
            continue
        for line in note.splitlines():
            short = _words(line)
            if LINE <= len(short) < RUN and _joined(short) in whole and _joined(short) not in read:
                yield Found(Kind.NOTE, " ".join(short))
        theirs = {mark.casefold() for mark in _MARK.findall(known)}
        ours = {mark.casefold(): mark for mark in _MARK.findall(text)}
        for mark in sorted({each.casefold() for each in _MARK.findall(note)} & ours.keys() - theirs):
            yield Found(Kind.NOTE, ours[mark])


def _longest_run(said: list[str], note: list[str], read: str) -> str:
    """The longest run of words that both have and the customer has not read, of at least six; else nothing."""
    best: list[str] = []
    ends: dict[int, int] = {}
    for at, word in enumerate(said):
        row = {place: ends.get(place - 1, 0) + 1 for place, other in enumerate(note) if other == word}
        for length in row.values():
            run = said[at - length + 1 : at + 1]
            if length >= RUN and length > len(best) and _joined(run) not in read:
                best = run
        ends = row
    return " ".join(best)


def _named(text: str, others: Others) -> Iterator[Found]:
    whole = _joined(_words(text))
    own = [_joined(_words(name)) for name in others.own]
    for name in (*others.names, *others.people):
        for words in _ways(name):
            sought = _joined(words)
            if sought in whole and not any(sought in each for each in own):
                yield Found(Kind.CUSTOMER, name)
                break
    for each in others.ids:
        if re.search(rf"\b{re.escape(each)}\b", text):
            yield Found(Kind.CUSTOMER, each)


def _ways(name: str) -> Iterator[list[str]]:
    """A name as it is written, and without its legal form: `Globex Inc` is `Globex` in a hurry."""
    words = _words(name)
    if len("".join(words)) >= 3:
        yield words
    core = [word for word in words if word not in _FORMS]
    if core != words and len("".join(core)) >= 4:
        yield core


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _joined(words: list[str]) -> str:
    """Words with a space round each, so that whole words are found and no parts of them."""
    return f" {' '.join(words)} "


def _masked(secret: str) -> str:
    """A secret as it may be shown to its author: its beginning."""
    return f"{secret[:4]}…"
