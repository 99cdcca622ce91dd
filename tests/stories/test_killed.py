"""What is lost, and what happens twice, when the bot is killed in the middle of its work? Nothing, and nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play, doubled
from tests.stories.stage import Bot

CLOSING = {"Root cause": "An expired certificate.", "Workaround": "Invoices.", "Prevention": "Expiry is watched."}


def _opened(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")


def _opening(play: Play) -> None:
    """Nobody waits: the kill comes while the opening is still on its way through inbox, ticket and outbox."""
    play.cy.posts("@Watchbell sev1 Checkout is down", wait=False)


def _paging(play: Play) -> None:
    _opened(play)
    play.advance(minutes=14)


def _before_update(play: Play) -> None:
    _opened(play)
    play.bo.clicks("Claim", "triage")
    play.advance(minutes=59)


def _resolving(play: Play) -> None:
    _opened(play)
    play.ana.clicks("Acknowledge", "@ana")
    play.advance(minutes=20)
    play.ana.clicks("Resolve", "triage")
    play.ana.does(submit=CLOSING, wait=False)


POINTS: dict[str, Callable[[Play], None]] = {
    "while_it_is_opened": _opening,
    "while_pages_are_due": _paging,
    "just_before_an_update": _before_update,
    "after_resolve": _resolving,
}


@pytest.fixture
def postgres_bot(address: Address, postgres_url: str, tmp_path: Path) -> Iterator[Bot]:
    """Bot processes on PostgreSQL; none runs yet."""
    processes = Bot(address, postgres_url, tmp_path)
    yield processes
    processes.stop()


def _customers_go_on_writing(play: Play) -> None:
    """A reply in the thread, its edit, a reply that is deleted again, and a new problem, minutes apart."""
    first = play.acme.messages(text="Checkout is down")[0]
    reply = play.cy.posts("It began after your relase", thread=first.ts)
    play.advance(minutes=2)
    play.cy.edits(reply.ts, "It began after your release")
    play.dee.posts("Payments fail too", thread=first.ts)
    play.advance(minutes=4)
    play.dee.posts("@Watchbell sev3 The report shows a wrong total")
    play.advance(minutes=4)


@pytest.mark.req("UP-1")
@pytest.mark.req("IN-2")
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_loses_nothing_and_doubles_nothing(bot: Bot, address: Address, point: str) -> None:
    play = stage.play_on(address)
    bot.start()

    POINTS[point](play)
    bot.kill()
    _customers_go_on_writing(play)
    bot.start()
    # Slack takes one message a second in a channel.
    play.advance(minutes=1)

    assert doubled(play.by_bot()) == []
    play.acme.one("receipt", "Checkout is down")
    play.acme.one("receipt", "wrong total")
    assert len(play.triage.messages("card")) == 2
    play.triage.one(text="Payments fail too")
    play.triage.one(text="It began after your release")
    assert play.triage.messages(text="relase") == []
    assert len(play.acme.messages("resolution")) == (point == "after_resolve")
    _hears_every_hour(play)
    verified = bot.asked("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def _hears_every_hour(play: Play) -> None:
    """Every hour from the opening has its update at its minute, or the outage's one, labelled late."""
    # The hours run from when the customer wrote, also where that was read back later.
    opened_at = min(each.at for each in play.acme.messages(text="Checkout is down"))
    while play.now() < opened_at + timedelta(hours=3, minutes=1):
        play.advance(minutes=30)
    updates = play.acme.messages("update")
    late = [each for each in updates if "late; it was due" in each.text]
    after = [(each.at - opened_at).total_seconds() / 3600 for each in updates if each not in late]
    assert [round(hours, 2) for hours in after] == [1, 2, 3][len(late) :]
    assert len(late) <= 1
    assert doubled(play.by_bot()) == []


@pytest.mark.postgres
@pytest.mark.req("PG-2")
def test_of_two_processes_one_is_killed_and_the_other_goes_on(postgres_bot: Bot, address: Address) -> None:
    play = stage.play_on(address)
    first, _ = postgres_bot.start(), postgres_bot.start()

    _paging(play)
    play.cy.posts("@Watchbell sev2 Payments are slow", wait=False)
    postgres_bot.kill(first)
    _customers_go_on_writing(play)
    play.advance(minutes=51)

    assert doubled(play.by_bot()) == []
    play.acme.one("receipt", "Payments are slow")
    play.acme.one("receipt", "wrong total")
    play.triage.one(text="Payments fail too")
    assert len(play.inbox(play.ana).messages("page")) == 3
    update = play.acme.one("update", "T-1")
    assert "late" not in update.text
    verified = postgres_bot.asked("audit", "verify")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.postgres
def test_two_processes_do_the_work_of_one(postgres_bot: Bot, address: Address) -> None:
    play = stage.play_on(address)
    postgres_bot.start()
    postgres_bot.start()
    play.misbehave(kind="duplicate", **{"for": "2 hours"})

    _opened(play)
    play.ana.types("/ticket sev3 The report shows a wrong total", "acme")
    play.advance(hours=1, minutes=1)

    assert doubled(play.by_bot()) == []
    assert len(play.acme.messages("receipt")) == 2
    assert len(play.inbox(play.ana).messages("page")) == 3
    play.acme.one("update")
