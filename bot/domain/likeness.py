"""Do two tickets tell of the same problem, and by which words would one say so?

Words are compared by their first letters, so that `payment` and `payments` are one. Complaints (`down`, `slow`) and
what many earlier tickets say weigh little: two tickets are alike by what is rare. Source: ledger IN-11.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from types import MappingProxyType

STEM = 6
"""Letters of a word that count."""

MOST_WORDS = 15
"""How many telling words of a text are looked at: people say what is wrong first."""

ENOUGH_HISTORY = 20
"""With fewer earlier tickets nobody can say which words are common."""

COMPLAINT, COMMONEST = 0.3, 0.2
"""What a complaint weighs, and what a word weighs at least that every fifth earlier ticket has."""

_WORD = re.compile(r"\w+")
_EMPTY = frozenset(
    {
        "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "anybody", "anyone", "are",
        "as", "at", "be", "because", "been", "before", "but", "by", "can", "could", "critical", "did", "do",
        "does", "everybody", "everyone", "everything", "for", "from", "get", "gets", "getting", "had", "has",
        "have", "he", "hello", "her", "here", "hey", "hi", "high", "his", "how", "i", "if", "in", "into", "is",
        "it", "its", "just", "low", "me", "medium", "more", "most", "my", "no", "nobody", "nothing", "now",
        "of", "on", "one", "only", "or", "our", "out", "over", "p1", "p2", "p3", "p4", "please", "sev", "sev1",
        "sev2", "sev3", "sev4", "since", "so", "some", "somebody", "someone", "still", "such", "than", "thanks",
        "that", "the", "their", "them", "then", "there", "these", "they", "thing", "things", "this", "to",
        "today", "too", "under", "until", "up", "urgent", "us", "very", "was", "we", "were", "what", "when",
        "where", "which", "while", "who", "why", "will", "with", "would", "you", "your", "yours",
    }
)  # fmt: skip
"""What says nothing of a problem."""

_COMPLAINTS = frozenset(
    {
        "availa", "bad", "badly", "breaks", "broken", "bug", "cannot", "cant", "crash", "crashe", "custom",
        "doesn", "doesnt", "don", "dont", "down", "error", "errors", "fail", "failed", "failin", "fails",
        "failur", "help", "hour", "hours", "isn", "isnt", "issue", "issues", "load", "loadin", "loads", "long",
        "longer", "minute", "missin", "need", "not", "outage", "page", "pages", "proble", "seem", "seems",
        "slow", "slower", "stoppe", "stops", "system", "take", "takes", "time", "times", "unable", "unavai",
        "user", "users", "won", "wont", "work", "workin", "works", "wrong",
    }
)  # fmt: skip
"""What is said of any problem, by the first letters."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, from 0 to 1, and the telling words that both have, the most telling first."""

    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rarity:
    """How common each word is among earlier tickets."""

    seen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    of: int = 0

    @classmethod
    def learned(cls, texts: Iterable[str]) -> "Rarity":
        """From what earlier tickets say."""
        counted: Counter[str] = Counter()
        number = 0
        for text in texts:
            counted.update(_telling(text).keys())
            number += 1
        return cls(MappingProxyType(counted), number)

    def weight(self, stem: str) -> float:
        """What a word weighs: 1 where it is rare, less the more earlier tickets have it."""
        if stem in _COMPLAINTS:
            return COMPLAINT
        if self.of < ENOUGH_HISTORY:
            return 1.0
        return max(COMMONEST, 1.0 - 4 * self.seen.get(stem, 0) / self.of)


def likeness(text: str, other: str, *, rarity: Rarity) -> Likeness:
    """Compare two texts; without a common word that says what it is about they are not alike, whatever they lament."""
    mine, theirs = _telling(text), _telling(other)
    weights = {stem: rarity.weight(stem) for stem in mine.keys() | theirs.keys()}
    shared = [stem for stem in mine if stem in theirs]
    if all(stem in _COMPLAINTS for stem in shared):
        return Likeness(0.0, ())
    both = sum(weights[stem] for stem in shared)
    sizes = [sum(weights[stem] for stem in each) for each in (mine, theirs)]
    said = sorted((stem for stem in shared if stem not in _COMPLAINTS), key=lambda stem: -weights[stem])
    return Likeness(round(both / sqrt(sizes[0] * sizes[1]), 4), tuple(mine[stem] for stem in said))


def _telling(text: str) -> dict[str, str]:
    """The words that say something, by their first letters, in their order, as they are written."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text.casefold()):
        if len(word) > 1 and word not in _EMPTY:
            found.setdefault(word[:STEM], word)
        if len(found) == MOST_WORDS:
            break
    return found
