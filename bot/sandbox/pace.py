"""How fast does Slack let an app call? One message a second a channel, and each method's tier a minute."""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

MESSAGE_EVERY = timedelta(seconds=1)
WINDOW = timedelta(minutes=1)


class Pace:
    """Counts calls in simulated time; `wait` answers how many whole seconds too early one comes, None where not."""

    def __init__(self) -> None:
        self._last_message: dict[str, datetime] = {}
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def wait_for_message(self, channel: str, *, now: datetime) -> int | None:
        """Seconds until the channel takes another message; counts this one where it takes it."""
        last = self._last_message.get(channel)
        if last is not None and now - last < MESSAGE_EVERY:
            return max(1, math.ceil((last + MESSAGE_EVERY - now).total_seconds()))
        self._last_message[channel] = now
        return None

    def wait_for_call(self, method: str, per_minute: int, *, now: datetime) -> int | None:
        """Seconds until the method may be called again; counts this call where it may."""
        calls = self._calls[method]
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) >= per_minute:
            return max(1, math.ceil((calls[0] + WINDOW - now).total_seconds()))
        calls.append(now)
        return None
