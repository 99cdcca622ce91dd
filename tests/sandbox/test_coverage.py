"""Does the coverage table say what is there, and does the SDK's own client find it?"""

from pathlib import Path

import pytest
from slack_sdk import WebClient

import bot.sandbox
from bot.sandbox.api import METHODS
from bot.sandbox.coverage import COVERAGE, Coverage, as_markdown
from bot.sandbox.server import Address, Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url)


@pytest.fixture
def busy(address: Address, client: WebClient) -> WebClient:
    for number in range(25):
        client.chat_postMessage(channel="C0ACME", text=str(number))
    return client


def test_every_method_is_in_the_table_and_the_other_way_round() -> None:
    assert [one.method for one in COVERAGE] == sorted(METHODS)
    assert as_markdown().count("\n") == len(COVERAGE) + 1


@pytest.mark.parametrize("one", COVERAGE, ids=[one.method for one in COVERAGE])
def test_each_method_is_called_in_the_test_that_the_table_names(one: Coverage) -> None:
    text = (Path(__file__).parent / one.tested_by).read_text(encoding="utf-8")
    assert one.method in text or one.method.replace(".", "_") in text


def test_the_table_is_printed_in_the_documentation() -> None:
    assert as_markdown() in (Path(bot.sandbox.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_sdks_pagination_walks_the_whole_history(busy: WebClient) -> None:
    pages = [page["messages"] for page in busy.conversations_history(channel="C0ACME", limit=10)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [message["text"] for page in pages for message in page] == [str(number) for number in range(24, -1, -1)]


def test_history_reads_between_two_moments(busy: WebClient) -> None:
    stamps = [message["ts"] for message in busy.conversations_history(channel="C0ACME")["messages"]]
    found = busy.conversations_history(channel="C0ACME", oldest=stamps[5], latest=stamps[2])["messages"]
    assert [message["ts"] for message in found] == stamps[3:5]
    found = busy.conversations_history(channel="C0ACME", oldest=stamps[5], latest=stamps[2], inclusive=True)["messages"]
    assert [message["ts"] for message in found] == stamps[2:6]
    assert len(busy.conversations_history(channel="C0ACME", oldest="0")["messages"]) == 25


def test_the_sdks_upload_shares_a_file(client: WebClient, script: Script) -> None:
    client.files_upload_v2(channel="C0ACME", filename="a.txt", content="hello", initial_comment="see")
    shown = script.messages("#acme")[-1]
    assert shown["text"] == "see"
    assert shown["files"][0]["name"] == "a.txt"
    assert shown["files"][0]["size"] == 5


def test_a_file_that_a_person_brings_can_be_fetched(client: WebClient, script: Script) -> None:
    script.act("cy", post="look", channel="#acme", files=[{"name": "trace.log", "content": "boom"}])
    shown = script.messages("#acme")[-1]["files"][0]
    assert client.files_info(file=shown["id"])["file"]["url_private"] == shown["url_private"]


def test_people_of_another_workspace_are_told_apart(client: WebClient, script: Script) -> None:
    cy, ana = (client.users_info(user=user)["user"] for user in ("U0CY", "U0ANA"))
    assert (cy["team_id"], ana["team_id"]) == ("T0ACME", "T0WATCH")
    assert cy["is_stranger"] is False
    assert "locale" not in cy
    channel = client.conversations_info(channel="C0ACME")["channel"]
    assert channel["is_ext_shared"] is True
    assert channel["connected_team_ids"] == ["T0ACME"]


def test_a_direct_message_opens_by_person_and_appears_to_them(client: WebClient, script: Script) -> None:
    channel = client.conversations_open(users="U0CY")["channel"]["id"]
    assert channel == "D0CY"
    client.chat_postMessage(channel="U0CY", text="hello Cy")
    assert script.texts("@cy") == ["hello Cy"]
    assert script.texts("@bot", **{"as": "cy"}) == ["hello Cy"]
    sidebar = {one["id"]: one for one in script.ask("/page/state?as=cy")["channels"]}
    assert sidebar["D0CY"]["unread"] == 1
    assert sidebar["D0CY"]["with"] == "U0BELL"


def test_edits_deletions_threads_and_reactions_show_in_history(client: WebClient, script: Script) -> None:
    root = script.act("cy", post="one", channel="#acme")["ts"]
    reply = client.chat_postMessage(channel="C0ACME", thread_ts=root, text="two", metadata=META)["ts"]
    script.act("cy", edit="One", ts=root, channel="#acme")
    client.reactions_add(channel="C0ACME", timestamp=root, name="eyes")
    thread = client.conversations_replies(channel="C0ACME", ts=root, include_all_metadata=True)["messages"]
    assert [message["text"] for message in thread] == ["One", "two"]
    assert thread[0]["edited"]["user"] == "U0CY"
    assert thread[0]["reactions"] == [{"name": "eyes", "users": ["U0BELL"], "count": 1}]
    assert thread[0]["reply_count"] == 1
    assert thread[1]["metadata"] == META
    client.chat_delete(channel="C0ACME", ts=reply)
    assert len(client.conversations_replies(channel="C0ACME", ts=root)["messages"]) == 1
    assert client.conversations_history(channel="C0ACME")["messages"][0]["ts"] == root


META = {"event_type": "watchbell_reply", "event_payload": {"op_id": "x"}}


def test_a_port_in_use_is_one_sentence() -> None:
    with Server(start_at=MONDAY) as address, pytest.raises(OSError, match="is in use; choose another one"):
        Server(port=int(address.url.rpartition(":")[2])).start()


def test_the_address_is_one_line_of_json(address: Address) -> None:
    assert "\n" not in address.as_json()
    assert '"bot_token": "xoxb-watchbell-local"' in address.as_json()
