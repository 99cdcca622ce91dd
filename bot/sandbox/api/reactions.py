"""reactions.*, pins and bookmarks: what does the app put beside a message?"""

import re

from bot.sandbox.api.registry import Args, channel_of, method
from bot.sandbox.errors import SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER
from bot.sandbox.wire import Json


def _target(platform: Platform, args: Args) -> tuple[Message, str]:
    channel = channel_of(platform, args)
    name = args.text("name", error="no_reaction").strip(":")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return platform.workspace.message(channel.id, args.text("timestamp", error="no_item_specified")), name


@method("reactions.add", "reactions:write", writes=True)
def add(platform: Platform, args: Args) -> Json:
    """The bot reacts."""
    message, name = _target(platform, args)
    if not platform.react(message, name, platform.workspace.people[BOT_USER], added=True):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove", "reactions:write", writes=True)
def remove(platform: Platform, args: Args) -> Json:
    """The bot takes its reaction back."""
    message, name = _target(platform, args)
    if not platform.react(message, name, platform.workspace.people[BOT_USER], added=False):
        raise SlackError("no_reaction")
    return {}


@method("reactions.get", "reactions:read")
def get(platform: Platform, args: Args) -> Json:
    """A message with its reactions."""
    channel = channel_of(platform, args)
    message = platform.workspace.message(channel.id, args.text("timestamp", error="no_item_specified"))
    return {"type": "message", "channel": channel.id, "message": message.as_slack()}
