"""Which forms does the desk open? Each gives a finished view; the text that somebody wrote already is kept in it.

A block is named after its field, so that a refused field finds its place. `metadata` goes out and comes back unread.
"""

from collections.abc import Mapping
from datetime import date, datetime

from bot.domain.message import Block
from bot.messages.blocks import (
    checkboxes,
    context,
    date_input,
    divider,
    field,
    file_input,
    long_select,
    option,
    section,
    sections,
    text_input,
)
from bot.messages.form_parts import View, about, choice, form, meanings, nothing
from bot.messages.render import Catalog
from bot.messages.view import Choice, ClockView, CustomerTicket, Question, StaffTicket
from bot.messages.words import Mrkdwn, escape, line, moment, sentence

FILES = 10
"""Files that one form takes, as many as Slack does."""

BOXES = 10
"""Messages that are offered as boxes to tick, as many as Slack shows; more are a list to choose from."""

CODE, MOST_CODE = 2800, 20
"""Characters of one block of lines, and how many such blocks a view shows."""


def ticket_form(
    catalog: Catalog,
    *,
    severities: tuple[Choice, ...],
    default_severity: str,
    categories: tuple[Choice, ...] = (),
    questions: Mapping[str, Question] | None = None,
    customers: tuple[Choice, ...] = (),
    values: Mapping[str, str] | None = None,
    reason: str = "",
    suggested: str = "",
    metadata: Mapping[str, object],
) -> View:
    """The form that opens a ticket, with the handbook's own words for each severity (SV-1).

    `questions`: the handbook's required fields by name, in its order; `customers`: to choose from where the channel
    does not say whose ticket it is; `values`: text kept from what was written; `reason`: why the form is shown;
    `suggested`: the severity that the text reads like, which is said and not chosen.
    """
    kept = values or {}
    blocks = [section(sentence(reason))] if reason else []
    if customers:
        blocks.append(choice(catalog, "customer", customers, first=kept.get("customer")))
    blocks += [
        field("summary", catalog.label("summary"), text_input(value=kept.get("summary", "")),
              hint=catalog.label("summary_hint")),
        choice(catalog, "severity", severities, first=kept.get("severity") or default_severity),
        *([section(catalog.phrase("forms", "ticket_suggested", severity=suggested))] if suggested else []),
        *meanings(severities),
    ]  # fmt: skip
    if categories:
        blocks.append(choice(catalog, "category", categories, first=kept.get("category"), optional=True))
    blocks += _questions(catalog, questions or {}, kept)
    return form(catalog, "ticket", blocks, metadata)


def details_form(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    questions: Mapping[str, Question],
    severities: tuple[Choice, ...] = (),
    values: Mapping[str, str] | None = None,
    metadata: Mapping[str, object],
) -> View:
    """The form for details of a ticket; `values` hold what is known already, `severities` where none was said yet."""
    blocks = [section(f"*{escape(ticket.id)}* {line(ticket.summary)}")]
    if severities:
        blocks += [choice(catalog, "severity", severities, optional=True), *meanings(severities)]
    blocks += _questions(catalog, questions, values or {})
    return form(catalog, "details", blocks, metadata)


def reply_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    channel: str,
    readers: tuple[str, ...] = (),
    text: str = "",
    metadata: Mapping[str, object],
) -> View:
    """The form for a public reply; it says which channel it goes to (name or id) and who reads there. Ledger LC-6."""
    is_id = channel.isalnum() and channel.isupper()
    place = Mrkdwn(f"<#{channel}>") if is_id else line(f"#{channel.removeprefix('#')}", 80)
    intro = catalog.phrase("forms", "reply_intro", ticket=ticket, channel=place, readers=readers)
    blocks = [
        section(intro),
        about(ticket),
        field("text", catalog.label("reply_text"), text_input(value=text, lines=True)),
        field("files", catalog.label("reply_files"), file_input(most=FILES), optional=True),
    ]
    return form(catalog, "reply", blocks, metadata)


def note_form(catalog: Catalog, *, ticket: StaffTicket, text: str = "", metadata: Mapping[str, object]) -> View:
    """The form for an internal note."""
    blocks = [
        section(catalog.phrase("forms", "note_intro")),
        about(ticket),
        field("text", catalog.label("note_text"), text_input(value=text, lines=True)),
    ]
    return form(catalog, "note", blocks, metadata)


