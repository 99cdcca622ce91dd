"""Does the command line answer with the right exit code, and with one line instead of a traceback?"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.app.local import DIRECTORY
from bot.app.workspace import manifest
from bot.sandbox.server import Address, Server
from bot.settings import Settings
from tests.stories import stage

DIRECTORY_TEXT = DIRECTORY.read_text(encoding="utf-8")
ROOT = Path(__file__).parent.parent
SETTINGS = [name.upper() for name in Settings.model_fields]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HEAVY = ("slack_sdk", "slack_bolt", "sqlalchemy", "sqlmodel", "alembic", "pydantic", "starlette", "uvicorn", "holidays")


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on standard error; fails where there is not exactly one, or a traceback."""
        assert "Traceback" not in self.err, self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@dataclass(frozen=True, slots=True)
class Shell:
    """An empty folder with an environment of its own, in which somebody types."""

    folder: Path
    environ: dict[str, str]

    def types(self, *words: str, **environ: str) -> Said:
        """A command that ends by itself and leaves nothing behind, in this process: a new one takes a second."""
        done = CliRunner().invoke(cli, list(words), env={**self.environ, **environ}, prog_name="bot")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def runs(self, *words: str, **environ: str) -> Said:
        """A command in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder, env=self.whole(environ), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def starts(self, *words: str) -> subprocess.Popen[str]:
        """A command that goes on until somebody ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder, env=self.whole({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def whole(self, environ: dict[str, str]) -> dict[str, str]:
        """The environment of a process; what is empty counts as absent."""
        return {**os.environ, "PYTHONPATH": str(ROOT), **self.environ, **environ}

    def file(self, name: str, content: str) -> str:
        (self.folder / name).write_text(content, encoding="utf-8")
        return name


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell without any variable of ours."""
    folder = tmp_path / "shell"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Shell(folder, {"COLUMNS": "120", **dict.fromkeys(SETTINGS, "")})


@pytest.fixture
def desk(shell: Shell, sqlite_url: str) -> Shell:
    """A shell with a database that has all tables and no rows."""
    shell.environ["DATABASE_URL"] = sqlite_url
    return shell


@pytest.fixture
def address() -> Iterator[Address]:
    """The local workspace, without a bot."""
    with Server(start_at=stage.MONDAY, manifest=manifest()) as started:
        yield started


def taken_port() -> socket.socket:
    """A port of this machine that somebody else has."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def on(address: Address) -> dict[str, str]:
    """What a process is told so that it works on the local workspace."""
    return {
        "SLACK_BOT_TOKEN": address.bot_token,
        "SLACK_APP_TOKEN": address.app_token,
        "SLACK_SIGNING_SECRET": address.signing_secret,
        "SLACK_API_URL": address.api_url,
        "CLOCK_URL": address.control_url,
    }


def test_help_imports_nothing_heavy(shell: Shell) -> None:
    code = (
        "import sys, bot.__main__ as m\n"
        "try: m.cli(['--help'])\n"
        "except SystemExit: pass\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=shell.whole({}), capture_output=True, text=True, check=True)

    assert "the support desk that lives in Slack" in done.stdout
    assert done.stdout.splitlines()[-1] == "loaded: []"


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("ticket", "show"),
        ("deadline", "--at", "2026-03-06 16:00"),
        ("deadline", "--at", "2026-03-06 16:00", "--handbook", "sla", "--severity", "p1"),
        ("deadline", "--at", "2026-03-06 16:00", "--handbook", "sla", "--target", "8 hours"),
        ("handbook", "publish", "--for", "everybody"),
        ("sandbox", "--port", "http"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_how_it_goes(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell.types(*words)

    assert said.code == 2
    assert "Usage: " in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN must be set: the bot token of your Slack app, it starts with xoxb-."),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN is not a Slack bot token; it must start with xoxb-."),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "SLACK_APP_TOKEN must be set for Socket Mode (it starts with xapp-), or SLACK_SIGNING_SECRET for HTTP.",
        ),
        (
            {**TOKENS, "SLACK_APP_TOKEN": "xoxb-1"},
            "SLACK_APP_TOKEN is not a Slack app-level token; it must start with xapp-.",
        ),
        ({**TOKENS, "TICK_SECONDS": "often"}, "TICK_SECONDS must be a valid number."),
        (
            {**TOKENS, "DIRECTORY": "gone.yml"},
            "DIRECTORY names a file that is not there; give the path of a directory file.",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else value.split()[0],
)
@pytest.mark.parametrize("command", ["run", "web", "worker", "doctor"])
def test_a_wrong_setting_ends_the_start_with_one_line(
    shell: Shell, command: str, environ: dict[str, str], sentence: str
) -> None:
    said = shell.types(command, **environ)

    assert (said.code, said.sentence) == (1, sentence)


def test_a_start_on_an_old_schema_says_what_to_do(shell: Shell) -> None:
    said = shell.runs("run", **TOKENS, DATABASE_URL="sqlite:///new.db")

    assert said.code == 1
    assert "has no tables yet" in said.sentence
    assert said.sentence.endswith("run `bot migrate`.")


def test_migrating_makes_the_tables_and_a_second_time_changes_nothing(shell: Shell) -> None:
    shell.environ["DATABASE_URL"] = "sqlite:///new.db"

    first, second, listed = shell.types("migrate"), shell.types("migrate"), shell.types("ticket", "list")

    assert (first.code, second.code, listed.code) == (0, 0, 0)
    assert first.out == second.out
    assert listed.out == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////nowhere/at/all.db", "unable to open database file"),
        ("sqlite:///notes.txt", "file is not a database"),
        ("postgresql://nobody@127.0.0.1:1/nothing", "Connection refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_in_one_line(shell: Shell, url: str, why: str) -> None:
    shell.file("notes.txt", "These are notes and no database.")

    said = shell.types("ticket", "list", DATABASE_URL=url)

    assert said.code == 1
    assert said.sentence.startswith("DATABASE_URL: ")
    assert why in said.sentence


def test_slack_that_cannot_be_reached_is_named_in_one_line(desk: Shell) -> None:
    said = desk.runs("worker", **TOKENS, SLACK_API_URL="http://127.0.0.1:1/api/")

    assert said.code == 1
    assert said.sentence.startswith("SLACK_API_URL: Slack cannot be reached at http://127.0.0.1:1/api/")


def test_a_token_that_slack_refuses_is_named_in_one_line(desk: Shell, address: Address) -> None:
    said = desk.runs("run", **TOKENS, SLACK_API_URL=address.api_url)

    assert said.code == 1
    assert said.sentence.startswith("SLACK_BOT_TOKEN: Slack says invalid_auth")


def test_an_unreadable_handbook_ends_the_start_with_its_place(desk: Shell, address: Address) -> None:
    file = desk.file("ours.yml", "extends: enterprise\nupdates: {sev1: often}\n")

    said = desk.runs("run", **on(address), HANDBOOK=file)

    assert said.code == 1
    assert said.sentence.startswith("ours.yml:2:17: updates.sev1: must be a duration")


def test_a_broken_directory_ends_the_start_with_its_place(desk: Shell, address: Address) -> None:
    file = desk.file("directory.yml", "people:\n  ana: {slack: 7, role: engineer}\n")

    said = desk.runs("run", **on(address), DIRECTORY=file)

    assert said.code == 1
    assert said.sentence.startswith("directory.yml:2:16: people.ana.slack: must be text")


def test_a_port_in_use_ends_the_start_with_its_number(desk: Shell, address: Address) -> None:
    with taken_port() as taken:
        port = taken.getsockname()[1]
        said = desk.runs("web", **on(address), HOST="127.0.0.1", PORT=str(port))

    assert said.code == 1
    assert said.sentence.startswith(f"PORT {port} cannot be had on 127.0.0.1")


def test_the_sandbox_says_that_its_port_is_in_use(shell: Shell) -> None:
    with taken_port() as taken:
        port = taken.getsockname()[1]
        said = shell.runs("sandbox", "--no-browser", "--port", str(port))

    assert said.code == 1
    assert said.sentence.startswith(f"port {port} is in use")


def test_an_unknown_story_is_answered_with_those_that_ship(shell: Shell) -> None:
    said = shell.types("sandbox", "--story", "nonesuch")

    assert said.code == 1
    assert "no such story" in said.sentence
    assert "sev1" in said.sentence


@pytest.mark.parametrize("number", ["T-9", "nonsense", "T-99999999999999999999"])
def test_an_unknown_ticket_is_said_to_be_unknown(desk: Shell, number: str) -> None:
    for words in (("ticket", "show", number), ("ticket", "show", number, "--json")):
        said = desk.types(*words)

        assert said.code == 1
        assert said.sentence.startswith(f"There is no ticket {number} here.")


def test_an_empty_desk_lists_nothing(desk: Shell) -> None:
    assert json.loads(desk.types("ticket", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (
            ("--target", "8 business hours", "--hours", "Mon-Fri 09:00-17:00", "--tz", "America/New_York"),
            "2026-03-09T16:00:00-04:00",
        ),
        (("--target", "8 elapsed hours", "--hours", "Mon-Fri 09:00-17:00", "--tz", "UTC"), "2026-03-07T00:00:00+00:00"),
        (("--target", "90 minutes", "--hours", "24x7", "--tz", "Asia/Tokyo"), "2026-03-06T17:30:00+09:00"),
        (("--handbook", "sla", "--severity", "P1", "--metric", "first_response"), "2026-03-06T16:15:00-05:00"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--explain",)], ids=["alone", "explained"])
def test_a_deadline_stands_alone_on_the_first_line(
    shell: Shell, given: tuple[str, ...], due: str, more: tuple[str, ...]
) -> None:
    said = shell.types("deadline", "--at", "2026-03-06 16:00", *given, *more)

    assert said.code == 0
    assert said.out.splitlines()[0] == due
    assert (len(said.out.splitlines()) > 1) == bool(more)


def test_the_next_update_by_a_handbook_is_a_deadline_too(shell: Shell) -> None:
    asked = ("--handbook", "enterprise", "--tier", "enterprise", "--severity", "critical", "--metric", "update")

    assert shell.types("deadline", "--at", "2026-03-06 16:00", *asked).out == "2026-03-06T17:00:00-05:00\n"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"--at": "yesterday"}, "yesterday"),
        ({"--target": "soon"}, "soon"),
        ({"--hours": "nine to five"}, "nine to five"),
        ({"--tz": "Mars/Base"}, "Mars/Base"),
        ({"--pause": "2026-03-06"}, "2026-03-06"),
        ({"--holidays": "ATLANTIS"}, "ATLANTIS"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_what_is_wrong_with_a_deadline_is_named_in_one_line(shell: Shell, changed: dict[str, str], named: str) -> None:
    given = {"--at": "2026-03-06 16:00", "--target": "8 hours", "--hours": "Mon-Fri 09:00-17:00", "--tz": "UTC"}

    said = shell.types("deadline", *(word for pair in (given | changed).items() for word in pair))

    assert said.code == 1
    assert named in said.sentence


def test_a_broken_handbook_is_checked_with_every_fault_at_its_place(shell: Shell) -> None:
    file = shell.file("ours.yml", "extends: enterprise\nupdates: {sev1: often}\nnonsense: 1\n")

    said = shell.types("handbook", "check", file)

    assert (said.code, said.out) == (1, "")
    assert [line.split(" ")[0] for line in said.err.splitlines()] == ["ours.yml:2:17:", "ours.yml:3:1:"]


@pytest.mark.parametrize("command", ["show", "publish", "check"])
def test_a_handbook_that_is_not_there_is_answered_with_those_that_ship(shell: Shell, command: str) -> None:
    said = shell.types("handbook", command, "nonesuch")

    assert said.code == 1
    for name in ("nonesuch", "enterprise", "channel", "service", "sla"):
        assert name in said.sentence


def test_the_effective_handbook_is_a_sound_handbook_without_difference(shell: Shell) -> None:
    shell.file("whole.yml", shell.types("handbook", "show", "sla").out)

    assert shell.types("handbook", "check", "whole.yml").code == 0
    assert shell.types("handbook", "diff", "sla", "whole.yml").out == "no difference\n"


def test_a_handbook_is_taken_from_the_environment_where_none_is_named(shell: Shell) -> None:
    assert "P1" in shell.types("handbook", "publish", "--for", "team", HANDBOOK="sla").out


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


@pytest.mark.req("AU-1")
def test_the_record_is_verified_and_a_changed_row_is_found(desk: Shell) -> None:
    desk.file("first.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "first.yml")
    verified = desk.types("audit", "verify")
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.startswith("verified: ")

    exported = [json.loads(line) for line in desk.types("audit", "export").out.splitlines()]
    assert f"verified: {len(exported)} rows" in verified.out

    engine = create_engine(desk.environ["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE timeline SET actor = 'person:nobody' WHERE seq = 2"))
    engine.dispose()
    found = desk.types("audit", "verify")
    assert (found.code, found.out) == (1, "")
    assert "directory" in found.sentence
    assert "2" in found.sentence


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


def test_the_workspace_alone_says_in_one_line_where_it_is(shell: Shell) -> None:
    started = shell.starts("sandbox", "--server-only")
    assert started.stdout is not None
    line = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)

    assert (started.returncode, err) == (0, "")
    assert {"api_url", "control_url", "bot_token", "app_token", "signing_secret"} <= set(json.loads(line))


def test_the_sandbox_ends_cleanly_on_control_c(shell: Shell) -> None:
    started = shell.starts("sandbox", "--no-browser", "--port", "0")
    assert started.stdout is not None
    line = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)

    assert line.startswith("Watchbell runs on its local workspace. Open http://127.0.0.1:")
    assert (started.returncode, err) == (0, "")
