"""How does one row of the outbox become visible in Slack, and did it already?"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.delivery.errors import DeliveryError
from bot.delivery.files import Files, bears
from bot.delivery.refusals import NOT_GRANTED, TIMEOUT_SECONDS, call
from bot.delivery.rooms import Rooms
from bot.delivery.sent import Sent
from bot.domain.message import Kind
from bot.store import rooms
from bot.store.files import FILES, FILES_GONE
from bot.store.tables import OutboxRow

CLOCKS_DIFFER_FOR = timedelta(minutes=5)
EXTERNAL_KNOWN_SECONDS = 300.0
PAGE_SIZE = 200
MOST_PAGES = 10
EXTRAS = frozenset({FILES, FILES_GONE, *rooms.OPS})
"""What needs scopes of its own, that an app may lack which was installed by an older release."""

UNREADABLE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "message_not_found", "missing_scope"}
)


class Sender(Protocol):
    """A medium that takes rows of the outbox."""

    def send(self, row: OutboxRow) -> Sent:
        """Makes it visible; raises DeliveryError."""

    def look_up(self, row: OutboxRow) -> Sent | None:
        """Where an earlier attempt put it; None where it did not arrive. Raises DeliveryError."""

    def is_external(self, lane: str) -> bool:
        """Whether people of another organisation read there. Raises DeliveryError where that cannot be told."""


def connect(token: str, *, base_url: str) -> WebClient:
    """A client for sending: ten seconds for an answer, nothing repeated behind our back."""
    return WebClient(token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


class SlackSender:
    """Sends through Slack's Web API. Threads may share one."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._ops: dict[str, Callable[[OutboxRow], Sent]] = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "ephemeral": self._show_to_one,
            "view_update": self._update_view,
            "home": self._publish_home,
            FILES: self._share_files,
            FILES_GONE: self._take_files_back,
            **Rooms(client).ops,
        }
        self._files = Files(client)
        self._direct: dict[str, str] = {}
        self._external: dict[str, tuple[float, bool]] = {}
        self._home_team: str | None = None

    def send(self, row: OutboxRow) -> Sent:
        """Makes a row visible. Raises DeliveryError."""
        try:
            return self._ops[row.op](row)
        except DeliveryError as refused:
            if row.op in EXTRAS and refused.code in NOT_GRANTED:
                # What only wanted files along must not keep the words behind it from leaving, until somebody notices.
                raise DeliveryError(refused.code, permanent=True) from refused
            raise

    def look_up(self, row: OutboxRow) -> Sent | None:
        """Where an earlier attempt put a post, by the id in its metadata; None where it is not in history.

        Raises DeliveryError where history could not be read just now. Where it can never be read, the answer is None.
        """
        channel = self._channel_of(row)
        # It never left before it was to: each attempt that was settled has moved that moment on.
        for message in self._said_since(max(row.created_at, row.not_before), channel, row.thread):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("id") == row.id or (row.op == FILES and bears(message, row.id)):
                return Sent(channel, str(message["ts"]))
        return None

    def _said_since(self, since: datetime, channel: str, thread: str | None) -> Iterator[Mapping[str, Any]]:
        oldest = f"{(since - CLOCKS_DIFFER_FOR).timestamp():.6f}"
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            try:
                page = self._history(channel, thread, oldest=oldest, cursor=cursor)
            except DeliveryError as refused:
                if refused.code in UNREADABLE:
                    return
                raise
            yield from page.get("messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def is_external(self, lane: str) -> bool:
        """Whether people of another organisation read a channel or direct message; remembered for five minutes."""
        known = self._external.get(lane)
        if known is not None and time.monotonic() - known[0] < EXTERNAL_KNOWN_SECONDS:
            return known[1]
        external = self._ask_whose(lane)
        self._external[lane] = (time.monotonic(), external)
        return external

    def _ask_whose(self, lane: str) -> bool:
        if not lane.startswith("@"):
            channel: dict[str, Any] = call(self._client.conversations_info, channel=lane).get("channel") or {}
            if channel.get("is_im"):
                return self._ask_whose(f"@{channel.get('user', '')}")
            pending = channel.get("is_pending_ext_shared") or channel.get("pending_connected_team_ids")
            return bool(channel.get("is_ext_shared") or pending)
        if self._home_team is None:
            self._home_team = str(call(self._client.auth_test).get("team_id") or "")
        user: dict[str, Any] = call(self._client.users_info, user=lane[1:]).get("user") or {}
        return bool(user.get("is_stranger")) or str(user.get("team_id") or "") != self._home_team

    def _history(self, channel: str, thread: str | None, *, oldest: str, cursor: str | None) -> SlackResponse:
        given = {"channel": channel, "include_all_metadata": True, "oldest": oldest, "limit": PAGE_SIZE}
        if cursor is not None:
            given["cursor"] = cursor
        if thread is None:
            return call(self._client.conversations_history, **given)
        return call(self._client.conversations_replies, ts=thread, **given)

    def _channel_of(self, row: OutboxRow) -> str:
        if row.channel:
            return row.channel
        if not row.lane.startswith("@"):
            return row.lane
        user = row.lane[1:]
        if user not in self._direct:
            opened: dict[str, Any] = call(self._client.conversations_open, users=user).get("channel") or {}
            self._direct[user] = str(opened["id"])
        return self._direct[user]

    def _post(self, row: OutboxRow) -> Sent:
        channel = self._channel_of(row)
        posted = call(
            self._client.chat_postMessage,
            channel=channel,
            thread_ts=row.thread,
            reply_broadcast=bool(row.thread and row.payload.get("reply_broadcast")),
            unfurl_links=False,
            unfurl_media=False,
            metadata=_metadata(row),
            **_content(row),
        )
        return Sent(str(posted.get("channel") or channel), str(posted["ts"]))

    def _edit(self, row: OutboxRow) -> Sent:
        call(
            self._client.chat_update,
            channel=self._channel_of(row),
            ts=row.ts,
            unfurl_links=False,
            unfurl_media=False,
            metadata=_metadata(row),
            **_content(row),
        )
        return Sent(row.channel, row.ts)

    def _delete(self, row: OutboxRow) -> Sent:
        call(self._client.chat_delete, channel=self._channel_of(row), ts=row.ts)
        return Sent(row.channel, row.ts)

    def _share_files(self, row: OutboxRow) -> Sent:
        channel = self._channel_of(row)
        self._files.share(row, channel=channel)
        return Sent(channel, None)

    def _take_files_back(self, row: OutboxRow) -> Sent:
        channel, since = self._channel_of(row), datetime.fromisoformat(row.payload["since"])
        for message in [*self._said_since(since, channel, row.thread)]:
            if bears(message, row.payload["of"]):
                self._files.remove(message, channel=channel)
        return Sent(channel, None)

    def _show_to_one(self, row: OutboxRow) -> Sent:
        channel = self._channel_of(row)
        call(
            self._client.chat_postEphemeral,
            channel=channel,
            user=row.payload["user"],
            thread_ts=row.thread,
            **_content(row),
        )
        return Sent(channel, None)

    def _update_view(self, row: OutboxRow) -> Sent:
        call(self._client.views_update, view_id=row.payload["view_id"], view=row.payload["view"])
        return Sent(None, None)

    def _publish_home(self, row: OutboxRow) -> Sent:
        call(self._client.views_publish, user_id=row.payload["user"], view=row.payload["view"])
        return Sent(None, None)


def _metadata(row: OutboxRow) -> dict[str, Any]:
    payload: dict[str, Any] = {"id": row.id}
    if row.ticket_number is not None:
        payload["ticket"] = row.ticket_number
    return {"event_type": Kind(row.kind).event_type, "event_payload": payload}


def _content(row: OutboxRow) -> dict[str, Any]:
    return {"text": row.payload["text"], "blocks": row.payload.get("blocks") or []}
