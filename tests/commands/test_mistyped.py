"""Does a place that is mistyped end a command with one line that says what is wrong?"""

import socket
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.engine import make_url

from bot.app import operate
from bot.store.database import Database
from tests.commands.shell import TOKENS, Shell
from tests.databases import named
from tests.postgres import Server
from tests.services.office import Office


def test_a_copy_into_a_folder_that_is_not_there_says_so(desk: Shell) -> None:
    said = desk.types("backup", "nowhere/copy.db")

    assert said.code == 1
    assert said.sentence == "nowhere/copy.db cannot be written: unable to open database file."


def test_a_desk_moves_to_nothing_that_is_no_address(desk: Shell) -> None:
    said = desk.types("migrate", "--to", "rubbish")

    assert said.code == 1
    assert said.sentence == "A desk moves from SQLite (DATABASE_URL) to postgresql://USER:PASSWORD@HOST/DATABASE."


def test_a_target_that_does_not_answer_is_not_called_the_desks_own_database(desk: Shell) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        said = desk.types("migrate", "--to", f"postgresql://desk:hidden@127.0.0.1:{free.getsockname()[1]}/desk")

    assert said.code == 1
    assert said.sentence.startswith("--to: the database cannot be used: ")
    assert "hidden" not in said.sentence


@pytest.mark.parametrize("name", ["a?b.db", "a%20b.db", "a#b.db", "a b.db", ":memory:"])
def test_a_copy_is_written_and_marked_under_the_very_name_that_was_given(desk: Shell, name: str) -> None:
    database = Database(desk.environ["DATABASE_URL"])
    office = Office(database)
    office.opens()
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET state = 'pending', look_up = 0")
    database.dispose()

    said = desk.types("backup", name)

    assert (said.code, said.err) == (0, "")
    assert [each.name for each in desk.folder.iterdir()] == [name]
    with closing(sqlite3.connect(desk.folder / name)) as copy:
        assert copy.execute("SELECT DISTINCT look_up FROM outbox").fetchall() == [(1,)]


def test_a_copy_of_what_is_no_desk_leaves_nothing_behind(shell: Shell) -> None:
    shell.environ["DATABASE_URL"] = "sqlite:///empty.db"
    with closing(sqlite3.connect(shell.folder / "empty.db")) as empty:
        empty.execute("CREATE TABLE other (id)")

    said = shell.types("backup", "copy.db")

    assert said.code == 1
    assert "no such table" in said.sentence
    assert [each.name for each in shell.folder.iterdir()] == ["empty.db"]


def test_a_database_that_was_put_back_has_its_tables_before_it_is_told_so(shell: Shell) -> None:
    shell.file("new.db", "")

    said = shell.types("restored", DATABASE_URL="sqlite:///new.db")

    assert said.code == 1
    assert said.sentence.startswith("The database has no tables yet")


