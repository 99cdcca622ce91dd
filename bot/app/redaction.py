"""What must nobody read in a log or an error? This desk's own secrets by their value, and whatever looks like one.

A line is read as it leaves, when all is put together: whichever library wrote it, and however deep a trace it quotes.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr

from bot.settings import Settings

REMOVED = "[removed]"

SHORTEST = 8
"""A value of fewer characters is taken out by its place alone (`://USER:PASSWORD@`): as a word it may mean anything."""

PUBLIC_SCHEMES = r"https?|wss?|postgres(?:ql)?(?:\+\w+)?|sqlite|file"

LOOKS_LIKE_ONE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bxox[a-z]+[-.][\w.-]*\w[\w.-]*|\bxapp-[\w-]*\w[\w-]*"), REMOVED),
    (re.compile(r"(\b[\w+.-]+://)(?!USER:PASSWORD@)[^\s'\"<>]*@"), rf"\1{REMOVED}@"),
    # Whatever Apprise takes: `twilio://SID:TOKEN@FROM/TO`, `pagerduty://KEY`. Their paths are secrets too.
    (
        re.compile(rf"(?<!\w\+)\b(?!(?:{PUBLIC_SCHEMES})://)([a-z][a-z0-9+.-]*://)(?!\.\.\.|ROUTING_KEY)[^\s'\"<>]+"),
        rf"\1{REMOVED}",
    ),
    (re.compile(r"(https://hooks\.slack\.com/)[^\s'\"<>]+"), rf"\1{REMOVED}"),
    (
        re.compile(r"(?i)([?&](?:\w*(?:token|secret|password|passwd|key|signature|sig)|ticket|code)=)[^\s&'\"<>]+"),
        rf"\1{REMOVED}",
    ),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}"), rf"\1{REMOVED}"),
    (re.compile(r"(?i)\b((?:password|passwd|pwd)\s*=\s*)[^\s&'\"<>,;)]+"), rf"\1{REMOVED}"),
    # PostgreSQL quotes the row that it refuses.
    (re.compile(r"(?s)(DETAIL: ).*?(?=(?:\\n|\n)+(?:HINT|CONTEXT|\[SQL|The above|Traceback)|\Z)"), rf"\1{REMOVED}"),
    # The signed part of our own links: what it says, a point, and 256 bits that prove it.
    (re.compile(r"[\w-]{8,}\.[\w-]{43}(?![\w-])"), REMOVED),
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Takes secrets out of a text; `values` are those of this desk, the longest first."""

    values: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        """Give the text without any secret."""
        for value in self.values:
            text = text.replace(value, REMOVED)
        for pattern, instead in LOOKS_LIKE_ONE:
            text = pattern.sub(instead, text)
        return text


def of(settings: Settings) -> Redaction:
    """What a desk with these settings keeps to itself, in each way in which a line may spell it."""
    found = {spelt for value in _secrets(settings) if len(value) >= SHORTEST for spelt in _spellings(value)}
    return Redaction(tuple(sorted(found, key=len, reverse=True)))


def _secrets(settings: Settings) -> Iterator[str]:
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, str) and "://" in value:
            yield from _in_address(value)
    if settings.heartbeat_url:
        # The path is what a monitor knows us by.
        yield urlsplit(settings.heartbeat_url).path.strip("/")
    if settings.sentry_dsn:
        yield urlsplit(settings.sentry_dsn.get_secret_value()).username or ""
    for value in settings.otel_headers.values():
        yield from (value, value.rpartition(" ")[2])


def _in_address(url: str) -> Iterator[str]:
    """The password of an address; none where it is a word that stands elsewhere in it as well."""
    parts = urlsplit(url)
    if parts.password and unquote(parts.password) not in {parts.username, parts.hostname, parts.path.strip("/")}:
        yield unquote(parts.password)


def _spellings(value: str) -> Iterable[str]:
    return {value, quote(value), quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]}
