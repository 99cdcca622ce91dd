"""What does a first Bolt app look like, with a command, a form, a button, an event and a shortcut?

It knows nothing of any other Slack than Slack's: tokens come from the environment, the address is the library's.
"""

import os
from typing import Any

from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

Payload = dict[str, Any]

app = App(token=os.environ["SLACK_BOT_TOKEN"], signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@app.command("/lunch")
def offer_lunch(ack: Ack, command: Payload, respond: Respond) -> None:
    ack()
    press = {"type": "button", "action_id": "join", "text": {"type": "plain_text", "text": "I am in"}}
    words = {"type": "mrkdwn", "text": f"Lunch at {command['text']}?"}
    respond(
        text=f"Lunch at {command['text']}?",
        blocks=[{"type": "section", "text": words, "accessory": press}],
        response_type="in_channel",
    )


@app.action("join")
def join(ack: Ack, body: Payload, say: Say) -> None:
    ack()
    say(f"<@{body['user']['id']}> joins.")


@app.event("app_mention")
def greet(event: Payload, say: Say) -> None:
    say(text=f"Hello <@{event['user']}>", thread_ts=event["ts"])


@app.shortcut("wish")
def ask_for_a_wish(ack: Ack, shortcut: Payload, client: WebClient) -> None:
    ack()
    box = {"type": "plain_text_input", "action_id": "words"}
    field = {"type": "input", "block_id": "dish", "label": {"type": "plain_text", "text": "Dish"}, "element": box}
    view = {"type": "modal", "callback_id": "wish", "title": {"type": "plain_text", "text": "A wish"}}
    submit = {"type": "plain_text", "text": "Send"}
    client.views_open(trigger_id=shortcut["trigger_id"], view={**view, "submit": submit, "blocks": [field]})


@app.view("wish")
def take_the_wish(ack: Ack, body: Payload, client: WebClient) -> None:
    dish = body["view"]["state"]["values"]["dish"]["words"]["value"]
    if dish == "nothing":
        ack(response_action="errors", errors={"dish": "Do eat something."})
        return
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text=f"{dish}, as you wish.")


if __name__ == "__main__":
    handler: Any = SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    handler.start()
