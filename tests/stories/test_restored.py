"""A desk is copied while it runs and put back from the copy: what it holds is not lost, and is not told twice."""

import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.app import backup, operate
from bot.app.failures import CannotStart
from bot.sandbox.server import Address
from bot.services import intake
from bot.services.audit import verify
from bot.store.database import Database
from bot.store.engine import connect
from bot.store.migrate import upgrade, upgrade_on
from tests.databases import named
from tests.postgres import Server, tool
from tests.services.office import Office
from tests.stories import stage


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of a developer's is read."""
    monkeypatch.chdir(tmp_path)


def verified() -> str | None:
    with operate.desk() as (desk, now):
        return verify(desk, now=now).difference


def test_a_copy_made_while_the_desk_runs_goes_on_where_it_was_made(
    address: Address, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.db"
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    play = stage.play_on(address)
    with stage.desk(address, sqlite_url):
        play.cy.posts("@Watchbell sev1 Checkout is down")
        play.ana.clicks("Acknowledge", channel=play.ana.room)
        play.settle()
        assert str(copy) in backup.save(copy)
        with pytest.raises(FileExistsError, match="already"):
            backup.save(copy)
        thread = play.acme.one("receipt").thread
        play.cy.posts("It is the payment page", thread=thread)
    # As if the copy had been made between the question's being written down and its being sent.
    with closing(sqlite3.connect(copy)) as rows:
        rows.execute(
            "UPDATE outbox SET state = 'pending', sent_at = NULL, ts = NULL WHERE kind = 'question' AND op = 'post'"
        )
        rows.commit()

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    assert "waiting messages will be looked up" in backup.restored()
    assert verified() is None
    with stage.desk(address, f"sqlite:///{copy}"):
        play.settle()
        play.acme.one("question")
        play.advance(hours=1)
        assert play.acme.messages("update")
    ids = [each.id for each in play.by_bot() if each.id]
    assert len(ids) == len(set(ids))
    assert verified() is None
    with closing(sqlite3.connect(copy)) as rows:
        assert rows.execute("SELECT count(*) FROM remark WHERE text = 'It is the payment page'").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM ticket").fetchone() == (1,)


def test_a_large_desk_is_copied_while_others_write_to_it_all_the_time(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    file = make_url(sqlite_url).database or ""
    with closing(sqlite3.connect(file)) as rows:
        rows.execute("CREATE TABLE ballast AS SELECT zeroblob(40000000) AS bytes")
        rows.commit()
    enough = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            for nth in range(2_000):
                other.execute("INSERT INTO setting (id, value) VALUES (?, '')", (f"busy:{nth}",))
                if enough.wait(0.002):
                    break

    writer = threading.Thread(target=write)
    writer.start()
    backup.save(tmp_path / "copy.db")
    copied_meanwhile = writer.is_alive()
    enough.set()
    writer.join()
    assert copied_meanwhile


def test_what_cannot_be_copied_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bell:secret@db.example/desk")
    with pytest.raises(CannotStart, match="pg_dump"):
        backup.save(tmp_path / "copy.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nothing.db")
    with pytest.raises(CannotStart, match="not there"):
        backup.save(tmp_path / "copy.db")
    assert not (tmp_path / "nothing.db").exists()


@pytest.mark.parametrize("damaged_from", [0, 40_960])
def test_a_damaged_desk_is_not_copied_as_if_it_were_sound(
    sqlite_url: str, damaged_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with Path(make_url(sqlite_url).database or "").open("r+b") as file:
        file.seek(damaged_from)
        file.write(b"\xff" * 40_960)
    with pytest.raises(CannotStart, match="is damaged"):
        backup.save(tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy.db*"))


@pytest.mark.postgres
def test_a_dump_of_postgresql_is_put_back_whole(postgres_url: str, empty_postgres_url: str, tmp_path: Path) -> None:
    office = Office(Database(postgres_url))
    ticket = office.does("dee", intake.open_by_command, channel="C0ACME", text="sev1 Checkout is down").ticket
    before, after = (
        make_url(each).set(drivername="postgresql").render_as_string(hide_password=False)
        for each in (postgres_url, empty_postgres_url)
    )
    dump = tmp_path / "copy.dump"
    subprocess.run([tool("pg_dump"), "--format", "custom", "--file", dump, before], check=True)
    office.passes(hours=1)
    office.db.dispose()
    subprocess.run([tool("pg_restore"), "--dbname", after, dump], check=True)

    restored = office.on(Database(empty_postgres_url), now=office.now)
    assert restored.ticket(str(ticket)).summary == "Checkout is down"
    assert restored.is_sound()
    restored.passes(hours=1)
    assert restored.is_sound()
    restored.db.dispose()


@pytest.mark.postgres
def test_a_dump_of_an_older_release_is_put_back_into_an_empty_database(
    postgres: Server, empty_postgres_url: str, tmp_path: Path
) -> None:
    engine = connect(empty_postgres_url)
    with engine.begin() as connection:
        upgrade_on(connection, to="0008")
    engine.dispose()
    new = postgres.create(named(), empty=True)
    before, after = (
        make_url(each).set(drivername="postgresql").render_as_string(hide_password=False)
        for each in (empty_postgres_url, new)
    )
    dump = tmp_path / "copy.dump"
    subprocess.run([tool("pg_dump"), "--format", "custom", "--file", dump, before], check=True)

    subprocess.run([tool("pg_restore"), "--dbname", after, dump], check=True)
    upgrade(new)

    restored = Office(Database(new))
    assert restored.opens() == "T-1"
    assert restored.is_sound()
    restored.db.dispose()
    postgres.drop(str(make_url(new).database))
