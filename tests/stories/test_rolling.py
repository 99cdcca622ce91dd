"""Does a new release take over from an old one without a deaf second, and without the old one touching what is new?"""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text

from bot.app import runtime
from bot.app.local import settings_for
from bot.sandbox.server import Address
from bot.store.database import Database
from bot.store.tables import metadata
from tests.pooler import pooler
from tests.sandbox.script import Script
from tests.stories import stage
from tests.stories.play import Play, doubled

NEXT = "9999"
"""The schema of a release that is still to come."""

TO_NEXT = text("UPDATE alembic_version SET version_num = :to").bindparams(to=NEXT)
LONGEST_SECONDS = 30.0


def waits_for(seen: Callable[[], object]) -> None:
    """Look again and again until it is there."""
    pause = threading.Event()
    for _ in range(int(LONGEST_SECONDS / 0.05)):
        if seen():
            return
        pause.wait(0.05)
    raise AssertionError("it never came")


def migrated(running: runtime.Runtime) -> None:
    """The next release's migration has run; the old process has noticed."""
    with running.db.transaction() as session:
        session.connection().execute(TO_NEXT)
    waits_for(lambda: running.aside is not None and running.aside.now())


def count(db: Database, table: str, **where: str) -> int:
    rows = metadata.tables[table]
    terms = [rows.c[name] == value for name, value in where.items()]
    with db.reading() as session:
        return int(session.connection().execute(select(func.count()).select_from(rows).where(*terms)).scalar_one())


def test_after_a_migration_an_old_process_hears_and_claims_nothing(address: Address, database_url: str) -> None:
    settings, play = settings_for(address, database_url), stage.play_on(address)
    with runtime.running(settings) as old:
        play.cy.posts("@Watchbell sev1 Checkout is down")
        play.acme.one("receipt", "Checkout is down")
        migrated(old)
        pages, sent = len(play.inbox(play.ana).messages("page")), count(old.db, "outbox", state="sent")

        play.dee.posts("@Watchbell sev3 The report shows a wrong total", wait=False)
        waits_for(lambda: count(old.db, "inbox", state="pending") == 1)
        play.ana.clicks("Acknowledge", "@ana", wait=False)
        play.advance(minutes=20)

        assert play.acme.messages("receipt", "wrong total") == []
        assert len(play.inbox(play.ana).messages("page")) == pages
        assert (count(old.db, "inbox", state="pending"), count(old.db, "outbox", state="sent")) == (1, sent)
        assert count(old.db, "escalation", state="acknowledged") == 1

        with runtime.running(settings, program=NEXT):
            play.advance(minutes=1)
            play.acme.one("receipt", "wrong total")
            assert "Acknowledged by Ana Lima" in play.inbox(play.ana).messages("page")[-1].text
            old.stop()
            play.advance(minutes=45)
            play.acme.one("update", "T-1")
            assert doubled(play.by_bot()) == []


def test_a_process_that_starts_late_in_an_old_release_only_hears(address: Address, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.transaction() as session:
        session.connection().execute(TO_NEXT)
    with runtime.running(settings_for(address, sqlite_url)) as old:
        assert old.aside is not None
        assert old.aside.now()
        stage.play_on(address).cy.posts("@Watchbell sev1 Checkout is down", wait=False)
        waits_for(lambda: count(database, "inbox", state="pending") == 1)
    database.dispose()


@pytest.mark.postgres
def test_a_rolling_restart_has_no_deaf_second(address: Address, postgres_url: str) -> None:
    settings, play = settings_for(address, postgres_url), stage.play_on(address)
    old = runtime.start(settings, web=False)
    with runtime.running(settings, web=False) as new:
        Script(address.control_url).ask("/app", {"await_connections": 2})
        leaving = threading.Thread(target=old.stop)
        for number in range(12):
            if number == 4:
                leaving.start()
            play.cy.posts(f"@Watchbell sev3 Report {number:02} shows a wrong total", wait=False)
        leaving.join(LONGEST_SECONDS)
        assert not leaving.is_alive()

        # The clock stands still, so Slack has repeated nothing: each was heard the first time.
        waits_for(lambda: count(new.db, "inbox") == 12)
        # What somebody wrote after a message that another process had in hand was put off until time goes on.
        play.advance(seconds=5)
        waits_for(lambda: count(new.db, "ticket") == 12)
        play.advance(minutes=1)
        assert [len(play.acme.messages("receipt", f"Report {number:02}")) for number in range(12)] == [1] * 12
        assert doubled(play.by_bot()) == []


@pytest.mark.postgres
@pytest.mark.req("PG-1")
def test_a_page_leaves_at_once_though_another_process_took_the_request(address: Address, postgres_url: str) -> None:
    hourly = {"tick_seconds": 3600.0}
    settings, play = settings_for(address, postgres_url, http=True).model_copy(update=hourly), stage.play_on(address)
    with runtime.running(settings, web=False) as worker, runtime.running(settings, worker=False) as web:
        assert worker.bell is not None
        assert worker.bell.hears(within=LONGEST_SECONDS)
        Script(address.control_url).ask("/app", {"request_url": f"{web.url}/slack/events"})
        play.cy.posts("@Watchbell sev1 Checkout is down", wait=False)
        waits_for(lambda: play.inbox(play.ana).messages("page"))


@pytest.mark.postgres
def test_two_processes_behind_a_pooler_do_the_work_of_one(address: Address, postgres_url: str) -> None:
    with pooler(postgres_url) as (pooled, _):
        direct = {"database_direct_url": postgres_url}
        settings, play = settings_for(address, pooled).model_copy(update=direct), stage.play_on(address)
        with runtime.running(settings, web=False), runtime.running(settings, web=False):
            play.cy.posts("@Watchbell sev1 Checkout is down")
            play.ana.clicks("Acknowledge", "@ana")
            play.advance(hours=1, minutes=1)
            assert doubled(play.by_bot()) == []
            _sounds(play)


def _sounds(play: Play) -> None:
    play.acme.one("receipt")
    play.acme.one("update")
    assert "Acknowledged by Ana Lima" in play.inbox(play.ana).one("page").text
