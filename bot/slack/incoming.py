"""Which delivery does an event of Slack's become, and under which key does it take effect once?

The same message reaches us as `message`, as `app_mention`, repeated, and read back from the history: all four make the
same key and the same body. Bodies hold plain text; `workspace` is empty for people of the installing workspace.

* message: channel, channel_type, ts, thread_ts, user, workspace, text, secrets (the kinds taken out of the text),
  files, mentions_bot, ask (what `@bot` is told to do: escalate, status, help or nothing), rest (the words after it)
* edit: the same, with edited_ts
* delete: channel, ts
* reaction: channel, ts, user, workspace, name (the emoji's), message (the one reacted to, as above), read_back (found
  in the history, which does not say when it was)
* moved: old, new (the ids of a channel that Slack gave another one)
* joined: channel, user, event (its id), inviter, name (the channel's), workspaces (that share it), ours (we made it)
"""

from collections.abc import Mapping
from typing import Any

from bot.services.desk import Delivery, message_key
from bot.services.secrets import masked
from bot.slack.parsing import mention_verb, mentioned, plain, storable, without_mention

Json = Mapping[str, Any]

WRITTEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person wrote."""


def home_or(team: str | None, workspace: str) -> str:
    """The workspace as the directory keys it: empty for our own."""
    return "" if not team or team == workspace else team


def author_team(message: Json, workspace: str) -> str:
    """The workspace of a message's author; an organisation's id (`E...`) is not one."""
    teams = [message.get(name) for name in ("user_team", "source_team", "team")]
    named = [team for team in teams if isinstance(team, str) and team]
    return home_or(next((team for team in named if team.startswith("T")), next(iter(named), None)), workspace)


def of_message(message: Json, *, channel: str, channel_type: str, workspace: str, bot_user: str) -> Delivery | None:
    """The delivery of a message as it was written; None for what a bot or Slack itself wrote."""
    ts, user = message.get("ts"), message.get("user")
    if not (isinstance(ts, str) and isinstance(user, str)) or _is_automatic(message, bot_user):
        return None
    return Delivery(message_key(channel, ts), "message", _body(message, channel, channel_type, workspace, bot_user))


def of_edit(message: Json, *, channel: str, channel_type: str, workspace: str, bot_user: str) -> Delivery | None:
    """The delivery of a message as its author changed it; None where nobody edited (Slack adds previews that way)."""
    edited = message.get("edited")
    ts, user = message.get("ts"), message.get("user")
    if not isinstance(edited, Mapping) or not (isinstance(ts, str) and isinstance(user, str)):
        return None
    if _is_automatic(message, bot_user):
        return None
    edited_ts = str(edited.get("ts", ""))
    body = _body(message, channel, channel_type, workspace, bot_user) | {"edited_ts": edited_ts}
    return Delivery(message_key(channel, ts, edited_ts), "edit", body)


def as_written(message: Json, *, channel: str, workspace: str, bot_user: str) -> Json:
    """What somebody wrote, as the body of its delivery would say it; a program's message too."""
    return _body(message, channel, "channel", workspace, bot_user)


def of_delete(ts: str, *, channel: str) -> Delivery:
    """The delivery of a message's removal."""
    return Delivery(message_key(channel, ts, "deleted"), "delete", {"channel": channel, "ts": ts})


def of_message_event(event: Json, *, workspace: str, bot_user: str) -> Delivery | None:
    """The delivery of a `message` or `app_mention` event, whatever its subtype; None for what is not for us."""
    channel = event.get("channel")
    if not isinstance(channel, str):
        return None
    kind, subtype = str(event.get("channel_type", "")), event.get("subtype")
    where: dict[str, str] = {"channel": channel, "channel_type": kind, "workspace": workspace, "bot_user": bot_user}
    inner = event.get("message")
    if subtype == "message_changed" and isinstance(inner, Mapping):
        if inner.get("subtype") == "tombstone":
            return of_delete(str(inner.get("ts", "")), channel=channel)
        return of_edit(inner, **where)
    if subtype == "message_deleted" and isinstance(event.get("deleted_ts"), str):
        previous = event.get("previous_message")
        if isinstance(previous, Mapping) and _is_automatic(previous, bot_user):
            return None
        return of_delete(event["deleted_ts"], channel=channel)
    return of_message(event, **where)


