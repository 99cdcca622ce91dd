"""How much of Slack's Web API is here? The table that the documentation prints and the tests hold to the code."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["supported", "partial"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One method: how far it goes, and what for, or what it leaves out."""

    method: str
    level: Level
    note: str


COVERAGE: tuple[Coverage, ...] = (
    Coverage("api.test", "supported", "a first call"),
    Coverage("apps.connections.open", "supported", "Socket Mode: one ticket, one connection, ten at most"),
    Coverage("auth.test", "supported", "who the bot is"),
    Coverage("bots.info", "partial", "the app's own bot only"),
    Coverage("chat.delete", "supported", "the app's own messages"),
    Coverage("chat.getPermalink", "supported", "an address of this server"),
    Coverage("chat.postEphemeral", "supported", "shown to one person in the channel"),
    Coverage("chat.postMessage", "partial", "text, blocks, metadata, threads; attachments are dropped"),
    Coverage("chat.scheduleMessage", "partial", "posts at a simulated moment; cannot be listed or taken back"),
    Coverage("chat.update", "supported", "the app's own messages"),
    Coverage("conversations.history", "supported", "pages, oldest, latest, inclusive, metadata"),
    Coverage("conversations.info", "supported", "with Slack Connect's fields"),
    Coverage("conversations.join", "supported", "public channels"),
    Coverage("conversations.list", "supported", "types and pages"),
    Coverage("conversations.mark", "partial", "accepted and forgotten"),
    Coverage("conversations.members", "supported", "pages"),
    Coverage("conversations.open", "partial", "one person; no group messages"),
    Coverage("conversations.replies", "supported", "pages, metadata"),
    Coverage("conversations.setTopic", "supported", "250 characters"),
    Coverage("files.completeUploadExternal", "supported", "the second half of files_upload_v2"),
    Coverage("files.getUploadURLExternal", "supported", "the first half of files_upload_v2"),
    Coverage("files.info", "supported", "name, size, address"),
    Coverage("reactions.add", "supported", "any emoji name"),
    Coverage("reactions.get", "supported", "messages only"),
    Coverage("reactions.remove", "supported", "the bot's own"),
    Coverage("team.info", "partial", "id, name and domain"),
    Coverage("usergroups.list", "partial", "always empty"),
    Coverage("usergroups.users.list", "partial", "no group exists"),
    Coverage("users.conversations", "supported", "the app's or somebody's channels"),
    Coverage("users.getPresence", "partial", "everybody is active"),
    Coverage("users.info", "supported", "people of other workspaces as strangers or not"),
    Coverage("users.list", "supported", "the app's own workspace, pages"),
    Coverage("users.lookupByEmail", "supported", "HANDLE@watchbell.example"),
    Coverage("users.profile.get", "partial", "names and, with its scope, the mail address"),
    Coverage("views.open", "supported", "trigger ids live three real seconds and serve once"),
    Coverage("views.publish", "supported", "home tabs, hash"),
    Coverage("views.push", "supported", "three modals high"),
    Coverage("views.update", "supported", "by id or external id, hash, what was filled in stays"),
)


def as_markdown() -> str:
    """The table for the documentation."""
    rows = [f"| `{one.method}` | {one.level} | {one.note} |" for one in COVERAGE]
    return "\n".join(["| method | | |", "| --- | --- | --- |", *rows])
