"""The bot is invited to a channel: who hears of it, and what does the button open?"""

from typing import Any

import pytest
from sqlmodel import select

from bot.store import people
from bot.store.tables import OutboxRow
from tests.slack.conftest import Slack

CHANNEL = {
    "id": "C0NEW", "name": "ext-initech-support", "creator": "U0VIC", "connected_team_ids": ["T0WATCH", "T0INI"],
}  # fmt: skip


def invited(slack: Slack, channel: str = "C0NEW", *, event_id: str = "EvJoined", **about: Any) -> list[OutboxRow]:
    """Everything that is posted because the bot came to a channel."""
    slack.api.replies["conversations.info"] = lambda _: {"ok": True, "channel": CHANNEL | about}
    event = {"type": "member_joined_channel", "user": "U0BELL", "channel": channel, "inviter": "U0ANA"}
    slack.event(event, event_id=event_id)
    slack.work_off()
    del slack.api.replies["conversations.info"]
    with slack.desk.db.reading() as session:
        return list(session.exec(select(OutboxRow).where(OutboxRow.op == "post")).all())


def test_administrators_hear_of_it_once_and_connect_the_channel_with_one_form(slack: Slack) -> None:
    invited(slack)
    (row,) = invited(slack)
    assert row.lane == "@U0VIC"
    assert "ext-initech-support by Ana Lima" in row.payload["text"]
    assert "T0INI" in str(row.payload["blocks"])
    assert "T0WATCH" not in str(row.payload["blocks"])
    (button,) = row.payload["blocks"][-1]["elements"]

    slack.click(button["action_id"], button["value"], who="U0VIC", channel="D0VIC")
    fields = {block["block_id"]: block["element"] for block in slack.opened()["blocks"] if block["type"] == "input"}
    assert fields["name"]["initial_value"] == "Initech"
    assert fields["key"]["initial_value"] == "initech"
    assert fields["channel"]["initial_conversation"] == "C0NEW"
    values = {"name": "Initech", "key": "initech", "channel": "C0NEW", "tier": "standard", "every_message": "no"}
    assert slack.submit(values, who="U0VIC") == {}
    with slack.desk.db.reading() as session:
        customer = people.customer_of_channel(session, "C0NEW")
        assert customer is not None
        assert customer.id == "initech"

    slack.click(button["action_id"], button["value"], who="U0VIC", channel="D0VIC")
    assert slack.whispers("U0VIC")[-1] == "This channel is Initech's already."
    assert len(slack.api.asked("views.open")) == 1


@pytest.mark.parametrize(
    ("channel", "about"), [("C0ACME", {}), ("C0TRIAGE", {}), ("C0NEW", {"creator": "U0BELL"})]
)  # fmt: skip
def test_nobody_hears_of_a_channel_that_is_somebodys_or_our_own(
    slack: Slack, channel: str, about: dict[str, str]
) -> None:
    assert invited(slack, channel, **about) == []
