"""What was written, changed or removed while nobody listened?

Slack repeats an event for a few minutes only. At the start and after each reconnection every watched channel is read
from where we certainly knew everything, through the same inbox and under the same keys as events, so that what did
arrive is not taken twice; and at a pace at which Slack never has to refuse.

A thread is read where somebody wrote in it since, as its first message says, whatever became of its ticket; and where
the first message of an open ticket's thread is gone. A desk with a thousand open tickets must not ask Slack a thousand
times, which takes fifty such questions a minute. What somebody changes or removes in a thread that rests is seen by its
event, which Slack repeats, and not here.

A message shows who reacted to it, and not when: a reaction is news where its message is.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.services.absence import Place
from bot.services.desk import Delivery
from bot.services.inbox_events import TICKET_REACTION
from bot.slack.incoming import of_delete, of_edit, of_message, of_reaction
from bot.store.threads import Thread

Json = Mapping[str, Any]
Pages = list[list[Json]]

PAGE = 999
"""Messages a call: as many as Slack gives."""

ROOTS_FOR = timedelta(days=30)
"""How far back the first messages of threads are read with their channel. An older thread of an open ticket is read for
itself; of a ticket that is over, what is written in it later is known by its event alone."""

CALLS_A_MINUTE = 40
"""Slack takes fifty a minute of each method; the rest is for messages that are looked up. Source: Slack, tier 3."""

MOST_REACTING = 5
"""Of how many people who put the same emoji on a message Slack is asked who they are."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A call of Slack's API, for somebody else to make."""

    method: str
    about: Json


@dataclass(frozen=True, slots=True)
class Found:
    """What was written in a channel, oldest first, and up to which ts all of it is known."""

    deliveries: tuple[Delivery, ...]
    newest: str


Answered = Any
"""What Slack says to a question, as its client hands it over."""

Reading = Generator[Question, Answered, Found]
"""A channel being read back: it asks, is sent each answer or thrown Slack's refusal, and gives what it found."""


class Allowance:
    """How often each method may still be called, so that Slack never has to refuse."""

    def __init__(self) -> None:
        self._called: dict[str, deque[datetime]] = {}
        self._held: dict[str, datetime] = {}

    def next_at(self, method: str, *, now: datetime) -> datetime:
        """When it may be called next: now, or later."""
        called = self._called.setdefault(method, deque(maxlen=CALLS_A_MINUTE))
        free_at = called[0] + MINUTE if len(called) == CALLS_A_MINUTE else now
        return max(now, free_at, self._held.get(method, now))

    def count(self, method: str, *, now: datetime) -> None:
        """Note that it is called."""
        self._called.setdefault(method, deque(maxlen=CALLS_A_MINUTE)).append(now)

    def hold(self, method: str, *, until: datetime) -> None:
        """Note that Slack asks for a pause all the same."""
        self._held[method] = until


def read(place: Place, *, workspace: str, bot_user: str) -> Reading:
    """Read one channel back: everything in it, and below its messages, that may be news to us."""
    return _Reader(place, workspace, bot_user).read()


