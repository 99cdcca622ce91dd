"""Would a page reach somebody? Asked of Slack, and of the form of each address, without sending anything."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.delivery.apprise import fault_of
from bot.delivery.fence import Fence
from bot.delivery.refusals import NETWORK_ERRORS, meaning_of


class MediaProbe:
    """Asks Slack for the person and opens the direct message, which shows nothing to anybody."""

    def __init__(self, client: WebClient, *, fence: Fence) -> None:
        self._client = client
        self._fence = fence

    def person(self, slack: str) -> str:
        """Why no direct message can be opened with them; empty where one can. Raises DeliveryError: Slack is away."""
        try:
            user = self._client.users_info(user=slack).get("user") or {}
            if user.get("deleted"):
                return "deactivated in Slack"
            self._client.conversations_open(users=slack)
        except SlackApiError as error:
            refused = meaning_of(error)
            if refused.permanent:
                return f"no direct message can be opened ({refused.code})"
            raise refused from error
        except NETWORK_ERRORS as error:
            raise meaning_of(error) from error
        return ""

    def contact(self, url: str) -> str:
        """What is wrong with a contact's address; empty where nothing is."""
        return fault_of(url, self._fence)
