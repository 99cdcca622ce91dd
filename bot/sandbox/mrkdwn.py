"""How does what a person types become Slack's text, and how is it read again?"""

import re
from collections.abc import Mapping

from bot.sandbox.seed import BOT_USER, Channel, Person

_MENTION = re.compile(r"(?<![\w<])@([\w.-]*\w)")
_CHANNEL = re.compile(r"(?<![\w<&])#([\w-]+)")
_LINK = re.compile(r"(?<![<|])\bhttps?://[^\s<>|]+[^\s<>|.,;:!?)]")
_TAG = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def escape(text: str) -> str:
    """Escapes the three characters that Slack escapes in what people write."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, *, people: Mapping[str, Person], channels: Mapping[str, Channel], named: bool = False) -> str:
    """What Slack makes of typed words: escaped, with `@ana` and `#acme` of those it knows as references.

    `named` adds the handle to a person's reference, as slash commands get it.
    """
    by_handle = {person.handle.casefold(): person.id for person in people.values()} | {"bot": BOT_USER}
    by_name = {channel.name.casefold(): channel.id for channel in channels.values() if channel.kind == "channel"}

    def person(found: re.Match[str]) -> str:
        user = by_handle.get(found[1].casefold())
        if not user:
            return found[0]
        return f"<@{user}|{people[user].handle}>" if named else f"<@{user}>"

    def channel(found: re.Match[str]) -> str:
        known = by_name.get(found[1].casefold())
        return f"<#{known}|{found[1]}>" if known else found[0]

    return _LINK.sub(r"<\g<0>>", _CHANNEL.sub(channel, _MENTION.sub(person, escape(text))))


def plain(text: str, *, people: Mapping[str, Person]) -> str:
    """Slack's text as a reader sees it: names for references, three characters unescaped."""

    def shown(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("@"):
            return "@" + (people[target[1:]].name if target[1:] in people else target[1:])
        if target.startswith("!date^"):
            return label or target
        return label or target

    return _TAG.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
