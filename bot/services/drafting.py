"""What may the next update say, from what the desk knows for certain?

Only what the customer may read has a way in: the steps that it is told of, and the words of its last update. Internal
notes are not looked at. Source: ledger UP-3.
"""

from datetime import datetime

from bot.messages import drafts
from bot.services import schedule, views
from bot.services.desk import Work
from bot.store import pages
from bot.store.tables import Ticket


def propose(work: Work, row: Ticket, *, now: datetime) -> dict[str, str]:
    """Give the words that an update could have now, by field; the estimate and the workaround are the last ones."""
    proposed = drafts.draft(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        steps=views.steps(work, row, since_update=True),
        calling=pages.running(work.session, row.number_known) is not None,
        last=row.last_said,
        now=now,
    )
    kept = {name: row.last_said[name] for name in ("eta", "workaround") if row.last_said.get(name)}
    return {name: text for name in schedule.FIELDS if (text := {**proposed, **kept}.get(name, ""))}
