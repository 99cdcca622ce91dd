"""How is this desk set up? The only reader of the environment.

Every variable stands in `.env.example`; what is wrong with one is said in one line that names it.
"""

import os
import re
from collections.abc import Mapping, MutableMapping
from enum import StrEnum
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

SLACK_API = "https://slack.com/api/"
SECOND_AT = "has a second @; one that is part of the password is written %40"
HOST = re.compile(r"[\w.:-]+(/\d{1,3})?")
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


class SettingsError(Exception):
    """A variable is missing or wrong; the message is one line that names it and says what to do."""


class LogFormat(StrEnum):
    """How log lines look: for a person's terminal, or for a machine that collects them."""

    CONSOLE = "console"
    JSON = "json"


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


class Settings(BaseSettings):
    """The variables of the environment, checked. An empty one counts as absent."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False)

    slack_bot_token: SecretStr = Field(description="must be set: the bot token of your Slack app, it starts with xoxb-")
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API
    database_url: str = "sqlite:///watchbell.db"
    database_direct_url: str | None = None
    handbook: str = "enterprise"
    directory: Path | None = None
    templates_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    public_url: str | None = None
    secret_key: SecretStr | None = None
    pagerduty_webhook_secret: SecretStr | None = None
    seals_dir: Path | None = None
    keep_deliveries_days: int = Field(default=30, ge=2)
    keep_sent_days: int = Field(default=90, ge=2)
    heartbeat_url: str | None = None
    private_hosts: str | None = None
    tick_seconds: float = Field(default=60.0, gt=0, le=3600)
    clock_url: str | None = None
    sentry_dsn: SecretStr | None = None
    otel_exporter_otlp_endpoint: str | None = None
    otel_exporter_otlp_headers: SecretStr | None = None
    otel_service_name: str = "watchbell"
    log_level: LogLevel = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.CONSOLE

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library names them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values come from `load` alone, so that one mapping decides everything."""
        return (init_settings,)

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _has_its_form(cls, value: SecretStr | None, info: object) -> SecretStr | None:
        name = getattr(info, "field_name", "")
        prefix = "xoxb-" if name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(prefix):
            kind = "bot" if prefix == "xoxb-" else "app-level"
            raise PydanticCustomError("form", f"is not a Slack {kind} token; it must start with {prefix}")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        _check_address(value)
        return value.rstrip("/") + "/"

    @field_validator("private_hosts")
    @classmethod
    def _names_hosts(cls, value: str | None) -> str | None:
        wrong = [gate for gate in _parts(value) if not HOST.fullmatch(gate)]
        if wrong:
            raise PydanticCustomError(
                "form", f"has {wrong[0]!r}; give names, addresses or networks (10.1.0.0/16), with commas between them"
            )
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _names_a_project(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value() if value else "https://key@host/1")
        if parts.scheme not in {"http", "https"} or not (parts.username and parts.hostname and parts.path.strip("/")):
            raise PydanticCustomError("form", "is no address of a Sentry project: https://KEY@HOST/PROJECT")
        return value

    @field_validator("public_url", "heartbeat_url", "otel_exporter_otlp_endpoint")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None:
            _check_address(value)
        return value

    @field_validator("clock_url")
    @classmethod
    def _is_a_clock(cls, value: str | None) -> str | None:
        if value is not None:
            _check_address(value, schemes=("http", "https", "ws", "wss"))
        return value

    @field_validator("database_url", "database_direct_url")
    @classmethod
    def _names_a_driver(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, mark, rest = value.partition("://")
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and mark and _has_port(rest):
            if has_second_at(rest):
                raise PydanticCustomError("database", SECOND_AT)
            return f"postgresql+psycopg://{rest}"
        if scheme == "sqlite" and mark:
            return value
        raise PydanticCustomError(
            "database",
            "must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
        )

    @field_validator("directory", "templates_dir", "seals_dir")
    @classmethod
    def _is_there(cls, value: Path | None, info: object) -> Path | None:
        if value is None:
            return None
        field = getattr(info, "field_name", "")
        if field == "directory":
            if not value.is_file():
                raise PydanticCustomError("file", "names a file that is not there; give the path of a directory file")
        elif not value.is_dir():
            which = "the folder of your templates" if field == "templates_dir" else "one where the seals are to be kept"
            raise PydanticCustomError("folder", f"names a folder that is not there; give {which}")
        return value

    @model_validator(mode="after")
    def _can_hear_slack(self) -> "Settings":
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise PydanticCustomError(
                "no_ear",
                "SLACK_APP_TOKEN must be set for Socket Mode (it starts with xapp-), or SLACK_SIGNING_SECRET for HTTP.",
            )
        return self

    @property
    def gates(self) -> tuple[str, ...]:
        """The hosts inside our own network that contacts and calendars may lead to."""
        return _parts(self.private_hosts)

    @property
    def otel_headers(self) -> dict[str, str]:
        """What the collector of spans gets with each request; in the environment `name=value`, with commas between."""
        given = self.otel_exporter_otlp_headers.get_secret_value() if self.otel_exporter_otlp_headers else ""
        pairs = (pair.partition("=") for pair in _parts(given))
        return {name.strip().lower(): unquote(value.strip()) for name, mark, value in pairs if mark}

    @property
    def socket_mode(self) -> bool:
        """Whether Slack reaches us through a socket that we open; else it calls POST /slack/events."""
        return self.slack_app_token is not None


def load(
    environ: Mapping[str, str] | None = None,
    *,
    env_file: Path | None = None,
    overrides: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this environment. Variables win over the lines of `.env`.

    Without `environ` the process's own is read, and `.env` in the working folder. `overrides` win over both, `defaults`
    stand in for what neither says. Raises SettingsError.
    """
    if environ is None:
        environ = os.environ
        env_file = env_file or Path(".env")
    lines = _lines(env_file) if env_file is not None and env_file.is_file() else {}
    found = {**(defaults or {}), **_filled(lines), **_filled(environ), **(overrides or {})}
    values: dict[str, object] = {
        name: text.strip() for name in Settings.model_fields if (text := found.get(name.upper()) or "").strip()
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error.errors(include_url=False, include_input=False)[0])) from None


def _lines(env_file: Path) -> dict[str, str | None]:
    """The variables of a file. Raises SettingsError for a line that would be left out."""
    try:
        text = env_file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8; save the file as UTF-8.") from None
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            raise SettingsError(f"{env_file}:{binding.original.line}: is not `NAME=value`; close quotes that are open.")
    return dotenv_values(stream=StringIO(text))


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in variables.items() if text and text.strip()}


def load_offline() -> Settings:
    """The settings for a command that never speaks to Slack: tokens need not be there. Raises SettingsError."""
    return load(defaults={"SLACK_BOT_TOKEN": "xoxb-offline", "SLACK_SIGNING_SECRET": "offline"})


def handbook_name() -> str:
    """The handbook that HANDBOOK names, else the default one. Raises SettingsError."""
    return load_offline().handbook


def bypass_proxy(settings: Settings, environ: MutableMapping[str, str] | None = None) -> None:
    """Empties the proxy variables where SLACK_API_URL is this machine: Slack's library would send local calls there."""
    if is_loopback(settings.slack_api_url):
        (os.environ if environ is None else environ).update(dict.fromkeys(PROXIES, ""))


def is_loopback(url: str) -> bool:
    """Whether an address is this machine: localhost, 127.0.0.0/8 or ::1."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def has_second_at(address: str) -> bool:
    """Whether an address of PostgreSQL would be read up to the wrong @: a part of the password for the host's name."""
    return address.partition("?")[0].count("@") > 1


def _parts(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _has_port(rest: str) -> bool:
    """Whether the port of a database's address is a number, where there is one; a password may hold any sign."""
    place = rest.rpartition("@")[2].partition("/")[0].partition("?")[0]
    return re.search(r":[^:\]]*[^\d:\]][^:\]]*$", place) is None


def _check_address(value: str, *, schemes: tuple[str, ...] = ("http", "https")) -> None:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise PydanticCustomError("address", f"must be an address that starts with {schemes[0]}:// or {schemes[1]}://")


def _sentence(detail: ErrorDetails) -> str:
    where = detail["loc"]
    if not where:
        return detail["msg"]
    name = str(where[0])
    if detail["type"] == "missing":
        what = Settings.model_fields[name].description or "must be set"
    elif detail["type"] in {"form", "address", "database", "file", "folder"}:
        what = detail["msg"]
    else:
        what = detail["msg"].replace("Input should be", "must be").replace("'", "")
        what = what.partition(", unable to parse")[0]
    return f"{name.upper()} {what}."
