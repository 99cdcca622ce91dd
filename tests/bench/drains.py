"""How long do very many messages take to leave when Slack takes one a second in each channel?

Simulated time: the relay and its rows are the real ones; Slack refuses whatever comes too early, with Retry-After.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.clock import MovableClock
from bot.delivery.errors import DeliveryError
from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.domain.message import CustomerMessage, Kind
from bot.store import outbox
from bot.store.database import Database
from bot.store.sending import BURST, PACED
from bot.store.tables import OutboxRow
from tests.bench import office
from tests.bench.goal import Goal, at_most
from tests.bench.measure import scaled

MESSAGES, CHANNELS = 2_000, 40
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
EVERY_FOR = timedelta(seconds=1)


class Slack:
    """Takes one message a second in each channel, and a few at once after a pause; counts how often it is called."""

    def __init__(self, clock: MovableClock) -> None:
        self.calls = 0
        self.taken = Counter[str]()
        self._clock = clock
        self._full_at: defaultdict[str, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))

    def send(self, row: OutboxRow) -> Sent:
        """Take a message, or say how long to wait."""
        self.calls += 1
        now = self._clock.now()
        if row.op not in PACED:
            return Sent(row.channel or row.lane, row.ts)
        full_at = max(self._full_at[row.lane], now) + EVERY_FOR
        if full_at - now > EVERY_FOR * BURST:
            raise DeliveryError("ratelimited", retry_after=full_at - now - EVERY_FOR * (BURST - 1))
        self._full_at[row.lane] = full_at
        self.taken[row.lane] += 1
        return Sent(row.lane, f"{self.calls}.000001")

    def look_up(self, row: OutboxRow) -> Sent | None:
        """Nothing is ever in doubt."""
        raise AssertionError(f"{row.id} was looked up")

    def is_external(self, lane: str) -> bool:
        """The numbered channels are customers'."""
        return lane[1:].isdigit()


def goals(part: float) -> list[Goal]:
    """Two thousand messages over forty channels, the busiest with most of them, against what the limit forces."""
    sizes = list(_sizes(scaled(MESSAGES, part)))
    with office.folder() as where:
        db = Database(office.migrated(where / "desk.db"))
        try:
            took_for, calls = drain(db, sizes)
        finally:
            db.dispose()
    forced_for = EVERY_FOR * max(max(sizes) - BURST, 1)
    what = f"draining {sum(sizes):,} messages over {len(sizes)} channels"
    return [
        at_most(f"{what}, to what Slack forces", took_for.total_seconds(), forced_for.total_seconds(), 1.05, unit="s"),
        at_most(f"{what}: calls a message", calls, sum(sizes), 1.02, unit="calls"),
    ]


def drain(db: Database, sizes: Iterable[int]) -> tuple[timedelta, int]:
    """Send so many messages for each channel; gives the simulated time and the calls that it took."""
    clock, ids = MovableClock(NINE), count()
    slack = Slack(clock)
    relay = Relay(db, slack, clock=clock.now, on_dead_letter=_never, workers=0)
    left = dict(enumerate(sizes))
    with db.transaction() as session:
        # As they come in earnest: all channels mixed, the busy ones more often.
        while left:
            for channel in list(left):
                message = CustomerMessage(Kind.UPDATE, f"T-{channel}: an update")
                outbox.post(session, message=message, lane=f"C{channel:03}", id=f"{next(ids):032x}", now=clock.now())
                left[channel] -= 1
                if not left[channel]:
                    del left[channel]
    while True:
        while relay.step(clock.now()):
            pass
        due = relay.next_at(clock.now())
        if due is None:
            break
        clock.move_to(max(due, clock.now()))
    if dict(enumerate(sizes)) != {int(lane[1:]): taken for lane, taken in slack.taken.items()}:
        raise AssertionError(f"sent: {slack.taken}")
    return clock.now() - NINE, slack.calls


def _sizes(messages: int) -> Iterable[int]:
    weights = [1 / (rank + 1) for rank in range(CHANNELS)]
    for weight in weights:
        yield max(round(messages * weight / sum(weights)), 1)


def _never(_session: object, row: OutboxRow, why: str, _now: datetime) -> None:
    raise AssertionError(f"{row.id} was given up: {why}")
