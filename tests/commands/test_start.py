"""Does a start that cannot be end with one line that names what is wrong?"""

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app.redaction import Redaction
from bot.sandbox.server import Address
from bot.store.migrate import head
from tests.commands.shell import TOKENS, Shell, on
from tests.forked import Forked

HEAVY = ("slack_sdk", "slack_bolt", "sqlalchemy", "sqlmodel", "alembic", "pydantic", "starlette", "uvicorn", "holidays")

WATCHERS = ("sentry_sdk", "opentelemetry", "google.protobuf")


def taken_port() -> socket.socket:
    """A port of this machine that somebody else has."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


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


def watched_by_nobody(_words: Sequence[str]) -> None:
    """What a process has imported whose operator has set neither Sentry nor a collector."""
    from bot.app import watching
    from bot.settings import load

    watching.begin(load(TOKENS), Redaction()).close()
    sys.stdout.write(str([name for name in WATCHERS if name in sys.modules]))


def test_what_tells_somebody_outside_is_imported_where_it_is_set_alone(tmp_path: Path) -> None:
    done = Forked(env=TOKENS, folder=tmp_path, begin=watched_by_nobody).wait()

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]", "")


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
    shell.file("new.db", "")

    said = shell.runs("run", **TOKENS, DATABASE_URL="sqlite:///new.db")

    assert said.code == 1
    assert "has no tables yet" in said.sentence
    assert said.sentence.endswith("run `bot migrate`.")


def test_migrating_makes_the_tables_and_a_second_time_changes_nothing(shell: Shell) -> None:
    shell.environ["DATABASE_URL"] = "sqlite:///new.db"

    first, second, listed = shell.types("migrate"), shell.types("migrate"), shell.types("ticket", "list")

    assert (first.code, second.code, listed.code) == (0, 0, 0)
    assert first.out == f"the database is at {head()}; new.db was not there: this desk is new and empty\n"
    assert second.out == f"the database is at {head()}\n"
    assert listed.out == "No ticket is open.\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////nowhere/at/all.db", "DATABASE_URL names /nowhere/at/all.db, which is not there"),
        ("sqlite:///notes.txt", "file is not a database"),
        ("postgresql://nobody@127.0.0.1:1/nothing", "Connection refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_in_one_line(shell: Shell, url: str, why: str) -> None:
    shell.file("notes.txt", "These are notes and no database.")

    said = shell.types("ticket", "list", DATABASE_URL=url)

    assert said.code == 1
    assert said.sentence.startswith("DATABASE_URL")
    assert why in said.sentence


def test_slack_that_cannot_be_reached_is_named_in_one_line(desk: Shell) -> None:
    said = desk.runs("worker", **TOKENS, SLACK_API_URL="http://127.0.0.1:1/api/")

    assert said.code == 1
    assert said.sentence == "SLACK_API_URL: Slack cannot be reached at http://127.0.0.1:1/api/ (Connection refused)."


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
