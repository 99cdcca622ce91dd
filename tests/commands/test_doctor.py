"""Does the doctor name all that is not well, one line each?"""

from bot.sandbox.server import Address
from tests.commands.shell import DIRECTORY_TEXT, Shell, on


def test_the_doctor_finds_a_whole_desk_well(desk: Shell, address: Address) -> None:
    desk.file("directory.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "directory.yml")

    said = desk.runs("doctor", **on(address))

    assert (said.code, said.err) == (0, "")
    assert all(line.startswith("ok ") for line in said.out.splitlines())
    for what in ("bot token", "app token", "scopes", "database", "handbook", "Acme Corp", "level 1", "Ana Lima"):
        assert what in said.out


def test_the_doctor_names_everything_that_is_not_well(shell: Shell, address: Address) -> None:
    said = shell.runs("doctor", **on(address), DATABASE_URL="sqlite:///new.db", HANDBOOK="nonesuch")

    wrong = [line for line in said.out.splitlines() if line.startswith("FAIL")]
    assert (said.code, said.err) == (1, "")
    assert [line.split()[1].rstrip(":") for line in wrong] == ["handbook", "database"]
