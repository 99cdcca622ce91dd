"""Do README, manifest, settings, command line and handbook say the same?"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.__main__ import cli
from bot.app.fitness import AGES
from bot.domain.directory import Directory
from bot.domain.handbook import Handbook
from bot.handbook.directory import load_directory
from bot.handbook.keys import key_reference
from bot.handbook.loader import load, names
from bot.services import figures
from bot.settings import Settings
from bot.slack.commands import COMMANDS
from bot.slack.parsing import oncall_command
from bot.store.database import Database
from tests.make import NINE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
MARKDOWN = (ROOT / "README.md", ROOT / "CHANGELOG.md")
SETTINGS = sorted(name.upper() for name in Settings.model_fields)
GROUPS = ("handbook", "directory", "ticket", "audit")

# What typer makes of the functions: a command has `params`, a group `commands`.
COMMAND_LINE: Any = get_command(cli)


def rows(first_cell: str) -> dict[str, list[str]]:
    """The table whose first heading is `first_cell`: each row's first cell with the others."""
    found = re.findall(rf"^\| {first_cell} \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", README, flags=re.MULTILINE)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for table in found for line in table.splitlines()]
    return {first: rest for first, *rest in cells}


def commands(parent: Any = COMMAND_LINE, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that can be run, as its words after `bot`."""
    for name, each in parent.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, (*path, name))
        else:
            yield (*path, name)


def command_at(words: list[str]) -> tuple[Any, list[str]]:
    """The command that these words after `bot` name, and the words that are left for it."""
    found = COMMAND_LINE
    while hasattr(found, "commands"):
        assert words, f"bot {found.name} needs a command"
        assert words[0] in found.commands, f"there is no command {words[0]}"
        found, words = found.commands[words[0]], words[1:]
    return found, words


def options(command: Any) -> set[str]:
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def typed() -> list[str]:
    """Every line of the README's consoles that somebody types."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ ").partition("#")[0].strip() for line in lines if line.startswith("$ ")]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_readme_explains_each_setting_with_its_default(name: str) -> None:
    default, meaning = rows("variable")[f"`{name}`"]

    assert len(meaning) > 8
    value = Settings.model_fields[name.lower()].default
    if isinstance(value, str | int | float):
        assert default == f"`{str(value).removesuffix('.0')}`"


def test_the_readme_names_no_setting_that_there_is_not() -> None:
    assert sorted(row.strip("`") for row in rows("variable")) == SETTINGS


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_the_readme_explains_each_command(path: tuple[str, ...]) -> None:
    assert re.search(rf"`bot {' '.join(path)}[` ]", README)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_each_command_and_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    command, _ = command_at(list(path))

    assert command.help
    assert [param.name for param in command.params if not param.help] == []


def test_the_readme_names_each_group_of_commands() -> None:
    groups = {name for name, each in COMMAND_LINE.commands.items() if hasattr(each, "commands")}

    assert groups == set(GROUPS)


def test_the_readme_writes_only_commands_and_options_that_exist() -> None:
    written = [line for line in typed() if line.startswith("bot ")]
    written += re.findall(r"`(bot [^`]+)`", README)
    assert len(written) > 30

    for line in written:
        command, rest = command_at(shlex.split(line)[1:])
        unknown = {word.partition("=")[0] for word in rest if word.startswith("--")} - options(command)
        assert unknown == set(), line


def test_options_that_the_commands_table_names_are_theirs() -> None:
    for first, (does,) in rows("command").items():
        named = [command_at(shlex.split(code)[1:])[0] for code in re.findall(r"`(bot [^`]+)`", first)]
        known = set().union(*(options(command) for command in named))
        for code in re.findall(r"`(--[a-z-]+)", does):
            assert code in known, f"{first}: {code}"


def test_each_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    asked = {line.split()[1] for line in typed() if line.startswith("make ")}

    assert asked == {"sandbox", "test", "test-long", "chaos", "bench"}
    for target in asked:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_the_readme_explains_the_slash_commands_and_shortcuts_of_the_manifest() -> None:
    explained = " ".join(rows("what"))
    features = MANIFEST["features"]

    assert {each["command"] for each in features["slash_commands"]} == set(COMMANDS)
    assert set(re.findall(r"`(/[a-z]+)", explained)) == set(COMMANDS)
    shortcuts = re.findall(r"\*([^*`]+)\* \(message shortcut\)", explained)
    assert [each["name"] for each in features["shortcuts"]] == shortcuts


def test_the_readme_explains_every_usage_hint_of_the_manifest() -> None:
    explained = " ".join(rows("what"))

    for command in MANIFEST["features"]["slash_commands"]:
        for usage in re.split(r" \| ", re.sub(r"^\[|\]$", "", command["usage_hint"])):
            assert f"{command['command']} {usage}" in explained


def test_the_readme_names_the_buttons_as_they_are_labelled() -> None:
    labels = (ROOT / "bot/messages/templates/labels.j2").read_text(encoding="utf-8")
    known = set(re.findall(r"%}([^{]+){% endblock", labels))
    named = {label for row in rows("what") for label in re.findall(r"\*\*([^*]+)\*\*", row)}

    assert len(named) >= 10
    assert named <= known


def test_the_readme_names_every_entry_of_the_cards_menu() -> None:
    labels = (ROOT / "bot/messages/templates/labels.j2").read_text(encoding="utf-8")
    entries = set(re.findall(r"block more_[a-z_]+ %}([^{]+){%", labels))

    assert len(entries) > 6
    assert entries <= {label for row in rows("what") for label in re.findall(r"\*\*([^*]+)\*\*", row)}


@pytest.mark.parametrize("verb", ["override", "absent", "remove", "calendar"])
def test_every_word_after_oncall_in_the_readme_is_understood(verb: str) -> None:
    assert f"/oncall {verb}" in README
    assert oncall_command(verb).verb == verb


def test_the_readme_explains_every_role_of_a_directory() -> None:
    for role in ("engineer", "manager", "administrator", "customer", "customer_manager"):
        assert f"`{role}`" in README


def test_the_readmes_handbook_is_sound(tmp_path: Path) -> None:
    example = next(block for block in blocks("yaml") if block.startswith("extends:"))
    file = tmp_path / "ours.yml"
    file.write_text(example, encoding="utf-8")

    assert load(str(file)).handbook.updates.sev1 == "30 minutes"


def test_the_readmes_directory_is_sound(tmp_path: Path) -> None:
    example = next(block for block in blocks("yaml") if block.startswith("channels:"))
    file = tmp_path / "directory.yml"
    file.write_text(example, encoding="utf-8")

    directory: Directory = load_directory(str(file)).directory
    assert set(directory.customers) == {"acme"}


def test_the_reference_of_handbook_keys_has_every_key_and_the_readme_leads_to_it() -> None:
    reference = key_reference()

    assert "`bot handbook keys`" in README
    for key in Handbook.model_fields:
        assert f"| `{key}` |" in reference
    for name in names():
        assert f"`{name}`" in README


def test_the_readme_names_every_metric(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as session:
        measured = {figure.name for figure in figures.of_desk(session, now=NINE)} | {"tickets_open", *AGES}
    database.dispose()

    assert set(re.findall(r"`watchbell_([a-z_]+)`", README)) == measured


def test_the_procfile_runs_commands_that_exist() -> None:
    lines = [line for line in (ROOT / "Procfile").read_text("utf-8").splitlines() if not line.startswith("#")]

    started = dict(line.split(": ", 1) for line in lines)
    assert set(started) == {"release", "web", "worker"}
    for line in started.values():
        python, dash_m, module, command = line.split()
        assert (python, dash_m, module) == ("python", "-m", "bot")
        assert (command,) in set(commands())


@pytest.mark.parametrize("document", MARKDOWN, ids=lambda path: path.name)
def test_every_link_to_a_file_or_heading_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    for link in re.findall(r"\]\(([^)]+)\)", text):
        if link.startswith("#"):
            assert link[1:] in anchors
        elif not link.startswith(("http://", "https://")):
            assert (ROOT / link).exists(), link


def test_every_folder_that_proves_a_claim_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/.]+)`", README)

    assert len(named) > 6
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_picture_of_what_people_see_is_there_in_light_and_in_dark_and_small() -> None:
    page = ROOT / "docs" / "pictures.md"
    shown = {page.parent / link for link in re.findall(r'(?:src|srcset)="([^"]+)"', page.read_text("utf-8"))}

    assert shown == {*(page.parent / "pictures").glob("*.png")}
    drawn = {picture.stem.removesuffix("-dark") for picture in shown}
    assert drawn >= {"receipt", "card", "page", "update", "resolution", "home-customer", "home-manager", "form-ticket"}
    assert [picture for picture in shown if picture.stat().st_size > 100_000] == []


def test_pictures_are_small() -> None:
    pictures = [ROOT / link for link in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)]

    assert len(pictures) == 3
    assert all(picture.stat().st_size < 250_000 for picture in pictures)
