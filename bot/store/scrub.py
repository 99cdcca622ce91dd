"""How do rows that were deleted leave the disk too? Databases keep their bytes until something else needs the place."""

from contextlib import closing

import psycopg
from sqlalchemy.engine import make_url

from bot.store.engine import connect
from bot.store.tables import metadata


def scrub(url: str) -> bool:
    """Write the database anew without what was deleted; False where another process kept the old pages in use.

    On PostgreSQL each table is locked while it is written. Backups and archived logs are elsewhere.
    """
    if url.startswith("postgresql"):
        _scrub_postgres(url)
        return True
    engine = connect(url)
    try:
        with closing(engine.raw_connection()) as raw:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    finally:
        engine.dispose()


def _scrub_postgres(url: str) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, prepare_threshold=None) as connection:
        for name in sorted(metadata.tables):
            connection.execute(psycopg.sql.SQL("VACUUM FULL {}").format(psycopg.sql.Identifier(name)))
