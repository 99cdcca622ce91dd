"""Does each remaining method answer as the SDK's own client, pages and retry handler expect?"""

import contextlib

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.sandbox.server import Address
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url)


def test_who_and_where_the_app_is(client: WebClient, address: Address) -> None:
    assert client.api_test()["ok"]
    assert client.auth_test()["user_id"] == "U0BELL"
    assert client.bots_info(bot="B0BELL")["bot"]["app_id"] == "A0BELL"
    assert client.team_info()["team"]["name"] == "Watchbell"
    opened = client.apps_connections_open(app_token=address.app_token)
    assert opened["url"].startswith("ws://")


def test_the_sdks_pagination_walks_channels_members_and_people(client: WebClient) -> None:
    channels = [one["name"] for page in client.conversations_list(limit=2) for one in page["channels"]]
    assert len(channels) == len(set(channels)) == 6
    members = [one for page in client.conversations_members(channel="C0ACME", limit=3) for one in page["members"]]
    assert len(members) == len(set(members)) == 8
    people = [one["name"] for page in client.users_list(limit=3) for one in page["members"]]
    assert sorted(people) == ["ana", "bo", "kai", "mei", "una", "vic", "watchbell"]
    assert [one["id"] for one in client.users_conversations(user="U0CY")["channels"]] == ["C0ACME"]


def test_the_sdks_retry_handler_comes_through_a_rate_limit(client: WebClient, script: Script) -> None:
    script.ask("/faults", {"method": "chat.postMessage", "kind": "429", "times": 2, "retry_after": 0})
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel="C0ACME", text="refused")
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    client.chat_postMessage(channel="C0ACME", text="came through")
    assert script.texts("#acme") == ["came through"]


def test_a_channel_is_joined_named_and_marked(client: WebClient) -> None:
    assert client.conversations_join(channel="C0GENERAL")["channel"]["is_member"] is True
    client.conversations_setTopic(channel="C0GENERAL", topic="All that is new")
    assert client.conversations_info(channel="C0GENERAL")["channel"]["topic"]["value"] == "All that is new"
    posted = client.chat_postMessage(channel="C0GENERAL", text="new")["ts"]
    assert client.conversations_mark(channel="C0GENERAL", ts=posted)["ok"]


def test_a_message_can_be_linked_postponed_and_reacted_to(client: WebClient, script: Script) -> None:
    posted = client.chat_postMessage(channel="C0ACME", text="now")["ts"]
    link = client.chat_getPermalink(channel="C0ACME", message_ts=posted)["permalink"]
    assert link.endswith(f"/archives/C0ACME/p{posted.replace('.', '')}")
    client.chat_scheduleMessage(channel="C0ACME", text="in a minute", post_at=int(MONDAY.timestamp()) + 60)
    assert script.texts("#acme") == ["now"]
    script.clock(advance="1 minute")
    assert script.texts("#acme") == ["now", "in a minute"]
    client.reactions_add(channel="C0ACME", timestamp=posted, name="eyes")
    message = client.reactions_get(channel="C0ACME", timestamp=posted)["message"]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0BELL"], "count": 1}]
    client.reactions_remove(channel="C0ACME", timestamp=posted, name="eyes")
    assert "reactions" not in client.reactions_get(channel="C0ACME", timestamp=posted)["message"]


def test_people_are_found_and_described(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="ana@watchbell.example")["user"]["id"] == "U0ANA"
    assert client.users_profile_get(user="U0ANA")["profile"]["real_name"] == "Ana Lima"
    assert client.users_getPresence(user="U0ANA")["presence"] == "active"
    assert client.usergroups_list()["usergroups"] == []
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        client.usergroups_users_list(usergroup="S0NONE")


def test_a_file_goes_up_in_two_halves(client: WebClient, script: Script, address: Address) -> None:
    given = client.files_getUploadURLExternal(filename="a.txt", length=5)
    with contextlib.closing(script.open(given["upload_url"].removeprefix(address.url), "hello")) as uploading:
        assert uploading.getresponse().status == 200
    client.files_completeUploadExternal(files=[{"id": given["file_id"], "title": "A"}], channel_id="C0ACME")
    assert script.messages("#acme")[-1]["files"][0]["name"] == "a.txt"
    client.files_delete(file=given["file_id"])
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_info(file=given["file_id"])


def test_a_home_tab_is_published(client: WebClient, script: Script) -> None:
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "At home"}}
    client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [words]})
    assert script.ask("/page/state?as=ana")["home"]["blocks"][0]["text"]["text"] == "At home"
