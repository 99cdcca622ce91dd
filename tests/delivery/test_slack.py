"""Does a row become visible in Slack as it was written, is it found again, and is a refusal understood?"""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from bot.delivery.errors import DeliveryError
from bot.delivery.slack import CLOCKS_DIFFER_FOR, SlackSender, connect
from bot.sandbox.server import Address, Server
from bot.store.tables import OutboxRow

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Address]:
    with Server(start_at=NINE) as address:
        yield address


@pytest.fixture
def sender(workspace: Address) -> SlackSender:
    return SlackSender(connect(workspace.bot_token, base_url=workspace.api_url))


def row(
    id: str,  # noqa: A002 - the column's name
    *,
    op: str = "post",
    lane: str = "C0OPS",
    text: str = "T-1042 is open",
    thread: str | None = None,
    channel: str | None = None,
    ts: str | None = None,
    payload: dict[str, object] | None = None,
) -> OutboxRow:
    return OutboxRow(
        id=id,
        op=op,
        kind="notice",
        visibility="internal",
        priority=4,
        lane=lane,
        thread=thread,
        channel=channel,
        ts=ts,
        payload={"text": text, "blocks": [], **(payload or {})},
        ticket_number=1042,
        state="sending",
        created_at=NINE,
        not_before=NINE,
    )


def ask(workspace: Address, method: str, path: str, body: object = None) -> dict[str, list[dict[str, object]]]:
    connection = http.client.HTTPConnection(urlsplit(workspace.url).netloc, timeout=10)
    try:
        connection.request(method, path, json.dumps(body) if body else None)
        answer: dict[str, list[dict[str, object]]] = json.load(connection.getresponse())
    finally:
        connection.close()
    assert answer["ok"], answer
    return answer


def seen(workspace: Address, channel: str) -> list[dict[str, object]]:
    return ask(workspace, "GET", f"/messages?channel={channel}")["messages"]


def files_of(message: dict[str, object]) -> list[dict[str, object]]:
    files = message["files"]
    assert isinstance(files, list)
    return files


def misbehave(workspace: Address, **fault: object) -> None:
    ask(workspace, "POST", "/faults", fault)


def test_a_post_bears_its_id_and_its_kind_in_the_metadata(workspace: Address, sender: SlackSender) -> None:
    sent = sender.send(row("m-1", text="T-1042 is open & waiting"))

    message = next(one for one in seen(workspace, "C0OPS") if one["ts"] == sent.ts)
    assert sent.channel == "C0OPS"
    assert message["metadata"] == {
        "event_type": "watchbell_notice",
        "event_payload": {"id": "m-1", "ticket": 1042},
    }


def test_an_edit_replaces_text_and_keeps_bearing_metadata(workspace: Address, sender: SlackSender) -> None:
    sent = sender.send(row("m-2"))

    sender.send(row("m-3", op="edit", channel=sent.channel, ts=sent.ts, text="T-1042 is claimed"))

    message = next(one for one in seen(workspace, "C0OPS") if one["ts"] == sent.ts)
    assert (message["text"], message["edited"]) == ("T-1042 is claimed", True)
    assert isinstance(message["metadata"], dict)
    assert message["metadata"]["event_payload"] == {"id": "m-3", "ticket": 1042}


def test_a_direct_message_is_opened_for_a_person(workspace: Address, sender: SlackSender) -> None:
    sent = sender.send(row("m-4", lane="@U0ANA"))

    assert sent.channel == "D0ANA"
    assert sender.look_up(row("m-4", lane="@U0ANA")) == sent


def test_a_form_that_is_closed_by_now_is_gone(sender: SlackSender) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Ticket"}, "blocks": []}

    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-5", op="view_update", lane="view:V1", payload={"view_id": "V1", "view": view}))

    assert refused.value.permanent
    assert refused.value.gone


def test_a_home_tab_is_published(sender: SlackSender) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    assert sender.send(row("m-6", op="home", lane="home:U0ANA", payload={"user": "U0ANA", "view": home})).ts is None


def test_one_person_sees_an_ephemeral(workspace: Address, sender: SlackSender) -> None:
    sent = sender.send(row("m-7", op="ephemeral", lane="C0OPS", text="only you", payload={"user": "U0BO"}))

    assert sent.ts is None
    assert "only you" in [one["text"] for one in seen(workspace, "C0OPS&as=bo")]
    assert "only you" not in [one["text"] for one in seen(workspace, "C0OPS&as=ana")]


def test_a_deletion_removes_the_message(workspace: Address, sender: SlackSender) -> None:
    sent = sender.send(row("m-8"))

    sender.send(row("m-9", op="delete", channel=sent.channel, ts=sent.ts))

    assert all(one["ts"] != sent.ts or one["deleted"] for one in seen(workspace, "C0OPS"))


