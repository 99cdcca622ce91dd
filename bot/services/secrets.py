"""Which parts of a text are passwords, keys or tokens, and how is the text kept without them?

A secret that somebody pastes into Slack is taken out before anything is stored: the inbox, the trail, the conversation
and all that is rendered from them never see it. Keys of known shapes are found by detect-secrets; passwords that people
write in a sentence or after a label are found here. A hash, a UUID or a commit id alone is no secret.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

PASSWORD, KEY, TOKEN, PRIVATE_KEY = "password", "key", "token", "private key"

DETECTORS: tuple[tuple[RegexBasedDetector, str], ...] = (
    (AWSKeyDetector(), KEY),
    (AzureStorageKeyDetector(), KEY),
    (BasicAuthDetector(), PASSWORD),
    (DiscordBotTokenDetector(), TOKEN),
    (GitHubTokenDetector(), TOKEN),
    (GitLabTokenDetector(), TOKEN),
    (MailchimpDetector(), KEY),
    (NpmDetector(), TOKEN),
    (PypiTokenDetector(), TOKEN),
    (SendGridDetector(), KEY),
    (SlackDetector(), TOKEN),
    (SquareOAuthDetector(), KEY),
    (StripeDetector(), KEY),
    (TelegramBotTokenDetector(), TOKEN),
    (TwilioKeyDetector(), KEY),
)
"""Those whose shape is unmistakable. Guessing by randomness is left out: it takes every hash for a secret."""

PATTERNS: tuple[tuple[re.Pattern[str], str, int], ...] = tuple(
    (pattern, kind, 1 if isinstance(detector, (AWSKeyDetector, BasicAuthDetector)) and pattern.groups else 0)
    for detector, kind in DETECTORS
    for pattern in detector.denylist
)
"""Each pattern with the group that holds the secret: where a password stands in an address, the address stays."""

NEWER = re.compile(
    r"github_pat_\w{22,255}|xapp-\d-[A-Z0-9]+-\d+-[0-9a-fA-F]+|xox[abcdeoprs]-[\w-]{10,}|AIza[\w-]{35}"
    r"|[rs]k_(?:live|test)_\w{16,}|shp(?:at|ss)_[0-9a-fA-F]{32}|hvs\.[\w-]{24,}"
    r"|dop_v1_[0-9a-f]{64}|(?<![\w-])sk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,250}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
)
"""Shapes that the library does not know yet."""

BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,6}-----|\Z)",
    re.DOTALL,
)

_PASSWORDS = r"pass(?:word|wd|phrase|code)|\bpwd|\bpw"
_KEYS = (
    r"(?:api|access|secret|private|encryption|license|account)[ _-]?(?:access[ _-]?)?key|client[ _-]?secret|\bsecret"
    r"|app[ _-]?secret"
)
_TOKENS = r"(?:(?:api|auth|authentication|access|bearer|refresh|bot|personal access)[ _-]?)?token"
LABELLED = re.compile(
    rf"(?:(?P<password>{_PASSWORDS})|(?P<key>{_KEYS})|(?P<token>{_TOKENS}))[\"'`*_)]{{0,3}}"
    r"(?:[ \t]{0,4}(?P<mark>:=|=>|->|[:=])[ \t]{0,4}|(?P<said>[ \t]{1,4}(?:is|was)[ \t]{0,4}(?::[ \t]{0,4})?))"
    r"(?P<quote>[\"'`*_]{0,3})(?P<value>[^\s\"'`<>]{4,512})",
    re.IGNORECASE,
)
BEARER = re.compile(
    r"\b(?:Authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?)?(?:Bearer|Basic)[ \t]{1,3}(?P<value>[\w.~+/-]{12,2000}=*)"
)

HINT = re.compile(r"[\w.:+/=\\-]{20}|//|xox|xapp|-----BEGIN|bearer|basic|pass|pwd|\bpw|key|secret|token", re.IGNORECASE)
"""What every text with a secret has somewhere. Most texts have it nowhere, and need not be looked through by each of
the patterns."""

NO_VALUES = re.compile(
    r"accepted|again|allowed|asked|blank|broken|case|changed|correct|corrupt|deleted|denied|disabled|empty|encrypted"
    r"|enforced|entered|error|expired|expiring|failed|failing|false|field|forgotten|hidden|ignored|in?correct|input"
    r"|invalid|known|lost|masked|mandatory|mismatch|missing|needed|nil|none|null|optional|please|policy|redacted"
    r"|rejected|removed|required|reset|rotated|same|secret|sensitive|string|stripped|supplied|true|undefined|unknown"
    r"|unset|unchanged|updated|valid|wrong|your",
    re.IGNORECASE,
)
"""What stands after such a label where people speak about the secret instead of giving it."""

_PLACEHOLDER = re.compile(r"[*x•.·_#?-]+|\$.*|\{.*|\[.*|%.*|\(.*|.*\bredacted\b.*", re.IGNORECASE)
_WRAPPED = ".,;:!?)]}'\"`*"
_SHORTEST, _SHORTEST_TOKEN = 5, 12


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a text: where it stands, and what it is in plain words (`password`, `key`, `token`)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets; `kinds` says what was taken out, each kind once."""

    text: str
    kinds: tuple[str, ...] = ()


