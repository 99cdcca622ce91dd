"""What every story stands on: the local workspace with the whole desk on it, and a play for the test to write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play
from tests.stories.stage import Bot


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.story)


@pytest.fixture
def address() -> Iterator[Address]:
    """A workspace without a bot, on a Monday at 14:00 UTC."""
    with stage.workspace() as started:
        yield started


@pytest.fixture
def play(address: Address, sqlite_url: str) -> Iterator[Play]:
    """The whole desk in Socket Mode on SQLite, with the directory that ships."""
    with stage.desk(address, sqlite_url):
        yield stage.play_on(address)


@pytest.fixture
def bot(address: Address, sqlite_url: str, tmp_path: Path) -> Iterator[Bot]:
    """Bot processes on SQLite; none runs yet."""
    processes = Bot(address, sqlite_url, tmp_path)
    yield processes
    processes.stop()
