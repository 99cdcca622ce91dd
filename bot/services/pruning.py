"""What has been kept long enough, and when does it go? Each night, a little in each transaction."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services import staff_news
from bot.services.desk import Work
from bot.store import deadlines, pruning, remembered

DEADLINE = "prune"
NIGHTLY = time(3, 30)
"""When it begins, in the handbook's zone."""

AFTER = "prune:after"
"""Up to which message tonight's round has got."""


def arm(work: Work, *, now: datetime) -> None:
    """Let it begin tonight; a round that was cut off by a restart begins anew."""
    zone = ZoneInfo(staff_news.desk_zone(work))
    tonight = datetime.combine(now.astimezone(zone).date(), NIGHTLY, zone)
    if tonight <= now:
        tonight = datetime.combine(tonight.date() + timedelta(days=1), NIGHTLY, zone)
    remembered.keep(work.session, AFTER, "0")
    deadlines.arm(work.session, kind=DEADLINE, subject="all", due_at=tonight.astimezone(UTC))


def step(work: Work, *, now: datetime) -> None:
    """Drop one part of what is old; the next part is due at once, and after the last one the next night."""
    keeping = work.desk.keeping
    dropped = pruning.drop_deliveries(work.session, before=now - keeping.deliveries_for)
    after = int(remembered.value(work.session, AFTER) or 0)
    emptied = pruning.empty_bodies(work.session, after=after, before=now - keeping.bodies_for)
    if emptied is None and dropped < pruning.AT_ONCE:
        arm(work, now=now)
        return
    if emptied is not None:
        remembered.keep(work.session, AFTER, str(emptied))
    deadlines.arm(work.session, kind=DEADLINE, subject="all", due_at=now)