def secrets_in(text: str) -> tuple[Secret, ...]:
    """Find the secrets of a text, in the order in which they stand, none overlapping another."""
    if not HINT.search(text):
        return ()
    found = sorted(_everywhere(text, tuple(_found(text))), key=lambda each: (each.start, -each.end))
    kept: list[Secret] = []
    for each in found:
        if kept and each.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Secret(last.start, max(last.end, each.end), last.kind)
        else:
            kept.append(each)
    return tuple(kept)


def masked(text: str) -> Masked:
    """Give the text with a word in the place of each secret: `password: [password removed]`."""
    found = secrets_in(text)
    if not found:
        return Masked(text)
    parts: list[str] = []
    at = 0
    for each in found:
        parts += [text[at : each.start], f"[{each.kind} removed]"]
        at = each.end
    return Masked("".join([*parts, text[at:]]), tuple(dict.fromkeys(each.kind for each in found)))


def _found(text: str) -> Iterator[Secret]:
    for block in BLOCK.finditer(text):
        yield Secret(block.start(), block.end(), PRIVATE_KEY)
    for pattern, kind, group in PATTERNS:
        for found in pattern.finditer(text):
            if not _PLACEHOLDER.fullmatch(found[group]):
                yield Secret(found.start(group), found.end(group), kind)
    for found in NEWER.finditer(text):
        yield Secret(found.start(), found.end(), TOKEN)
    for found in BEARER.finditer(text):
        if _is_mixed(found["value"]):
            yield Secret(found.start("value"), found.end("value"), TOKEN)
    for found in LABELLED.finditer(text):
        value = found["value"].rstrip(_WRAPPED)
        if _is_given(found, value):
            kind = PASSWORD if found["password"] else KEY if found["key"] else TOKEN
            yield Secret(found.start("value"), found.start("value") + len(value), kind)


def _everywhere(text: str, found: tuple[Secret, ...]) -> Iterator[Secret]:
    """The secrets, and every other place of the text in which one of them is repeated."""
    yield from found
    for word, kind in {text[each.start : each.end]: each.kind for each in found}.items():
        at = text.find(word)
        while at >= 0:
            yield Secret(at, at + len(word), kind)
            at = text.find(word, at + len(word))


def _is_given(found: re.Match[str], value: str) -> bool:
    """Say whether a label is followed by the secret itself, not by words about it."""
    if len(value) < _SHORTEST or NO_VALUES.fullmatch(value) or _PLACEHOLDER.fullmatch(value) or "://" in value:
        return False
    if found["token"]:
        return len(value) >= _SHORTEST_TOKEN and _is_mixed(value)
    if _is_mixed(value):
        return True
    # Letters alone: only where they stand as a value does, alone behind a mark, and not in a sentence.
    rest = found.string[found.end() :].split("\n", 1)[0].strip(_WRAPPED + " {")
    return bool(found["mark"]) and not rest


def _is_mixed(value: str) -> bool:
    """Say whether it mixes kinds of characters as words do not: letters with figures or signs, or case within."""
    letters = sum(each.isalpha() for each in value)
    inner = value.strip(_WRAPPED + "-_/")
    signs = any(not each.isalnum() and each not in "-_/'’.," for each in inner)
    figures = any(each.isdigit() for each in value)
    return (
        (figures and letters > 0) or signs or (any(e.isupper() for e in value[1:]) and any(e.islower() for e in value))
    )
