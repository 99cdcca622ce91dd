"""What does Slack's Events API tell the app of what happened?"""

import itertools
from datetime import datetime

from bot.sandbox.message import Message
from bot.sandbox.seed import APP_ID, BOT_USER, HOME_TEAM, Channel, Person
from bot.sandbox.wire import Json

VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105 - the fixed token of a local workspace, secret to nobody
_ids = itertools.count(1)


def channel_type(channel: Channel) -> str:
    """`im`, `group` or `channel`, as events name it."""
    if channel.kind == "dm":
        return "im"
    return "group" if channel.private else "channel"


def envelope(event: Json, *, channel: Channel | None, actor_team: str, now: datetime) -> Json:
    """The outer payload: `team_id` is the installing team's, whoever wrote."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": HOME_TEAM,
        "context_team_id": HOME_TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{next(_ids):010d}{int(now.timestamp()):X}",
        "event_time": int(now.timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": HOME_TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.shared and channel.kind == "channel"),
        "event_context": f"4-{event['type']}-{actor_team}",
    }


def of_message(message: Message, channel: Channel) -> Json:
    """A message that was written."""
    teams = {"user_team": message.team, "source_team": message.team}
    kind = {"channel": channel.id, "channel_type": channel_type(channel), "event_ts": message.ts}
    event = message.as_slack() | (teams if not message.by_bot else {}) | kind
    if message.files and not message.by_bot:
        event |= {"subtype": "file_share", "upload": False}
    return event


def of_edit(message: Message, before: Json, channel: Channel, *, ts: str) -> Json:
    """A message that was changed."""
    teams = {} if message.is_tombstone else {"user_team": message.team, "source_team": message.team}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel_type(channel),
        "ts": ts,
        "event_ts": ts,
        "message": message.as_slack() | teams,
        "previous_message": before,
    }


def of_deletion(message: Message, before: Json, channel: Channel, *, ts: str) -> Json:
    """A message that was taken away."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel_type(channel),
        "ts": ts,
        "event_ts": ts,
        "deleted_ts": message.ts,
        "previous_message": before,
    }


def of_mention(message: Message, channel: Channel) -> Json:
    """The same message once more, because it names the app."""
    event = of_message(message, channel)
    event.pop("channel_type")
    event.pop("subtype", None)
    return event | {"type": "app_mention"}


def of_reaction(kind: str, name: str, person: Person, message: Message, *, ts: str) -> Json:
    """`reaction_added` or `reaction_removed`."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    return {
        "type": kind,
        "user": person.id,
        "reaction": name,
        "item": item,
        "item_user": message.user,
        "event_ts": ts,
    }
