"""Who has it when eight people press Acknowledge at the same moment, and two processes hear them?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot.sandbox.server import Address
from tests.stories import crowd, stage
from tests.stories.play import Person
from tests.stories.stage import Bot

EIGHT = [f"pat{number}" for number in range(1, 9)]


@pytest.fixture
def postgres_bot(address: Address, postgres_url: str, tmp_path: Path) -> Iterator[Bot]:
    """Bot processes on PostgreSQL; none runs yet."""
    processes = Bot(address, postgres_url, tmp_path)
    yield processes
    processes.stop()


@pytest.mark.postgres
@pytest.mark.req("PG-1")
def test_of_eight_who_press_at_once_one_has_it_and_seven_hear_who(
    postgres_bot: Bot, address: Address, tmp_path: Path
) -> None:
    play = stage.play_on(address)
    postgres_bot.directory = crowd.directory(play, tmp_path, EIGHT, level=1)
    for _ in range(2):
        postgres_bot.start()
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(seconds=10)
    # All eight press before the desk can take a button away.
    play.misbehave(kind="500", method="chat.update", **{"for": "1 minute"})
    start = Barrier(len(EIGHT))

    def presses(person: Person) -> None:
        start.wait(30)
        person.clicks("Acknowledge", person.room)

    people = [play.person(name) for name in EIGHT]
    with ThreadPoolExecutor(len(EIGHT)) as pool:
        for pressed in [pool.submit(presses, person) for person in people]:
            pressed.result(60)
    play.advance(minutes=3)

    copies = {person.handle: play.inbox(person).one("page") for person in people}
    told = {person.handle: play.only_to(person) for person in people}
    [winner] = [name for name in EIGHT if not any("already acknowledged" in each for each in told[name])]
    for name in EIGHT:
        assert f"Acknowledged by Pat {winner}" in copies[name].text
        assert not copies[name].offers("Acknowledge")
        if name != winner:
            assert any(f"already acknowledged by Pat {winner}" in each for each in told[name]), told[name]
    play.triage.one(text=f"Pat {winner} took it")
