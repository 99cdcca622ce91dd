"""conversations.*: which channels are there, who is in them, and what was written?"""

from collections.abc import Iterable

from bot.sandbox.api.registry import Args, channel_of, method, page_of
from bot.sandbox.errors import SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, HOME_TEAM, Channel
from bot.sandbox.wire import Json

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def as_slack(platform: Platform, channel: Channel) -> Json:
    """The conversation object."""
    if channel.kind == "dm":
        other = platform.workspace.other_of(channel)
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": other.id if other else "", "created": 1}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_member": BOT_USER in channel.members,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "context_team_id": HOME_TEAM,
        "shared_team_ids": list(channel.teams),
        "connected_team_ids": [team for team in channel.teams if team != HOME_TEAM],
        "internal_team_ids": [],
        "num_members": len(channel.members),
        "created": 1,
        "creator": channel.members[0] if channel.members else BOT_USER,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


@method("conversations.info", *_READ)
def info(platform: Platform, args: Args) -> Json:
    """One channel."""
    return {"channel": as_slack(platform, channel_of(platform, args, member=False))}


@method("conversations.list", *_READ, per_minute=20)
def list_channels(platform: Platform, args: Args) -> Json:
    """The channels that the app can see, by pages."""
    return _listed(platform, args, platform.workspace.channels.values())


@method("users.conversations", *_READ)
def channels_of_user(platform: Platform, args: Args) -> Json:
    """The channels that somebody is in, the app where nobody is named."""
    user = args.text("user", BOT_USER)
    return _listed(platform, args, (c for c in platform.workspace.channels.values() if user in c.members))


def _listed(platform: Platform, args: Args, channels: Iterable[Channel]) -> Json:
    types = set(args.text("types", "public_channel").replace(" ", "").split(","))
    archived = not args.flag("exclude_archived")
    wanted = []
    for channel in channels:
        kind = "im" if channel.kind == "dm" else "private_channel" if channel.private else "public_channel"
        hidden = channel.private and BOT_USER not in channel.members
        if kind in types and not hidden and (archived or not channel.archived):
            wanted.append(as_slack(platform, channel))
    page, further = page_of(wanted, args)
    return {"channels": page, **further}


@method("conversations.members", *_READ, per_minute=100)
def members(platform: Platform, args: Args) -> Json:
    """Who is in a channel, by pages."""
    page, further = page_of(list(channel_of(platform, args, member=False).members), args)
    return {"members": page, **further}


@method("conversations.history", *_HISTORY)
def history(platform: Platform, args: Args) -> Json:
    """What was written in a channel, newest first, without the replies."""
    channel = channel_of(platform, args, archived=True)
    newest = [
        message for message in platform.workspace.newest_first(channel.id) if not message.is_reply or message.broadcast
    ]
    return _page_of_messages(newest, args)


@method("conversations.replies", *_HISTORY)
def replies(platform: Platform, args: Args) -> Json:
    """A thread, its root first."""
    channel = channel_of(platform, args, archived=True)
    root = platform.workspace.root(channel.id, args.text("ts"))
    if root is None or (root.deleted and not root.is_tombstone):
        raise SlackError("thread_not_found")
    thread = platform.workspace.thread(channel.id, root.ts)
    return _page_of_messages(thread[1:], args, first=thread[:1])


def _page_of_messages(messages: list[Message], args: Args, *, first: list[Message] | None = None) -> Json:
    oldest, latest = _ts(args, "oldest"), _ts(args, "latest")
    inclusive = args.flag("inclusive")
    metadata = args.flag("include_all_metadata")

    def within(message: Message) -> bool:
        after = not oldest or message.ts > oldest or (inclusive and message.ts == oldest)
        before = not latest or message.ts < latest or (inclusive and message.ts == latest)
        return after and before

    page, further = page_of([*(first or []), *(one for one in messages if within(one))], args, most=999)
    return {
        "messages": [message.as_slack(metadata=metadata) for message in page],
        "has_more": bool(further["response_metadata"]["next_cursor"]),
        "pin_count": 0,
        **further,
    }


def _ts(args: Args, name: str) -> str:
    """Padded like a ts, so that `oldest=0` and `oldest=1700000000` compare as text."""
    text = args.text(name, "")
    if not text or text == "0":
        return ""
    seconds, _, micros = text.partition(".")
    if not (seconds + micros).isdecimal():
        raise SlackError(f"invalid_ts_{name}")
    return f"{seconds}.{micros.ljust(6, '0')}"


@method("conversations.open", "im:write", "mpim:write", writes=True)
def open_dm(platform: Platform, args: Args) -> Json:
    """The direct message with one person."""
    if given := args.text("channel", ""):
        return {"channel": {"id": given}}
    users = [user for user in args.text("users", error="users_list_not_supplied").split(",") if user]
    if len(users) != 1:
        raise SlackError("not_enough_users" if not users else "too_many_users")
    person = platform.workspace.people.get(users[0].strip())
    if person is None:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    existed = len(platform.workspace.channels)
    channel = platform.workspace.open_dm(person)
    already = existed == len(platform.workspace.channels)
    shown = as_slack(platform, channel) if args.flag("return_im") else {"id": channel.id}
    return {"channel": shown, "no_op": already, "already_open": already}


@method("conversations.join", "channels:join", writes=True)
def join(platform: Platform, args: Args) -> Json:
    """The app goes into a public channel."""
    channel = channel_of(platform, args, member=False)
    if channel.private or channel.kind == "dm":
        raise SlackError("method_not_supported_for_channel_type")
    if BOT_USER not in channel.members:
        channel.members.append(BOT_USER)
        event = {"type": "member_joined_channel", "user": BOT_USER, "channel": channel.id, "channel_type": "C"}
        event |= {"team": HOME_TEAM, "event_ts": platform.new_ts()}
        platform.event(event, channel=channel, actor_team=HOME_TEAM)
    return {"channel": as_slack(platform, channel)}


@method("conversations.setTopic", "channels:manage", "channels:write.topic", "groups:write", writes=True, per_minute=20)
def set_topic(platform: Platform, args: Args) -> Json:
    """A channel's topic, 250 characters."""
    channel = channel_of(platform, args)
    topic = args.text("topic", "")
    if len(topic) > 250:
        raise SlackError("too_long")
    channel.topic = topic
    return {"channel": as_slack(platform, channel)}


@method("conversations.mark", "im:write", "channels:write", "groups:write", "mpim:write", writes=True)
def mark(platform: Platform, args: Args) -> Json:
    """Accepted and forgotten: a bot has no unread marks."""
    channel_of(platform, args)
    return {}
