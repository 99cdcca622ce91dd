"""What would anybody's first Bolt app do? A command, a modal, a button, an event, a shortcut; it knows no sandbox."""

import logging
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.server import Address

BUTTON: dict[str, Any] = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "ring", "text": {"type": "plain_text", "text": ":bell: Ring it"}, "value": "7"},
        {
            "type": "static_select",
            "action_id": "size",
            "placeholder": {"type": "plain_text", "text": "Pick a size"},
            "options": [{"text": {"type": "plain_text", "text": t}, "value": t.lower()} for t in ("Small", "Large")],
        },
    ],
}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Tell us"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who"},
            "element": {"type": "users_select", "action_id": "user"},
        },
    ],
}


def build(client: WebClient, **settings: Any) -> App:
    """The app itself, as its author would write it."""
    quiet = logging.getLogger("echo")
    quiet.setLevel(logging.CRITICAL)
    app = App(client=client, logger=quiet, **settings)
    add_commands(app)
    add_interactions(app)
    add_events(app)
    return app


def add_commands(app: App) -> None:
    @app.command("/form")
    def form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM | {"private_metadata": body["channel_id"]})

    @app.command("/say")
    def say_it(ack: Any, body: dict[str, Any]) -> None:
        ack(f"You said {body['text']}")

    @app.command("/slowly")
    def slowly(ack: Any, respond: Any) -> None:
        ack()
        respond(text="in public", response_type="in_channel")


def add_interactions(app: App) -> None:
    @app.view("form")
    def submitted(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        reason = values["reason"]["text"]["value"]
        if "because" not in reason:
            ack(response_action="errors", errors={"reason": "Say because."})
            return
        ack()
        who = values["who"]["user"]["selected_user"]
        client.chat_postMessage(channel=body["view"]["private_metadata"], text=f"{reason} ({who})")

    @app.action("ring")
    def ring(ack: Any, body: dict[str, Any], respond: Any, action: dict[str, Any]) -> None:
        ack()
        size = body["state"]["values"]["row"]["size"]["selected_option"]
        chosen = size["value"] if size else "no size"
        respond(replace_original=True, text=f"rung {action['value']} by {body['user']['team_id']}, {chosen}")

    @app.action("size")
    def sized(ack: Any) -> None:
        ack()

    @app.shortcut("keep")
    def keep(ack: Any, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        text = f"kept: {shortcut['message']['text']}"
        client.chat_postEphemeral(channel=shortcut["channel"]["id"], user=shortcut["user"]["id"], text=text)


def add_events(app: App) -> None:
    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        block = {"type": "section", "text": {"type": "plain_text", "text": "At home"}}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})

    @app.event("reaction_added")
    def reacted(event: dict[str, Any], client: WebClient) -> None:
        item = event["item"]
        text = f":{event['reaction']}: by {event['user']}"
        client.chat_postMessage(channel=item["channel"], thread_ts=item["ts"], text=text)

    @app.event("message")
    def message(event: dict[str, Any], client: WebClient) -> None:
        if event.get("subtype") or event.get("bot_id"):
            return
        client.chat_postMessage(
            channel=event["channel"],
            thread_ts=event["ts"],
            text=f"echo: {event['text']}",
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": event["text"]}}, BUTTON],
            metadata={"event_type": "echo", "event_payload": {"of": event["ts"]}},
        )

    @app.event("app_mention")
    def mentioned(event: dict[str, Any]) -> None:
        return


class EchoApp:
    """The app in Socket Mode, as its launcher would start it: only the base URL is set."""

    def __init__(self, address: Address, handler: type[Any] = SocketModeHandler, **settings: Any) -> None:
        self.client = WebClient(token=address.bot_token, base_url=address.api_url)
        self.app = build(self.client)
        self._handler = handler(self.app, address.app_token, **settings)

    def connect(self) -> None:
        self._handler.connect()

    def close(self) -> None:
        self._handler.close()
        self.app.listener_runner.listener_executor.shutdown(wait=True)
