"""How much of Slack's Web API is here? The table that the documentation prints and the tests hold to the code."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["supported", "partial"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One method: how far it goes, what for or what it leaves out, and the test file that proves it."""

    method: str
    level: Level
    note: str
    tested_by: str


COVERAGE: tuple[Coverage, ...] = (
    Coverage("api.test", "supported", "a first call", "test_methods.py"),
    Coverage(
        "apps.connections.open",
        "supported",
        "Socket Mode: one ticket, one connection, ten at most",
        "test_strictness.py",
    ),
    Coverage("auth.test", "supported", "who the bot is", "test_strictness.py"),
    Coverage("bookmarks.add", "supported", "links only, a hundred at most", "test_rooms.py"),
    Coverage("bookmarks.edit", "partial", "title and link; no emoji", "test_rooms.py"),
    Coverage("bookmarks.list", "supported", "a channel's links", "test_rooms.py"),
    Coverage("bookmarks.remove", "supported", "by id", "test_rooms.py"),
    Coverage("bots.info", "partial", "the app's own bot only", "test_methods.py"),
    Coverage("chat.delete", "supported", "the app's own messages", "test_coverage.py"),
    Coverage("chat.getPermalink", "supported", "an address of this server", "test_methods.py"),
    Coverage("chat.postEphemeral", "supported", "shown to one person in the channel", "test_strictness.py"),
    Coverage(
        "chat.postMessage", "partial", "text, blocks, metadata, threads; attachments are dropped", "test_coverage.py"
    ),
    Coverage(
        "chat.scheduleMessage",
        "partial",
        "posts at a simulated moment; cannot be listed or taken back",
        "test_methods.py",
    ),
    Coverage("chat.update", "supported", "the app's own messages", "test_strictness.py"),
    Coverage("conversations.archive", "supported", "it can be read and not written in", "test_rooms.py"),
    Coverage("conversations.create", "supported", "names checked and unique, the app alone in it", "test_rooms.py"),
    Coverage("conversations.history", "supported", "pages, oldest, latest, inclusive, metadata", "test_coverage.py"),
    Coverage("conversations.info", "supported", "with Slack Connect's fields", "test_coverage.py"),
    Coverage("conversations.invite", "partial", "people of the app's own workspace", "test_rooms.py"),
    Coverage("conversations.join", "supported", "public channels", "test_methods.py"),
    Coverage("conversations.list", "supported", "types and pages", "test_methods.py"),
    Coverage("conversations.mark", "partial", "accepted and forgotten", "test_methods.py"),
    Coverage("conversations.members", "supported", "pages", "test_methods.py"),
    Coverage("conversations.open", "partial", "one person; no group messages", "test_coverage.py"),
    Coverage("conversations.replies", "supported", "pages, metadata", "test_coverage.py"),
    Coverage("conversations.setTopic", "supported", "250 characters", "test_methods.py"),
    Coverage("files.completeUploadExternal", "supported", "the second half of files_upload_v2", "test_methods.py"),
    Coverage("files.delete", "partial", "the message that bears the file stays as it is", "test_methods.py"),
    Coverage("files.getUploadURLExternal", "supported", "the first half of files_upload_v2", "test_methods.py"),
    Coverage("files.info", "supported", "name, size, address", "test_coverage.py"),
    Coverage("reactions.add", "supported", "any emoji name", "test_methods.py"),
    Coverage("reactions.get", "supported", "messages only", "test_methods.py"),
    Coverage("reactions.remove", "supported", "the bot's own", "test_methods.py"),
    Coverage("team.info", "partial", "id, name and domain", "test_methods.py"),
    Coverage("usergroups.list", "partial", "always empty", "test_methods.py"),
    Coverage("usergroups.users.list", "partial", "no group exists", "test_methods.py"),
    Coverage("users.conversations", "supported", "the app's or somebody's channels", "test_methods.py"),
    Coverage("users.getPresence", "partial", "everybody is active", "test_methods.py"),
    Coverage("users.info", "supported", "people of other workspaces as strangers or not", "test_coverage.py"),
    Coverage("users.list", "supported", "the app's own workspace, pages", "test_methods.py"),
    Coverage("users.lookupByEmail", "supported", "HANDLE@watchbell.example", "test_methods.py"),
    Coverage("users.profile.get", "partial", "names and, with its scope, the mail address", "test_methods.py"),
    Coverage("views.open", "supported", "trigger ids live three real seconds and serve once", "test_strictness.py"),
    Coverage("views.publish", "supported", "home tabs, hash", "test_methods.py"),
    Coverage("views.push", "supported", "three modals high", "test_strictness.py"),
    Coverage("views.update", "supported", "by id or external id, hash, what was filled in stays", "test_strictness.py"),
)


def as_markdown() -> str:
    """The table for the documentation."""
    rows = [f"| `{one.method}` | {one.level} | {one.note} | `{one.tested_by}` |" for one in COVERAGE]
    return "\n".join(["| method | | | tested by |", "| --- | --- | --- | --- |", *rows])
