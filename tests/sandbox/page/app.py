"""A small Bolt app for the page's tests: a form, a card with a button, a home tab, and an ephemeral answer."""

from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.server import Address
from tests.sandbox.script import Script

SCOPES = [
    *("chat:write", "commands", "channels:history", "groups:history", "im:history", "im:write"),
    *("app_mentions:read", "reactions:read", "users:read", "channels:read"),
]
MANIFEST: dict[str, Any] = {
    "features": {
        "slash_commands": [
            {"command": "/report", "description": "Report what is wrong", "usage_hint": "[what is wrong]"},
            {"command": "/rota", "description": "Who is on call"},
        ],
        "shortcuts": [
            {"name": "Report this", "callback_id": "report_this", "type": "message", "description": "Report a message"}
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.channels", "message.groups", "message.im", "app_home_opened", "app_mention"]
        }
    },
}

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "report",
    "title": {"type": "plain_text", "text": "Report"},
    "submit": {"type": "plain_text", "text": "Send it"},
    "close": {"type": "plain_text", "text": "Not now"},
    "blocks": [
        {
            "type": "input",
            "block_id": "summary",
            "label": {"type": "plain_text", "text": "Summary"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": {"type": "plain_text", "text": "Severity"},
            "element": {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": {"type": "plain_text", "text": f"Sev {n}"}, "value": f"sev{n}"} for n in (1, 2)],
            },
        },
        {
            "type": "input",
            "block_id": "where",
            "optional": True,
            "label": {"type": "plain_text", "text": "Where"},
            "element": {
                "type": "checkboxes",
                "action_id": "boxes",
                "options": [{"text": {"type": "plain_text", "text": w}, "value": w} for w in ("Production", "Staging")],
            },
        },
        {
            "type": "input",
            "block_id": "since",
            "optional": True,
            "label": {"type": "plain_text", "text": "Since"},
            "element": {"type": "datepicker", "action_id": "day"},
        },
    ],
}


def card(text: str, *, done: bool = False) -> list[dict[str, Any]]:
    """A header, a section, and, unless done, a button and a menu."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "A card"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
    ]
    if done:
        return blocks
    sure = {
        "title": {"type": "plain_text", "text": "Really?"},
        "text": {"type": "mrkdwn", "text": "This *cannot* be undone."},
        "confirm": {"type": "plain_text", "text": "Drop it"},
        "deny": {"type": "plain_text", "text": "Keep it"},
    }
    buttons = [
        {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take it"}, "style": "primary"},
        {
            "type": "button",
            "action_id": "drop",
            "text": {"type": "plain_text", "text": "Drop"},
            "style": "danger",
            "confirm": sure,
        },
        {
            "type": "static_select",
            "action_id": "grade",
            "placeholder": {"type": "plain_text", "text": "Grade"},
            "options": [{"text": {"type": "plain_text", "text": "High"}, "value": "high"}],
        },
    ]
    return [*blocks, {"type": "actions", "elements": buttons}]


class Endpoint(ThreadingMixIn, WSGIServer):
    """The app's HTTP endpoint; it ends at once, which the SDK's socket client does not."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        return


class PageApp:
    """The app, reached over signed HTTP by the workspace at this address until it is closed."""

    def __init__(self, address: Address) -> None:
        client = WebClient(token=address.bot_token, base_url=address.api_url)
        app = App(client=client, signing_secret=address.signing_secret)
        register_form(app)
        register_card(app)
        register_events(app)
        self._pool = app.listener_runner.listener_executor
        self._endpoint = make_server("127.0.0.1", 0, SlackRequestHandler(app), Endpoint, Quiet)
        self._thread = Thread(target=self._endpoint.serve_forever, args=(0.02,))
        self._thread.start()
        request_url = f"http://127.0.0.1:{self._endpoint.server_port}/slack/events"
        Script(address.control_url).ask("/app", {"request_url": request_url})

    def close(self) -> None:
        self._endpoint.shutdown()
        self._thread.join()
        self._endpoint.server_close()
        self._pool.shutdown(wait=True)


def register_form(app: App) -> None:
    """What opens the form, what it answers, and a command that only answers."""

    @app.command("/report")
    def open_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM | {"private_metadata": body["channel_id"]})

    @app.command("/rota")
    def tell_rota(ack: Any) -> None:
        ack("Ana is on call.")

    @app.shortcut("report_this")
    def open_form_for(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM | {"private_metadata": body["channel"]["id"]})

    @app.view("report")
    def take_report(ack: Any, view: dict[str, Any], client: WebClient) -> None:
        values = view["state"]["values"]
        summary = values["summary"]["text"]["value"]
        if summary == "help":
            ack(response_action="errors", errors={"summary": "Please say what is wrong."})
            return
        ack()
        severity = values["severity"]["pick"]["selected_option"]["value"]
        boxes = [option["value"] for option in values["where"]["boxes"]["selected_options"]]
        day = values["since"]["day"]["selected_date"]
        client.chat_postMessage(
            channel=view["private_metadata"], text=f"Reported: {summary}, {severity}, {boxes}, {day}"
        )


def register_card(app: App) -> None:
    """What the card's controls do."""

    @app.action("take")
    def take(ack: Any, body: dict[str, Any], client: WebClient, respond: Any) -> None:
        ack()
        channel, ts, who = body["channel"]["id"], body["message"]["ts"], body["user"]["id"]
        client.chat_update(channel=channel, ts=ts, text="Taken", blocks=card(f"Taken by <@{who}>", done=True))
        client.chat_postEphemeral(channel=channel, user=who, text="It is yours now.")

    @app.action("drop")
    def drop(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_delete(channel=body["channel"]["id"], ts=body["message"]["ts"])

    @app.action("grade")
    def grade(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        client.chat_postMessage(channel=body["channel"]["id"], text=f"Graded {chosen}.")


def register_events(app: App) -> None:
    """What the app hears."""

    @app.event("app_home_opened")
    def publish(event: dict[str, Any], client: WebClient) -> None:
        home = {
            "type": "home",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Nothing is open.*"}}],
        }
        client.views_publish(user_id=event["user"], view=home)

    @app.event("app_mention")
    def reply(event: dict[str, Any], client: WebClient) -> None:
        root = event.get("thread_ts", event["ts"])
        client.chat_postMessage(channel=event["channel"], thread_ts=root, text="I am listening.")

    @app.event("message")
    def hear(event: dict[str, Any], client: WebClient) -> None:
        if event.get("text") == "card please":
            client.chat_postMessage(channel=event["channel"], text="A card", blocks=card("Who takes it?"))
