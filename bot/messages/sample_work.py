"""How does what the desk tells about assignments, queues and drafts look with plausible values?"""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.leak import Found, Kind
from bot.domain.message import AnyMessage, Block
from bot.domain.ticket import Severity, State
from bot.messages import bulk_forms, drafts, forms, home, leaks, manager, queue, work
from bot.messages.render import Catalog
from bot.messages.samples import FULL, HELD, HOUR, NOW, OURS, STEPS, THEIRS, ZONE
from bot.messages.view import Choice

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
    for refused in ((), (("T-1043", "It is closed."),)):
        yield bulk_forms.done(catalog, action="assign", done=2, refused=refused, zone=ZONE, now=NOW)
    yield leaks.leak_noticed(catalog, ticket_id="T-1042", found=FOUND, zone=ZONE, now=NOW)


def asked_in(catalog: Catalog) -> Iterator[Block]:
    """Every form that our own people get about their work."""
    form = forms.reply_form(catalog, ticket=FULL, channel="#acme", metadata={"ticket": "T-1042"})
    yield leaks.asked_twice(catalog, form, values={"text": "As Globex saw"}, found=FOUND)
    people = (Choice("ana", "Ana Lima"),)
    yield forms.assign_form(catalog, ticket=FULL, colleagues=people, metadata={"ticket": "T-1042"})
    for tickets in ((), (Choice("T-1042", "T-1042 Checkout is down"),)):
        yield bulk_forms.choose_form(catalog, tickets=tickets, people=people)
    for action in bulk_forms.ACTIONS:
        told = (("T-1042", "Checkout is down", ""), ("T-1043", "Slow", "It is closed."))
        yield bulk_forms.preview_form(catalog, action=action, person="Ana", text="x", told=told * 30, metadata={})


def homes_of_managers_in(catalog: Catalog) -> Iterator[Block]:
    """A manager's home tab, with and without what burns."""
    burning = (manager.Burn(FULL, ("resolution missed", "silent")), manager.Burn(OURS, ("nobody has acknowledged",)))
    paged = (manager.Paged("T-1042", "Sev 1 (Critical)", ("Ana Lima",), 1, NOW - HOUR),)
    full = manager.Overview(
        total=12, burning=burning * 4, more=3, by_customer=(("Acme Corp", 8, 2), ("Globex", 4, 0)),
        by_person=(("Ana Lima", 3), ("", 9)), paged=paged,
    )  # fmt: skip
    for seen in (full, manager.Overview(total=1)):
        above = manager.overview(catalog, seen=seen, zone=ZONE, now=NOW)
        yield home.staff_home(catalog, posts=(), queue="", above=above, zone=ZONE, now=NOW)


def drafts_in(catalog: Catalog) -> Iterator[str]:
    """Every draft that the desk proposes, by state and severity; and who is paged."""
    asked = manager.Paged("T-1042", "Sev 1 (Critical)", ("Mei Tan",), 1, NOW - HOUR, "communications lead")
    for paged in ((), (asked,), (manager.Paged("T-1042", "Sev 1 (Critical)", ("Ana Lima",), 1, NOW - HOUR),)):
        yield manager.paged_text(catalog, paged=paged, zone=ZONE, now=NOW)
    for ticket in (THEIRS, HELD, replace(HELD, state=State.WAITING), replace(HELD, severity=Severity.SEV3)):
        for last in ({}, {"known": "A full disk"}):
            yield from drafts.draft(catalog, ticket=ticket, steps=STEPS, calling=not last, last=last, now=NOW).values()
