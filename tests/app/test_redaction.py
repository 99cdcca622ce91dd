"""No line of a log, and no error, tells a secret."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot.app import failures, redaction
from bot.app.logs import set_up_logs
from bot.app.redaction import Redaction
from bot.settings import Settings, load

MARK = "u9Zt-q7Lw0"
ENVIRONMENT = {
    "SLACK_BOT_TOKEN": f"xoxb-1-{MARK}-bot",
    "SLACK_APP_TOKEN": f"xapp-1-{MARK}-app",
    "SLACK_SIGNING_SECRET": f"{MARK}signing",
    "DATABASE_URL": f"postgresql://bell:{MARK}%40%22db@db.example/desk",
    "DATABASE_DIRECT_URL": f"postgresql://bell:{MARK}direct@db.example/desk",
    "SECRET_KEY": f'{MARK} "key" of the desk',
    "PAGERDUTY_WEBHOOK_SECRET": f"{MARK}hook",
    "HEARTBEAT_URL": f"https://beat.example/ping/{MARK}beat",
    "SENTRY_DSN": f"https://{MARK}dsn@sentry.example/7",
    "OTEL_EXPORTER_OTLP_HEADERS": f"Authorization=Bearer%20{MARK}head,x-key={MARK}key",
}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is written to standard error, with the secrets of that environment taken out."""
    root, stream = logging.getLogger(), io.StringIO()
    kept, level, stderr, shape = root.handlers, root.level, sys.stderr, structlog.get_config()
    sys.stderr = stream
    try:
        set_up_logs(level="DEBUG", json=False, redact=redaction.of(load(ENVIRONMENT)))
        yield stream
    finally:
        sys.stderr = stderr
        root.handlers = kept
        root.setLevel(level)
        structlog.configure(**shape)


def test_every_secret_setting_is_known_however_it_is_spelt() -> None:
    redact = redaction.of(load(ENVIRONMENT))
    secret = {name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)}
    assert secret <= ENVIRONMENT.keys()

    alone = (f'{MARK}@"db', f"{MARK}direct", f"{MARK}dsn", f"{MARK}head", f"{MARK}key")
    for value in (*ENVIRONMENT.values(), *alone):
        for spelt in (value, json.dumps(value), repr(value), f"said {value!r}, and again {value}"):
            assert MARK not in redact(spelt)


@pytest.mark.parametrize(
    "line",
    [
        f"posted to twilio://AC{MARK}:{MARK}@+15550100/+15550101?method=call",
        f"pagerduty://{MARK}",
        f"slack://{MARK}/{MARK}/{MARK}/#general",
        f"mailtos://desk:{MARK}@mail.example.com?to=ana@example.com",
        f"could not reach https://ana:{MARK}@calendar.example/a.ics",
        f"GET /oncall.ics?token={MARK} HTTP/1.1",
        f"wss://wss-primary.slack.com/link/?ticket={MARK}&app_id=A1",
        f"https://hooks.slack.com/services/T0/B0/{MARK}",
        f"Authorization: Bearer {MARK}{MARK}",
        f"dbname=desk user=bell password={MARK} host=db",
        f"violates a constraint\nDETAIL:  Failing row contains (1, {MARK}, two\nlines {MARK}).\n[SQL: INSERT INTO x]",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(line: str) -> None:
    assert MARK not in Redaction()(line)


@pytest.mark.parametrize(
    "line",
    [
        "sqlite:////var/lib/watchbell/watchbell.db",
        "must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
        "Slack cannot be reached at https://slack.com/api/ (timed out).",
        "the delivery message:C0ACME:1700000000.000100: failed for ticket 1042",
        "basic authentication fails",
        "needs a PagerDuty integration key: pagerduty://ROUTING_KEY",
    ],
)
def test_everything_else_is_left_as_it_is(line: str) -> None:
    assert Redaction()(line) == line


def test_lines_of_ours_of_libraries_and_traces_are_all_read_before_they_leave(logged: io.StringIO) -> None:
    structlog.get_logger().warning("said", address=f"pagerduty://{MARK}", why={"token": ENVIRONMENT["SECRET_KEY"]})
    logging.getLogger("some.library").debug("POST /services/%s", ENVIRONMENT["SLACK_BOT_TOKEN"])
    try:
        int(ENVIRONMENT["DATABASE_URL"])
    except ValueError:
        logging.getLogger("some.library").exception("it broke")

    said = logged.getvalue()
    assert "said" in said
    assert "POST /services/" in said
    assert "ValueError: invalid literal" in said
    assert MARK not in said


def test_an_error_told_to_the_operator_holds_no_secret() -> None:
    wrong = OperationalError("connect", None, ValueError(f"cannot parse postgresql://bell:{MARK}@db/desk"))

    assert MARK not in str(failures.sentence(wrong))
    assert MARK not in str(failures.sentence(ValueError(f"no database: postgresql://bell:{MARK}@db/desk")))
