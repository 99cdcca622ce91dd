"""How does a row of the outbox make a channel, ask people in, furnish it and end it?

Each call may be made twice: what Slack says is so already counts as done. A channel's name ends in random letters, so
that a name that is taken is the channel of an earlier try.
"""

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.delivery.errors import DeliveryError
from bot.delivery.refusals import call
from bot.delivery.sent import Sent
from bot.store import rooms
from bot.store.tables import OutboxRow

PAGE_SIZE = 200
MOST_PAGES = 50


class Rooms:
    """Incident channels through Slack's Web API. Threads may share one."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    @property
    def ops(self) -> Mapping[str, Callable[[OutboxRow], Sent]]:
        """What it does for which kind of row."""
        return {
            rooms.MAKE: self._make,
            rooms.INVITE: self._invite,
            rooms.TOPIC: self._name_topic,
            rooms.BOOKMARK: self._bookmark,
            rooms.ARCHIVE: self._archive,
        }

    def _make(self, row: OutboxRow) -> Sent:
        name = str(row.payload["name"])
        try:
            made: dict[str, Any] = call(self._client.conversations_create, name=name).get("channel") or {}
        except DeliveryError as refused:
            if refused.code != "name_taken":
                raise
            return Sent(self._own(name), None)
        return Sent(str(made["id"]), None)

    def _own(self, name: str) -> str:
        """The channel of that name which we made. Raises DeliveryError where somebody else did."""
        me = str(call(self._client.auth_test).get("user_id") or "")
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            given = {"types": "public_channel", "limit": PAGE_SIZE} | ({"cursor": cursor} if cursor else {})
            page = call(self._client.conversations_list, **given)
            for channel in page.get("channels") or []:
                if channel.get("name") == name and channel.get("creator") == me:
                    return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        raise DeliveryError("name_taken", permanent=True)

    def _invite(self, row: OutboxRow) -> Sent:
        given = {"channel": row.lane, "users": row.payload["user"]}
        self._once("already_in_channel", lambda: call(self._client.conversations_invite, **given))
        return Sent(row.lane, None)

    def _name_topic(self, row: OutboxRow) -> Sent:
        call(self._client.conversations_setTopic, channel=row.lane, topic=row.payload["topic"])
        return Sent(row.lane, None)

    def _bookmark(self, row: OutboxRow) -> Sent:
        place = {"channel": row.payload["channel"], "message_ts": row.payload["ts"]}
        link = str(call(self._client.chat_getPermalink, **place)["permalink"])
        there = call(self._client.bookmarks_list, channel_id=row.lane).get("bookmarks") or []
        if link not in [each.get("link") for each in there]:
            title = row.payload["title"]
            call(self._client.bookmarks_add, channel_id=row.lane, title=title, type="link", link=link)
        return Sent(row.lane, None)

    def _archive(self, row: OutboxRow) -> Sent:
        self._once("already_archived", lambda: call(self._client.conversations_archive, channel=row.lane))
        return Sent(row.lane, None)

    @staticmethod
    def _once(already: str, send: Callable[[], object]) -> None:
        try:
            send()
        except DeliveryError as refused:
            if refused.code != already:
                raise