def escalate_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket | CustomerTicket | None = None,
    tickets: tuple[Choice, ...] = (),
    levels: tuple[Choice, ...] = (),
    reason_kinds: tuple[Choice, ...] = (),
    reason: str = "",
    metadata: Mapping[str, object],
) -> View:
    """The form to escalate: a given ticket or one of `tickets`; `levels` only for those who may choose one."""
    blocks: list[Block] = []
    if ticket is not None:
        blocks.append(section(f"*{escape(ticket.id)}* · {escape(ticket.grade)} · {line(ticket.summary)}"))
    elif tickets:
        blocks.append(choice(catalog, "ticket", tickets))
    else:
        return nothing(catalog, "escalate", metadata)
    if levels:
        hint = catalog.label("level_hint")
        blocks += [choice(catalog, "level", levels, optional=True, hint=hint), *meanings(levels)]
    if reason_kinds:
        blocks.append(choice(catalog, "reason_kind", reason_kinds, optional=True))
    blocks.append(field("reason", catalog.label("reason"), text_input(value=reason, lines=True)))
    return form(catalog, "escalate", blocks, metadata)


def resolve_form(
    catalog: Catalog, *, ticket: StaffTicket, values: Mapping[str, str] | None = None, metadata: Mapping[str, object]
) -> View:
    """The form that resolves: root cause, workaround and prevention (LC-2)."""
    kept = values or {}
    blocks = [about(ticket), *(
        field(name, catalog.label(name), text_input(value=kept.get(name, ""), lines=True),
              hint=catalog.label(f"{name}_hint"))
        for name in ("root_cause", "workaround", "prevention")
    )]  # fmt: skip
    return form(catalog, "resolve", blocks, metadata)


def update_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    due_at: datetime | None = None,
    values: Mapping[str, str] | None = None,
    tone: tuple[str, ...] = (),
    metadata: Mapping[str, object],
    zone: str,
    now: datetime,
) -> View:
    """The form for the words of the next update, prefilled with a draft; `due_at` is when it goes out.

    `tone`: what to mind, from the handbook.
    """
    kept = values or {}
    due = moment(due_at, zone=zone, now=now) if due_at else ""
    blocks = [section(catalog.phrase("forms", "update_intro", ticket=ticket, due=due)), about(ticket)]
    for name in ("known", "done", "next", "eta", "workaround"):
        label = catalog.label("update_workaround" if name == "workaround" else name)
        element = text_input(value=kept.get(name, ""), lines=name != "eta")
        hint = catalog.label("eta_hint") if name == "eta" else ""
        blocks.append(field(name, label, element, hint=hint, optional=name != "known"))
    if tone:
        blocks.append(context("\n".join(f"• {line(each)}" for each in tone)))
    return form(catalog, "update", blocks, metadata)


def severity_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    severities: tuple[Choice, ...],
    reason: str = "",
    metadata: Mapping[str, object],
) -> View:
    """The form that changes the severity, with a reason (SV-2)."""
    blocks = [
        about(ticket),
        choice(catalog, "severity", severities, first=ticket.severity.value, label="new_severity"),
        *meanings(severities),
        field("reason", catalog.label("reason"), text_input(value=reason, lines=True)),
    ]
    return form(catalog, "severity", blocks, metadata)


def wait_form(
    catalog: Catalog, *, ticket: StaffTicket, reasons: tuple[Choice, ...], metadata: Mapping[str, object]
) -> View:
    """The form that begins to wait, for one of the handbook's reasons (R9); a single one is chosen already."""
    only = reasons[0].key if len(reasons) == 1 else None
    blocks = [about(ticket), choice(catalog, "reason", reasons, first=only, label="wait_reason")]
    return form(catalog, "wait", blocks, metadata)


def decline_form(catalog: Catalog, *, ticket: StaffTicket, metadata: Mapping[str, object]) -> View:
    """The form that declines a ticket, with the reason that its customer reads (SV-5)."""
    reason = field("reason", catalog.label("decline_reason"), text_input(lines=True))
    return form(catalog, "decline", [about(ticket), reason], metadata)


def hand_form(
    catalog: Catalog, *, ticket: StaffTicket, colleagues: tuple[Choice, ...], metadata: Mapping[str, object]
) -> View:
    """The form that hands a ticket over to a colleague, who is paged for it."""
    if not colleagues:
        return nothing(catalog, "hand", metadata)
    blocks = [about(ticket), choice(catalog, "person", colleagues, label="hand_person")]
    return form(catalog, "hand", blocks, metadata)


def assign_form(
    catalog: Catalog, *, ticket: StaffTicket, colleagues: tuple[Choice, ...], metadata: Mapping[str, object]
) -> View:
    """The form that gives a ticket to somebody, who is told and not paged."""
    if not colleagues:
        return nothing(catalog, "assign", metadata)
    blocks = [about(ticket), choice(catalog, "person", colleagues, label="hand_person")]
    return form(catalog, "assign", blocks, metadata)


