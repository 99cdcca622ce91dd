"""What is asked about twice before a customer reads it, and who is told where it was written already?

The rule is in domain/leak.py; here it gets the ticket's notes, what its customer has read, and who the others are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.events import LeakNoticed
from bot.domain.leak import Found, HeldBack, Others, fingerprint, found_in
from bot.domain.people import Actor
from bot.messages import leaks as messages
from bot.services import announce, schedule, views
from bot.services.desk import Work
from bot.services.secrets import secrets_in
from bot.store import conversation, names, outbox, people
from bot.store.tables import Ticket

ANYWAY = "anyway"
"""The field of a form that says which findings its author has seen and sends all the same."""


def ask_twice(
    work: Work, rows: Sequence[Ticket], *, actor: Actor, where: str, values: Mapping[str, str], now: datetime
) -> None:
    """Let words for the customer pass, or hold them back once: the author is shown what they hold.

    `where` is `reply`, `update`, `resolution` or `summary`; `rows` are the tickets whose customers will read it. What
    is sent all the same is in the trail of each ticket that it concerns. Raises HeldBack.
    """
    text = "\n".join(words for name, words in values.items() if name != ANYWAY)
    held = [(row, found) for row in rows if (found := look(work, row, text))]
    every = tuple(dict.fromkeys(each for _, found in held for each in found))
    if every and values.get(ANYWAY) != fingerprint(every):
        raise HeldBack(every)
    for row, found in held:
        announce.happened(work, row, _event(where, found, asked=True), by=actor.label, now=now)


def noticed(work: Work, row: Ticket, *, actor: Actor, ts: str, text: str, before: str = "", now: datetime) -> None:
    """Tell somebody of ours what their words in the customer's thread hold; there Slack asks nobody beforehand.

    What they held `before` an edit was told then.
    """
    found = look(work, row, text, but=ts)
    if found and before:
        known = look(work, row, before, but=ts)
        found = tuple(each for each in found if each not in known)
    person = people.person(work.session, actor.person) if actor.person else None
    if not found or person is None or person.workspace:
        return
    announce.happened(work, row, _event("thread", found, asked=False), by=actor.label, now=now)
    message = messages.leak_noticed(
        work.desk.catalog, ticket_id=row.id, found=found, zone=views.zone_of(work, person.id), now=now
    )
    outbox.post(
        work.session, message=message, lane=f"@{person.slack}", id=work.new_id(),
        key=f"leak:{row.channel}:{ts}:{fingerprint(found)}", ticket_number=row.number_known, now=now,
    )  # fmt: skip


def look(work: Work, row: Ticket, text: str, *, but: str = "") -> tuple[Found, ...]:
    """Give what a text for this ticket's customer holds that is not theirs; `but` is the text's own message."""
    said = [each for each in conversation.of_ticket(work.session, row.number_known) if each.ts != but]
    known = [
        row.summary,
        *row.details.values(),
        *row.closing.values(),
        *(row.last_said.get(name, "") for name in schedule.FIELDS),
    ]
    return found_in(
        text,
        notes=[each.text for each in said if each.visibility == "internal" and each.deleted_at is None],
        known=[*known, *(each.text for each in said if each.visibility == "customer")],
        others=_others(work, row),
        secrets=[text[each.start : each.end] for each in secrets_in(text)],
    )


def _others(work: Work, row: Ticket) -> Others:
    everybody = people.persons(work.session).values()
    theirs = [each for each in everybody if each.customer_id not in (None, row.customer_id)]
    customers = names.of_customers(work.session)
    others = [each for each in customers if each.id != row.customer_id]
    own = next((each for each in customers if each.id == row.customer_id), None)
    return Others(
        names=tuple(each.name for each in others),
        people=tuple(each.name for each in theirs),
        ids=tuple(
            each for each in (*(each.channel for each in others), *(each.slack for each in theirs)) if each is not None
        ),
        own=(
            *((own.name,) if own else ()),
            *(each.name for each in everybody if each.customer_id in (None, row.customer_id)),
        ),
    )


def _event(where: str, found: tuple[Found, ...], *, asked: bool) -> LeakNoticed:
    return LeakNoticed(where=where, found=tuple(sorted({each.kind.value for each in found})), asked=asked)
