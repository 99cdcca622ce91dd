"""What does the bench put to the test? A real desk on a migrated database, with its Bolt app where one is asked for."""

import hashlib
import hmac
import itertools
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.app.local import DIRECTORY
from bot.app.logs import set_up_logs
from bot.app.making import fresh_token
from bot.app.redaction import Redaction
from bot.clock import Clock, SystemClock
from bot.handbook.directory import load_directory
from bot.handbook.loader import load
from bot.messages.check import load as load_templates
from bot.services import directory
from bot.services.desk import Desk, Work
from bot.services.handbooks import Handbooks
from bot.slack.app import create
from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.beginnings import let_begin

TOOLS = Path(__file__).parents[2] / ".tools"
SECRET = "bench"
WORKSPACE, BELL = "T0WATCH", "U0BELL"
_numbers = itertools.count(1)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder beside this program, on a real disk: a commit waits for it as it would in earnest.

    The system's folder for such things may be in memory; TMPDIR names another one all the same.
    """
    above = Path(os.environ.get("TMPDIR", str(TOOLS)))
    above.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=above) as path:
        yield Path(path)


def migrated(path: Path) -> str:
    """The address of a new SQLite database with all tables."""
    url = f"sqlite:///{path}"
    upgrade(url)
    return url


def copied(source: Path, path: Path) -> str:
    """The address of a copy of a database that nobody has open."""
    shutil.copyfile(source, path)
    return f"sqlite:///{path}"


def desk_on(
    db: Database,
    *,
    clock: Clock,
    handbook: str = "enterprise",
    directory_file: Path = DIRECTORY,
    token: Callable[[], str] = fresh_token,
) -> Desk:
    """A desk with the local workspace's directory or another one, its log at the level that it has in earnest."""
    set_up_logs(level="INFO", json=True, redact=Redaction(()))
    desk = Desk(
        db=db,
        handbooks=Handbooks(load(handbook)),
        catalog=load_templates(None),
        token=token,
        bot_user=BELL,
        workspace=WORKSPACE,
    )
    with db.transaction() as session:
        desk.handbooks.begin(session, now=clock.now())
        loaded = load_directory(str(directory_file))
        directory.apply(Work(desk, session), loaded.directory, by="bench", now=clock.now())
    return desk


def begin(desk: Desk, ticket: str, *, now: datetime) -> None:
    """Let what follows from a ticket's opening happen, as a worker does at once."""
    let_begin(desk, int(ticket.partition("-")[2]), now=now)


def bolt_on(desk: Desk, *, clock: Clock, client: WebClient | None = None) -> App:
    """The desk's listeners as they run in earnest."""
    return create(
        client=client or WebClient(token="xoxb-bench"),
        signing_secret=SECRET,
        desk=desk,
        clock=clock,
        bot_user=BELL,
    )


@contextmanager
def bolt() -> Iterator[App]:
    """The listeners of a desk of its own, on a new SQLite database with `synchronous=FULL`."""
    with folder() as where:
        db = Database(migrated(where / "desk.db"))
        try:
            yield bolt_on(desk_on(db, clock=SystemClock()), clock=SystemClock())
        finally:
            db.dispose()


def ticket_command() -> dict[str, str]:
    """What Slack sends when Ana opens a ticket in a customer's channel; each is a ticket of its own."""
    number = next(_numbers)
    return {
        "token": "verification",
        "team_id": WORKSPACE,
        "team_domain": "watchbell",
        "channel_id": "C0ACME",
        "channel_name": "acme",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": "/ticket",
        "text": f"sev3 The export of report {number} is empty",
        "api_app_id": "A0WATCH",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0WATCH/1/x",
        "trigger_id": f"{number}.{time.time_ns()}.bench",
    }


def signed_command() -> tuple[bytes, dict[str, str]]:
    """The same as signed HTTP: body and headers."""
    body = urlencode(ticket_command())
    moment = str(int(time.time()))
    made = hmac.new(SECRET.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": moment,
        "x-slack-signature": f"v0={made}",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "accept": "application/json,*/*",
    }
    return body.encode(), headers


def bolt_request(body: bytes, headers: dict[str, str]) -> BoltRequest:
    """A signed request as an HTTP adapter hands it to Bolt."""
    return BoltRequest(body=body.decode(), headers={name: [value] for name, value in headers.items()})


def envelope() -> tuple[str, str]:
    """The same as an envelope of Socket Mode: its id and the frame."""
    body = ticket_command()
    known = f"envelope-{body['trigger_id']}"
    frame = {"envelope_id": known, "type": "slash_commands", "accepts_response_payload": True, "payload": body}
    return known, json.dumps(frame)