def rest_form(
    catalog: Catalog, *, ticket: StaffTicket, spans: tuple[Choice, ...], metadata: Mapping[str, object]
) -> View:
    """The form that lets an acknowledged ticket rest for a while, with a reason; customer updates go on."""
    reason = field("reason", catalog.label("reason"), text_input(lines=True))
    return form(catalog, "rest", [about(ticket), choice(catalog, "until", spans, label="rest_until"), reason], metadata)


def merge_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    tickets: tuple[Choice, ...],
    into: str | None = None,
    metadata: Mapping[str, object],
) -> View:
    """The form that merges a ticket into another of its customer's (R14); says so where there is none."""
    if not tickets:
        return nothing(catalog, "merge", metadata)
    blocks = [
        about(ticket),
        choice(catalog, "into", tickets, first=into, label="merge_into"),
        field("reason", catalog.label("merge_reason"), text_input(lines=True)),
    ]
    return form(catalog, "merge", blocks, metadata)


def split_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    messages: tuple[Choice, ...],
    metadata: Mapping[str, object],
) -> View:
    """The form that makes messages a ticket of their own; says so where there is none to choose."""
    if not messages:
        return nothing(catalog, "split", metadata)
    offered = [option(each.key, each.label, each.description) for each in messages]
    choose = checkboxes(offered) if len(offered) <= BOXES else long_select(offered, many=True)
    blocks = [
        about(ticket),
        section(catalog.phrase("forms", "split_intro", ticket=ticket)),
        field("messages", catalog.label("split_messages"), choose),
        field("summary", catalog.label("split_summary"), text_input(), hint=catalog.label("split_hint")),
    ]
    return form(catalog, "split", blocks, metadata)


def analysis_form(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    missed: tuple[str, ...],
    people: tuple[Choice, ...],
    owner: str | None = None,
    until: date,
    metadata: Mapping[str, object],
) -> View:
    """The form for the analysis of missed targets: cause, remediation action, who, until when (SL-9)."""
    blocks = [
        about(ticket),
        section("\n".join(f"• {line(each)}" for each in missed)),
        field("cause", catalog.label("cause"), text_input(lines=True)),
        field("action", catalog.label("action"), text_input(lines=True)),
        choice(catalog, "action_owner", people, first=owner),
        field("until", catalog.label("until"), date_input(first=until)),
    ]
    return form(catalog, "analysis", blocks, metadata)


def excuse_form(
    catalog: Catalog, *, ticket: StaffTicket, breaches: tuple[Choice, ...], metadata: Mapping[str, object]
) -> View:
    """The form that excuses a missed target, with a reason (R8); says so where there is none."""
    if not breaches:
        return nothing(catalog, "excuse", metadata)
    blocks = [
        about(ticket),
        choice(catalog, "breach", breaches, first=breaches[0].key),
        field("reason", catalog.label("excuse_reason"), text_input(lines=True)),
    ]
    return form(catalog, "excuse", blocks, metadata)


def why_view(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    clocks: tuple[ClockView, ...],
    metric: str = "",
    ledger: str = "",
    zone: str,
    now: datetime,
    metadata: Mapping[str, object],
) -> View:
    """Every clock of a ticket, and span by span why the one named is due when it is. Nothing is sent from here."""
    rows = [
        f"• *{line(each.metric)}*: {line(each.state.replace('_', ' '))}"
        + (f", due {moment(each.due_at, zone=zone, now=now)}" if each.due_at else "")
        for each in clocks
    ]
    blocks = [about(ticket), *sections("\n".join(rows) or catalog.phrase("forms", "why_nothing"))]
    if ledger:
        blocks += [divider(), section(f"*{line(metric)}*"), *_code(ledger)]
    view = form(catalog, "why", blocks, metadata)
    del view["submit"]
    return view


def _code(text: str) -> list[Block]:
    """Lines as they are, in blocks that Slack takes."""
    parts: list[str] = [""]
    for each in escape(text).splitlines():
        if len(parts[-1]) + len(each) > CODE:
            parts.append("")
        parts[-1] += each + "\n"
    return [section(f"```{part}```") for part in parts[:MOST_CODE]]


def _questions(catalog: Catalog, questions: Mapping[str, Question], kept: Mapping[str, str]) -> list[Block]:
    """What helps to work faster, each optional: the handbook's fields, who is affected, and files."""
    asked = {**questions, "affected_users": Question(catalog.label("affected_users"), catalog.label("affected_hint"))}
    return [
        *(
            field(name, each.label, text_input(value=kept.get(name, ""), lines=True), hint=each.question, optional=True)
            for name, each in asked.items()
        ),
        field("files", catalog.label("files"), file_input(most=FILES), hint=catalog.label("files_hint"), optional=True),
    ]
