"""Only Slack is listened to over HTTP."""

from datetime import UTC, datetime

from slack_bolt import BoltRequest

from bot.slack.app import create
from tests.slack.conftest import Slack, signed

TICKET = {
    "command": "/ticket", "text": "sev1 Checkout is down", "user_id": "U0ANA", "channel_id": "C0ACME",
    "team_id": "T0WATCH", "trigger_id": "1.1",
}  # fmt: skip


def present() -> int:
    return int(datetime.now(UTC).timestamp())


def test_a_signed_command_is_answered(slack: Slack) -> None:
    response = slack.app.dispatch(signed(TICKET, at=present()))
    assert response.status == 200
    assert len(slack.tickets()) == 1


def test_a_wrong_signature_is_refused(slack: Slack) -> None:
    assert slack.app.dispatch(signed(TICKET, at=present(), secret="guessed")).status == 401
    assert slack.tickets() == []


def test_an_old_timestamp_is_refused(slack: Slack) -> None:
    assert slack.app.dispatch(signed(TICKET, at=present() - 600)).status == 401
    assert slack.tickets() == []


def test_no_signature_at_all_is_refused(slack: Slack) -> None:
    assert slack.app.dispatch(BoltRequest(body="command=/ticket", headers={})).status == 401


def test_a_bot_without_a_signing_secret_takes_nothing_over_http(slack: Slack) -> None:
    app = create(client=slack.client, signing_secret=None, desk=slack.desk, clock=slack.clock, bot_user="U0BELL")
    for secret in ("none", "None", " none"):
        assert app.dispatch(signed(TICKET, at=present(), secret=secret)).status == 401
    assert slack.tickets() == []
