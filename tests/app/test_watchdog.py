"""Does a process that hears nothing more end, and only then?"""

import pytest
import typer

from bot.app import runtime
from bot.app.local import settings_for
from bot.app.signals import end_asked
from bot.app.watchdog import Watchdog, answers
from bot.commands.answering import OneLine
from bot.delivery.slack import connect
from tests.stories import stage


@pytest.mark.parametrize(
    ("age", "slack_answers", "deaf"),
    [(0.0, True, False), (30.0, True, False), (31.0, True, True), (None, True, True), (None, False, False)],
    ids=["heard just now", "heard lately", "silent", "no line", "Slack is away"],
)
def test_deaf_is_who_hears_nothing_while_slack_answers(age: float | None, slack_answers: bool, deaf: bool) -> None:
    assert Watchdog(lambda: age, lambda: slack_answers, patience=0).is_deaf() is deaf


def test_a_line_gets_time_to_be_made_anew() -> None:
    assert not Watchdog(lambda: None, lambda: True, patience=60).is_deaf()


def test_whether_slack_answers_is_asked_of_slack() -> None:
    with stage.workspace() as address:
        client, play = connect(address.bot_token, base_url=address.api_url), stage.play_on(address)
        assert answers(client, address.app_token)
        assert not answers(client, "xapp-taken-back"), "without a token a new process would hear no more"
        play.misbehave(kind="away", **{"for": "1 hour"})
        assert not answers(client, address.app_token)


def test_a_desk_that_is_deaf_stops_waiting_and_says_so(sqlite_url: str) -> None:
    with stage.workspace() as address, runtime.running(settings_for(address, sqlite_url)) as desk:
        desk.watchdog = Watchdog(lambda: None, lambda: True, patience=0)
        with end_asked() as end:
            assert not runtime.wait_for_the_end(desk, end)


def test_a_deaf_process_ends_with_1_so_that_whoever_watches_over_it_begins_it_anew(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runtime, "wait_for_the_end", lambda *_: False)
    with stage.workspace() as address, pytest.raises(typer.Exit) as ended, OneLine():
        runtime.run(settings_for(address, sqlite_url))
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err.endswith("nothing more came by the socket of this process; begin it anew.\n")
