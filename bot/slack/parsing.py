"""What did a person really write, and where? Pure functions over the text that Slack hands us.

Slack escapes `&`, `<` and `>` and writes mentions and links as `<...>`; inside the desk text is plain.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"<([^<>\n]{1,3000})>")
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_DASH = "[-\u2010-\u2015\u2212\uff0d]"
_NAMED = re.compile(
    r"(?P<said>(?:(?:ticket|case|number|no|nr)\b\.?\s*)*[#\uff03]?)\s*[\"'“”‘’(\[]*"
    rf"(?P<id>[A-Za-z][A-Za-z0-9]{{0,7}}{_DASH}\d{{1,12}}|\d{{1,9}})[\"'“”‘’)\].,:;!?]*(?:\s+|$)",
    re.IGNORECASE,
)
"""A ticket as people write it, their phones' dashes and quotes and other scripts' digits among it."""

_PLEASE = re.compile(r"(?:(?:please|pls)\W*)?", re.IGNORECASE)
_POLITELY = re.compile(
    r"(?:(?:(?:hi|hello|hey|hallo|bitte|please|pls|kindly|could|can|would|will)\b(?:\s+(?:you|we|somebody|someone)\b)?"
    r"|(?:i|we)(?:['’]d like|\s+(?:want|need|wish|would like))\s+to\b)[\s,.!]*)*/?",
    re.IGNORECASE,
)
"""What people say before they say what they want, and the mark of a command where they have none."""

_ESCALATE = frozenset({"escalate", "eskalieren", "eskaliere"})
_HELP = frozenset({"help", "hilfe"})
"""What the bot is asked for in the languages that ship; `status` is the same in both."""

_COMMANDING = frozenset({"!channel", "!here", "!everyone"})


def unescape(text: str) -> str:
    """The characters that Slack escaped: exactly `&lt;`, `&gt;` and `&amp;`, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """The text as mrkdwn that shows it and means nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """Slack's mrkdwn as a person reads it: `<https://x|here>` is `here (https://x)`, `<@U0ANA|ana>` is `@ana`."""
    return storable(unescape(_TOKEN.sub(lambda token: _reading(token.group(1)), text)))


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def mentioned(text: str, user: str) -> bool:
    """Whether the text mentions a Slack user."""
    return any(found.group(1) == user for found in _USER.finditer(text))


def without_mention(text: str, user: str) -> str:
    """The text without the mentions of one Slack user."""
    stripped = _USER.sub(lambda found: "" if found.group(1) == user else found.group(0), text)
    return re.sub(r"[ \t]{2,}", " ", stripped).strip()


def value_of(element: Mapping[str, Any]) -> str:
    """What was written or chosen in a field of a form; several choices with commas between them."""
    option, options = element.get("selected_option"), element.get("selected_options")
    if isinstance(option, Mapping):
        return str(option.get("value") or "")
    if isinstance(options, list):
        return ",".join(str(each.get("value") or "") for each in options if isinstance(each, Mapping))
    simple = ("value", "selected_user", "selected_date", "selected_time", "selected_date_time", "selected_conversation",
              "selected_channel")  # fmt: skip
    return next((str(element[name]) for name in simple if element.get(name) is not None), "")


@dataclass(frozen=True, slots=True)
class TicketCommand:
    """What `/ticket` asks: `verb` is form, open, list, show, help or admin; `rest` the words that follow."""

    verb: str
    rest: str = ""


def ticket_command(text: str) -> TicketCommand:
    """Read the text of `/ticket`. A verb counts only where nothing that could be a summary follows it."""
    words = plain(text).strip()
    first, _, rest = words.partition(" ")
    verb, rest = first.lower(), rest.strip()
    if not words:
        return TicketCommand("form")
    if verb in {"list", "help", "admin"} and not rest:
        return TicketCommand(verb)
    if verb == "show" and (not rest or _alone(rest)):
        return TicketCommand("show", _alone(rest))
    return TicketCommand("open", words)


def leading_ticket(words: str) -> tuple[str | None, str]:
    """Part `#T-12: it is down` into ticket and rest; a number counts only where it is said to be one of a ticket."""
    found = _NAMED.match(words)
    if found is None or (found["id"].isdecimal() and not found["said"].strip()):
        return None, words
    return _as_kept(found["id"]), words[found.end() :].strip()


