"""How does every text look with plausible values? Each message in each of its states, for checks and for previews."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.message import AnyMessage
from bot.domain.ticket import Severity, State
from bot.messages import alarms, customer, rating, staff
from bot.messages.render import Catalog
from bot.messages.sample_events import EVENTS
from bot.messages.view import (
    ClockView,
    Contact,
    CustomerTicket,
    PageState,
    PageView,
    Progress,
    Question,
    RatingView,
    StaffTicket,
    Step,
    StepKind,
    Weblink,
)
from bot.messages.words import Mrkdwn

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = "America/New_York"

OURS = StaffTicket(
    id="T-1042", summary="Checkout is down", severity=Severity.SEV1, severity_label="Critical", state=State.NEW,
    customer="Acme Corp", tier="Enterprise", opened_at=NOW - HOUR, requester="Cy Young",
)  # fmt: skip
THEIRS = CustomerTicket(
    id="T-1042", summary="Checkout is down", severity=Severity.SEV1, severity_label="Critical", state=State.NEW,
    zone=ZONE, opened_at=NOW - HOUR,
)  # fmt: skip
HELD = replace(THEIRS, handled_by="Ana Lima", state=State.IN_PROGRESS)
RESOLVED = replace(HELD, state=State.RESOLVED)
OVER = replace(HELD, state=State.CLOSED)
FULL = replace(
    OURS, state=State.WAITING, waits_for=("waiting_for_customer",), owner="Ana Lima",
    clock=ClockView("first response", NOW + HOUR), category="Technical", level=2, level_name="Technical",
    paging="Bo is paged", missing=("Logs", "Impact"), account_manager="Mei Tan",
    link="https://acme.slack.com/archives/C0ACME/p1",
)  # fmt: skip
FILES = (Weblink("checkout.log", "https://files.example/checkout.log"),)
PAGE = PageView(
    id="p1", why="a critical ticket was opened", level=1, level_name="Initial response", attempts=3,
    also_paged=("Bo Chen",), next_level="Technical", next_at=NOW + HOUR / 4, duty="incident commander", reason="please",
)  # fmt: skip
ENDED = replace(PAGE, by="Ana Lima", at=NOW, after_for=timedelta(minutes=12), round=2, hurried=True)
WRITTEN = Progress(
    nth=3, due_at=NOW, known="The disk is full", done="Moved logs", next="Add space", eta="18:00 EST",
    workaround="Pay by phone", author="Ana Lima", last_at=NOW - HOUR, next_at=NOW + HOUR,
)  # fmt: skip
STEPS = tuple(Step(kind, NOW, who="Ana Lima", what="Technical") for kind in StepKind)


def messages(catalog: Catalog) -> Iterator[AnyMessage]:
    """Every message in every state that its template knows."""
    yield from _customers(catalog)
    yield from _updates(catalog)
    yield from _staff(catalog)
    yield from _alarms(catalog)


def _customers(catalog: Catalog) -> Iterator[AnyMessage]:
    manager = Contact("technical account manager", "Mei Tan")
    for ticket in (THEIRS, HELD, RESOLVED, OVER):
        yield customer.receipt(catalog, ticket=ticket, calling=True, now=NOW)
        yield customer.receipt(
            catalog, ticket=ticket, commitment="within 1 hour", next_at=NOW + HOUR, account_manager=manager,
            missing=("Logs",), joined=2, split_from="T-1041", split_into=("T-1043", "T-1044"),
            links=(Weblink("Status", "https://status.example"), *FILES),
            end_users_note="End users ask their own help desk.", now=NOW,
        )  # fmt: skip
        for calling in (True, False):
            yield customer.escalated(
                catalog, ticket=ticket, level=2, level_name="Technical", calling=calling, asked_by="Cy Young",
                next_at=NOW + HOUR if calling else None, now=NOW,
            )  # fmt: skip
            yield customer.reopened(
                catalog, ticket=ticket, by="Cy Young", ours=not calling, calling=calling, next_at=NOW, now=NOW
            )
        for next_at in (None, NOW + 4 * HOUR):
            yield customer.rhythm(catalog, ticket=ticket, before=NOW + HOUR, next_at=next_at, now=NOW)
        yield customer.resolution(
            catalog, ticket=ticket, root_cause="A full disk", workaround="", prevention="An alert", by="Ana Lima",
            closes_at=NOW + 24 * HOUR, now=NOW,
        )  # fmt: skip
    asked = (Question("Logs", "Which log lines do you see?"), Question("Impact", "Whom does it hurt?"))
    for questions in ((), asked[:1], asked):
        yield customer.question(catalog, ticket=THEIRS, questions=questions, now=NOW)
    yield customer.question(catalog, ticket=RESOLVED, questions=asked, now=NOW)
    for involved, said in (({}, ""), ({"Cy Young": "U0CY", "Dee Park": "U0DEE"}, "Your router does not answer")):
        yield customer.system_involved(
            catalog, ticket=HELD, people=involved, said=said, next_at=NOW + HOUR if said else None, now=NOW
        )
    yield customer.escalation_requested(catalog, ticket=THEIRS, asked_by="Dee Park", now=NOW)
    yield customer.closing(catalog, ticket=OVER, how="confirmed", by="Cy Young", now=NOW)
    yield customer.closing(catalog, ticket=OVER, how="silence", lessons="Watch the disks", now=NOW)
    for rated in (RatingView(), RatingView("Dee Park")):
        yield customer.closing(catalog, ticket=OVER, how="confirmed", by="Cy Young", rating=rated, now=NOW)
    for how in ("declined", "merged"):
        yield customer.closing(
            catalog, ticket=replace(OVER, state=State(how)), how="declined" if how == "declined" else "merged",
            by="Ana Lima", reason="Another team does this", into="T-1040", now=NOW,
        )  # fmt: skip
    for deleted in (False, True):
        yield customer.reply(
            catalog, ticket=HELD, author="Ana Lima", text="We are on it", files=FILES, edited=True, deleted=deleted,
            now=NOW,
        )  # fmt: skip
    yield customer.reply_files(catalog, ticket_id=HELD.id)
    yield customer.refused(catalog, sentence="You cannot do that.", zone=ZONE, now=NOW)


def _updates(catalog: Catalog) -> Iterator[AnyMessage]:
    bare = Progress(nth=1, due_at=NOW)
    for progress in (
        WRITTEN,
        replace(bare, known="The disk is full"),
        bare,
        replace(bare, paging_since=NOW - HOUR, steps=STEPS),
        replace(bare, waiting_for="the log files", last_at=NOW - HOUR, next_at=NOW + HOUR, steps=STEPS),
        replace(bare, late_for=HOUR, missed=1),
        replace(bare, late_for=HOUR, missed=3),
        replace(bare, resolved_at=NOW - HOUR, closes_at=NOW + HOUR),
    ):
        for ticket in (THEIRS, HELD, RESOLVED):
            yield customer.update(catalog, ticket=ticket, progress=progress, now=NOW)


def _staff(catalog: Catalog) -> Iterator[AnyMessage]:
    for state in State:
        for ticket in (OURS, FULL):
            yield staff.card(catalog, ticket=replace(ticket, state=state), zone=ZONE, now=NOW)
    marked = replace(
        FULL, marks=("Security or privacy event",), suggested_marks=("Data lost or damaged",), playbook="The queue"
    )
    yield staff.card(catalog, ticket=marked, zone=ZONE, now=NOW)
    for clock in (ClockView("resolution", None, "paused"), ClockView("resolution", NOW - HOUR)):
        yield staff.card(catalog, ticket=replace(FULL, clock=clock), zone=ZONE, now=NOW)
    yield staff.card(catalog, ticket=replace(FULL, clock=None, next_update_at=NOW + HOUR), zone=ZONE, now=NOW)
    for page_state in PageState:
        bare = PageView(id="p1", why="a critical ticket was opened", level=1, level_name="Initial response")
        for page in (PAGE, ENDED, bare):
            yield staff.page(catalog, ticket=FULL, page=replace(page, state=page_state), zone=ZONE, now=NOW)
    for due_at, written_by, posted in (
        (NOW + HOUR, "", False), (NOW, "", False), (NOW + HOUR, "Ana Lima", False), (NOW, "", True),
    ):  # fmt: skip
        yield staff.update_request(
            catalog, ticket=FULL, due_at=due_at, last_said="The disk is full", last_at=NOW - HOUR,
            written_by=written_by, posted=posted, zone=ZONE, now=NOW,
        )  # fmt: skip
        yield staff.update_request(
            catalog, ticket=FULL, due_at=due_at, draft={"known": "A full disk", "eta": "18:00 EST"}, nth=3,
            written_by=written_by, posted=posted, zone=ZONE, now=NOW,
        )  # fmt: skip
    for deleted in (False, True):
        yield staff.room_line(
            catalog, ticket_id="T-1042", author="Cy Young", side="customer", text="It is down", files=FILES,
            edited=True, deleted=deleted, zone=ZONE, now=NOW,
        )  # fmt: skip
    yield staff.reply_files(catalog, ticket_id="T-1042")
    for side in ("public", "note"):
        yield staff.room_line(
            catalog, ticket_id="T-1042", author="Ana Lima", side="public" if side == "public" else "note",
            text="On it", reply="12" if side == "public" else "", zone=ZONE, now=NOW,
        )  # fmt: skip
    for event in EVENTS:
        yield staff.room_event(
            catalog, ticket_id="T-1042", event=event, actor="Ana Lima", names={"ana": "Ana Lima"},
            levels={2: "Technical"}, severities={"sev1": "Critical"}, zone=ZONE, now=NOW,
        )  # fmt: skip
    yield staff.notice(catalog, ticket_id="T-1042", sentence="Bo took over.", zone=ZONE, now=NOW)


def _alarms(catalog: Catalog) -> Iterator[AnyMessage]:
    for paged, duty in itertools.product(((), ("Ana Lima", "Bo Chen")), ("", "VP operations")):
        yield alarms.exhausted(
            catalog, ticket=FULL, round_number=1, paged=paged, paging_since=NOW - HOUR, again_at=NOW + HOUR, duty=duty,
            zone=ZONE, now=NOW,
        )  # fmt: skip
    for comment in ("", "It came back twice"):
        for score in (1, 5):
            yield rating.low(
                catalog, ticket=FULL, score=score, before=2, low=score == 1, comment=comment, by="Dee Park", zone=ZONE,
                now=NOW,
            )  # fmt: skip
    for name in ("", "Executive"):
        yield alarms.level_skipped(
            catalog, ticket=FULL, level=3, level_name="Management", why="nobody is on call", next_name=name,
            duty="VP operations" if name else "", zone=ZONE, now=NOW,
        )  # fmt: skip
        yield alarms.breached(
            catalog, ticket=FULL, metric="first response", due_at=NOW - HOUR, next_name=name,
            noticed_late_for=HOUR if name else None, zone=ZONE, now=NOW,
        )  # fmt: skip
        yield alarms.escalation_asked(
            catalog, ticket=FULL, asked_by="Dee Park", reason=name, approved_by=name, zone=ZONE, now=NOW
        )
    yield alarms.escalation_asked(catalog, ticket=replace(FULL, state=State.CLOSED), asked_by="Dee", zone=ZONE, now=NOW)
    for owner in (None, "Ana Lima"):
        yield alarms.mobilised(
            catalog, ticket=replace(OURS, owner=owner), who="The whole support team", zone=ZONE, now=NOW
        )
    yield alarms.warned(catalog, ticket=FULL, metric="resolution", due_at=NOW + HOUR, zone=ZONE, now=NOW)
    for analysed_by in ("", "Ana Lima"):
        yield alarms.analysis_request(
            catalog, ticket=FULL, missed=("first response, due 10:00 EST",), analysed_by=analysed_by, zone=ZONE,
            now=NOW,
        )  # fmt: skip
    yield alarms.account_news(catalog, ticket=OURS, what=Mrkdwn("Ana Lima took it."), zone=ZONE, now=NOW)
    for attempts in (1, 5):
        yield alarms.dead_letter(
            catalog, what="update", ticket_id="T-1042", to="#acme", why="the channel is archived", since=NOW - HOUR,
            attempts=attempts, whole_place=attempts > 1, zone=ZONE, now=NOW,
        )  # fmt: skip
    yield alarms.dead_letter(
        catalog, what="page", ticket_id="T-1042", to="Ana Lima, by mailto", why="HTTP 404", since=NOW - HOUR,
        paged_next=True, zone=ZONE, now=NOW,
    )  # fmt: skip
    for lines, advice in (((), "Nothing to do"), (("T-1042 is paged without a next step", "Bo left") * 12, "Look")):
        yield alarms.findings(catalog, title="ALARM T-1042", lines=lines, advice=advice, zone=ZONE, now=NOW)
