"""Which message goes out now, and what becomes of it?

1. Claim what may leave: pages first, one in flight a lane, under a lease that outlasts time-out and look-up.
2. What may have arrived before is looked up by its id first.
3. Nothing internal goes where a customer reads, whatever asked for it; in doubt it stays here.
4. Send; then note that it was sent, that it must wait, that it can never be, or that nobody knows.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from structlog.contextvars import bind_contextvars, clear_contextvars

from bot.delivery.errors import DeliveryError
from bot.delivery.refusals import TIMEOUT_SECONDS
from bot.delivery.sent import Sent
from bot.delivery.slack import Sender
from bot.domain.message import AnyMessage, Priority, Visibility
from bot.store import outbox, rooms, tickets
from bot.store.audience import is_anothers, is_customers, is_ours
from bot.store.database import Database
from bot.store.errors import NoWords
from bot.store.files import FILES_GONE
from bot.store.holds import BY_CHANNEL, EVERY_LANE, method_of
from bot.store.tables import OutboxRow

log = logging.getLogger(__name__)

LEASE_FOR = timedelta(seconds=60)
LAST_CALL_SECONDS = LEASE_FOR.total_seconds() - TIMEOUT_SECONDS - 5
"""A send that would begin later than this after its claim might end after its lease, so it does not begin."""

INLINE_ROWS = 8
PAGE_SLOTS = 4
"""So many of the workers take nothing but pages and alarms: other sends that hang must not keep those waiting."""

MOST_AT_ONCE = 4
"""After so many attempts a message that surely has not arrived lets others of its lane go ahead between two tries."""

LONGEST_WAIT_FOR = timedelta(minutes=1)
LONGEST_WAIT_OF_PAGE_FOR = timedelta(seconds=10)
LOOK_AGAIN_FOR = timedelta(seconds=5)
NEVER_IN_HISTORY = frozenset({"ephemeral"})
HARMLESS_TWICE = frozenset({"edit", "delete", "view_update", "home", FILES_GONE, *rooms.OPS})

OnDeadLetter = Callable[[Session, OutboxRow, str, datetime], None]
"""Called in the transaction that gives a message up: (session, row, why, now)."""

OnGone = Callable[[Session, OutboxRow, datetime], None]
"""Called in the transaction that ends a message whose place is no longer there: (session, row, now)."""

Word = Callable[[Session, OutboxRow, datetime], AnyMessage | None]
"""Says in the transaction that takes a message what it says now, where it has no words yet; None: nothing is left."""

Fly = Callable[[OutboxRow, float], None]
"""Takes one message to its end: (row, when it was claimed by the monotonic clock)."""


class Relay:
    """The only sender. `step` takes rows on; up to `workers` of them are on their way at once, none with `workers=0`
    when `step` is back (for tests). `clock` says the present moment; `on_settled` hears when a send has ended.
    `apart` makes of each that goes through a thread a piece of work of its own. Without `word` what has no words ends.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        on_dead_letter: OnDeadLetter,
        on_gone: OnGone = lambda *_: None,
        word: Word = lambda *_: None,
        on_settled: Callable[[], None] = lambda: None,
        workers: int = 16,
        apart: Callable[[Fly], Fly] = lambda fly: fly,
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._on_dead_letter = on_dead_letter
        self._on_gone = on_gone
        self._word = word
        self._on_settled = on_settled
        self._workers = workers
        self._apart = apart
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="send") if workers else None
        self._lock = threading.Lock()
        self._landed = threading.Condition(self._lock)
        self._flying = 0
        self._short = False
        self._stopping = threading.Event()
        self._held: dict[str, datetime] = {}

    def step(self, now: datetime) -> bool:
        """Takes on what may leave; whether there was anything."""
        room = self._room()
        if room < 1 or self._stopping.is_set():
            # Something may wait for room: until a later step has looked, nobody may call this relay idle.
            return False
        asked: list[str] = []
        with self._database.transaction() as session:

            def word(row: OutboxRow) -> AnyMessage | None:
                asked.append(row.id)
                return self._find_words(session, row, now)

            rows = outbox.claim(session, word=word, lease_for=LEASE_FOR, limit=room, pages_only=self._short, now=now)
        claimed = time.monotonic()
        for row in rows:
            self._launch(row, claimed)
        # Those that had nothing to say may have stood before others.
        return bool(rows or asked)

    def next_at(self, now: datetime) -> datetime | None:
        """When something may next leave; None where nothing waits."""
        self._room()
        with self._database.reading() as session:
            return outbox.next_at(session, now=now)

    def busy(self) -> bool:
        """Whether something is on its way, or waits because too much was."""
        with self._lock:
            return self._flying > 0 or self._short

    def stop(self, *, within: timedelta = timedelta(seconds=TIMEOUT_SECONDS)) -> bool:
        """Begins no further send, puts back what has not begun, waits for what has; whether that ended in time."""
        self._stopping.set()
        if self._pool is None:
            return True
        self._pool.shutdown(wait=False)
        with self._landed:
            return self._landed.wait_for(lambda: self._flying == 0, timeout=within.total_seconds())

    def _room(self) -> int:
        with self._lock:
            room = (self._workers or INLINE_ROWS) - self._flying
            kept = min(PAGE_SLOTS, self._workers // 2)
            self._short = room <= kept and not self._stopping.is_set()
            return room if self._short else room - kept

    def _find_words(self, session: Session, row: OutboxRow, now: datetime) -> AnyMessage | None:
        try:
            return self._word(session, row, now)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # One card that cannot be put into words must not hold up the pages behind it.
            log.exception("%s (%s) for %s finds no words", row.id, row.card, row.lane)
            raise NoWords(type(error).__name__) from error

    def _launch(self, row: OutboxRow, claimed: float) -> None:
        if self._pool is None:
            self._deliver(row, claimed)
            return
        with self._lock:
            self._flying += 1
        try:
            self._pool.submit(self._apart(self._fly), row, claimed)
        except RuntimeError:
            # The pool was shut while we claimed: another process may have the row at once.
            with self._landed:
                self._flying -= 1
                self._landed.notify_all()
            self._put_back(row)

    def _fly(self, row: OutboxRow, claimed: float) -> None:
        # A thread of the pool keeps its context: each message says anew what it is.
        clear_contextvars()
        bind_contextvars(message=row.id, **({"ticket": row.ticket_number} if row.ticket_number else {}))
        try:
            self._deliver(row, claimed)
        except Exception:
            # The outermost guard of this thread: the row's lease runs out, and it is looked up and sent then.
            log.exception("sending stumbled")
        finally:
            with self._landed:
                self._flying -= 1
                self._landed.notify_all()
            self._on_settled()

    def _deliver(self, row: OutboxRow, claimed: float) -> None:
        if self._stopping.is_set():
            self._put_back(row)
            return
        began_at = self._clock()
        try:
            sent = self._seek(row) if row.look_up else None
            if sent is None and row.look_up and row.attempts > MOST_AT_ONCE:
                # One that Slack breaks on each time must not keep all behind it in its lane from ever leaving.
                in_vain = DeliveryError(f"looked for in vain: {row.error or 'no answer'}")
                self._wait(row, in_vain, began_at=began_at)
                return
            if sent is None:
                self._check_audience(row)
                if time.monotonic() - claimed > LAST_CALL_SECONDS:
                    self._put_back(row)
                    return
                began_at = self._clock()
                sent = self._sender.send(row)
        except DeliveryError as refused:
            self._take_refusal(row, refused, began_at=began_at)
            return
        with self._database.transaction() as session:
            known = outbox.finish(
                session, id=row.id, fence=row.fence, ts=sent.ts, channel=sent.channel, now=self._clock()
            )
        log.debug("sent: %s to %s", row.kind, row.lane)
        if not known:
            log.warning("%s was sent after its lease had passed to another process", row.id)

    def _seek(self, row: OutboxRow) -> Sent | None:
        if row.op in NEVER_IN_HISTORY:
            raise DeliveryError("cut off in mid-send, and not to be shown twice", permanent=True, gone=True)
        if row.op in HARMLESS_TWICE:
            return None
        try:
            return self._sender.look_up(row)
        except DeliveryError as refused:
            if refused.permanent:
                return None
            wait = refused.retry_after or LOOK_AGAIN_FOR
            raise DeliveryError(f"look-up: {refused.code}", settles_in=wait) from refused

    def _check_audience(self, row: OutboxRow) -> None:
        if row.op in {"view_update", "delete", FILES_GONE}:
            return
        if row.visibility != Visibility.INTERNAL:
            self._check_whose(row)
            return
        if row.op == rooms.MAKE:
            return
        if row.op == rooms.INVITE:
            self._check_guest(row)
        lane = f"@{row.payload['user']}" if row.op == "home" else row.lane
        with self._database.reading() as session:
            theirs, ours = is_customers(session, lane), is_ours(session, lane)
        # A page to one of ours must not wait for Slack to say who they are.
        if theirs or (not ours and self._is_external(lane)):
            raise DeliveryError("refused here: it is internal, and a customer reads there", permanent=True)

    def _check_whose(self, row: OutboxRow) -> None:
        """A channel may have gone to another customer since its tickets began."""
        if row.ticket_number is None or row.lane.startswith("@"):
            return
        with self._database.reading() as session:
            if is_anothers(session, row.lane, ticket_number=row.ticket_number):
                raise DeliveryError("refused here: the channel is another customer's now", permanent=True)

    def _check_guest(self, row: OutboxRow) -> None:
        with self._database.reading() as session:
            ours = is_ours(session, f"@{row.payload['user']}")
        if not ours:
            raise DeliveryError("refused here: only our own people are asked into an incident channel", permanent=True)

    def _is_external(self, lane: str) -> bool:
        try:
            return self._sender.is_external(lane)
        except DeliveryError as refused:
            why = f"nobody can tell who reads there: {refused.code}"
            raise DeliveryError(why, permanent=refused.permanent, retry_after=refused.retry_after) from refused

    def _put_back(self, row: OutboxRow) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            if row.look_up:
                outbox.uncertain(session, id=row.id, fence=row.fence, look_up_at=now)
            else:
                outbox.fail(
                    session, id=row.id, fence=row.fence, error="put back", permanent=False, retry_at=now, now=now
                )

    def _take_refusal(self, row: OutboxRow, refused: DeliveryError, *, began_at: datetime) -> None:
        if refused.gone or refused.permanent:
            self._give_up(row, refused)
        elif refused.settles_in is not None and row.op not in HARMLESS_TWICE:
            log.warning("%s had no clear answer and will be looked up: %s", row.id, refused)
            look_up_at = began_at + max(refused.settles_in, self._patience(row))
            with self._database.transaction() as session:
                outbox.uncertain(session, id=row.id, fence=row.fence, look_up_at=look_up_at, error=refused.code)
        else:
            self._wait(row, refused, began_at=began_at)

    def _give_up(self, row: OutboxRow, refused: DeliveryError) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            if row.ticket_number is not None:
                # Before the row, as in all other work: what follows must not miss what somebody at the ticket changes.
                tickets.by_number(session, row.ticket_number, lock=True)
            mine = outbox.fail(
                session, id=row.id, fence=row.fence, error=refused.code, permanent=True, retry_at=None, now=now
            )
            if mine and refused.gone:
                self._on_gone(session, row, now)
            elif mine:
                self._on_dead_letter(session, row, refused.code, now)
        level = logging.INFO if refused.gone else logging.ERROR
        log.log(level, "%s (%s) for %s will never arrive: %s", row.id, row.kind, row.lane, refused)

    def _wait(self, row: OutboxRow, refused: DeliveryError, *, began_at: datetime) -> None:
        now = self._clock()
        # What has no answer may still take effect for a while, and would then cover what is shown before that.
        settled_at = began_at + (refused.settles_in or timedelta(0))
        retry_at = max(now + (refused.retry_after or self._patience(row)), settled_at)
        log.warning("%s for %s waits until %s: %s", row.id, row.lane, retry_at.isoformat(), refused)
        with self._database.transaction() as session:
            if refused.code == "ratelimited":
                outbox.hold(session, until=retry_at, lane=self._whom_to_hold(row, until=retry_at, now=now))
            outbox.fail(
                session,
                id=row.id,
                fence=row.fence,
                error=refused.code,
                permanent=False,
                retry_at=retry_at,
                now=now,
            )

    def _patience(self, row: OutboxRow) -> timedelta:
        """How long to wait after so many attempts; a page waits least."""
        waits = min(timedelta(seconds=2.0 ** min(row.attempts - 1, 10)), LONGEST_WAIT_FOR)
        return min(waits, LONGEST_WAIT_OF_PAGE_FOR) if row.priority == Priority.PAGE else waits

    def _whom_to_hold(self, row: OutboxRow, *, until: datetime, now: datetime) -> str:
        """The lane of a message; every lane where another one is still held, for then the workspace is meant.

        What is no message is limited by its method, wherever it goes.
        """
        if row.op not in BY_CHANNEL:
            return method_of(row.op)
        with self._lock:
            self._held = {held: end for held, end in self._held.items() if end > now}
            others = self._held.keys() - {row.lane}
            self._held[row.lane] = until
        return EVERY_LANE if others else row.lane
