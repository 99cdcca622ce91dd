"""Only Slack is listened to over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


SAME_DESK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@SAME_DESK
@given(data=st.data())
def test_a_request_of_which_any_character_was_changed_is_refused(slack: Slack, data: st.DataObject) -> None:
    request = signed(TICKET, at=present())
    body = str(request.raw_body)
    at = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != body[at]))
    changed = data.draw(st.sampled_from([body[:at] + other + body[at + 1 :], body[:at] + body[at + 1 :], body + other]))

    assert slack.app.dispatch(BoltRequest(body=changed, headers=request.headers)).status == 401
    assert slack.tickets() == []


@SAME_DESK
@given(age=st.one_of(st.integers(301, 10**9), st.integers(-(10**9), -301)))
def test_a_good_signature_of_another_time_is_refused(slack: Slack, age: int) -> None:
    assert slack.app.dispatch(signed(TICKET, at=present() - age)).status == 401


@SAME_DESK
@given(
    mark=st.one_of(st.none(), st.just(""), st.text(st.characters(codec="ascii"), max_size=80)),
    at=st.one_of(st.none(), st.integers(0, 10**10).map(str)),
)
def test_a_missing_or_made_up_header_is_refused(slack: Slack, mark: str | None, at: str | None) -> None:
    headers = {"X-Slack-Signature": mark, "X-Slack-Request-Timestamp": at}
    request = signed(TICKET, at=present())
    given_: dict[str, str | Sequence[str]] = {name: value for name, value in headers.items() if value is not None}
    assert slack.app.dispatch(BoltRequest(body=request.raw_body, headers=given_)).status == 401


def test_the_signature_of_another_moment_does_not_fit(slack: Slack) -> None:
    headers = {**signed(TICKET, at=present()).headers, "x-slack-request-timestamp": [str(present() - 1)]}
    assert slack.app.dispatch(BoltRequest(body=signed(TICKET, at=present()).raw_body, headers=headers)).status == 401
