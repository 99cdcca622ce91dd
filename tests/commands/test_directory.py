"""What can an operator do with the directory file?"""

from tests.commands.shell import DIRECTORY_TEXT, Shell


def test_a_directory_goes_in_and_comes_out_the_same(desk: Shell) -> None:
    desk.file("first.yml", DIRECTORY_TEXT)

    assert desk.types("directory", "check", "first.yml").code == 0
    told = desk.types("directory", "apply", "first.yml", "--dry-run")
    done = desk.types("directory", "apply", "first.yml")
    assert (told.code, done.code) == (0, 0)
    assert told.out == done.out != "nothing to change\n"
    assert desk.types("directory", "apply", "first.yml").out == "nothing to change\n"

    desk.file("second.yml", desk.types("directory", "export").out)
    assert desk.types("directory", "check", "second.yml").code == 0
    assert desk.types("directory", "apply", "second.yml").out == "nothing to change\n"


def test_a_broken_directory_changes_nothing(desk: Shell) -> None:
    file = desk.file("broken.yml", DIRECTORY_TEXT.replace("role: manager", "role: emperor", 1))

    checked, applied = desk.types("directory", "check", file), desk.types("directory", "apply", file)

    assert (checked.code, applied.code) == (1, 1)
    assert checked.sentence == applied.sentence
    assert "emperor" in checked.sentence
    assert "ana" not in desk.types("directory", "export").out
