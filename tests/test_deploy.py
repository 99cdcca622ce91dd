"""Do the files in deploy/ start what there is, as nobody special, with health checks, and end it in order?"""

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.ending import STOP_SECONDS
from bot.settings import Settings
from tests.test_docs import COMMAND_LINE

DEPLOY = Path(__file__).parent.parent / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if name != "database"}
SETTINGS = {name.upper() for name in Settings.model_fields}


def unit() -> configparser.SectionProxy:
    read = configparser.RawConfigParser(strict=False)
    read.read(DEPLOY / "watchbell.service", encoding="utf-8")
    return read["Service"]


def last_stage() -> list[str]:
    return re.split(r"(?m)^FROM ", DOCKERFILE)[-1].splitlines()


def test_the_image_runs_as_nobody_special_is_asked_for_its_health_and_ends_in_order() -> None:
    lines = last_stage()

    user = next(line for line in lines if line.startswith("USER "))
    assert user.split()[1] not in {"root", "0"}
    assert lines.index(user) < next(at for at, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert "/healthz" in "\n".join(lines)
    assert "STOPSIGNAL SIGTERM" in lines


def test_the_image_is_built_of_what_the_lock_names_and_of_files_that_are_there() -> None:
    assert DOCKERFILE.count("uv sync --frozen --no-dev") == 2
    images = re.findall(r"(?m)^(?:FROM |COPY --from=)(\S+[/:]\S+)", DOCKERFILE)
    assert all(re.search(r":\d+\.\d+", image) for image in images), images
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE)
    names = {name for line in copied for name in line.split()}
    ignored = (DEPLOY.parent / ".dockerignore").read_text("utf-8").split()
    for name in names:
        assert (DEPLOY.parent / name).exists(), name
        assert f"!{name}" in ignored


def test_the_image_sets_only_settings_that_there_are() -> None:
    (line,) = (line for line in last_stage() if line.startswith("ENV "))
    assert {pair.partition("=")[0] for pair in line.split()[1:]} - {"PATH", "HOME"} <= SETTINGS


def test_the_compose_file_starts_commands_that_exist_after_the_migration() -> None:
    assert set(OURS) == {"migrate", "web", "worker"}
    for name, service in OURS.items():
        assert service["command"] == [name]
        assert name in COMMAND_LINE.commands
        assert set(service["environment"]) <= SETTINGS
        assert service["cap_drop"] == ["ALL"]
    for name in ("web", "worker"):
        assert COMPOSE["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert COMPOSE["services"]["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_nothing_in_the_compose_file_is_a_secret_or_open_to_everybody() -> None:
    text = (DEPLOY / "compose.yml").read_text("utf-8")
    assert re.findall(r"(?:PASSWORD|SECRET|TOKEN)\w*: (?!\$\{)\S+", text) == []
    assert all(port.startswith("127.0.0.1:") for each in OURS.values() for port in each.get("ports", ()))


@pytest.mark.parametrize("grace", [OURS["worker"]["stop_grace_period"], unit()["TimeoutStopSec"]])
def test_a_process_gets_the_time_that_it_needs_to_end(grace: str) -> None:
    assert int(grace.removesuffix("s")) > STOP_SECONDS


def test_the_unit_starts_commands_that_exist_as_nobody_special() -> None:
    service = unit()
    for key in ("ExecStart", "ExecStartPre"):
        program, command = service[key].split()
        assert program.endswith("/bin/bot")
        assert command in COMMAND_LINE.commands
    assert service["DynamicUser"] == "yes"
    assert service["KillSignal"] == "SIGTERM"
    assert service["Restart"] == "always"
