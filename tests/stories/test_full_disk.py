"""What if the database can be read and takes nothing, as on a full disk? It shows, and nothing is lost by it."""

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest
from sqlalchemy.exc import OperationalError

from bot.app import runtime
from bot.app.local import settings_for
from bot.sandbox import sockets
from bot.sandbox.server import Address
from tests.stories import stage

PATIENCE_SECONDS = 30.0


class Disk:
    """Under the desk; while it is full nothing is committed."""

    def __init__(self) -> None:
        self.full = False

    def passes(self, point: str) -> None:
        if self.full and point == "commit.before":
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))


def readiness(running: runtime.Runtime) -> tuple[int, str]:
    """What `/readyz` answers, and what it says of the database."""
    connection = http.client.HTTPConnection(urlsplit(str(running.url)).netloc, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    reasons: dict[str, str] = json.load(answer)["reasons"]
    connection.close()
    return answer.status, reasons.get("database", "")


def test_what_came_while_the_disk_was_full_is_read_back_as_soon_as_there_is_room(
    address: Address, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "ACK_SECONDS", 1.0)
    disk = Disk()
    with runtime.running(settings_for(address, sqlite_url), fault=disk.passes) as running:
        play = stage.play_on(address)
        play.settle()
        assert readiness(running) == (200, "")

        disk.full = True
        play.cy.posts("@Watchbell sev1 Checkout is down")
        assert readiness(running) == (503, "the database keeps nothing: database or disk is full")

        # The clock stands, so that Slack repeats nothing: as when the disk is full for longer than it tries.
        disk.full = False
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not play.inbox(play.ana).messages("page") and time.monotonic() < give_up:
            play.settle()
        assert play.inbox(play.ana).one("page").text.startswith("T-1")
        assert readiness(running) == (200, "")
