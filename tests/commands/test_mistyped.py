"""Does a place that is mistyped end a command with one line that says what is wrong?"""

import socket

from tests.commands.shell import Shell


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
