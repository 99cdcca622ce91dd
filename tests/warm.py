"""What does each process of the desk read and put together alike? Importing this does it once, for all forks."""

import tempfile
from pathlib import Path

import tests.engines  # noqa: F401 - forks share what it keeps
from bot.handbook.loader import load, names
from bot.messages import check
from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.services.office import Office

HANDBOOKS = tuple(load(name) for name in names())
WORDS = check.load()
WORDS.make_ready()


def _work_once() -> None:
    """Let a desk do the most usual things, so that their statements are compiled."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'watchbell.db'}"
        upgrade(url)
        db = Database(url)
        db.check_schema()
        office = Office(db)
        office.opens()
        office.passes(minutes=20)
        db.dispose()


_work_once()