@dataclass(frozen=True, slots=True)
class _Reader:
    place: Place
    workspace: str
    bot_user: str

    def read(self) -> Reading:
        place = self.place
        first, messages = yield from self._history(min(place.since, self._roots_since()))
        # The first page shows one moment: whoever writes while the others are read is found the next time.
        newest = max((place.since, *map(_latest, first)))
        # What is in one thread of a ticket may be known from another: all of them are read, or none.
        busy = {each.number for each in place.threads if not self._rests(each, messages.get(each.ts))}
        threads = [each for each in place.threads if each.number in busy]
        spoken = {ts for ts, root in messages.items() if _latest_reply(root) > place.since and not self._only_we(root)}
        replies: dict[str, list[Json] | None] = {}
        for ts in sorted(spoken | {each.ts for each in threads}):
            replies[ts] = yield from self._replies(ts)
        deliveries = [of_delete(ts, channel=place.channel) for ts in (yield from self._removed(threads, replies))]
        messages |= {str(each.get("ts")): each for found in replies.values() for each in found or ()}
        for _, message in sorted(messages.items()):
            deliveries += self._of(message)
            deliveries += yield from self._reactions(message)
        return Found(tuple(deliveries), newest)

    def _roots_since(self) -> str:
        """From where a channel is read, so that the first messages of its threads are among what is read."""
        return f"{(self.place.taken_at - ROOTS_FOR).timestamp():.6f}"

    def _rests(self, thread: Thread, root: Json | None) -> bool:
        """Whether a ticket's thread is there and nobody but us wrote below its first message since."""
        if root is None or root.get("subtype") == "tombstone":
            return False
        # What somebody removed is missed only where the others are shown.
        return _latest_reply(root) <= self.place.since or (self._only_we(root) and not thread.known)

    def _only_we(self, root: Json) -> bool:
        """Whether nobody but us ever wrote below a message."""
        return root.get("reply_users") == [self.bot_user] and root.get("reply_users_count") == 1

    def _removed(
        self, threads: Iterable[Thread], replies: Mapping[str, list[Json] | None]
    ) -> Generator[Question, Answered, list[str]]:
        """What we know of a ticket and Slack does not show any more."""
        of_ticket: dict[int, list[Thread]] = {}
        for thread in threads:
            of_ticket.setdefault(thread.number, []).append(thread)
        removed: list[str] = []
        for together in of_ticket.values():
            missing = [thread.ts for thread in together if replies[thread.ts] is None]
            if missing:
                # Without its first message the rest of a thread cannot be read, and is not said to be gone.
                removed += missing
                continue
            there = {ts for thread in together for ts in _standing(replies[thread.ts])}
            for ts in sorted(together[0].known - there):
                # It may stand in another thread, such as below a message that was taken into the ticket.
                if ts not in _standing((yield from self._replies(ts))):
                    removed.append(ts)
        return removed

    def _of(self, message: Json) -> Iterator[Delivery]:
        place = self.place
        where = {
            "channel": place.channel,
            "channel_type": "channel",
            "workspace": self.workspace,
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

    def _reactions(self, message: Json) -> Generator[Question, Answered, list[Delivery]]:
        """Who made a message a ticket by the emoji for it. Other programs react too; only people open tickets."""
        place = self.place
        ts = str(message.get("ts"))
        if ts <= place.since:
            return []
        found = []
        for user in _reacted(message, TICKET_REACTION, but=self.bot_user)[:MOST_REACTING]:
            profile = yield from _profile(user)
            event = {"reaction": TICKET_REACTION, "user": user, "item": {"channel": place.channel, "ts": ts}}
            delivery = of_reaction(
                event, team=profile.get("team_id"), message=message, workspace=self.workspace, bot_user=self.bot_user
            )
            if delivery is not None and not profile.get("is_bot"):
                found.append(delivery)
        return found

    def _history(self, since: str) -> Generator[Question, Answered, tuple[list[Json], dict[str, Json]]]:
        """The first page, and all messages by their ts."""
        pages = yield from _pages("conversations.history", channel=self.place.channel, oldest=since, inclusive=False)
        return pages[0], {str(each.get("ts")): each for page in pages for each in page}

    def _replies(self, ts: str) -> Generator[Question, Answered, list[Json] | None]:
        """A thread with its first message, or None where that is gone."""
        try:
            pages = yield from _pages("conversations.replies", channel=self.place.channel, ts=ts)
        except SlackApiError as error:
            if error.response.get("error") in {"thread_not_found", "message_not_found"}:
                return None
            raise
        return [each for page in pages for each in page]


def _pages(method: str, **about: object) -> Generator[Question, Answered, Pages]:
    pages: Pages = []
    cursor = None
    while True:
        answer = yield Question(method, {**about, "limit": PAGE, **({"cursor": cursor} if cursor else {})})
        pages.append(list(answer.get("messages") or ()))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return pages


def _profile(user: str) -> Generator[Question, Answered, Json]:
    """What Slack says of somebody, if it shows them."""
    try:
        answer = yield Question("users.info", {"user": user})
    except SlackApiError as error:
        if error.response.get("error") in {"user_not_found", "user_not_visible"}:
            return {}
        raise
    profile = answer.get("user")
    return profile if isinstance(profile, Mapping) else {}


def _reacted(message: Json, name: str, *, but: str) -> list[str]:
    """Who put an emoji on a message, the first one first."""
    kinds = message.get("reactions")
    found = [each for each in kinds if isinstance(each, Mapping)] if isinstance(kinds, list) else []
    users = [user for each in found if each.get("name") == name for user in each.get("users") or ()]
    return [user for user in users if isinstance(user, str) and user != but]


def _standing(messages: Iterable[Json] | None) -> set[str]:
    return {str(each.get("ts")) for each in messages or () if each.get("subtype") != "tombstone"}


def _latest(root: Json) -> str:
    return max(str(root.get("ts")), _latest_reply(root))


def _latest_reply(root: Json) -> str:
    return str(root.get("latest_reply") or "0")
