"""What if Slack's deliveries overtake each other? In whatever order they come, the same stands on the ticket.

Slack promises no order, and repeats what was not taken at once, after one minute and after five more: a reply may come
minutes before the message above it, an edit before what it edits.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.services.desk import Work, message_key
from bot.services.tickets import of_thread
from bot.store import inbox, outbox, tickets
from bot.store.tables import InboxRow, Remark

SETTLED_AFTER = timedelta(seconds=2)
"""When is looked again whether a message stands under one of ours; a send whose end is unknown is looked up later."""

IN_HAND_FOR = timedelta(milliseconds=200)
"""When is looked again at what waits for a message that another process has in hand, which is done in less."""

OVERTAKEN_FOR = timedelta(minutes=7)
"""How long a reply waits for the message above it: until Slack has repeated that for the last time."""


def too_early_until(work: Work, row: InboxRow, *, now: datetime) -> datetime | None:
    """When to look again at a message of which we do not know yet what it belongs to; None where we know.

    In a thread its first message may be one of ours of which it is not known yet that Slack took it, or it has
    overtaken its first message on the way. What was written there afterwards waits for that which waits; and so does,
    in the channel itself, what somebody wrote after a message of theirs that another process has in hand.
    """
    body = inbox.body_of(row)
    if row.kind not in {"message", "edit"} or body.get("channel_type") == "im":
        return None
    older = [each for each in inbox.waiting_before(work.session, row) if _goes_on(body, inbox.body_of(each))]
    if older:
        return max(now + IN_HAND_FOR, *(each.not_before for each in older))
    if not body.get("thread_ts"):
        return None
    return _unknown_until(work, row, (str(body["channel"]), str(body["thread_ts"])), now=now)


def _unknown_until(work: Work, row: InboxRow, place: tuple[str, str], *, now: datetime) -> datetime | None:
    """When to look again whose thread that is; None where we know, or give it up."""
    soon = now + SETTLED_AFTER
    first = inbox.state_of(work.session, message_key(*place))
    if first in {"done", "failed"}:
        return None
    # In this order: what was settled in between is found as a ticket's.
    unsettled = outbox.is_unsettled(work.session, place[0])
    if tickets.by_room(work.session, *place) or of_thread(work, *place):
        return None
    if unsettled or first == "pending":
        return soon
    return _patience(row, asks_us=bool(inbox.body_of(row).get("mentions_bot")), now=now)


def was_removed(work: Work, channel: str, ts: str) -> bool:
    """Whether we heard already that the message was removed."""
    return inbox.state_of(work.session, message_key(channel, ts, "deleted")) is not None


def is_newer(edit: Mapping[str, Any], remark: Remark) -> bool:
    """Whether the words of an edit come after those that stand; its time is Slack's, like a message's."""
    return remark.version is None or _moment(str(edit["edited_ts"])) > _moment(remark.version)


def edited_at(body: Mapping[str, Any]) -> datetime | None:
    """When a message got the words that we read, where it was edited: what it asks for, it asks for since then."""
    seconds, micros = _moment(str(body.get("edited_ts") or ""))
    return datetime.fromtimestamp(seconds, tz=UTC) + timedelta(microseconds=micros) if seconds else None


def _goes_on(body: Mapping[str, Any], older: Mapping[str, Any]) -> bool:
    """Whether a message may belong to what an older one belongs to: both in one thread, or by one person in a row."""
    same = ("channel", "thread_ts") if body.get("thread_ts") else ("channel", "thread_ts", "user")
    return all(body.get(name) == older.get(name) for name in same)


def _patience(row: InboxRow, *, asks_us: bool, now: datetime) -> datetime | None:
    # Whoever speaks to us in a thread from before our time is not kept waiting for a first message that never comes.
    given_up_at = row.received_at + (SETTLED_AFTER if asks_us else OVERTAKEN_FOR)
    if now >= given_up_at:
        return None
    return min(given_up_at, now + max(SETTLED_AFTER, now - row.received_at))


def _moment(ts: str) -> tuple[int, int]:
    """Slack's `seconds.micros` to compare; that of what is no moment comes before all others."""
    seconds, _, micros = ts.partition(".")
    return (int(seconds), int(micros)) if seconds.isdecimal() and micros.isdecimal() else (0, 0)
