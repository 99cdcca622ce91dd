"""When is what was written while nobody listened read back, and what if Slack cannot be asked?"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.clock import Clock
from bot.delivery.refusals import NOT_GRANTED, meaning_of, retry_after
from bot.scheduler import Loops
from bot.services import absence
from bot.services.absence import Place
from bot.services.desk import Desk
from bot.slack.readback import Allowance, Found, Question, Reading, read

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(seconds=30)
"""After this a channel that could not be read is tried again."""

LONGEST_WAIT_FOR = timedelta(hours=1)
"""The longest wait for a channel that Slack refuses to show each time; each wait is twice the one before."""


@dataclass(slots=True)
class _Wish:
    """All channels shall be read: `done` are those that were, `put_off` says when others are tried again."""

    at: datetime
    done: set[str] = field(default_factory=set)
    put_off: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class _InHand:
    """A channel that is being read, what is asked next, and until when nobody else reads."""

    wish: _Wish
    place: Place
    reading: Reading
    question: Question
    ours_until: datetime


class CatchUp:
    """Reads back what was written while nobody listened: at the start, after each new connection, and now and then.

    A step makes one call of Slack at most; between two of them the process can end, and the clock can move.
    """

    def __init__(self, desk: Desk, clock: Clock, client: WebClient, loops: Loops) -> None:
        self._desk, self._clock, self._loops = desk, clock, loops
        self._calls: dict[str, Callable[..., SlackResponse]] = {
            "conversations.history": client.conversations_history,
            "conversations.replies": client.conversations_replies,
            "users.info": client.users_info,
        }
        self._name = desk.token()
        self._allowance = Allowance()
        self._lock = threading.Lock()
        self._wish: _Wish | None = _Wish(clock.now())
        self._in_hand: _InHand | None = None
        self._again_at: datetime | None = None
        self._refused: Counter[str] = Counter()

    def want(self, *, unless_read_for: timedelta = timedelta(0)) -> None:
        """Something may be missing, unless it was read within so long."""
        with self._lock:
            self._wish, self._again_at = _Wish(self._clock.now() - unless_read_for), None
        self._loops.wake()

    def next_at(self, now: datetime) -> datetime | None:
        """Now where there is something to read; later where Slack has been asked enough, or a channel is taken."""
        if self._in_hand:
            return self._allowance.next_at(self._in_hand.question.method, now=now)
        return None if self._wish is None else self._again_at or now

    def step(self, now: datetime) -> bool:
        """Take a channel, or ask Slack the next thing about the one in hand."""
        hand = self._in_hand
        if hand is None:
            self._take(now)
            return True
        try:
            self._ask(hand, now)
        except Exception as error:
            # Whatever broke, the other channels must not wait for this one.
            self._put_off(hand, error, now=now)
            raise
        return True

    def _take(self, now: datetime) -> None:
        wish = self._wish
        if wish is None:
            return
        waiting = {channel: until for channel, until in wish.put_off.items() if until > now}
        found = absence.take(self._desk, reader=self._name, wanted_at=wish.at, but=wish.done | waiting.keys(), now=now)
        if isinstance(found, Place):
            reading = read(found, workspace=self._desk.workspace, bot_user=self._desk.bot_user)
            self._in_hand = _InHand(wish, found, reading, next(reading), now + absence.HELD_FOR)
            self._stays(self._in_hand, now)
            return
        again_at = found or min(waiting.values(), default=None)
        with self._lock:
            # Unless somebody wished it anew just now.
            if self._wish is wish:
                self._wish, self._again_at = (wish, again_at) if again_at else (None, None)

    def _ask(self, hand: _InHand, now: datetime) -> None:
        if not self._stays(hand, now):
            return
        question = hand.question
        self._allowance.count(question.method, now=now)
        try:
            answer = self._calls[question.method](**question.about)
        except SlackApiError as refusal:
            pause_for = _pause_for(refusal)
            if pause_for:
                self._allowance.hold(question.method, until=now + pause_for)
                self._stays(hand, now)
            else:
                self._go_on(hand, partial(hand.reading.throw, refusal), now=now)
        except (SlackClientError, OSError) as error:
            self._put_off(hand, error, now=now)
        else:
            self._go_on(hand, partial(hand.reading.send, answer), now=now)

    def _go_on(self, hand: _InHand, resume: Callable[[], Question], *, now: datetime) -> None:
        try:
            hand.question = resume()
            self._stays(hand, now)
        except StopIteration as end:
            self._finish(hand, end.value, now=now)
        except SlackApiError as refusal:
            self._put_off(hand, refusal, now=now)

    def _stays(self, hand: _InHand, now: datetime) -> bool:
        """Remain the one who reads, over the pause until Slack may be asked and for as long as its answer may take.

        False where somebody else reads by now, for us too.
        """
        asks_at = self._allowance.next_at(hand.question.method, now=now)
        if hand.ours_until - asks_at < absence.HELD_FOR / 2:
            hand.ours_until = asks_at + absence.HELD_FOR
            if not absence.keep(self._desk, reader=self._name, until=hand.ours_until):
                self._in_hand = None
        return self._in_hand is hand

    def _finish(self, hand: _InHand, found: Found, *, now: datetime) -> None:
        accepted = sum(self._desk.accept(each, now=now) for each in found.deliveries)
        absence.caught_up(self._desk, hand.place, found.newest)
        hand.wish.done.add(hand.place.channel)
        self._refused.pop(hand.place.channel, None)
        self._in_hand = None
        if accepted:
            log.info("%d deliveries were read back in %s", accepted, hand.place.channel)

    def _put_off(self, hand: _InHand, error: Exception, *, now: datetime) -> None:
        self._in_hand = None
        channel, wait_for = hand.place.channel, AGAIN_AFTER
        why = _why_refused(error)
        if why:
            wait_for = min(AGAIN_AFTER * 2 ** min(self._refused[channel], 10), LONGEST_WAIT_FOR)
            self._refused[channel] += 1
        hand.wish.put_off[channel] = now + wait_for
        log.warning("the channel %s could not be read back: %s", channel, error)
        if why:
            absence.cannot_read(self._desk, channel, why=why, now=now)


def _why_refused(error: Exception) -> str | None:
    """Slack's word for why a channel is not shown to us until a person sees to it; None where it may be so for now."""
    if not isinstance(error, SlackApiError):
        return None
    meant = meaning_of(error)
    return meant.code if meant.permanent or meant.code in NOT_GRANTED else None


def _pause_for(refusal: SlackApiError) -> timedelta | None:
    """How long Slack asks us to wait; None where it refused for another reason."""
    response = refusal.response
    if not isinstance(response, SlackResponse) or response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return retry_after(response)
