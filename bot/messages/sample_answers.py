"""How does every answer and every form look with plausible values? For the check of the templates."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from bot.domain.handbook_escalation import TriggerKind
from bot.domain.message import Block
from bot.messages import answers, bundle, correction_forms, drill, forms, marks, outside, staff
from bot.messages.render import Catalog
from bot.messages.sample_customer import customers_answers, customers_views
from bot.messages.samples import FULL, HELD, HOUR, NOW, OURS, OVER, PAGE, STEPS, THEIRS, ZONE
from bot.messages.view import Choice, ClockView, CustomerRow, Entry, LevelOnCall, Question
from bot.messages.words import Mrkdwn

SEVERITIES = (Choice("sev1", "Critical", "The business stands still."), Choice("sev2", "High", "Badly hurt."))
LEVELS = (Choice("2", "Technical", "Deep knowledge of the product."), Choice("3", "Management"))
QUESTIONS = {
    "logs": Question("Logs", "Which log lines do you see?"),
    "impact": Question("Impact", "Whom does it hurt?"),
}
METADATA: dict[str, object] = {"ticket": "T-1042", "channel": "C0ACME"}


def answers_in(catalog: Catalog) -> Iterator[str]:
    """Every answer in every state that its template knows, and a page as it reads outside Slack."""
    for trigger in (*TriggerKind, "quiet", "handed_over", "passed_on", "left", "vip"):
        yield staff.why_paged(catalog, trigger=trigger, label="Somebody important" if trigger == "vip" else "")
    for page, link in ((PAGE, "https://desk.example/acknowledge/x"), (replace(PAGE, attempts=1, next_at=None), "")):
        told = outside.page(catalog, ticket=FULL, page=page, reference="1a2b3c4d", link=link, zone=ZONE, now=NOW)
        yield f"{told.title}\n{told.body}"
        about: Literal["system", "unworked"] = "system" if link else "unworked"
        told = outside.contact(catalog, ticket=THEIRS, about=about, said="Look at it", reference="1a2b3c4d", now=NOW)
        yield f"{told.title}\n{told.body}"
        told = drill.outside(catalog, asked_by="Mei Tan", reference="1a2b3c4d", link=link, zone=ZONE, now=NOW)
        yield f"{told.title}\n{told.body}"
    for lines in ((), ("T-1042 (Sev 1): Checkout is down",) * 30):
        yield bundle.bundle(catalog, person="ana", lines=lines, count=len(lines), zone=ZONE, now=NOW).text
    for answered_at, over in ((None, False), (NOW, False), (None, True)):
        yield drill.page(
            catalog, id="d1", asked_by="Mei Tan", answered_at=answered_at, by="Slack", over=over, zone=ZONE, now=NOW
        ).text
    yield answers.opened(catalog, ticket=THEIRS, now=NOW)
    yield from customers_answers(catalog)
    row = CustomerRow(HELD, NOW + HOUR)
    for rows in ((), (row, CustomerRow(THEIRS))):
        yield answers.customer_tickets(catalog, rows=rows, total=9, closed=(CustomerRow(OVER),), zone=ZONE, now=NOW)
    for tickets, total in (((), 0), ((FULL,), 1), ((FULL, OURS), 12)):
        yield answers.staff_queue(catalog, tickets=tickets, total=total, zone=ZONE, now=NOW)
    yield answers.customer_ticket(catalog, ticket=HELD, next_at=NOW + HOUR, missing=("Logs",), history=STEPS, now=NOW)
    yield answers.customer_ticket(catalog, ticket=OVER, now=NOW)
    clocks = (ClockView("first response", NOW), ClockView("resolution", None, "paused"))
    history = (Entry(NOW, Mrkdwn("Ana Lima took it.")),)
    yield answers.staff_ticket(catalog, ticket=FULL, clocks=clocks, history=history, zone=ZONE, now=NOW)
    for commands in (True, False):
        names = ("Critical", "High") if commands else ()
        yield answers.help_for_customer(
            catalog, bot="watchbell", commands=commands, severities=names, zone=ZONE, now=NOW
        )
        yield answers.help_for_staff(catalog, bot="watchbell", severities=names, zone=ZONE, now=NOW)
    levels = (LevelOnCall(1, "Initial", ("Ana",), NOW + HOUR, ("Bo",)), LevelOnCall(2, "Technical", ()))
    for each in ((), levels):
        yield answers.on_call(catalog, levels=each, zone=ZONE, now=NOW)
    yield answers.update_replaced(
        catalog, ticket_id="T-1042", by="Mei Tan", words="A disk is full.\nWe make room.", zone=ZONE, now=NOW
    )
    yield answers.update_kept(
        catalog, ticket_id="T-1042", promised_at=NOW - HOUR, due_at=NOW + HOUR, zone=ZONE, now=NOW
    )


def views_in(catalog: Catalog) -> Iterator[Block]:
    """Every form, with and without its optional parts."""
    yield from customers_views(catalog)
    for values, customers in (
        ({}, ()),
        ({"summary": "It is down", "severity": "sev2"}, (Choice("acme", "Acme Corp"),)),
    ):
        yield forms.ticket_form(
            catalog, severities=SEVERITIES, default_severity="sev1", categories=(Choice("technical", "Technical"),),
            questions=QUESTIONS, customers=customers, values=values, reason="Choose a severity.", metadata=METADATA,
        )  # fmt: skip
    yield forms.details_form(catalog, ticket=THEIRS, questions=QUESTIONS, metadata=METADATA)
    for readers in ((), ("Cy Young", "Dee Park")):
        yield forms.reply_form(catalog, ticket=FULL, channel="#acme", readers=readers, metadata=METADATA)
    yield correction_forms.correct(catalog, ticket=FULL, text="We are on it", metadata=METADATA)
    yield correction_forms.take_back(catalog, ticket=FULL, text="We are on it", metadata=METADATA)
    yield forms.note_form(catalog, ticket=FULL, metadata=METADATA)
    yield forms.escalate_form(catalog, metadata=METADATA)
    yield forms.escalate_form(catalog, tickets=(Choice("T-1042", "T-1042 Checkout is down"),), metadata=METADATA)
    yield forms.escalate_form(catalog, ticket=FULL, levels=LEVELS, reason_kinds=LEVELS, metadata=METADATA)
    yield forms.resolve_form(catalog, ticket=FULL, metadata=METADATA)
    for due_at in (None, NOW + HOUR):
        yield forms.update_form(
            catalog, ticket=FULL, due_at=due_at, values={"known": "x"}, metadata=METADATA, zone=ZONE, now=NOW
        )
    others = (Choice("T-1040", "T-1040 Checkout is slow"),)
    yield forms.decline_form(catalog, ticket=FULL, metadata=METADATA)
    yield forms.hand_form(catalog, ticket=FULL, colleagues=(Choice("bo", "Bo Berg"),), metadata=METADATA)
    yield forms.rest_form(catalog, ticket=FULL, spans=(Choice("1 hour", "1 hour"),), metadata=METADATA)
    for each in ((), others):
        yield forms.merge_form(catalog, ticket=FULL, tickets=each, metadata=METADATA)
        yield forms.split_form(catalog, ticket=FULL, messages=each, metadata=METADATA)
        yield forms.excuse_form(catalog, ticket=FULL, breaches=each, metadata=METADATA)
        yield forms.why_view(
            catalog,
            ticket=FULL,
            clocks=(ClockView("first response", NOW), ClockView("resolution", None)) if each else (),
            metric="first response",
            ledger="1 hour\n" * 500 if each else "",
            zone=ZONE,
            now=NOW,
            metadata=METADATA,
        )
    yield forms.analysis_form(
        catalog,
        ticket=FULL,
        missed=("first response, due 10:00 EST",),
        people=(Choice("ana", "Ana Lima"),),
        owner="ana",
        until=NOW.date(),
        metadata=METADATA,
    )
    for name in ("mark", "unmark"):
        yield marks.mark_form(
            catalog, name="mark" if name == "mark" else "unmark", ticket=FULL, kinds=LEVELS, metadata=METADATA
        )
    yield forms.severity_form(catalog, ticket=FULL, severities=SEVERITIES, metadata=METADATA)
    yield forms.wait_form(
        catalog, ticket=FULL, reasons=(Choice("waiting_for_customer", "The customer"),), metadata=METADATA
    )
