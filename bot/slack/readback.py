"""What was written, changed or removed while nobody listened?

Slack repeats an event for a few minutes only. At the start and after each reconnection every watched channel is read
from where we certainly knew everything, through the same inbox and under the same keys as events, so that what did
arrive is not taken twice.

A thread is read where somebody wrote in it since, as its first message says, whatever became of its ticket; and where
the first message of an open ticket's thread is gone. A desk with a thousand open tickets must not ask Slack a thousand
times, which takes fifty such questions a minute. What somebody changes or removes in a thread that rests is seen by its
event, which Slack repeats, and not here.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from bot.clock import Clock
from bot.services import absence
from bot.services.absence import Place
from bot.services.desk import Delivery, Desk
from bot.slack.incoming import of_delete, of_edit, of_message
from bot.store.threads import Thread

log = logging.getLogger(__name__)

PAGE = 999
"""Messages a call: as many as Slack gives."""

ROOTS_FOR = timedelta(days=30)
"""How far back the first messages of threads are read with their channel. An older thread of an open ticket is read for
itself; of a ticket that is over, what is written in it later is known by its event alone."""


@dataclass(frozen=True, slots=True)
class Caught:
    """How many deliveries were new, and which channels could not be read: next time, from the same place."""

    accepted: int = 0
    failed: tuple[str, ...] = field(default=())


def read_back(*, client: WebClient, desk: Desk, clock: Clock, bot_user: str) -> Caught:
    """Bring everything into the inbox that was written since each watched channel was read as a whole."""
    reader = _Reader(_patient(client), desk, clock, bot_user)
    accepted, failed = 0, []
    for place in absence.places(desk, now=clock.now()):
        try:
            accepted += reader.read(place)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the channel %s could not be read back: %s", place.channel, error)
            failed.append(place.channel)
    if accepted:
        log.info("%d deliveries were read back", accepted)
    return Caught(accepted, tuple(failed))


@dataclass(frozen=True, slots=True)
class _Reader:
    client: WebClient
    desk: Desk
    clock: Clock
    bot_user: str

    def read(self, place: Place) -> int:
        """Accept what is new in one channel, oldest first; then move its mark."""
        messages = {str(each.get("ts")): each for each in self._history(place.channel, self._roots_since(place))}
        newest = max((place.since, *messages))
        # What is in one thread of a ticket may be known from another: all of them are read, or none.
        busy = {each.number for each in place.threads if not _is_quiet(messages.get(each.ts), since=place.since)}
        threads = [each for each in place.threads if each.number in busy]
        spoken = [ts for ts, root in messages.items() if _latest_reply(root) > place.since]
        replies = {ts: self._replies(place.channel, ts) for ts in {*spoken, *(each.ts for each in threads)}}
        deliveries = list(_removed(place.channel, threads, replies))
        messages |= {str(each.get("ts")): each for found in replies.values() for each in found or ()}
        for _, message in sorted(messages.items()):
            deliveries += self._of(message, place)
        accepted = sum(self.desk.accept(each, now=self.clock.now()) for each in deliveries)
        absence.caught_up(self.desk, place.channel, newest)
        return accepted

    def _roots_since(self, place: Place) -> str:
        """From where a channel is read, so that the first messages of its threads are among what is read."""
        return min(place.since, f"{(self.clock.now() - ROOTS_FOR).timestamp():.6f}")

    def _of(self, message: Mapping[str, Any], place: Place) -> Iterator[Delivery]:
        where = {
            "channel": place.channel,
            "channel_type": "channel",
            "workspace": self.desk.workspace,
            "bot_user": self.bot_user,
        }
        edited = message.get("edited")
        if str(message.get("ts")) > place.since:
            written = of_message(message, **where)
            if written is not None:
                yield written
        if isinstance(edited, Mapping) and str(edited.get("ts")) > place.since:
            changed = of_edit(message, **where)
            if changed is not None:
                yield changed

    def _history(self, channel: str, since: str) -> Iterator[Mapping[str, Any]]:
        cursor = None
        while True:
            page = self.client.conversations_history(
                channel=channel, oldest=since, inclusive=False, limit=PAGE, cursor=cursor
            )
            yield from page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def _replies(self, channel: str, ts: str) -> list[Mapping[str, Any]] | None:
        """A thread with its first message, or None where that is gone."""
        found: list[Mapping[str, Any]] = []
        cursor = None
        while True:
            try:
                page = self.client.conversations_replies(channel=channel, ts=ts, limit=PAGE, cursor=cursor)
            except SlackApiError as error:
                if error.response.get("error") in {"thread_not_found", "message_not_found"}:
                    return None
                raise
            found += page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found


def _is_quiet(root: Mapping[str, Any] | None, *, since: str) -> bool:
    """Whether a thread's first message is there and says that nobody wrote below it since."""
    return root is not None and root.get("subtype") != "tombstone" and _latest_reply(root) <= since


def _latest_reply(root: Mapping[str, Any]) -> str:
    return str(root.get("latest_reply") or "0")


def _removed(
    channel: str, threads: Iterable[Thread], replies: Mapping[str, list[Mapping[str, Any]] | None]
) -> Iterator[Delivery]:
    """What we know of a ticket and none of its threads shows any more."""
    of_ticket: dict[int, list[Thread]] = {}
    for thread in threads:
        of_ticket.setdefault(thread.number, []).append(thread)
    for together in of_ticket.values():
        missing = [thread.ts for thread in together if replies[thread.ts] is None]
        if missing:
            # Without its first message the rest of a thread cannot be read, and is not said to be gone.
            yield from (of_delete(ts, channel=channel) for ts in missing)
            continue
        shown = [each for thread in together for each in replies[thread.ts] or ()]
        there = {str(each.get("ts")) for each in shown if each.get("subtype") != "tombstone"}
        yield from (of_delete(ts, channel=channel) for ts in sorted(together[0].known - there))


def _patient(client: WebClient) -> WebClient:
    # Reading may wait: nobody has three seconds here, and a channel that was not read is a gap.
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=5), ConnectionErrorRetryHandler(max_retry_count=2)],
    )
