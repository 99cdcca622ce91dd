"""Is an incident channel made once, for our own people only, whatever is cut off and repeated?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.delivery.errors import DeliveryError
from bot.delivery.slack import SlackSender, connect
from bot.sandbox.server import Address, Server
from bot.store import rooms
from bot.store.database import Database
from bot.store.incident_tables import IncidentChannel
from bot.store.tables import OutboxRow
from tests.delivery.desk import Office
from tests.make import NINE, make_customer, make_person, token


@pytest.fixture(scope="module")
def workspace() -> Iterator[Address]:
    with Server(start_at=NINE) as address:
        yield address


@pytest.fixture
def client(workspace: Address) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url)


@pytest.fixture
def sender(workspace: Address) -> SlackSender:
    return SlackSender(connect(workspace.bot_token, base_url=workspace.api_url))


def row(op: str, lane: str = "", **payload: object) -> OutboxRow:
    return OutboxRow(
        id=token(), op=op, kind="notice", visibility="internal", priority=4, lane=lane, payload=payload,
        state="sending", created_at=NINE, not_before=NINE,
    )  # fmt: skip


def test_each_call_of_a_channel_may_be_made_twice(sender: SlackSender, client: WebClient) -> None:
    made = {str(sender.send(row(rooms.MAKE, name="inc-t-1-1f3a")).channel) for _ in range(2)}
    (channel,) = made
    posted = client.chat_postMessage(channel="C0TRIAGE", text="T-1")["ts"]
    deeds: list[tuple[str, dict[str, object]]] = [
        (rooms.INVITE, {"user": "U0ANA"}),
        (rooms.TOPIC, {"topic": "T-1 · Critical"}),
        (rooms.BOOKMARK, {"title": "T-1", "channel": "C0TRIAGE", "ts": posted}),
    ]
    for op, payload in deeds * 2:
        assert sender.send(row(op, channel, **payload)).channel == channel
    assert len(client.bookmarks_list(channel_id=channel)["bookmarks"]) == 1
    for _ in range(2):
        sender.send(row(rooms.ARCHIVE, channel))

    found = client.conversations_info(channel=channel)["channel"]
    assert (found["topic"]["value"], found["is_archived"]) == ("T-1 · Critical", True)
    assert client.conversations_members(channel=channel)["members"] == ["U0BELL", "U0ANA"]


def test_a_name_that_somebody_else_has_is_no_channel_of_ours(sender: SlackSender) -> None:
    with pytest.raises(DeliveryError, match="name_taken") as refused:
        sender.send(row(rooms.MAKE, name="acme"))
    assert refused.value.permanent


@pytest.mark.req("LC-6")
def test_a_customers_person_is_never_asked_into_an_incident_channel(database: Database) -> None:
    office = Office(database)
    with database.transaction() as session:
        session.add(make_customer())
        session.add(make_person("ana"))
        session.add(make_person("cy", customer="acme", workspace="T0ACME"))
        room = IncidentChannel(ticket_number=1, name="inc-t-1-1f3a", asked_by="person:ana", asked_at=NINE)
        made = token()
        rooms.act(session, room, op=rooms.MAKE, payload={"name": room.name, "text": "made"}, token=made, now=NINE)
        for user in ("U0CY", "U0FAR", "U0ANA"):
            rooms.act(session, room, op=rooms.INVITE, payload={"user": user, "text": user}, token=user, now=NINE)
    office.slack.troubles.append(DeliveryError("no answer", settles_in=timedelta(seconds=15)))
    office.slack.arrives_anyway = True

    office.work_on(until=timedelta(minutes=1))

    assert office.slack.texts == ["made", "made", "U0ANA"]
    assert office.slack.looked_up == []
    assert {office.state(each) for each in ("U0CY", "U0FAR")} == {"failed"}
    assert {why for _, why in office.dead} == {
        "refused here: only our own people are asked into an incident channel",
    }
