"""What every test of the command line stands on: an empty shell, a desk in it, a workspace beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.workspace import manifest
from bot.sandbox.server import Address, Server
from bot.settings import Settings
from tests.commands.shell import Shell
from tests.stories import stage

SETTINGS = [name.upper() for name in Settings.model_fields]


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
