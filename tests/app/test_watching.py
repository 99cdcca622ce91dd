"""Who watches a desk from outside, and what does it cost those who let nobody?"""

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from bot.app import watching
from bot.app.failures import CannotStart
from bot.app.logs import Trouble, set_up_logs
from bot.app.redaction import Redaction
from bot.app.spans import LAST_SPANS, NOT_THERE
from bot.domain.errors import Refused
from bot.services import tracing
from bot.settings import Settings, load

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_a_sentry_that_is_not_installed_ends_the_start_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)

    with pytest.raises(CannotStart, match=r"^SENTRY_DSN is set, but .* is not installed: install Watchbell with its"):
        watching.begin(load({**GOOD, "SENTRY_DSN": "https://key@sentry.example/7"}), Redaction())


def test_a_collector_that_a_platform_names_to_all_starts_without_its_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    watched = watching.begin(load({**GOOD, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}), Redaction())

    assert (watched.spans, watched.on_trouble, watched.lacking) == (None, None, NOT_THERE)
    watched.close()


@pytest.fixture
def told() -> Iterator[list[Trouble]]:
    """The troubles that the log tells of."""
    root, troubles = logging.getLogger(), list[Trouble]()
    kept, level, shape = root.handlers, root.level, structlog.get_config()
    try:
        set_up_logs(level="INFO", json=False, redact=Redaction(), on_trouble=troubles.append)
        yield troubles
    finally:
        root.handlers = kept
        root.setLevel(level)
        structlog.configure(**shape)


def test_a_trouble_is_the_fixed_part_of_its_line_its_error_and_its_work(told: list[Trouble]) -> None:
    @tracing.apart
    def works() -> None:
        tracing.about(delivery="message:C0ACME:1.2:", ticket=7, words="never")
        try:
            json.loads("their words")
        except ValueError:
            structlog.get_logger("bot.services.due").exception("deadline_failed", text="their words")
            logging.getLogger("bot.delivery.relay").exception("%s will never arrive", "their words")
        logging.getLogger("some.library").error("cannot do their words")
        logging.getLogger("bot.slack.bolt").error("cannot do their words either")
        logging.getLogger("bot.delivery.relay").warning("no trouble")

    works()

    assert [(each.said, type(each.error).__name__) for each in told] == [
        ("deadline_failed", "JSONDecodeError"),
        ("%s will never arrive", "JSONDecodeError"),
        ("an error of some.library", "NoneType"),
        ("an error of bot.slack.bolt", "NoneType"),
    ]
    assert {tuple(each.about.items()) for each in told} == {(("delivery", "message:C0ACME:1.2:"), ("ticket", "7"))}


def test_those_who_carry_news_are_not_told_of_their_own_trouble(told: list[Trouble]) -> None:
    for name in ("sentry_sdk.errors", "opentelemetry.exporter", "urllib3.connectionpool"):
        logging.getLogger(name).error("nobody there")

    assert told == []


def test_whoever_cannot_be_told_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(_trouble: Trouble) -> None:
        raise OSError

    root = logging.getLogger()
    kept, level, shape = root.handlers, root.level, structlog.get_config()
    try:
        set_up_logs(level="INFO", json=False, redact=Redaction(), on_trouble=breaks)
        structlog.get_logger("bot.app").error("it_broke")
    finally:
        root.handlers = kept
        root.setLevel(level)
        structlog.configure(**shape)
    assert "it_broke" in capsys.readouterr().err


def test_a_piece_of_work_is_heard_of_once_with_the_error_that_it_met() -> None:
    heard: list[tracing.Piece] = []

    @tracing.apart
    def works(number: int) -> int:
        tracing.about(ticket=number)
        if number == 2:
            raise ValueError
        if number == 3:
            raise Refused
        return number

    @tracing.apart
    def finds_nothing() -> None:
        """It is about nothing."""

    deafen = tracing.watch(heard.append)
    try:
        assert works(1) == 1
        finds_nothing()
        with pytest.raises(ValueError, match=r"^$"):
            works(2)
        with pytest.raises(Refused):
            works(3)
    finally:
        deafen()
    works(4)

    assert [(each.work, each.about, each.error) for each in heard] == [
        ("works", {"ticket": "1"}, None),
        ("works", {"ticket": "2"}, "ValueError"),
        ("works", {"ticket": "3"}, None),
    ]


def test_a_collector_that_is_not_there_keeps_no_process() -> None:
    given: dict[str, object] = {"otel_exporter_otlp_endpoint": "http://127.0.0.1:9"}
    begun = watching.begin(Settings.model_validate({**load(GOOD).model_dump(), **given}), Redaction())

    @tracing.apart
    def works() -> None:
        tracing.about(ticket=1)

    works()
    begun.close()
    for thread in threading.enumerate():
        if thread.name == LAST_SPANS:
            thread.join(30)
            assert not thread.is_alive()
