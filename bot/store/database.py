"""Where do the rows live, and what is one transaction?

SQLite is the embedded default: one writer at a time, `BEGIN IMMEDIATE`, so that what a transaction read still holds
when it writes. PostgreSQL runs the same code; there the queries that decide something lock the rows they decide on.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import event, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, InternalError, OperationalError
from sqlmodel import Session

from bot.store import at_commit, changes, later
from bot.store.engine import connect, missing_file
from bot.store.errors import SchemaBehind, first_line
from bot.store.migrate import current, head
from bot.store.newborn import WRITTEN
from bot.store.tables import metadata

MOVED = "moved"
"""Under which name a desk that was carried away remembers where to, so that it does not go on here too."""

MOST_DEADLOCKS = 3
"""How often a transaction is done anew; each time another one has come to its end."""

T = TypeVar("T")
WakeUp = Callable[[], None]
Herald = Callable[[Collection[str]], None]
Fault = Callable[[str], None]


def was_deadlock(error: Exception) -> bool:
    """Whether PostgreSQL ended the transaction since it and others waited for each other."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == "40P01"


def _is_its_own(error: DatabaseError) -> bool:
    """Whether the database could not do what it was asked (a full disk, a cut connection), whatever that was."""
    return type(error) is DatabaseError or isinstance(error, OperationalError | InternalError)


