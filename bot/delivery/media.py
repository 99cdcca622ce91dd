"""Which medium takes a row: Slack, or one of its person's contacts?"""

from bot.delivery.sent import Sent
from bot.delivery.slack import Sender
from bot.store import outside
from bot.store.tables import OutboxRow


class Media:
    """Every medium behind one sender: what bears the mark of a contact goes out by it, all else to Slack."""

    def __init__(self, slack: Sender, contacts: Sender) -> None:
        self._slack = slack
        self._contacts = contacts

    def send(self, row: OutboxRow) -> Sent:
        """Makes it visible; raises DeliveryError."""
        return self._of(row.lane).send(row)

    def look_up(self, row: OutboxRow) -> Sent | None:
        """Where an earlier attempt put it; None where it did not arrive, or nobody can tell."""
        return self._of(row.lane).look_up(row)

    def is_external(self, lane: str) -> bool:
        """Whether people of another organisation read there."""
        return self._of(lane).is_external(lane)

    def _of(self, lane: str) -> Sender:
        return self._contacts if lane.startswith(outside.LANE) else self._slack
