"""A page wakes somebody by mail, and their click on its link is seen in Slack."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from bot.app import runtime
from bot.app.local import DIRECTORY, settings_for
from bot.sandbox.server import Address
from bot.settings import Settings
from tests.delivery.receivers import Mailbox, mail_server
from tests.stories import stage
from tests.stories.play import Play


@dataclass
class Night:
    """A desk whose Ana reads mail."""

    play: Play
    mailbox: Mailbox
    url: str

    def post(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request("POST", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def night(address: Address, sqlite_url: str, tmp_path: Path) -> Iterator[Night]:
    with mail_server() as mailbox:
        parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
        parts["people"]["ana"]["contacts"] = [mailbox.url]
        path = tmp_path / "directory.yml"
        path.write_text(yaml.safe_dump(parts), encoding="utf-8")
        local = settings_for(address, sqlite_url)
        secrets = Settings.model_validate(
            {
                **local.model_dump(), "directory": path, "secret_key": "0123456789abcdef0123456789abcdef",
                "public_url": "https://desk.test",
            }
        )  # fmt: skip
        with runtime.running(secrets) as running:
            yield Night(stage.play_on(address), mailbox, str(running.url))


@pytest.mark.req("PG-1")
def test_the_link_of_a_mailed_page_acknowledges_for_everybody_to_see(night: Night) -> None:
    play = night.play
    play.cy.posts("@Watchbell sev1 Checkout is down")
    (mail,) = night.mailbox.mails
    assert "T-1 needs you" in str(mail["subject"])
    body = mail.get_body(("plain", "html"))
    assert body is not None
    link = next(word for word in body.get_content().split() if "https://desk.test/acknowledge/" in word)
    path = urlsplit(link.partition("https://")[1] + link.partition("https://")[2]).path

    status, told = night.post(path)
    assert (status, "T-1 is yours" in told) == (200, True)
    play.settle()
    assert "Ana Lima" in play.inbox(play.ana).last("page").words
    assert not play.inbox(play.ana).last("page").offers("Acknowledge")
    assert night.post(path)[0] == 410
    play.advance(minutes=50)
    assert len(night.mailbox.mails) == 1
