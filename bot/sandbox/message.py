"""What is a message of the local workspace, and how does Slack show it?"""

from dataclasses import dataclass, field

from bot.sandbox.seed import APP_ID, BOT_ID, BOT_USER
from bot.sandbox.wire import Json, moment_of

TOMBSTONE = "This message was deleted."
REPLY_USERS = 5
"""So many of those who wrote in a thread does Slack name with its first message."""


@dataclass(slots=True)
class Message:
    """One message, of a person or of the bot; `ephemeral_to` names the only person who sees it."""

    channel: str
    ts: str
    user: str
    text: str
    team: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    username: str | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited_ts: str | None = None
    deleted: bool = False
    broadcast: bool = False
    ephemeral_to: str | None = None
    client_msg_id: str | None = None
    replies: dict[str, str] = field(default_factory=dict)
    """Who wrote below it, by the ts of the reply, oldest first."""

    @property
    def by_bot(self) -> bool:
        """Whether the app wrote it."""
        return self.user == BOT_USER

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_tombstone(self) -> bool:
        """Whether it is gone but still holds a thread together."""
        return self.deleted and bool(self.replies)

    @property
    def latest_reply(self) -> str | None:
        """The ts of the newest message below it."""
        return next(reversed(self.replies), None)

    def as_slack(self, *, metadata: bool = False) -> Json:
        """The message object of Slack's payloads and of conversations.history; metadata where asked for."""
        return (self._tombstone() if self.is_tombstone else self._content(metadata=metadata)) | self._thread()

    def _tombstone(self) -> Json:
        gone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": TOMBSTONE}
        return gone | {"hidden": True, "ts": self.ts}

    def _content(self, *, metadata: bool) -> Json:
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        if self.by_bot:
            shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
            shown["bot_profile"] = {"id": BOT_ID, "app_id": APP_ID, "name": self.username or "watchbell"}
        if self.username:
            shown["username"] = self.username
        if self.client_msg_id:
            shown["client_msg_id"] = self.client_msg_id
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.files:
            shown["files"] = self.files
        if self.edited_ts:
            shown["edited"] = {"user": self.user, "ts": self.edited_ts}
        if self.broadcast:
            shown["subtype"] = "thread_broadcast"
        if metadata and self.metadata:
            shown["metadata"] = self.metadata
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        return shown

    def _thread(self) -> Json:
        if self.replies:
            users = list(dict.fromkeys(self.replies.values()))
            return {
                "thread_ts": self.ts,
                "reply_count": len(self.replies),
                "reply_users": users[:REPLY_USERS],
                "reply_users_count": len(users),
                "latest_reply": self.latest_reply,
                "is_locked": False,
            }
        return {"thread_ts": self.thread_ts} if self.thread_ts else {}

    def as_shown(self, *, channel_name: str, name: str) -> Json:
        """The flat form that the control interface and the page read."""
        return {
            "channel": self.channel,
            "channel_name": channel_name,
            "ts": self.ts,
            "thread_ts": self.thread_ts,
            "at": moment_of(self.ts).isoformat(),
            "user": self.user,
            "name": name,
            "text": self.text,
            "blocks": self.blocks,
            "metadata": self.metadata,
            "reactions": [{"name": key, "users": list(users)} for key, users in self.reactions.items()],
            "files": self.files,
            "edited": self.edited_ts is not None,
            "deleted": self.deleted,
            "ephemeral_to": self.ephemeral_to,
            "broadcast": self.broadcast,
            "reply_count": len(self.replies),
            "latest_reply": self.latest_reply,
        }
