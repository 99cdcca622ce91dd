"""Where do our people find the thread in which a customer reads and writes?"""

from bot.services.desk import Work
from bot.store.newborn import is_born
from bot.store.tables import Card, Ticket

RECEIPT_CARD = "receipt:{}"
"""The card under which a ticket's receipt stands, by its number."""


def thread_link(work: Work, row: Ticket) -> str | None:
    """The address of the message above it, in Slack's own form; None before it is posted, or without a `home_url`."""
    if not work.desk.home_url:
        return None
    ts = row.thread_ts
    # Of a ticket that is being opened nothing is posted yet.
    if ts is None and not is_born(work.session, row.number):
        receipt = work.session.get(Card, RECEIPT_CARD.format(row.number_known))
        ts = receipt.ts if receipt else None
    return f"{work.desk.home_url}archives/{row.channel}/p{ts.replace('.', '')}" if ts else None
