"""What can go wrong in the local workspace, and in whose words is it told?"""


class SlackError(Exception):
    """Slack's own refusal of a Web API call: its error code, and the details that Slack sends beside it."""

    def __init__(self, code: str, *messages: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages
        self.details = details


class Mistake(Exception):  # noqa: N818 - the name is the sentence's tone: the caller of the control interface erred
    """The caller of the control interface asked for something that cannot be; one clear sentence."""
