"""Does a process end on SIGTERM, whatever hangs, and does the next one take up what was cut off?"""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml
from sqlalchemy.engine import make_url

from bot.app import runtime
from bot.app.ending import LIMITS, STOP_SECONDS, Countdown
from bot.app.local import DIRECTORY, settings_for
from bot.sandbox.server import Address
from bot.store.database import Database
from tests import forked
from tests.delivery.receivers import gateway
from tests.stories import hanging, stage
from tests.stories.play import doubled
from tests.stories.stage import Bot
from tests.stories.test_rolling import count, waits_for

SOON = ("0.5", "1")
"""Limits that nobody has to wait for."""


def test_the_parts_of_a_process_share_one_limit_and_then_it_leaves() -> None:
    seconds = iter([100.0, 100.0, 102.0, 102.5, 110.0])
    countdown = Countdown(8, clock=lambda: next(seconds))

    assert [countdown.share(4), countdown.share(3), countdown.share(1), countdown.left()] == [2.0, 2.0, 5.5, 0.0]
    assert LIMITS.in_order < LIMITS.at_last < STOP_SECONDS


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def test_a_process_that_is_asked_to_end_while_it_starts_ends_in_order(address: Address, sqlite_url: str) -> None:
    asked: list[str] = []

    def ask(point: str) -> None:
        if not asked:
            os.kill(os.getpid(), signal.SIGTERM)
        asked.append(point)

    runtime.run(settings_for(address, sqlite_url), fault=ask)

    assert asked


def test_a_start_that_hangs_keeps_no_process(bot: Bot) -> None:
    start = forked.Forked("commit.before", *SOON, env=bot.environment(), folder=bot.folder, begin=hanging.live)
    waits_for(lambda: hanging.HANGS in start.written()[1])

    start.signal(signal.SIGTERM)

    assert start.wait().returncode == 0


HANGING = {"before it": ("send.before", *SOON), "after it": ("send.after", *SOON), "as shipped": ("send.before",)}


@pytest.mark.parametrize("words", HANGING.values(), ids=HANGING)
def test_a_send_that_hangs_keeps_no_process_and_its_message_stands_once(
    bot: Bot, address: Address, words: tuple[str, ...]
) -> None:
    play = stage.play_on(address)
    first = bot.start(*words, begin=hanging.live)
    with opened(bot.database) as database:
        play.cy.posts("@Watchbell sev1 Checkout is down", wait=False)
        waits_for(lambda: count(database, "outbox", state="sending") > 0)

        ended = bot.ends(first)

        assert (ended.returncode, "left_with_work_in_hand" in ended.stderr) == (0, True)
        assert count(database, "outbox", state="sending") > 0
    bot.start()
    play.advance(minutes=3)
    assert doubled(play.by_bot()) == []
    play.acme.one("receipt", "Checkout is down")
    play.triage.one("card")
    assert play.inbox(play.ana).messages("page") != []


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write to the database."""
    if url.startswith("sqlite"):
        with opened(url) as database, database.transaction():
            yield
        return
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(address)) as connection:
        connection.execute("LOCK TABLE inbox, deadline, outbox IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_a_lock_that_hangs_keeps_no_process_and_what_slack_brought_is_done_once(
    address: Address, database_url: str, tmp_path: Path
) -> None:
    bot, play = Bot(address, database_url, tmp_path), stage.play_on(address)
    try:
        first = bot.start("nowhere", *SOON, begin=hanging.live)
        with locked(database_url):
            play.cy.posts("@Watchbell sev1 Checkout is down", wait=False)
            assert bot.ends(first).returncode == 0
        bot.start()
        play.advance(minutes=3)
        assert doubled(play.by_bot()) == []
        play.acme.one("receipt", "Checkout is down")
    finally:
        bot.stop()


def test_another_medium_that_hangs_keeps_no_process_and_is_tried_again(
    address: Address, sqlite_url: str, tmp_path: Path
) -> None:
    with gateway() as telephone:
        parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
        parts["people"]["ana"]["contacts"] = [f"json://127.0.0.1:{telephone.port}/hook?rto=600&cto=600"]
        path = tmp_path / "directory.yml"
        path.write_text(yaml.safe_dump(parts), encoding="utf-8")
        bot, play = Bot(address, sqlite_url, tmp_path, directory=path), stage.play_on(address)
        telephone.silent = True
        try:
            first = bot.start("nowhere", *SOON, begin=hanging.live)
            play.cy.posts("@Watchbell sev1 Checkout is down", wait=False)
            waits_for(lambda: telephone.calls)

            assert bot.ends(first).returncode == 0
            assert telephone.bodies == []

            telephone.silent = False
            telephone.released.set()
            bot.start()
            play.advance(minutes=3)
            assert any("T-1" in str(body) for body in telephone.bodies)
            assert doubled(play.by_bot()) == []
        finally:
            bot.stop()