def test_what_slack_took_without_saying_so_is_found_by_its_id(workspace: Address, sender: SlackSender) -> None:
    root = sender.send(row("m-10"))
    reply = sender.send(row("m-11", thread=root.ts))
    for number in range(205):
        sender.send(row(f"filler-{number}", lane="C0TRIAGE"))
    first = row("m-12", lane="C0TRIAGE")
    sent = sender.send(first)
    for number in range(205, 410):
        sender.send(row(f"filler-{number}", lane="C0TRIAGE"))

    assert sender.look_up(row("m-10")) == root
    assert sender.look_up(row("m-11", thread=root.ts)) == reply
    assert sender.look_up(first) == sent
    assert sender.look_up(row("never-sent")) is None
    assert sender.look_up(row("never-sent", thread=root.ts)) is None


def test_what_was_said_before_a_message_first_left_is_not_gone_through_for_it(sender: SlackSender) -> None:
    waited = row("m-14")
    sent = sender.send(waited)
    waited.not_before = datetime.fromtimestamp(float(sent.ts or 0), UTC) + CLOCKS_DIFFER_FOR - timedelta(seconds=1)
    assert sender.look_up(waited) == sent
    waited.not_before += timedelta(seconds=2)
    assert sender.look_up(waited) is None


def test_history_that_cannot_be_read_finds_nothing(sender: SlackSender) -> None:
    assert sender.look_up(row("m-13", lane="C0GENERAL")) is None


@pytest.mark.parametrize(
    ("lane", "external"),
    [("C0ACME", True), ("C0OPS", False), ("@U0ANA", False), ("@U0CY", True), ("D0BO", False)],
)
def test_where_strangers_read_is_known(sender: SlackSender, lane: str, external: bool) -> None:
    if lane == "D0BO":
        sender.send(row("m-14", lane="@U0BO"))

    assert sender.is_external(lane) is external


def test_a_channel_that_is_not_there_is_a_refusal_for_good(sender: SlackSender) -> None:
    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-15", lane="C0NOWHERE"))

    assert (refused.value.code, refused.value.permanent) == ("channel_not_found", True)


def test_slacks_wish_to_wait_is_heard(workspace: Address, sender: SlackSender) -> None:
    misbehave(workspace, method="chat.postMessage", kind="429", retry_after=7)

    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-16"))

    assert (refused.value.code, refused.value.retry_after) == ("ratelimited", timedelta(seconds=7))
    assert not refused.value.permanent
    assert not refused.value.ambiguous


def test_an_error_on_slacks_side_leaves_it_open_whether_the_message_arrived(
    workspace: Address, sender: SlackSender
) -> None:
    misbehave(workspace, method="chat.postMessage", kind="500")

    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-17"))

    assert refused.value.ambiguous
    assert not refused.value.permanent


def test_silence_leaves_it_open_too(workspace: Address) -> None:
    client = connect(workspace.bot_token, base_url=workspace.api_url)
    client.timeout = 1
    sender = SlackSender(client)
    misbehave(workspace, method="chat.postMessage", kind="timeout_after")

    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-18"))

    assert refused.value.settles_in == timedelta(seconds=15)
    assert sender.look_up(row("m-18")) is not None


def test_a_slack_that_cannot_be_reached_has_surely_taken_nothing() -> None:
    sender = SlackSender(connect("xoxb-1", base_url="http://127.0.0.1:9/api/"))

    with pytest.raises(DeliveryError) as refused:
        sender.send(row("m-19"))

    assert not refused.value.permanent
    assert not refused.value.ambiguous


@pytest.mark.req("LC-6")
def test_files_are_copied_into_a_thread_found_there_and_taken_back(workspace: Address, sender: SlackSender) -> None:
    given = {
        "as": "ana",
        "post": "A screenshot",
        "channel": "#triage",
        "files": [{"name": "a.png", "content": "pixels"}],
    }
    ask(workspace, "POST", "/act", given)
    (chosen,) = files_of(seen(workspace, "triage")[-1])
    under = sender.send(row("f-root", lane="C0ACME")).ts
    files = row("f-00000001", op="files", lane="C0ACME", thread=under, payload={"files": [chosen]})
    again = row("f-00000002", op="files", lane="C0ACME", thread=under, payload={"files": [chosen]})

    assert sender.look_up(files) is None
    sender.send(files)
    posted = seen(workspace, "acme")[-1]
    assert (posted["thread_ts"], [each["title"] for each in files_of(posted)]) == (under, ["a.png"])
    found = sender.look_up(files)
    assert found is not None
    assert found.ts == posted["ts"]
    assert sender.look_up(again) is None

    gone = row("f-3", op="files_gone", lane="C0ACME", thread=under, payload={"of": files.id, "since": NINE.isoformat()})
    for _ in range(2):
        sender.send(gone)
    assert posted["ts"] not in [each["ts"] for each in seen(workspace, "acme") if not each["deleted"]]
