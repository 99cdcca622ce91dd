"""What is a Web API method, and how does it read its arguments?"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, Channel, Person
from bot.sandbox.wire import Json

Token = Literal["bot", "app"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of one call, whether they came as form, query or JSON."""

    values: Json

    def text(self, name: str, default: str | None = None, *, error: str = "invalid_arguments") -> str:
        """A string; raises SlackError where it is missing and has no default."""
        value = self.values.get(name, default)
        if value is None or (default is None and value == ""):
            raise SlackError(error, f"[ERROR] missing required field: {name}")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean in any of the ways that clients write one."""
        value = self.values.get(name)
        if value is None:
            return default
        return value is True or str(value).casefold() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """A whole number; raises SlackError invalid_arguments for anything else."""
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", f"[ERROR] must be an integer: {name}") from None

    def json(self, name: str) -> object:
        """A JSON value, given as such or as text; raises SlackError invalid_arguments where it cannot be read."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            parsed: object = json.loads(value)
        except ValueError:
            code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}.get(name)
            raise SlackError(code or "invalid_arguments", f"[ERROR] invalid JSON: {name}") from None
        return parsed


Call = Callable[[Platform, Args], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method: what answers it, which scopes let an app call it, how often a minute (None: no tier)."""

    name: str
    call: Call
    scopes: tuple[str, ...]
    per_minute: int | None
    by: Token
    writes: bool


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, per_minute: int | None = 50, by: Token = "bot", writes: bool = False
) -> Callable[[Call], Call]:
    """Registers a function as a Web API method; any one of the scopes is enough."""

    def register(call: Call) -> Call:
        METHODS[name] = Method(name, call, scopes, per_minute, by, writes)
        return call

    return register


def channel_of(platform: Platform, args: Args, *, member: bool = True, archived: bool = False) -> Channel:
    """The channel that the call names, a person's id standing for the direct message with them.

    Raises SlackError channel_not_found, not_in_channel where the bot is not in it and must be, or is_archived unless
    an `archived` one will do, as it does for reading.
    """
    name = args.text("channel", error="channel_not_found")
    workspace = platform.workspace
    if name in workspace.people and name != BOT_USER:
        return workspace.open_dm(workspace.people[name])
    channel = workspace.channels.get(name)
    if channel is None and name.startswith("#"):
        try:
            channel = workspace.find_channel(name)
        except Mistake:
            channel = None
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    if member and BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if member and channel.archived and not archived:
        raise SlackError("is_archived")
    return channel


def person_of(platform: Platform, args: Args, name: str = "user") -> Person:
    """The person that the call names; raises SlackError user_not_found."""
    person = platform.workspace.people.get(args.text(name, error="user_not_found"))
    if person is None:
        raise SlackError("user_not_found")
    return person


def own_message(platform: Platform, args: Args, *, refusal: str) -> Message:
    """The app's own message that the call names; raises SlackError for anybody else's."""
    channel = channel_of(platform, args)
    message = platform.workspace.message(channel.id, args.text("ts", error="message_not_found"))
    if not message.by_bot:
        raise SlackError(refusal)
    return message


def page_of(items: list[T], args: Args, *, most: int = 1000, default: int = 100) -> tuple[list[T], Json]:
    """A page of a list by `cursor` and `limit`, with the metadata that leads to the next."""
    limit = args.number("limit", default)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    cursor = args.text("cursor", "")
    if cursor and not cursor.removeprefix("at:").isdecimal():
        raise SlackError("invalid_cursor")
    start = int(cursor.removeprefix("at:") or 0)
    further = f"at:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": further}}
