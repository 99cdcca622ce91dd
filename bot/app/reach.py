"""When does this process ask whether everybody can be reached? As soon as somebody wants it, and Slack answers."""

from datetime import datetime, timedelta

import structlog

from bot.delivery.errors import DeliveryError
from bot.services import asking, reachability
from bot.services.desk import Desk, Work
from bot.services.reachability import Probe
from bot.store import deadlines

log = structlog.get_logger()

AGAIN_FOR = timedelta(minutes=5)
"""After so long it is asked again where Slack was away."""


class Reach:
    """A loop that asks the probe outside any transaction, since Slack may take its time."""

    def __init__(self, desk: Desk, probe: Probe, *, now: datetime) -> None:
        self._desk = desk
        self._probe = probe
        self._again_at: datetime | None = None
        with desk.db.transaction() as session:
            if deadlines.due_of(session, kind=reachability.DEADLINE, subject="all") is None:
                reachability.arm(Work(desk, session), now=now)

    def step(self, now: datetime) -> bool:
        """Ask if that is wanted; whether it was done."""
        asked = self._wanted()
        if asked is None or (self._again_at is not None and now < self._again_at):
            return False
        try:
            found = reachability.answer(self._desk, self._probe, asked=asked, now=now)
        except DeliveryError as away:
            log.warning("reachability_unknown", why=str(away))
            self._again_at = now + AGAIN_FOR
            return False
        self._again_at = None
        log.info("reachability", looked_at=len(found), wrong=sum(not each.well for each in found))
        return True

    def next_at(self, now: datetime) -> datetime | None:
        """When it is asked next, apart from the nightly deadline."""
        if self._wanted() is None:
            return None
        return self._again_at or now

    def _wanted(self) -> str | None:
        with self._desk.db.reading() as session:
            return asking.wanted(session)
