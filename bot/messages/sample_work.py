"""How does what the desk tells about assignments, queues and drafts look with plausible values?"""

from collections.abc import Iterator

from bot.domain.leak import Found, Kind
from bot.domain.message import AnyMessage, Block
from bot.domain.ticket import Severity
from bot.messages import forms, leaks, queue, work
from bot.messages.render import Catalog
from bot.messages.samples import FULL, HOUR, NOW, OURS, ZONE

FOUND = (Found(Kind.NOTE, "the vendor lost our backups last year"), Found(Kind.CUSTOMER, "Globex"))


def work_in(catalog: Catalog) -> Iterator[AnyMessage]:
    """Every message about who has which ticket, and about the queue itself."""
    for before in ("", "Bo Berg"):
        yield work.assigned(catalog, ticket=FULL, why="is on call", before=before, zone=ZONE, now=NOW)
    yield work.passed_on(catalog, ticket=FULL, why="Your shift ended", zone=ZONE, now=NOW)
    for count in (1, 3):
        for most, oldest_for in ((count - 1, None), (None, HOUR)):
            yield queue.queue_alarm(
                catalog, severity=Severity.SEV2, label="High", count=count, most=most, oldest_for=oldest_for,
                tickets=(FULL, OURS), zone=ZONE, now=NOW,
            )  # fmt: skip
    yield leaks.leak_noticed(catalog, ticket_id="T-1042", found=FOUND, zone=ZONE, now=NOW)


def asked_in(catalog: Catalog) -> Iterator[Block]:
    """Every form that our own people get about their work."""
    form = forms.reply_form(catalog, ticket=FULL, channel="#acme", metadata={"ticket": "T-1042"})
    yield leaks.asked_twice(catalog, form, values={"text": "As Globex saw"}, found=FOUND)
