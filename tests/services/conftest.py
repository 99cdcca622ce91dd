"""What use cases stand on in tests: a desk without Slack."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.services.office import Office


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """The desk of the local workspace's directory on SQLite, on a Monday at 09:00 UTC."""
    db = Database(sqlite_url)
    yield Office(db)
    db.dispose()
