"""What becomes of what a customer wrote while the bot was not in their channel?"""

from slack_sdk import WebClient

from bot.app.workspace import manifest
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace
from tests.stories import stage


def test_whoever_invites_the_bot_back_is_heard_at_once(sqlite_url: str) -> None:
    workspace, given = Workspace(), manifest()
    assert given is not None
    given["oauth_config"]["scopes"]["bot"].append("channels:join")  # stands for a person who invites it
    with (
        Server(start_at=stage.MONDAY, manifest=given, workspace=workspace) as address,
        stage.desk(address, sqlite_url),
    ):
        play = stage.play_on(address)
        play.cy.posts("@Watchbell sev3 Reports look odd")
        workspace.channels["C0ACME"].members.remove("U0BELL")
        play.advance(minutes=10)
        play.cy.posts("@Watchbell sev1 Checkout is down")
        assert play.acme.messages(text="T-2") == []

        WebClient(address.bot_token, base_url=address.api_url).conversations_join(channel="C0ACME")
        play.advance(minutes=1)

        assert "Checkout is down" in play.acme.one("receipt", "T-2").text