@pytest.mark.parametrize(
    "words",
    [("ticket", "list"), ("audit", "verify"), ("audit", "seal"), ("restored",), ("erase", "cy"), ("backup", "copy.db"),
     ("directory", "export")],
    ids=" ".join,
)  # fmt: skip
def test_a_file_that_is_not_there_is_named_and_not_made(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell.types(*words, **TOKENS, DATABASE_URL="sqlite:///watchbel.db")

    assert said.code == 1
    assert said.sentence.startswith("DATABASE_URL names watchbel.db, which is not there")
    assert list(shell.folder.iterdir()) == []


@pytest.mark.parametrize("command", ["verify", "seal"])
def test_a_folder_of_seals_without_a_name_is_not_the_one_that_one_is_in(desk: Shell, command: str) -> None:
    said = desk.types("audit", command, "--seals", "")

    assert said.code == 2
    assert "name a folder, or leave --seals away for SEALS_DIR" in said.err


def test_a_password_with_an_at_sign_is_named_and_not_shown(desk: Shell) -> None:
    address = "postgresql://desk:hid@den@db.example/desk"

    moved, listed = desk.types("migrate", "--to", address), desk.types("ticket", "list", DATABASE_URL=address)

    assert (moved.code, listed.code) == (1, 1)
    assert moved.sentence == "--to has a second @; one that is part of the password is written %40."
    assert listed.sentence == "DATABASE_URL has a second @; one that is part of the password is written %40."


def test_a_command_that_was_cut_off_with_control_c_does_not_say_that_it_was_done(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(operate, "upgrade", cut)

    said = desk.types("migrate")

    assert (said.code, said.out, said.err) == (1, "", "Ctrl-C ended this before it was done.\n")


def test_whoever_reads_no_further_reads_no_error(desk: Shell) -> None:
    database = Database(desk.environ["DATABASE_URL"])
    office = Office(database)
    office.opens()
    office.passes(hours=4)
    database.dispose()
    with desk.starts("audit", "export") as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        said = started.stderr.read()

    assert (started.returncode, said) == (1, "")


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_word_is_refused(shell: Shell, postgres: Server, encoding: str) -> None:
    name = named()
    postgres.run(f"CREATE DATABASE \"{name}\" ENCODING '{encoding}' TEMPLATE template0")
    url = postgres.database_url(name)

    for words in (("migrate",), ("ticket", "list")):
        said = shell.types(*words, DATABASE_URL=url)
        assert said.code == 1
        assert said.sentence.startswith(f"The database's encoding is {encoding}, which cannot hold all")
    found = shell.types("doctor", **TOKENS, DATABASE_URL=url, SLACK_API_URL="http://127.0.0.1:1/api/")
    assert f"FAIL  database: The database's encoding is {encoding}" in found.out
    postgres.drop(name)


@pytest.mark.postgres
def test_a_database_that_takes_nothing_is_named(shell: Shell, postgres: Server, postgres_url: str) -> None:
    postgres.run(
        f'ALTER DATABASE "{postgres_url.rpartition("/")[2].partition("?")[0]}" SET default_transaction_read_only = on'
    )

    said = shell.types("restored", DATABASE_URL=postgres_url)
    found = shell.types("doctor", **TOKENS, DATABASE_URL=postgres_url, SLACK_API_URL="http://127.0.0.1:1/api/")

    assert said.code == 1
    assert said.sentence.startswith("DATABASE_URL: the database cannot be used: cannot execute UPDATE in a read-only")
    assert "FAIL  database: DATABASE_URL: the database cannot be used: cannot execute" in found.out


@pytest.mark.postgres
def test_a_role_that_may_do_nothing_is_named(shell: Shell, postgres: Server, postgres_url: str) -> None:
    role = named()
    postgres.run(f'CREATE ROLE "{role}" LOGIN')
    address = make_url(postgres_url).set(username=role).render_as_string(hide_password=False)

    said = shell.types("ticket", "list", DATABASE_URL=address)

    assert said.code == 1
    assert said.sentence.startswith("DATABASE_URL: the database cannot be used: permission denied for table ")
    postgres.run(f'DROP ROLE "{role}"')


@pytest.mark.postgres
def test_a_database_that_another_program_has_is_named(desk: Shell, postgres: Server, empty_postgres_url: str) -> None:
    taken = Database(empty_postgres_url)
    with taken.transaction() as session:
        session.connection().exec_driver_sql("CREATE TABLE ticket (id int)")
    taken.dispose()

    made = desk.types("migrate", DATABASE_URL=empty_postgres_url)
    moved = desk.types("migrate", "--to", empty_postgres_url)

    assert made.sentence == 'DATABASE_URL: the database cannot be used: relation "ticket" already exists.'
    assert moved.sentence == '--to: the database cannot be used: relation "ticket" already exists.'


@pytest.mark.postgres
def test_an_option_that_there_is_not_is_named(desk: Shell, postgres_url: str) -> None:
    said = desk.types("ticket", "list", DATABASE_URL=f"{postgres_url}&colour=blue")

    assert said.code == 1
    assert said.sentence == 'DATABASE_URL: the database cannot be used: invalid connection option "colour".'
