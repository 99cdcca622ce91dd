"""Nothing that somebody typed makes the desk call into the operator's own network."""

import ast
import socket
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from apprise import Apprise
from slack_sdk import WebClient

from bot.delivery.apprise import fault_of
from bot.delivery.fence import Fence, Inside
from bot.delivery.files import Files
from tests.delivery.receivers import Gateway, Mailbox, gateway, mail_server

SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]


@pytest.fixture
def hook() -> Iterator[Gateway]:
    with gateway() as there:
        yield there


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as there:
        yield there


@pytest.fixture
def redirecting(hook: Gateway) -> Iterator[int]:
    """The port of a server that sends everybody on to the hook."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(307)
            self.send_header("location", f"http://127.0.0.2:{hook.port}/hook")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def notified(url: str, fence: Fence) -> list[str]:
    """What the fence stopped when a message was sent to an address; Apprise itself takes some spellings for none."""
    medium = Apprise()
    medium.add(url)
    with fence.around() as attempt:
        medium.notify("T-1 needs you")
    return attempt.stopped


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_this_machine_is_called(host: str, hook: Gateway) -> None:
    notified(f"json://{host}:{hook.port}/hook?rto=5&cto=5", Fence())

    assert hook.took == []


def test_what_the_operator_names_is_called_and_no_redirect_leads_further(hook: Gateway, redirecting: int) -> None:
    assert notified(f"json://127.0.0.1:{hook.port}/hook?rto=5&cto=5", Fence(("127.0.0.1",))) == []
    assert len(hook.took) == 1

    assert notified(f"json://127.0.0.1:{redirecting}/?rto=5&cto=5", Fence(("127.0.0.1",))) == ["127.0.0.2"]
    assert len(hook.took) == 1


def test_mail_stays_within_the_fence_as_well(mailbox: Mailbox) -> None:
    assert notified(mailbox.url, Fence()) == ["127.0.0.1"]
    assert mailbox.mails == []
    assert notified(mailbox.url, Fence(("localhost",))) == []
    assert len(mailbox.mails) == 1


def test_a_library_that_connects_by_itself_is_stopped_too(hook: Gateway) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with Fence().around(), pytest.raises(OSError, match="private network"):
        opener.open(hook.address, timeout=5)
    with Fence().around(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as syslog, pytest.raises(Inside):
        syslog.sendto(b"x", ("127.0.0.1", 9))


def test_outside_the_fence_nothing_is_stopped(hook: Gateway) -> None:
    with Fence().around():
        pass
    with socket.create_connection(("127.0.0.1", hook.port)):
        pass


@pytest.mark.parametrize(
    "url", ["json://169.254.169.254/latest", "mailto://me:x@10.0.0.1?from=me@desk.test", "ntfy://localhost/topic"]
)
def test_an_address_that_leads_inside_is_named_before_it_matters(url: str) -> None:
    assert "PRIVATE_HOSTS" in fault_of(url, Fence())
    assert fault_of(url, Fence(("169.254.169.254", "10.0.0.0/8", "localhost"))) == ""


@pytest.mark.parametrize(
    "url",
    [
        "json://hook.invalid/x",
        "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15550100123/+15550100124",
    ],
)
def test_a_name_that_nobody_knows_now_and_a_telephone_are_no_faults(url: str) -> None:
    assert fault_of(url, Fence()) == ""


CALLING = frozenset({"socket", "http.client", "urllib.request", "requests", "apprise", "websocket", "websockets"})
KNOWN = {
    "bot/app/fetch.py": "calendars, within the fence",
    "bot/app/local.py": "the local workspace",
    "bot/app/spans.py": "OTEL_EXPORTER_OTLP_ENDPOINT",
    "bot/clock.py": "CLOCK_URL",
    "bot/delivery/apprise.py": "contacts, within the fence",
    "bot/delivery/fence.py": "nobody, it only looks",
    "bot/delivery/files.py": "Slack, for a file of its own",
    "bot/delivery/pagerduty.py": "one fixed address",
    "bot/delivery/refusals.py": "nobody, it names errors",
    "bot/slack/socket.py": "Slack",
    "bot/web/heartbeat.py": "HEARTBEAT_URL",
    "bot/web/serving.py": "nobody, it listens",
}
"""Who opens connections beside Slack's own client, and whom they call; SECURITY.md says the same to operators."""


def test_nobody_else_opens_connections() -> None:
    found = set()
    for path in Path("bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name in CALLING or name.partition(".")[0] in CALLING for name in names):
                found.add(path.as_posix())

    assert {path for path in found if "sandbox" not in path} == KNOWN.keys()


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("https://files.slack.com/files-pri/T1-F1/log.txt", True),
        ("http://127.0.0.1:9/files/F1", True),
        ("http://files.slack.com/files-pri/T1-F1/log.txt", False),
        ("https://slack.com.evil.example/F1", False),
        ("https://evil.example/?x=.slack.com", False),
        ("https://files.slack.com@evil.example/F1", False),
        ("https://docs.example/d/1", False),
        ("http://127.0.0.1:80/files/F1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_our_token_goes_to_slacks_own_addresses_alone(address: str, theirs: bool) -> None:
    files = Files(WebClient("xoxb-1", base_url="http://127.0.0.1:9/api/"))

    assert files._is_slacks(address) is theirs  # noqa: SLF001 - nothing else would show it without Slack
