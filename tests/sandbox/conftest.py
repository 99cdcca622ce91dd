"""What every test of the local workspace stands on: a server, an unmodified Bolt app on it, and a script's view."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.server import Address, Server
from tests.sandbox.script import Script

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(start_at=MONDAY)
    yield server
    server.stop()


@pytest.fixture
def address(server: Server) -> Address:
    return server.start()


@pytest.fixture
def script(address: Address) -> Script:
    return Script(address.control_url)
