"""What if an app may write, but not do what a newer release also does? Its words go on all the same."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.delivery.errors import DeliveryError
from bot.delivery.slack import SlackSender
from bot.store import rooms
from bot.store.files import FILES
from bot.store.tables import OutboxRow
from tests.make import NINE, token


class Lacking(WebClient):
    """A Slack that says of every call that a scope is missing."""

    def api_call(self, api_method: str, **_: Any) -> SlackResponse:
        data = {"ok": False, "error": "missing_scope", "needed": api_method}
        response = SlackResponse(
            client=self, http_verb="POST", api_url=api_method, req_args={}, data=data, headers={}, status_code=200
        )
        validate: Callable[[], object] = response.validate
        validate()
        return response


def row(op: str, **payload: object) -> OutboxRow:
    return OutboxRow(
        id=token(), op=op, kind="reply", visibility="customer", priority=2, lane="C0ACME", thread="1.0",
        payload={"text": "T-1: reply", **payload}, state="sending", created_at=NINE, not_before=NINE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "for_good"),
    [
        (row("post"), False),
        (row(FILES, files=[{"id": "F1", "name": "a.png"}]), True),
        (row(rooms.MAKE, name="inc-1"), True),
        (row(rooms.INVITE, user="U0ANA"), True),
    ],
    ids=["post", "files", "room", "invite"],
)
def test_a_scope_that_is_missing_ends_an_extra_and_only_delays_words(sent: OutboxRow, for_good: bool) -> None:
    with pytest.raises(DeliveryError) as refused:
        SlackSender(Lacking("xoxb-1")).send(sent)

    assert (refused.value.code, refused.value.permanent) == ("missing_scope", for_good)
