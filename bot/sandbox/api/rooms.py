"""conversations.create, .invite and .archive: how does an app make a channel, fill it and end it?"""

import re

from bot.sandbox.api.conversations import as_slack
from bot.sandbox.api.registry import Args, channel_of, method
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, HOME_TEAM, Channel
from bot.sandbox.wire import Json

_MANAGE = ("channels:manage", "groups:write")


@method("conversations.create", *_MANAGE, writes=True, per_minute=20)
def create(platform: Platform, args: Args) -> Json:
    """A new channel with the app alone in it; names are lower case and not to be had twice, archived or not."""
    name = args.text("name", error="invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in platform.workspace.channels.values() if channel.kind == "channel"):
        raise SlackError("name_taken")
    channel = Channel(_fresh_id(platform), name, [BOT_USER], private=args.flag("is_private"))
    platform.workspace.channels[channel.id] = channel
    platform.touch()
    _joined(platform, channel, BOT_USER)
    return {"channel": as_slack(platform, channel)}


@method("conversations.invite", *_MANAGE, "channels:write.invites", writes=True)
def invite(platform: Platform, args: Args) -> Json:
    """Brings people of the app's own workspace into a channel; one who cannot come refuses them all."""
    channel = channel_of(platform, args)
    users = [user.strip() for user in args.text("users", error="no_user").split(",") if user.strip()]
    for user in users:
        person = platform.workspace.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.id == BOT_USER:
            raise SlackError("cant_invite_self")
        if person.team != HOME_TEAM:
            raise SlackError("not_in_team" if not channel.shared else "user_team_not_in_channel")
        if user in channel.members:
            raise SlackError("already_in_channel")
    for user in users:
        channel.members.append(user)
        platform.touch()
        _joined(platform, channel, user)
    platform.push_channel(channel)
    return {"channel": as_slack(platform, channel)}


@method("conversations.archive", *_MANAGE, writes=True, per_minute=20)
def archive(platform: Platform, args: Args) -> Json:
    """Ends a channel: it can be read, and nothing more is written there."""
    channel = channel_of(platform, args, member=False)
    if channel.kind == "dm":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("already_archived")
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    channel.archived = True
    platform.touch()
    return {}


def _fresh_id(platform: Platform) -> str:
    made = sum(channel_id.startswith("C0NEW") for channel_id in platform.workspace.channels)
    return f"C0NEW{made + 1}"


def _joined(platform: Platform, channel: Channel, user: str) -> None:
    event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": "C"}
    event |= {"team": HOME_TEAM, "event_ts": platform.new_ts()}
    platform.event(event, channel=channel, actor_team=HOME_TEAM)