def of_reaction(
    event: Json, *, team: str | None, message: Json | None, workspace: str, bot_user: str
) -> Delivery | None:
    """The delivery of a reaction to what a person wrote, or another program: a workflow, an alert.

    `team` is that of the person who reacted and `message` what they reacted to; the event itself tells neither. Read
    back, there is no `event_ts`. A program asks for nothing: what it wrote is said by whoever reacted.
    """
    item, user, name = event.get("item"), event.get("user"), event.get("reaction")
    if not isinstance(item, Mapping) or message is None:
        return None
    if _is_anothers(message, bot_user):
        by = dict.fromkeys(("user_team", "source_team", "team"), team)
        message = {**message, **by, "user": user, "text": message.get("text") or _fallback(message)}
    elif _is_automatic(message, bot_user):
        return None
    channel, ts, event_ts = str(item.get("channel")), str(item.get("ts")), event.get("event_ts")
    body = {
        "channel": channel,
        "ts": ts,
        "user": user,
        "workspace": home_or(team, workspace),
        "name": name,
        "message": as_written(message, channel=channel, workspace=workspace, bot_user=bot_user),
        "read_back": event_ts is None,
    }
    return Delivery(f"reaction:{channel}:{ts}:{user}:{name}:{event_ts or ''}", "reaction", body)


def of_joined(event: Json, *, event_id: str, about: Json | None = None, bot_user: str = "") -> Delivery:
    """The delivery of our joining a channel; `about` is what Slack says of that channel, where it says anything."""
    known = about or {}
    inside = {str(each) for each in known.get("internal_team_ids") or ()}
    shared = [str(each) for name in ("connected_team_ids", "shared_team_ids") for each in known.get(name) or ()]
    body = {
        "channel": event.get("channel"),
        "user": event.get("user"),
        "event": event_id,
        "inviter": event.get("inviter"),
        "name": plain(str(known.get("name") or "")),
        "workspaces": [each for each in dict.fromkeys(shared) if each not in {*inside, str(event.get("team"))}],
        "ours": bool(bot_user) and known.get("creator") == bot_user,
    }
    return Delivery(f"event:{event_id}", "joined", body)


def of_moved(event: Json, *, event_id: str) -> Delivery | None:
    """The delivery of a channel's getting another id."""
    old, new = event.get("old_channel_id"), event.get("new_channel_id")
    if not (isinstance(old, str) and isinstance(new, str)) or not (old and new) or old == new:
        return None
    return Delivery(f"event:{event_id}", "moved", {"old": old, "new": new})


def of_home_opened(user: str, *, team: str | None, workspace: str, event_id: str) -> Delivery:
    """The delivery of somebody's looking at the home tab."""
    return Delivery(f"event:{event_id}", "home", {"user": user, "workspace": home_or(team, workspace)})


def _is_automatic(message: Json, bot_user: str) -> bool:
    by_bot = message.get("bot_id") or message.get("bot_profile") or message.get("user") == bot_user
    subtype = message.get("subtype")
    written = isinstance(subtype, str | None) and subtype in WRITTEN
    return bool(by_bot) or not written or message.get("hidden") is True


def _is_anothers(message: Json, bot_user: str) -> bool:
    """Whether another program wrote it, whose words people can read."""
    by_bot, subtype = message.get("bot_id") or message.get("bot_profile"), message.get("subtype")
    written = isinstance(subtype, str | None) and subtype in {*WRITTEN, "bot_message"}
    return bool(by_bot) and written and message.get("hidden") is not True and message.get("user") != bot_user


def _fallback(message: Json) -> str:
    """What a message without a text says beside it, as alerts do."""
    attachments = message.get("attachments")
    found = [each for each in attachments if isinstance(each, Mapping)] if isinstance(attachments, list) else []
    said = (each.get("fallback") or each.get("title") or each.get("text") for each in found)
    return "\n".join(each for each in said if isinstance(each, str))


def _body(message: Json, channel: str, channel_type: str, workspace: str, bot_user: str) -> dict[str, Any]:
    written = str(message.get("text") or "")
    mentions_bot = mentioned(written, bot_user)
    # Before anything is stored: what is never written down cannot leak.
    read = masked(plain(without_mention(written, bot_user) if mentions_bot else written))
    verb, rest = mention_verb(read.text) if mentions_bot else ("", "")
    return {
        "channel": channel,
        "channel_type": channel_type,
        "ts": message.get("ts"),
        # Read back, a message that has replies names itself as its thread.
        "thread_ts": message.get("thread_ts") if message.get("thread_ts") != message.get("ts") else None,
        "user": message.get("user"),
        "workspace": author_team(message, workspace),
        "text": read.text,
        "secrets": list(read.kinds),
        "files": attached(message.get("files")),
        "mentions_bot": mentions_bot,
        "ask": verb,
        "rest": rest,
    }


def attached(files: object) -> list[dict[str, str]]:
    """The files of a message or a form: their names, and where they are looked at. Anything misshapen is left out."""
    if not isinstance(files, list):
        return []
    found = [item for item in files if isinstance(item, Mapping)]
    return [
        {
            "name": plain(str(item.get("name") or item.get("id") or "file")),
            "permalink": storable(str(item.get("permalink") or "")),
            "id": storable(str(item.get("id") or "")),
        }
        for item in found
    ]
