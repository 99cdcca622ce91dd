"""What did somebody ask for, what is missing, and what is too much?

Sources: channel handbook §4 (required metadata), SLA handbook §Intake and Triage.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.errors import EmptySummary, MissingWords, TooLong

SUMMARY_LIMIT = 3000
"""Characters of a summary: what one input of a Slack form can hold."""

_SPACE = re.compile(r"\s+")
_EDGE = " \t\n:;,.-–—"
_SET_OFF = re.compile(r"\A[:;,.\-–—]+(?=\s|\Z)")
"""What stands between a severity and the summary, and not what a summary begins with, such as `.NET` or `:fire:`."""


@dataclass(frozen=True, slots=True)
class Request:
    """A free text as we read it: `severity` is a handbook key, or None where the text names none that it knows."""

    severity: str | None
    word: str
    summary: str


def read_request(text: str, severity: Callable[[str], str | None], *, spoken: bool = False) -> Request:
    """Part "sev1 Checkout is down" into severity and summary.

    `severity` knows the handbook's names and aliases; names of two words ("sev 1", "Severity 1") count too, a bare
    number does not. In `spoken` text ("High load on node 3") a plain word is a severity only where it is set off
    ("High: ..."), so that nobody is graded by accident. `word` is the first word, for the sentence that says it is
    unknown.
    """
    words = text.split()
    for count in (2, 1):
        name = " ".join(words[:count]).strip(_EDGE)
        key = severity(name) if name and len(words) >= count and not name.isdigit() else None
        if key and not (spoken and name.isalpha() and words[count - 1][-1] not in _EDGE):
            return Request(key, name, _SET_OFF.sub("", _after(text, count)).strip())
    return Request(None, words[0].strip(_EDGE) if words else "", text.strip())


def check_summary(summary: str, *, severity: str) -> str:
    """Give the summary without outer white space.

    Raises EmptySummary (with an example for that severity) or TooLong.
    """
    summary = summary.strip()
    if not summary:
        raise EmptySummary(severity=severity)
    if len(summary) > SUMMARY_LIMIT:
        raise TooLong(field="summary", what="summary", length=len(summary), limit=SUMMARY_LIMIT)
    return summary


def check_length(text: str, *, what: str, field: str, limit: int = SUMMARY_LIMIT) -> str:
    """Give what a person wrote without outer white space. Raises MissingWords or TooLong, naming `what`."""
    said = text.strip()
    if not said:
        raise MissingWords(field=field, what=what)
    if len(said) > limit:
        raise TooLong(field=field, what=what, length=len(said), limit=limit)
    return said


def one_line(text: str, limit: int = 150) -> str:
    """Say a text in one line of at most `limit` characters, cut with an ellipsis."""
    line = _SPACE.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def missing(required: Iterable[str], given: Mapping[str, str]) -> tuple[str, ...]:
    """Give the required fields that nobody filled in yet, in the handbook's order."""
    return tuple(name for name in required if not given.get(name, "").strip())


_COURTESY = re.compile(
    r"\W*((many thanks|thank you|thanks|thx|ty|cheers|great|perfect|awesome|ok|okay|got it|understood|will do"
    r"|so|very|much|a lot|again|all|everyone|team|for (the|your) (help|quick reply|update)|(it )?works?( now)?)\W*)+",
    re.IGNORECASE,
)


_EMOJI = re.compile(r":[\w+'-]+:|[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]")
"""An emoji as Slack writes it, such as `:pray:` and `:+1::skin-tone-2:`, or as itself."""

_UNHAPPY = re.compile(r":(-1|thumbsdown|x|no_entry|no_entry_sign|sos|question|grey_question):|[👎❌⛔🆘❓❔]")


def is_courtesy(text: str) -> bool:
    """Say whether a message only thanks: it reopens nothing and starts no clock (`sla-rules`, the case "thanks!").

    Emoji say no more than that, alone or beside a word of thanks, unless they are those of a no.
    """
    words = _EMOJI.sub(" ", text).strip()
    return bool(text.strip()) and not _UNHAPPY.search(text) and (not words or bool(_COURTESY.fullmatch(words)))


def is_wordless(text: str) -> bool:
    """Say whether a message has no word in it: an emoji is no answer to anybody (`sla-rules` R12)."""
    return not any(each.isalnum() for each in _EMOJI.sub("", text))


def _after(text: str, words: int) -> str:
    return re.sub(r"^\s*" + r"\S+\s*" * words, "", text, count=1)
