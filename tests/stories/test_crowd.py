"""Do four whole bots on PostgreSQL send very many pages that are due at the same moment once each?

The same without Slack in between is in tests/services/test_due_at_once.py.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.sandbox.server import Address
from bot.store.database import Database
from bot.store.tables import metadata
from tests.stories import crowd, stage
from tests.stories.play import Play, doubled
from tests.stories.stage import Bot

PROCESSES = 4
UNSENT = ("pending", "sending")


@pytest.fixture
def postgres_bot(address: Address, postgres_url: str, tmp_path: Path) -> Iterator[Bot]:
    """Bot processes on PostgreSQL; none runs yet."""
    processes = Bot(address, postgres_url, tmp_path)
    yield processes
    processes.stop()


def left_over(play: Play, url: str) -> tuple[int, int]:
    """How many messages are not sent, and how many deadlines are due."""
    database, outbox, deadline = Database(url), metadata.tables["outbox"], metadata.tables["deadline"]
    unsent = select(func.count()).select_from(outbox).where(outbox.c.state.in_(UNSENT))
    due = select(func.count()).select_from(deadline).where(deadline.c.due_at <= play.now())
    with database.reading() as session:
        found = [int(session.connection().execute(each).scalar_one()) for each in (unsent, due)]
    database.dispose()
    return found[0], found[1]


@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.req("PG-1")
@pytest.mark.long
def test_four_bots_send_each_of_a_thousand_pages_once(postgres_bot: Bot, address: Address, tmp_path: Path) -> None:
    tickets, people = 10, 100
    play, bot = stage.play_on(address), postgres_bot
    bot.directory = crowd.directory(play, tmp_path, [f"p{number:03}" for number in range(people)], level=2)
    for _ in range(PROCESSES):
        bot.start()
    for number in range(tickets):
        play.cy.posts(f"@Watchbell sev1 Checkout {number} is down")

    # Level 2 is due for every ticket at the same moment: nobody acknowledges three pages of 15 minutes each.
    play.advance(minutes=44, seconds=50)
    assert [each for each in play.everything() if each.channel.startswith("@p")] == []
    # Slack takes one message a second in a channel: in small steps, so that no single one takes a busy machine long.
    for step in [*[1] * 20, *[10] * 4]:
        play.advance(seconds=step)

    pages = [each for each in play.everything() if each.channel.startswith("@p") and each.kind == "page"]
    assert len(pages) == tickets * people
    assert set(Counter(each.channel for each in pages).values()) == {tickets}
    assert doubled(play.by_bot()) == []
    assert left_over(play, bot.database) == (0, 0)
    assert all(process.poll() is None for process in bot.running)
    verified = bot.asked("audit", "verify")
    assert verified.returncode == 0, verified.stderr
