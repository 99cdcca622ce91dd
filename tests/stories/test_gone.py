"""What if a place that the desk writes to is gone for good? A person is told, once, and everything else goes on."""

from slack_sdk import WebClient

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play, Seen


def lost(play: Play) -> list[Seen]:
    """What operations were told of messages that reached nobody."""
    return [each for each in play.operations.messages("alarm") if "is_archived" in each.words]


def test_an_archived_channel_is_one_task_for_a_person(address: Address, sqlite_url: str) -> None:
    with stage.desk(address, sqlite_url):
        play = stage.play_on(address)
        play.cy.posts("@Watchbell sev1 Checkout is down")
        # As somebody of ours could do who tidies up.
        WebClient(token=address.bot_token, base_url=address.api_url).conversations_archive(channel="C0ACME")

        play.ana.clicks("Acknowledge", "@ana")
        play.advance(hours=3, minutes=5)

        told = lost(play)
        assert len(told) == 1, [each.text for each in told]
        assert "T-1" in told[0].text
        assert "Acknowledged by Ana Lima" in play.inbox(play.ana).messages("page")[0].text
        assert "Ana Lima" in play.triage.one("card").text
        play.advance(hours=24)
        assert len(lost(play)) == 2, "one more the next day"
