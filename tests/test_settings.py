"""Does the desk read its environment rightly, and say in one line what is wrong with it?"""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, bypass_proxy, load

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_two_tokens_are_enough_to_start() -> None:
    settings = load(GOOD)

    assert settings.socket_mode
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///watchbell.db"
    assert (settings.host, settings.port, settings.tick_seconds) == ("127.0.0.1", 3000, 60.0)


def test_a_signing_secret_alone_means_http() -> None:
    settings = load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "shh"})

    assert not settings.socket_mode


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"SLACK_BOT_TOKEN": ""},
            "SLACK_BOT_TOKEN must be set: the bot token of your Slack app, it starts with xoxb-.",
        ),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN is not a Slack bot token; it must start with xoxb-."),
        ({"SLACK_APP_TOKEN": "1"}, "SLACK_APP_TOKEN is not a Slack app-level token; it must start with xapp-."),
        (
            {"SLACK_APP_TOKEN": ""},
            "SLACK_APP_TOKEN must be set for Socket Mode (it starts with xapp-), or SLACK_SIGNING_SECRET for HTTP.",
        ),
        ({"TICK_SECONDS": "soon"}, "TICK_SECONDS must be a valid number."),
        ({"TICK_SECONDS": "0"}, "TICK_SECONDS must be greater than 0."),
        ({"PORT": "http"}, "PORT must be a valid integer."),
        ({"PORT": "99999"}, "PORT must be less than or equal to 65535."),
        (
            {"DATABASE_URL": "postgresql://u:p#s@db.example:54a2/desk"},
            "DATABASE_URL must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE.",
        ),
        (
            {"DATABASE_URL": "postgresql://u:hid@den@db.example/desk"},
            "DATABASE_URL has a second @; one that is part of the password is written %40.",
        ),
        (
            {"DATABASE_URL": "mysql://x/y"},
            "DATABASE_URL must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE.",
        ),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL must be an address that starts with http:// or https://."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR."),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be console or json."),
        ({"DIRECTORY": "/nowhere.yml"}, "DIRECTORY names a file that is not there; give the path of a directory file."),
        (
            {"TEMPLATES_DIR": "/nowhere"},
            "TEMPLATES_DIR names a folder that is not there; give the folder of your templates.",
        ),
        ({"SENTRY_DSN": "sentry.io"}, "SENTRY_DSN is no address of a Sentry project: https://KEY@HOST/PROJECT."),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"},
            "OTEL_EXPORTER_OTLP_ENDPOINT must be an address that starts with http:// or https://.",
        ),
        ({"CLOCK_URL": "noon"}, "CLOCK_URL must be an address that starts with http:// or https://."),
    ],
)
def test_a_wrong_variable_is_named_in_one_line_that_says_what_to_do(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({**GOOD, **change})

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+psycopg://u@h/d?sslmode=require"),
        ("sqlite:////var/lib/desk.db", "sqlite:////var/lib/desk.db"),
    ],
)
def test_hosters_spellings_of_postgresql_are_understood(given: str, meant: str) -> None:
    assert load({**GOOD, "DATABASE_URL": given}).database_url == meant


def test_no_secret_shows_in_the_settings_printed() -> None:
    printed = repr(load({**GOOD, "SECRET_KEY": "hush", "SLACK_SIGNING_SECRET": "hush"}))

    assert "hush" not in printed
    assert "xoxb-1" not in printed


def test_a_wrong_token_is_not_repeated_in_the_error() -> None:
    with pytest.raises(SettingsError) as refused:
        load({**GOOD, "SLACK_APP_TOKEN": "xoxb-pasted-in-the-wrong-line"})

    assert "pasted" not in str(refused.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nPORT=4000\n")

    settings = load({"PORT": "5000"}, env_file=file)

    assert settings.port == 5000
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"


def test_an_empty_variable_hides_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-file\nPORT=\n")

    settings = load(
        {"SLACK_BOT_TOKEN": " ", "PORT": ""}, env_file=file, defaults={"SLACK_APP_TOKEN": "xapp-1", "PORT": "5"}
    )

    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"
    assert settings.port == 5


@pytest.mark.parametrize(
    ("api", "proxy"),
    [
        ("https://slack.com/api/", "http://proxy:3128"),
        ("http://127.0.0.1:8765/api", ""),
        ("http://localhost:8765/api", ""),
        ("http://[::1]:8765/api", ""),
    ],
)
def test_calls_to_this_machine_go_round_the_proxy(api: str, proxy: str) -> None:
    environ = {**GOOD, "SLACK_API_URL": api, "HTTPS_PROXY": "http://proxy:3128"}

    bypass_proxy(load(environ), environ)

    assert environ["HTTPS_PROXY"] == proxy


def test_the_example_names_every_variable_and_starts_as_it_stands() -> None:
    lines = [line.removeprefix("#").strip() for line in EXAMPLE.read_text().splitlines()]
    named = {line.partition("=")[0] for line in lines if "=" in line and line.partition("=")[0].isupper()}

    assert named == {name.upper() for name in Settings.model_fields}
    assert load({}, env_file=EXAMPLE).socket_mode


def test_the_defaults_in_the_example_are_the_real_ones() -> None:
    shown = dict(
        line.removeprefix("# ").split("=", 1)
        for line in EXAMPLE.read_text().splitlines()
        if line.startswith("# ") and "=" in line
    )
    settings = load(GOOD)

    for name in ("SLACK_API_URL", "DATABASE_URL", "HANDBOOK", "HOST", "PORT", "LOG_LEVEL", "LOG_FORMAT"):
        assert str(getattr(settings, name.lower())) == shown[name]
    assert settings.tick_seconds == float(shown["TICK_SECONDS"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'PORT=5000\nHANDBOOK="sla\n', ".env:2: is not `NAME=value`; close quotes that are open."),
        ("HANDBOOK=Störung.yml\n".encode("latin-1"), ".env is not UTF-8; save the file as UTF-8."),
    ],
)
def test_a_file_of_which_a_line_would_be_left_out_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)

    with pytest.raises(SettingsError) as refused:
        load(GOOD, env_file=file)

    assert str(refused.value) == f"{tmp_path}/{sentence}"


def test_a_file_that_an_editor_marked_as_utf_8_keeps_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfHANDBOOK=sla\r\nPORT=5000\r\n")

    settings = load(GOOD, env_file=file)

    assert (settings.handbook, settings.port) == ("sla", 5000)


@pytest.mark.parametrize(
    "address", ["u:p#s:x@db.example:5432/desk", "[::1]:5432/desk", "/desk?host=/run/pg", "db/desk"]
)
def test_every_address_of_postgresql_may_stand_there(address: str) -> None:
    assert load({**GOOD, "DATABASE_URL": f"postgres://{address}"}).database_url == f"postgresql+psycopg://{address}"
