"""chat.*: how does the app write, change and take away messages?"""

from datetime import timedelta

from bot.sandbox.api.registry import Args, channel_of, method, own_message, person_of
from bot.sandbox.blocks import accept, accept_metadata
from bot.sandbox.errors import SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, HOME_TEAM, Channel
from bot.sandbox.wire import Json, moment_of

LONGEST_TEXT = 40_000


def composed(platform: Platform, args: Args, channel: Channel) -> Message:
    """The message that the arguments describe; raises SlackError where Slack would not take it."""
    text, blocks = _content(args)
    thread_ts = args.text("thread_ts", "") or None
    if thread_ts is not None:
        thread_ts = _root_of(platform, channel, thread_ts)
    metadata = accept_metadata(args.json("metadata"))
    username = args.text("username", "") or None
    if username:
        platform.manifest.need(("chat:write.customize",))
    return Message(
        channel=channel.id,
        ts=platform.new_ts(),
        user=BOT_USER,
        text=text,
        team=HOME_TEAM,
        blocks=blocks,
        thread_ts=thread_ts,
        metadata=metadata,
        username=username,
        broadcast=bool(thread_ts) and args.flag("reply_broadcast"),
    )


def _content(args: Args) -> tuple[str, list[Json]]:
    text = args.text("text", "")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    blocks = accept(args.json("blocks"), surface="message")
    if not text.strip() and not blocks and not args.json("attachments"):
        raise SlackError("no_text")
    return text, blocks


def _root_of(platform: Platform, channel: Channel, thread_ts: str) -> str | None:
    """The thread's root; None, for the channel itself, where that was deleted with nothing under it."""
    root = platform.workspace.root(channel.id, thread_ts)
    if root is None:
        raise SlackError("thread_not_found")
    return None if root.deleted and not root.is_tombstone else root.ts


@method("chat.postMessage", "chat:write", per_minute=None, writes=True)
def post_message(platform: Platform, args: Args) -> Json:
    """Writes a message."""
    channel = channel_of(platform, args)
    message = composed(platform, args, channel)
    platform.say(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(metadata=True)}


@method("chat.postEphemeral", "chat:write", per_minute=100, writes=True)
def post_ephemeral(platform: Platform, args: Args) -> Json:
    """Shows a message to one person, who must be in the channel."""
    channel = channel_of(platform, args)
    person = person_of(platform, args)
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = composed(platform, args, channel)
    message.ephemeral_to = person.id
    platform.say(message)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write", per_minute=50, writes=True)
def update(platform: Platform, args: Args) -> Json:
    """Changes one of the app's own messages."""
    message = own_message(platform, args, refusal="cant_update_message")
    given = args.values
    text, blocks = _content(args)
    metadata = accept_metadata(args.json("metadata"))

    def change(changed: Message) -> None:
        changed.text = text
        if "blocks" in given or "text" in given:
            changed.blocks = blocks
        if metadata is not None:
            changed.metadata = metadata

    platform.edit(message, change)
    shown = message.as_slack(metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", "chat:write", per_minute=50, writes=True)
def delete(platform: Platform, args: Args) -> Json:
    """Takes away one of the app's own messages."""
    message = own_message(platform, args, refusal="cant_delete_message")
    platform.remove(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", per_minute=None)
def permalink(platform: Platform, args: Args) -> Json:
    """An address for a message."""
    channel = channel_of(platform, args, member=False)
    message = platform.workspace.message(channel.id, args.text("message_ts", error="message_not_found"))
    link = f"{platform.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage", "chat:write", per_minute=50, writes=True)
def schedule_message(platform: Platform, args: Args) -> Json:
    """Writes a message at a simulated moment to come."""
    channel = channel_of(platform, args)
    post_at = moment_of(args.text("post_at"))
    if post_at <= platform.now:
        raise SlackError("time_in_past")
    if post_at > platform.now + timedelta(days=120):
        raise SlackError("time_too_far")
    message = composed(platform, args, channel)

    def post() -> None:
        message.ts = platform.new_ts()
        platform.say(message)

    platform.timekeeper.schedule(post_at, post)
    scheduled_id = f"Q{message.ts.replace('.', '')}"
    return {"channel": channel.id, "scheduled_message_id": scheduled_id, "post_at": int(post_at.timestamp())}
