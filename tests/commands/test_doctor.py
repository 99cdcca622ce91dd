"""Does the doctor name all that is not well, one line each?"""

from bot.sandbox.server import Address
from tests.commands.shell import DIRECTORY_TEXT, Shell, on


def test_the_doctor_finds_a_whole_desk_well(desk: Shell, address: Address) -> None:
    desk.file("directory.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "directory.yml")

    said = desk.runs("doctor", **on(address), SENTRY_DSN="https://zqkey@sentry.example/7")

    assert (said.code, said.err) == (0, "")
    assert all(line.startswith("ok ") for line in said.out.splitlines())
    for what in (
        "bot token",
        "app token",
        "scopes",
        "database",
        "handbook",
        "Acme Corp",
        "level 1",
        "Ana Lima",
        "sentry.example",
    ):
        assert what in said.out
    assert "zqkey" not in said.out


def test_the_doctor_names_everything_that_is_not_well(shell: Shell, address: Address) -> None:
    wrong_too = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "HANDBOOK": "nonesuch"}
    said = shell.runs("doctor", **on(address), DATABASE_URL="sqlite:///new.db", **wrong_too)

    wrong = [line for line in said.out.splitlines() if line.startswith("FAIL")]
    assert (said.code, said.err) == (1, "")
    assert [line.split()[1].rstrip(":") for line in wrong] == ["handbook", "database", "spans"]


def test_the_doctor_looks_at_the_rest_where_the_handbook_cannot_be_read(desk: Shell, address: Address) -> None:
    desk.file("directory.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "directory.yml")

    said = desk.runs("doctor", **on(address), HANDBOOK="nonesuch")

    wrong = [line.split()[1].rstrip(":") for line in said.out.splitlines() if line.startswith("FAIL")]
    assert (said.code, said.err, wrong) == (1, "", ["handbook", "reachability"])
    assert "channel of Acme Corp" in said.out


def test_the_doctor_looks_at_the_rest_where_the_database_cannot_be_used(shell: Shell, address: Address) -> None:
    shell.file("notes.txt", "hello " * 1000)

    said = shell.runs("doctor", **on(address), DATABASE_URL="sqlite:///notes.txt")

    wrong = [line for line in said.out.splitlines() if line.startswith("FAIL")]
    assert (said.code, said.err) == (1, "")
    assert wrong == ["FAIL  database: DATABASE_URL: the database cannot be used: file is not a database."]
    assert "bot token" in said.out
