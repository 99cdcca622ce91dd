"""bookmarks.*: which links stand at the top of a channel?"""

from bot.sandbox.api.registry import Args, channel_of, method
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.seed import Channel
from bot.sandbox.wire import Json

MOST = 100


def _channel(platform: Platform, args: Args) -> Channel:
    return channel_of(platform, Args({"channel": args.text("channel_id", error="channel_not_found")}))


def _place(channel: Channel, args: Args) -> int:
    wanted = args.text("bookmark_id", error="not_found")
    for place, one in enumerate(channel.bookmarks):
        if one["id"] == wanted:
            return place
    raise SlackError("not_found")


@method("bookmarks.add", "bookmarks:write", writes=True, per_minute=20)
def add(platform: Platform, args: Args) -> Json:
    """A link with a title; a hundred at most."""
    channel = _channel(platform, args)
    title = args.text("title")
    if args.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link = args.text("link", error="invalid_link")
    if not link.startswith(("https://", "http://")):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    made: Json = {
        "id": f"Bk{platform.new_ts()}",
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "type": "link",
    }
    channel.bookmarks.append(made)
    platform.touch()
    return {"bookmark": made}


@method("bookmarks.list", "bookmarks:read", per_minute=100)
def list_bookmarks(platform: Platform, args: Args) -> Json:
    """All links of a channel."""
    return {"bookmarks": list(_channel(platform, args).bookmarks)}


@method("bookmarks.edit", "bookmarks:write", writes=True)
def edit(platform: Platform, args: Args) -> Json:
    """Another title or link."""
    channel = _channel(platform, args)
    place = _place(channel, args)
    changed: dict[str, str] = {str(name): args.text(name) for name in ("title", "link") if name in args.values}
    channel.bookmarks[place] = {**channel.bookmarks[place], **changed}
    platform.touch()
    return {"bookmark": channel.bookmarks[place]}


@method("bookmarks.remove", "bookmarks:write", writes=True)
def remove(platform: Platform, args: Args) -> Json:
    """One link less."""
    channel = _channel(platform, args)
    del channel.bookmarks[_place(channel, args)]
    platform.touch()
    return {}