def _alone(words: str) -> str:
    """The ticket that the words name and nothing else, a bare number among it; empty where they say more."""
    found = _NAMED.match(words)
    return _as_kept(found["id"]) if found and _PLEASE.fullmatch(words[found.end() :]) else ""


def _as_kept(written: str) -> str:
    digits = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in written)
    return re.sub(_DASH, "-", digits).upper()


@dataclass(frozen=True, slots=True)
class EscalateCommand:
    """What `/escalate` asks: without a ticket, the form; `level` is a word such as `2`."""

    ticket: str | None = None
    level: str | None = None
    reason: str = ""


def escalate_command(text: str) -> EscalateCommand:
    """Read `ID [to [level] LEVEL] [REASON]`. Without an id, what was written is kept as the reason."""
    ticket, said = leading_ticket(" ".join(plain(text).split()))
    if ticket is None:
        return EscalateCommand(reason=said)
    rest = said.split()
    if len(rest) > 1 and rest[0].lower() == "to":
        rest = rest[2:] if rest[1].lower() == "level" and len(rest) > 2 else rest[1:]
        return EscalateCommand(ticket, rest[0], " ".join(rest[1:]))
    return EscalateCommand(ticket, None, " ".join(rest))


@dataclass(frozen=True, slots=True)
class OnCallCommand:
    """What `/oncall` asks: `person` is a Slack user id or a name, `words` the moments as they were written.

    `verb` is show, help, override, add, without, absent, remove, calendar or test.
    """

    verb: str
    person: str = ""
    words: str = ""


def oncall_command(text: str) -> OnCallCommand:
    """Read `/oncall`, `override @PERSON FROM TO` (or add, without), `absent [@PERSON] FROM TO`, `remove MARK`."""
    words = text.split()
    if len(words) > 1 and words[0].lower() == "override" and words[1].lower() in {"add", "without"}:
        words = words[1:]
    verb = words[0].lower() if words else "show"
    if verb in {"remove", "calendar", "show", "test"}:
        return OnCallCommand(verb, words=plain(" ".join(words[1:])))
    if verb not in {"override", "add", "without", "absent"}:
        return OnCallCommand("help", words="" if verb == "help" else plain(words[0]))
    found = _USER.fullmatch(words[1]) if len(words) > 1 else None
    if len(words) < 2 or (verb == "absent" and found is None and not words[1].startswith("@")):
        return OnCallCommand(verb, words=plain(" ".join(words[1:])))
    person = found.group(1) if found else plain(words[1]).lstrip("@")
    return OnCallCommand(verb, person, plain(" ".join(words[2:])))


def mention_verb(text: str) -> tuple[str, str]:
    """Read what follows `@bot`: escalate (and why), status (and of which), help, or none of these, and what is left.

    Whoever asks politely to escalate is heard too; a ticket that the rest begins with is named as it is kept.
    """
    said = text.strip()
    asked, _, why = _POLITELY.sub("", said, count=1).partition(" ")
    if asked.lower().rstrip("?!.:,") in _ESCALATE:
        ticket, rest = leading_ticket(why.strip())
        return "escalate", f"{ticket if '-' in ticket else '#' + ticket} {rest}".strip() if ticket else rest
    first, _, rest = said.partition(" ")
    verb, rest = first.lower().rstrip("?!.:,"), rest.strip()
    if verb == "status" and (named := _alone(rest.removeprefix("of ").removeprefix("for "))):
        return verb, named
    if verb in {"status", *_HELP} and not rest:
        return "help" if verb in _HELP else verb, rest
    return "", said


def _reading(token: str) -> str:
    body, bar, label = token.partition("|")
    if body.startswith("@"):
        return f"@{label or body[1:]}"
    if body.startswith("#"):
        return f"#{label or body[1:]}"
    if body.startswith("!"):
        return f"&lt;{token}&gt;" if body in _COMMANDING else label or f"&lt;{token}&gt;"
    address = body.removeprefix("mailto:").removeprefix("tel:")
    if not bar or label in {body, address} or body in {f"http://{label}", f"https://{label}"}:
        return address
    return f"{label} ({address})"
