"""Is a channel made, filled, bookmarked and archived as Slack does it, and refused as Slack refuses it?"""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Address


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url)


@pytest.fixture
def room(client: WebClient) -> str:
    made = client.conversations_create(name="inc-t-1-1f3a")["channel"]
    assert (made["is_private"], made["creator"], made["num_members"]) == (False, "U0BELL", 1)
    return str(made["id"])


@pytest.mark.parametrize(
    ("name", "error"),
    [("Inc", "invalid_name_specials"), ("a b", "invalid_name_specials"), ("x" * 81, "invalid_name_maxlength"),
     ("acme", "name_taken"), ("", "invalid_name_required")],
)  # fmt: skip
def test_a_name_is_refused_as_slack_does(client: WebClient, name: str, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        client.conversations_create(name=name)


def test_people_of_ours_are_asked_in_and_nobody_twice(client: WebClient, room: str) -> None:
    client.conversations_invite(channel=room, users="U0ANA,U0BO")
    assert client.conversations_members(channel=room)["members"] == ["U0BELL", "U0ANA", "U0BO"]
    for user, error in (("U0ANA", "already_in_channel"), ("U0CY", "not_in_team"), ("U0XX", "user_not_found"),
                        ("U0BELL", "cant_invite_self")):  # fmt: skip
        with pytest.raises(SlackApiError, match=error):
            client.conversations_invite(channel=room, users=user)


def test_links_stand_at_the_top_of_a_channel(client: WebClient, room: str) -> None:
    made = client.bookmarks_add(channel_id=room, title="T-1", type="link", link="https://a.example/1")["bookmark"]
    client.bookmarks_edit(channel_id=room, bookmark_id=made["id"], title="T-1042")
    assert [each["title"] for each in client.bookmarks_list(channel_id=room)["bookmarks"]] == ["T-1042"]
    client.bookmarks_remove(channel_id=room, bookmark_id=made["id"])
    assert client.bookmarks_list(channel_id=room)["bookmarks"] == []
    with pytest.raises(SlackApiError, match="not_found"):
        client.bookmarks_remove(channel_id=room, bookmark_id=made["id"])
    with pytest.raises(SlackApiError, match="invalid_link"):
        client.bookmarks_add(channel_id=room, title="T-1", type="link", link="javascript:x")


def test_an_archived_channel_is_read_and_not_written_in(client: WebClient, room: str) -> None:
    client.chat_postMessage(channel=room, text="hello")
    client.conversations_archive(channel=room)
    assert [each["text"] for each in client.conversations_history(channel=room)["messages"]] == ["hello"]
    for method, error in (("chat_postMessage", "is_archived"), ("conversations_archive", "already_archived")):
        given = {"text": "late"} if method == "chat_postMessage" else {}
        with pytest.raises(SlackApiError, match=error):
            getattr(client, method)(channel=room, **given)
    with pytest.raises(SlackApiError, match="name_taken"):
        client.conversations_create(name="inc-t-1-1f3a")
