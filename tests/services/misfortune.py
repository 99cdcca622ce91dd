"""What can go wrong around the desk? Slack is away, or loses its answers; the process dies in the middle."""

from collections import Counter
from datetime import timedelta

from bot.delivery.errors import DeliveryError
from bot.delivery.sent import Sent
from bot.store.database import Database
from bot.store.tables import OutboxRow, Page

OVER = ("acknowledged", "taken", "stood_down", "declined")
"""Pages that were answered, or that nobody needs any more: none of them may begin to leave."""


class Killed(BaseException):
    """The process died here. No code of its own hears of that."""


class Slack:
    """A medium that keeps what it takes, whatever its answer says."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.mood = "up"
        self.dies = ""
        self.taken: dict[str, Sent] = {}
        self.posted: Counter[str] = Counter()
        self.refused = 0

    def recovers(self) -> None:
        """Take everything from now on."""
        self.mood, self.dies = "up", ""

    def send(self, row: OutboxRow) -> Sent:
        self._check(row)
        self.refused += self.mood != "up"
        if self.mood == "away":
            raise DeliveryError("Slack cannot be reached")
        self._may_die("before Slack took it")
        place = Sent(row.channel or row.lane.replace("@U0", "D0"), row.ts or f"{len(self.taken) + 1}.000001")
        self.taken[row.id] = place
        self.posted[row.id] += row.op == "post"
        self._may_die("after Slack took it")
        if self.mood == "deaf":
            raise DeliveryError("no answer", settles_in=timedelta(seconds=15))
        return place

    def look_up(self, row: OutboxRow) -> Sent | None:
        if self.mood == "away":
            raise DeliveryError("Slack cannot be reached")
        return self.taken.get(row.id)

    def is_external(self, lane: str) -> bool:
        return lane == "C0ACME"

    def _check(self, row: OutboxRow) -> None:
        """No page begins to leave that is over; one cut off in mid-send began before."""
        if row.op != "post" or row.look_up or not (row.card or "").startswith("page:"):
            return
        with self.db.reading() as session:
            page = session.get_one(Page, str(row.card).removeprefix("page:"))
        assert page.state not in OVER, f"a page that is {page.state} began to leave"

    def _may_die(self, point: str) -> None:
        if self.dies == point:
            self.dies = ""
            raise Killed
