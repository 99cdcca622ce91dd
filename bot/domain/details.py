"""What of the required metadata does a free text give already, so that nobody is asked for it?

People write `environment: prod` on a line, `Steps:` above a list, or a time in a sentence, and attach a screenshot.
Nothing is guessed beyond that. Source: channel handbook §4; ledger IN-3.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIELDS = ("environment", "steps", "logs", "timestamps", "impact")
"""The required metadata that people fill in; customer and severity are known from elsewhere."""

OFFERED = (*FIELDS, "affected_users")
"""What a form offers to fill in: beside those, who is affected, which nobody is asked for."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "environment": ("environment", "env", "system", "server", "region", "version"),
    "steps": ("steps", "steps to reproduce", "how to reproduce", "to reproduce", "repro", "reproduction"),
    "logs": ("logs", "log", "error", "error message", "stack trace", "traceback", "screenshot", "screenshots"),
    "timestamps": ("when", "since", "since when", "started", "start", "time", "times", "timestamp", "timestamps"),
    "impact": ("impact", "business impact", "affected", "affected users", "users affected", "who is affected"),
}
"""What a line may begin with, beside the handbook's own label of the field."""

_LINE = re.compile(r"^[\s>*_•-]{0,8}(?P<label>[^\W\d][\w /-]{0,40}?)[*_]{0,2}\s{0,3}[:=](?!//)[*_]{0,2}(?P<value>.*)$")
_CLOCK = r"(?<![\d.:])(?:[01]?\d|2[0-3])[:h][0-5]\d(?::[0-5]\d)?(?![\d.:])(?:\s?[ap]\.?m\b\.?)?"
_HOUR = r"(?<![\d.:])(?:1[0-2]|[1-9])\s?[ap]m\b"
_ZONE = r"(?:\s?(?:UTC|GMT|Z|[A-Z]{2,4}T|[+-]\d{2}:?\d{2})\b)?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_SAID = (
    r"(?:noon|midnight|yesterday|today|tonight|last night|this (?:morning|afternoon|evening|week)|last week"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_MOMENT = re.compile(
    rf"(?:\b(?:since|from|at|around|about|after|until)\s+)?"
    rf"(?:{_DAY}(?:[T ]+{_CLOCK}{_ZONE})?|(?:{_SAID}\s+(?:at\s+)?)?(?:{_CLOCK}|{_HOUR}){_ZONE})"
    rf"|\bsince\s+{_SAID}\b",
    re.IGNORECASE,
)
_MOST = 5
"""Moments that one text is read for."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a text gives: `given` by field, and `rest`, the text without the lines that were labels and their words."""

    given: Mapping[str, str]
    rest: str


def read_details(text: str, *, labels: Mapping[str, str], files: Iterable[str] = ()) -> Read:
    """Read the fields out of what somebody wrote and attached.

    `labels` are the fields that count, with the handbook's name for each; `files` the names of what was attached, which
    are logs or screenshots. The words below a label belong to it until the next label or an empty line.
    """
    known = {word: name for name in labels for word in (*WORDS.get(name, ()), name)}
    known |= {label.casefold(): name for name, label in labels.items()}
    given: dict[str, list[str]] = {}
    rest: list[str] = []
    at = ""
    for line in text.splitlines():
        found = _LINE.match(line)
        name = known.get(found["label"].strip().casefold(), "") if found else ""
        if found and name:
            at = name
            given.setdefault(name, []).append(found["value"].strip())
        elif at and line.strip() and not found:
            given[at].append(line.strip())
        else:
            if line.strip() or any(given.get(at, ())):
                at = ""
            rest.append(line)
    read = {name: "\n".join(each for each in lines if each) for name, lines in given.items()}
    said = {name: words for name, words in read.items() if words}
    attached = [name for name in files if name]
    if "logs" in labels and "logs" not in said and attached:
        said["logs"] = ", ".join(attached)
    moments = [found[0].strip() for found in _MOMENT.finditer(text)]
    if "timestamps" in labels and "timestamps" not in said and moments:
        said["timestamps"] = ", ".join(dict.fromkeys(moments[:_MOST]))
    return Read(said, "\n".join(rest).strip())
