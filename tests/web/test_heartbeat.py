"""Does the monitor hear from us while all is well, and only then?"""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.health import Health
from bot.web.heartbeat import beat
from bot.web.serving import serve


class Monitor:
    """Takes calls; `status` is its answer."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        self.serving = serve(Starlette(routes=[Route("/ping/{who}", self._hear)]), "127.0.0.1", 0)
        self.url = f"{self.serving.url}/ping/desk?key=1"

    async def _hear(self, request: Request) -> Response:
        self.heard.append(f"{request.path_params['who']}?{request.url.query}")
        return PlainTextResponse("", self.status)


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.serving.stop()


def test_the_monitor_hears_from_a_desk_that_is_well(monitor: Monitor) -> None:
    assert beat(monitor.url, Health())
    assert monitor.heard == ["desk?key=1"]


def test_the_monitor_hears_nothing_from_a_desk_that_is_not(monitor: Monitor) -> None:
    assert not beat(monitor.url, Health({"database": lambda: "the database is away"}))
    assert monitor.heard == []


def test_a_monitor_that_refuses_is_noticed(monitor: Monitor) -> None:
    monitor.status = 404

    assert not beat(monitor.url, Health())


def test_a_monitor_that_is_away_harms_nobody() -> None:
    assert not beat("http://127.0.0.1:9/ping", Health())
