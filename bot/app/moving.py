"""How does an operator move a desk from its file to PostgreSQL, and know that all of it arrived?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from bot.app import making, operate, runtime
from bot.app.failures import why_unusable
from bot.services import audit
from bot.services.desk import Desk, Work
from bot.settings import SECOND_AT, has_second_at, load_offline
from bot.store import carry, remembered
from bot.store.database import MOVED, Database
from bot.store.engine import parse_url
from bot.store.errors import CannotMove


def move(to: str, *, dry_run: bool) -> str:
    """Carry the desk to the address, or only try; the record has to verify on both sides. Raises CannotMove."""
    settings = load_offline()
    if has_second_at(to):
        raise CannotMove(f"--to {SECOND_AT}.")
    try:
        target_url = parse_url(to).render_as_string(hide_password=False)
    except (ArgumentError, ValueError):
        target_url = ""
    if not settings.database_url.startswith("sqlite") or not target_url.startswith("postgresql"):
        raise CannotMove("A desk moves from SQLite (DATABASE_URL) to postgresql://USER:PASSWORD@HOST/DATABASE.")
    with carry.stopped(settings.database_url) as source, _target(target_url) as target:
        gone = remembered.value(source, MOVED)
        if gone:
            raise CannotMove(f"This desk has moved to {gone} already.")
        name = _named(target_url)
        if carry.is_there(source, target):
            if not dry_run:
                remembered.keep(source, MOVED, name)
                source.connection().commit()
            return f"this desk stands in {name} already, whole. Set DATABASE_URL to it."
        rows = carry.copy(source, target)
        database = Database(target_url)
        with closing(making.clock_of(settings)) as clock:
            runtime.rest_always(clock)
            verdict = _verify(operate.offline(settings, database), source, target, now=clock.now())
        database.dispose()
        if dry_run:
            return f"would carry {rows} rows to {name}, {verdict.entries} of the record; nothing was written"
        remembered.keep(source, MOVED, name)
        target.connection().commit()
        # Last, so that a desk that did not arrive is not marked as gone; one that did is found to be there.
        source.connection().commit()
    return f"carried {rows} rows to {name}, where the record verifies: {verdict.entries} rows. Set DATABASE_URL to it."


def _named(url: str) -> str:
    """Which database it is, without who may use it: the sentence is shown wherever the old file is started."""
    return make_url(url).set(drivername="postgresql", username=None, password=None).render_as_string()


@contextmanager
def _target(url: str) -> Iterator[Session]:
    """The database that the desk goes to. Raises CannotMove where it is away."""
    try:
        with carry.prepared(url) as target:
            yield target
    except DBAPIError as error:
        why = why_unusable(error)
        if why is None:
            raise
        raise CannotMove(f"--to: the database cannot be used: {why}.") from error


def _verify(desk: Desk, source: Session, target: Session, *, now: datetime) -> audit.Verdict:
    """The record's verdict, the same on both sides. Raises CannotMove with the first difference."""
    if carry.heads(source) != carry.heads(target):
        raise CannotMove("The record did not arrive whole: nothing was written.")
    there = [audit.verify_in(Work(desk, side), now=now) for side in (source, target)]
    for verdict in there:
        if verdict.difference:
            raise CannotMove(f"The record does not verify, so nothing was written: {verdict.difference}")
    return there[1]
