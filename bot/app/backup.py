"""How is a desk on SQLite copied while it runs, and what does a desk do that was put back from a copy?

A copy knows what waited to be sent when it was made, and not what became of it. So what waits is marked: before it is
sent, Slack is asked whether it stands there already.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.app.failures import CannotStart
from bot.settings import load_offline
from bot.store import sending
from bot.store.database import Database
from bot.store.engine import missing_file


def save(target: Path) -> str:
    """Copy the database of a desk, also while it runs, and say in one line what was written.

    Raises CannotStart where it is not SQLite, OSError where the file is there already or cannot be written.
    """
    url = make_url(load_offline().database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CannotStart(
            'bot backup is for SQLite; for PostgreSQL: pg_dump --format custom --file FILE "$DATABASE_URL"'
        )
    if gone := missing_file(str(url)):
        raise CannotStart(f"DATABASE_URL names {gone}, which is not there.")
    if target.exists():
        raise FileExistsError(f"{target} is there already; give another name, or take it away first.")
    draft = target.with_name(f".{target.name}.part")
    _remove(draft)
    try:
        wrong = _copied(url.database, draft)
        if wrong != "ok":
            raise CannotStart(f"DATABASE_URL: {url.database} is damaged: {wrong}.")
        # Before it has its name: what stands under that can be put back.
        waiting = _mark(URL.create("sqlite", database=str(draft.absolute())).render_as_string())
        draft.rename(target)
    except sqlite3.OperationalError as error:
        raise OSError(f"{target} cannot be written: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise CannotStart(f"DATABASE_URL: {url.database} is damaged: {error}.") from error
    finally:
        _remove(draft)
    return f"{target}: {target.stat().st_size:,} bytes, {waiting} messages waiting in it"


def _remove(draft: Path) -> None:
    """Take a copy away that has no name yet, with what SQLite may have left beside it and would write into the next."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _copied(database: str, draft: Path) -> str:
    """What SQLite says of the copy that it wrote: `ok`, or what is damaged. Raises sqlite3.DatabaseError."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as copy:
        # All in one step: it holds up nobody who writes to the log beside the file. Between two steps somebody may
        # write, and then SQLite begins anew: a large desk at work was never copied to its end.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        return str(copy.execute("PRAGMA integrity_check").fetchone()[0])


def restored() -> str:
    """Tell a desk, before it is started, that its database was put back from a copy. Raises SchemaBehind."""
    waiting = _mark(load_offline().database_url, at_head=True)
    return f"{waiting} waiting messages will be looked up in Slack before they are sent; next: bot audit verify"


def _mark(url: str, *, at_head: bool = False) -> int:
    db = Database(url)
    try:
        if at_head:
            db.check_schema()
        with db.transaction() as session:
            return sending.doubt(session)
    finally:
        db.dispose()