class Database:
    """The desk's memory. `fault` is called with `commit.before` and `commit.after`, so that tests can cut there.

    `program` is the newest schema that this program knows, as its migrations say; revisions are numbers, in order.
    """

    def __init__(self, url: str, *, fault: Fault | None = None, program: str | None = None) -> None:
        self.url = url
        self._given_program = program
        self._engine = connect(url)
        self._writing = self._engine.execution_options(watchbell_write=True)
        self._fault = fault
        self._wake_ups: list[tuple[WakeUp, frozenset[str]]] = []
        self._heralds: list[Herald] = []
        self._trouble = ""
        self._on_trouble: WakeUp = lambda: None
        self._writer = threading.Lock() if self.dialect == "sqlite" else None
        self._writer_thread: int | None = None
        self._kept: _Hands | None = None
        event.listen(self._engine, "before_cursor_execute", _write_what_waits)
        event.listen(self._engine, "after_cursor_execute", changes.note)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def _program(self) -> str:
        return self._given_program or head()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back when anything is raised.

        Objects stay readable afterwards. Raises RuntimeError when one is opened inside another on SQLite.
        """
        with self._noticing(), self._alone() as (connection, session):
            changed_tables = session.info[WRITTEN] = changes.begin(connection)
            before = changes.count(connection)
            begun = connection.begin()
            later.begin(session, connection)
            try:
                yield session
                at_commit.settle(session)
                session.flush()
                later.flush(connection)
            finally:
                later.end(session)
            # What kept nothing must not wake the loops that wait for news: they would wake each other for ever.
            changed = changes.count(connection) != before
            if self._fault:
                self._fault("commit.before")
            begun.commit()
        if self._fault:
            self._fault("commit.after")
        if changed:
            self._trouble = ""
            self.wake(changed_tables)
            for tell in tuple(self._heralds):
                tell(changed_tables)

    def transact(self, work: Callable[[Session], T]) -> T:
        """Do work in a transaction, and anew where PostgreSQL gave it up to free others from a deadlock.

        Nothing is left of what was given up. Raises what the work raises.
        """
        for _ in range(MOST_DEADLOCKS):
            try:
                with self.transaction() as session:
                    return work(session)
            except DBAPIError as error:
                if not was_deadlock(error):
                    raise
        with self.transaction() as session:
            return work(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that writes nothing: whatever is changed in it is forgotten."""
        with self._noticing(), _Remembering(self._engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @property
    def trouble(self) -> str:
        """What the database said when it last failed us, if it has kept nothing since; else empty."""
        return self._trouble

    def on_commit(self, wake_up: WakeUp, *, of: Iterable[str] = ()) -> WakeUp:
        """Call `wake_up` after each committed transaction that changed a row, of these tables where some are named.

        Gives the call that ends this.
        """
        entry = (wake_up, frozenset(of))
        self._wake_ups.append(entry)
        return lambda: self._wake_ups.remove(entry)

    def wake(self, tables: Collection[str]) -> None:
        """Call who waits for a change of one of these tables, as after a commit of another process."""
        for wake_up, awaited in tuple(self._wake_ups):
            if not awaited or not awaited.isdisjoint(tables):
                wake_up()

    def tell_of_commits(self, tell: Herald) -> None:
        """Call `tell` after each committed transaction that changed a row, with the tables that it changed."""
        self._heralds.append(tell)

    def on_trouble(self, call: WakeUp) -> None:
        """Have `call` called each time that trouble begins: what Slack brings meanwhile it does not repeat for ever."""
        self._on_trouble = call

    def check_schema(self) -> None:
        """Pass where the tables have what this program needs, else raise SchemaBehind with a sentence for the operator.

        A newer program's tables do too, since migrations only add.
        """
        if gone := missing_file(self.url):
            raise SchemaBehind(
                f"DATABASE_URL names {gone}, which is not there: mend it, or make one with `bot migrate`."
            )
        with self._engine.connect() as connection:
            found = current(connection)
            moved = None if found is None or found < self._program else connection.execute(_MOVED).scalar()
        if moved:
            raise SchemaBehind(f"This desk has moved: set DATABASE_URL to {moved}.")
        if found is None or found < self._program:
            state = f"is at schema {found}" if found else "has no tables yet"
            raise SchemaBehind(f"The database {state}, this program needs {self._program}: run `bot migrate`.")

    def is_ahead(self) -> bool:
        """Whether a newer program than this one has migrated the database."""
        with self._engine.connect() as connection:
            found = current(connection)
        return found is not None and found > self._program

    def dispose(self) -> None:
        """Close every connection."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.connection.close()
        self._engine.dispose()

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if _is_its_own(error) and not was_deadlock(error):
                began, self._trouble = not self._trouble, first_line(error.orig)
                if began:
                    self._on_trouble()
            raise

    @contextmanager
    def _alone(self) -> Iterator["_Hands"]:
        """Give what one write transaction works with; whatever is not committed when it ends is rolled back."""
        if self._writer is None:
            with self._writing.connect() as connection, _Remembering(connection, expire_on_commit=False) as session:
                yield _Hands(connection, session)
            return
        if self._writer_thread == threading.get_ident():
            raise RuntimeError("a transaction was opened inside another; hand the session on instead")
        with self._writer:
            self._writer_thread = threading.get_ident()
            # There is one writer, who keeps these for the next transaction as long as nothing goes wrong: to make
            # them anew takes longer than all that SQLite does for a command.
            kept, self._kept = self._kept, None
            hands = kept or _hands_on(self._writing.connect())
            try:
                yield hands
                hands.rest()
            except BaseException:
                hands.session.close()
                hands.connection.close()
                raise
            else:
                self._kept = hands
            finally:
                self._writer_thread = None


class _Hands(NamedTuple):
    """A connection, and the session that joins the transaction begun on it."""

    connection: Connection
    session: Session

    def rest(self) -> None:
        """Let go of all that was in hand."""
        if self.session.in_transaction():
            self.session.close()
        self.session.info.clear()


_SETTING = metadata.tables["setting"]
_MOVED = select(_SETTING.c.value).where(_SETTING.c.id == MOVED)


class _Remembering(Session):
    """A session that knows each row it read or wrote: SQLAlchemy's own forgets what nobody holds just then."""


@event.listens_for(_Remembering, "loaded_as_persistent")
@event.listens_for(_Remembering, "pending_to_persistent")
@event.listens_for(_Remembering, "detached_to_persistent")
def _hold(session: Any, row: object) -> None:
    session.info.setdefault("held", []).append(row)


def _hands_on(connection: Connection) -> _Hands:
    return _Hands(connection, _Remembering(connection, expire_on_commit=False))


def _write_what_waits(connection: Connection, *_statement: object) -> None:
    later.flush(connection)
