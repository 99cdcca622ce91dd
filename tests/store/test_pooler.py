"""Does the desk work behind a pooler that gives each transaction another server session?"""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.services import inbox_events
from bot.services.desk import Delivery
from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.pooler import pooler
from tests.services.office import Office
from tests.store.script import all_at_once

pytestmark = pytest.mark.postgres


def test_the_stand_in_is_as_forgetful_as_a_real_pooler(postgres_url: str) -> None:
    with pooler(postgres_url, sessions=2) as (url, _):
        address = make_url(url).set(drivername="postgresql").render_as_string()
        with psycopg.connect(address, autocommit=True, prepare_threshold=0) as connection:
            with pytest.raises(psycopg.errors.InvalidSqlStatementName):
                connection.execute("SELECT 1")
            pids = {connection.execute("SELECT pg_backend_pid()", prepare=False).fetchone() for _ in range(4)}
            assert len(pids) == 2


def test_a_desk_migrates_and_works_behind_a_pooler(empty_postgres_url: str) -> None:
    with pooler(empty_postgres_url) as (url, running):
        upgrade(url)
        database = Database(url)
        office = Office(database)
        office.opens()
        office.passes(minutes=70)
        assert office.is_sound()
        assert running.transactions > 50
        database.dispose()


def test_several_at_once_behind_a_pooler_do_each_thing_once(postgres_url: str) -> None:
    with pooler(postgres_url, sessions=6) as (url, _):
        database = Database(url)
        office = Office(database)
        ticket = office.ticket(office.opens("sev3 The report shows a wrong total"))
        for number in range(12):
            body: dict[str, Any] = {
                "channel": "C0ACME", "channel_type": "channel", "ts": f"17676040{number:02}.000001",
                "thread_ts": ticket.thread_ts, "user": "U0CY", "workspace": "T0ACME", "text": f"Line {number} of it",
                "files": [], "mentions_bot": False, "ask": "", "rest": "",
            }  # fmt: skip
            office.desk.accept(Delivery(f"message:{number}", "message", body), now=office.now)

        def work(_: int) -> int:
            done = 0
            while inbox_events.take_one(office.desk, now=office.now + timedelta(seconds=1)):
                done += 1
            return done

        assert sum(all_at_once(work)) == 12
        assert office.is_sound()
        database.dispose()
