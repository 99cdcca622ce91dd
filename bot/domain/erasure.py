"""Where do somebody's words stand in a text that others made of them, and how does it read without them?

Messages quote, shorten and escape what people wrote. A text is compared by its letters and digits alone; what is
recognised word for word is cut out, and a text in which only the letters are recognised is replaced as a whole.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

ERASED = "(erased)"

SHORTEST = 8
"""Letters and digits that a text needs to be looked for everywhere: `yes` would be found in half the tables."""

BEGINNING = 24
"""By so many letters a text is recognised that was cut short."""

DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Kana and Chinese characters: one says as much as two letters, and no spaces stand between words."""

SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer letters: no spaces stand between words either."""

Json = Any


class Traces:
    """What to look for: each text and each of its lines, whole and by its beginning."""

    def __init__(self, texts: Iterable[str], *, shortest: int = SHORTEST) -> None:
        parts = {part.strip() for text in texts for part in (text, *text.splitlines())}
        self._parts = sorted((each for each in parts if _is_telling(each, shortest)), key=len, reverse=True)
        letters = {_letters(part) for part in self._parts}
        self._marks = {each[:BEGINNING] for each in letters if _length(each) >= SHORTEST}

    def __bool__(self) -> bool:
        return bool(self._parts)

    def without(self, text: str) -> str:
        """The text without those words; the same text where it has none of them."""
        for part in self._parts:
            for form in {part, html.escape(part, quote=False), html.escape(part)}:
                if form in text and (_length(_letters(part)) >= SHORTEST or text.strip() == form):
                    text = text.replace(form, ERASED)
        if self._marks:
            letters = _letters(text)
            if any(mark in letters for mark in self._marks):
                return ERASED
        return text

    def out_of(self, value: Json) -> Json:
        """The same for every text within a JSON value, keys aside."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, dict):
            return {key: self.out_of(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.out_of(each) for each in value]
        return value


def _is_telling(part: str, shortest: int) -> bool:
    """Whether it is more than a name or a word of every day, so that what holds it holds somebody's words."""
    letters = _letters(part)
    if shortest < SHORTEST:
        return _length(letters) >= shortest
    several = len(part.split()) > 1 or (any(map(str.isdigit, part)) and any(map(str.isalpha, part)))
    is_spaceless = bool(DENSE.search(part) or SPACELESS.search(part))
    is_file = "." in part.strip(".")
    return _length(letters) >= shortest and (several or is_spaceless or is_file)


def _length(letters: str) -> int:
    return len(letters) + len(DENSE.findall(letters))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, html.unescape(text).casefold()))
