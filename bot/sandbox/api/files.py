"""files.*: how does the app bring a file in, and read one?"""

import itertools
import json

from bot.sandbox.api.registry import Args, channel_of, method
from bot.sandbox.errors import SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, HOME_TEAM
from bot.sandbox.wire import Json

LARGEST_FILE = 5_000_000
KEPT_FILES = 500
_ids = itertools.count(1)


def new_file(platform: Platform, *, name: str, size: int, user: str, content: bytes | None = None) -> Json:
    """Keeps a file; its content comes with it or is posted to its upload address."""
    file_id = f"F0{next(_ids):08d}"
    address = f"{platform.url}/files/{file_id}"
    kept: Json = {"id": file_id, "name": name, "title": name, "size": size, "user": user, "mode": "hosted"}
    kept |= {"url_private": address, "url_private_download": address, "filetype": name.rpartition(".")[2]}
    kept["content"] = content
    files = platform.workspace.files
    if len(files) >= KEPT_FILES:
        del files[next(iter(files))]
    files[file_id] = kept
    return kept


def as_slack(kept: Json) -> Json:
    """The file object, without the content."""
    return {key: value for key, value in kept.items() if key != "content"}


@method("files.getUploadURLExternal", "files:write", per_minute=20)
def upload_url(platform: Platform, args: Args) -> Json:
    """Where to post the content of a file to come."""
    size = args.number("length", 0)
    if not 0 < size <= LARGEST_FILE:
        raise SlackError("file_too_large" if size > 0 else "invalid_arguments")
    kept = new_file(platform, name=args.text("filename"), size=size, user=BOT_USER)
    return {"upload_url": f"{platform.url}/upload/{kept['id']}", "file_id": kept["id"]}


@method("files.completeUploadExternal", "files:write", per_minute=20, writes=True)
def complete_upload(platform: Platform, args: Args) -> Json:
    """Shares uploaded files in a channel."""
    given = args.json("files")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: files")
    shared = []
    for item in given:
        kept = platform.workspace.files.get(str(item.get("id")))
        if kept is None or kept["content"] is None:
            raise SlackError("file_not_found")
        kept["title"] = item.get("title") or kept["name"]
        shared.append(as_slack(kept))
    if channel_id := args.text("channel_id", "") or args.text("channels", ""):
        channel = channel_of(platform, Args({"channel": channel_id}))
        message = Message(
            channel=channel.id,
            ts=platform.new_ts(),
            user=BOT_USER,
            text=args.text("initial_comment", ""),
            team=HOME_TEAM,
            files=json.loads(json.dumps(shared)),
            thread_ts=args.text("thread_ts", "") or None,
        )
        platform.say(message)
    return {"files": shared}


@method("files.delete", "files:write", per_minute=50, writes=True)
def delete(platform: Platform, args: Args) -> Json:
    """Takes away one of the app's own files; the message that bears it stays."""
    kept = platform.workspace.files.get(args.text("file", error="file_not_found"))
    if kept is None:
        raise SlackError("file_not_found")
    if kept["user"] != BOT_USER:
        raise SlackError("cant_delete_file")
    del platform.workspace.files[kept["id"]]
    return {}


@method("files.info", "files:read")
def info(platform: Platform, args: Args) -> Json:
    """One file."""
    kept = platform.workspace.files.get(args.text("file", error="file_not_found"))
    if kept is None:
        raise SlackError("file_not_found")
    return {"file": as_slack(kept)}
