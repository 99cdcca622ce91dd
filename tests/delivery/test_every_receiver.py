"""What becomes of a page at each kind of receiver that takes it, refuses it, hangs, or has too much to do?

The receivers are real ones on this machine. Whatever it was, the page is not lost: it arrives once as soon as the
receiver is well again, or is given up and told.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.delivery import pagerduty
from bot.store.database import Database
from tests.delivery.receivers import Gateway, Mailbox
from tests.delivery.test_contacts import KEY, Office
from tests.make import NINE


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@dataclass(frozen=True)
class Receivers:
    """A mail server and an HTTP server, whichever a contact leads to."""

    mailbox: Mailbox
    hook: Gateway
    thanks: tuple[int, bytes]

    def be(self, mood: str) -> None:
        self.mailbox.silent = self.hook.silent = mood == "hangs"
        self.mailbox.refuses_with = {"refuses": "550 No such mailbox", "too many": "451 Too many mails"}.get(mood, "")
        well, answer = self.thanks
        self.hook.status = {"refuses": 400, "too many": 429}.get(mood, well)
        self.hook.answer = answer if self.hook.status == well else b""

    def arrived(self) -> list[str]:
        return [mail.as_string() for mail in self.mailbox.mails] + [f"{path} {body}" for path, body in self.hook.took]


@pytest.fixture
def receivers(mailbox: Mailbox, hook: Gateway, receiver: str) -> Receivers:
    return Receivers(mailbox, hook, THANKS[receiver])


CONTACTS: dict[str, Callable[[Receivers], str]] = {
    "mail": lambda there: there.mailbox.url,
    "webhook": lambda there: there.hook.url(),
    "SMS by SMSEagle": lambda there: there.hook.url("smseagle", path="5551234567").replace("//", "//token@"),
    "text by Signal": lambda there: there.hook.url("signal", path="+15550000000/+15551234567"),
    "PagerDuty": lambda _: f"pagerduty://{KEY}",
}

WORDS = {
    "mail": "T-1 needs you",
    "webhook": "'title': 'T-1 needs you'",
    "SMS by SMSEagle": "5551234567",
    "text by Signal": "'recipients': ['+15551234567']",
    "PagerDuty": "'event_action': 'trigger'",
}
"""What each receiver's published payload has of the page."""


THANKS = {
    "mail": (200, b""),
    "webhook": (200, b""),
    "SMS by SMSEagle": (200, b'{"result": {"status": "ok", "message_id": 1}}'),
    "text by Signal": (201, b'{"timestamp": "1"}'),
    "PagerDuty": (202, b'{"status": "success"}'),
}
"""How each of them says that it took something."""


@pytest.mark.req("PG-1")
@pytest.mark.parametrize("mood", ["takes", "refuses", "hangs", "too many"])
@pytest.mark.parametrize("receiver", CONTACTS)
def test_a_page_arrives_once_or_is_given_up_and_told(
    database: Database, receivers: Receivers, receiver: str, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mood == "hangs":
        monkeypatch.setattr(pagerduty, "TIMEOUT_SECONDS", 0.3)
    office = Office(database, events_url=receivers.hook.address)
    receivers.be(mood)
    identity = office.page(CONTACTS[receiver](receivers))
    office.work()

    if mood == "takes":
        assert office.state(identity) == "sent"
    elif mood == "refuses" and office.state(identity) == "failed":
        assert len(office.lost) == 1
        assert receivers.arrived() == []
        return
    else:
        assert office.state(identity) == "pending"
        again_at = office.relay.next_at(NINE)
        assert again_at is not None
        assert again_at > NINE
        receivers.be("takes")
        office.work_until_over(identity)
    (page,) = receivers.arrived()
    assert WORDS[receiver] in page
    assert office.lost == []
