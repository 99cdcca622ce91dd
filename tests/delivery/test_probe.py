"""Does the probe tell who cannot be reached, without a word to anybody?"""

from collections.abc import Iterator

import pytest

from bot.app.workspace import manifest
from bot.delivery.errors import DeliveryError
from bot.delivery.fence import Fence
from bot.delivery.probe import MediaProbe
from bot.delivery.slack import connect
from bot.sandbox.server import Address, Server
from tests.delivery.receivers import free_port


@pytest.fixture
def address() -> Iterator[Address]:
    with Server(manifest=manifest()) as started:
        yield started


def test_a_person_of_the_workspace_can_be_reached(address: Address) -> None:
    probe = MediaProbe(connect(address.bot_token, base_url=address.api_url), fence=Fence())
    assert probe.person("U0ANA") == ""
    assert "user_not_found" in probe.person("U0NOBODY")


def test_slack_being_away_is_not_anybodys_fault() -> None:
    probe = MediaProbe(connect("xoxb-1", base_url=f"http://127.0.0.1:{free_port()}/api/"), fence=Fence())
    with pytest.raises(DeliveryError):
        probe.person("U0ANA")


def test_the_form_of_an_address_is_checked() -> None:
    probe = MediaProbe(connect("xoxb-1", base_url="http://127.0.0.1:9/api/"), fence=Fence())
    assert probe.contact("mailto://desk:secret@mail.test") == ""
    assert probe.contact("mailto://x")
    assert probe.contact("pagerduty://R0123456789ABCDEF0123456789ABCDE") == ""
