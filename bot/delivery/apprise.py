"""How does a page reach one contact of a person: a mailbox, a telephone, another system?

Apprise speaks to all of them. Each row gets an Apprise object of its own, so that its result is its own. No medium can
be asked whether a page arrived: what was cut off in mid-send is sent again, with the same reference in its text.
"""

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.delivery.errors import DeliveryError
from bot.delivery.fence import Fence
from bot.delivery.pagerduty import EVENTS_URL, SCHEME, PagerDuty
from bot.delivery.sent import Sent
from bot.store import outside
from bot.store.database import Database
from bot.store.outside import Place
from bot.store.tables import OutboxRow

if TYPE_CHECKING:
    from apprise import AppriseResult

INSIDE = "leads into our own network; PRIVATE_HOSTS has to name its host"

TRIES = 5
"""After so many refusals, over about a quarter of a minute, a contact is given up and the next one is tried."""

PERMANENT = frozenset({400, 401, 403, 404, 405, 410, 422})
TOO_MANY = 429
PAUSE_FOR = timedelta(seconds=10)
"""How long a service rests that says too many came; Apprise does not pass on how long it asked for."""

_STATUS = re.compile(r"error=(\d{3})\b")


def fault_of(url: str, fence: Fence) -> str:
    """What is wrong with a contact's address: its form, or where it leads; empty where nothing is. Nothing is sent."""
    if url.startswith(SCHEME):
        return PagerDuty().fault_of(url)
    from apprise import Apprise  # noqa: PLC0415 - a third of a second that only those who send pay

    with _Quiet():
        medium = Apprise()
        if not medium.add(url):
            return "is no address that Apprise understands"
    named = [str(each.host) for each in medium if "host" in each.template_tokens and each.host]
    return INSIDE if any(map(fence.keeps_out, named)) else ""


class ContactSender:
    """Sends rows to their person's contacts. Threads may share one."""

    def __init__(self, database: Database, *, fence: Fence, events_url: str = EVENTS_URL) -> None:
        self._database = database
        self._fence = fence
        self._pagerduty = PagerDuty(events_url)

    def send(self, row: OutboxRow) -> Sent:
        """Hands the page to the medium. Raises DeliveryError."""
        with self._database.reading() as session:
            url = outside.contact(session, Place.of(row.lane))
        if url is None:
            raise DeliveryError("the directory knows no such contact any more", permanent=True)
        try:
            if url.startswith(SCHEME):
                self._pagerduty.send(url, row)
            else:
                _notify(url, row, self._fence)
        except DeliveryError as refused:
            if not refused.permanent and row.attempts >= TRIES:
                raise DeliveryError(refused.code, permanent=True) from refused
            raise
        return Sent(None, None)

    def look_up(self, row: OutboxRow) -> Sent | None:  # noqa: ARG002 - every sender is asked alike
        """Nobody can tell, so it is sent again."""
        return None

    def is_external(self, lane: str) -> bool:
        """Whether it is anybody but an active person of ours."""
        with self._database.reading() as session:
            return outside.is_theirs(session, Place.of(lane))


def _notify(url: str, row: OutboxRow, fence: Fence) -> None:
    from apprise import Apprise, NotifyFormat, NotifyType  # noqa: PLC0415 - as above

    with _Quiet():
        medium = Apprise()
        if not medium.add(url):
            raise DeliveryError("the contact's address is not well formed", permanent=True)
        with fence.around() as attempt:
            result = medium.notify(
                title=row.payload["text"],
                body=row.payload["body"],
                notify_type=NotifyType.FAILURE,
                body_format=NotifyFormat.TEXT,
            )
    if attempt.stopped:
        raise DeliveryError(f"the contact {INSIDE}", permanent=True)
    if not result:
        raise _refusal(result)


def _refusal(result: "AppriseResult") -> DeliveryError:
    """What a medium's refusal means. Its own words may hold the address's secret, so only the status is taken."""
    said = " ".join(str(entry.message) for entry in result.logs())
    found = _STATUS.search(said)
    status = int(found[1]) if found else 0
    if status == TOO_MANY:
        return DeliveryError("HTTP 429", retry_after=PAUSE_FOR)
    if status in PERMANENT:
        return DeliveryError(f"HTTP {status}", permanent=True)
    return DeliveryError(f"HTTP {status}" if status else "refused, or no answer")


class _Quiet:
    """Keeps Apprise's own log lines out of ours: they may name an address with its secret."""

    def __enter__(self) -> None:
        logging.getLogger("apprise").propagate = False

    def __exit__(self, *_: object) -> None:
        """It stays quiet."""
