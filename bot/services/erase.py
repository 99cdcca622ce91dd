"""How do a person's words leave the desk, while the proof of what happened stays?

The record keeps salted digests, so that it verifies without the words. What others made of them (messages, cards,
answers) is looked through by what it says. What stands in Slack is the workspace's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.erasure import ERASED, Traces
from bot.domain.errors import BadInput
from bot.services import feeds as calendars
from bot.services import working
from bot.services.desk import Work
from bot.store import authors, feeds, people, trail, words_kept
from bot.store.tables import Person, Remark, Ticket

STREAM = "erasure"

QUOTED_FROM = 20
"""Letters from which another person's own text counts as quoting them."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One person by every name that rows have for them: the trail's labels, and accounts (workspace, user)."""

    labels: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What was found and taken: rows by what they are, and deliveries of theirs that are still to be worked off."""

    person: str
    counts: dict[str, int]
    waiting: int

    @property
    def total(self) -> int:
        """How many rows that were."""
        return sum(self.counts.values())


def whose(session: Session, name: str) -> Whose:
    """Find a person by their id in the directory, `U0CY`, or `T0ACME/U0CY`. Raises BadInput where nobody is known."""
    row = next((each for key, each in people.persons(session).items() if _is_called(each, key, name)), None)
    if row is not None:
        account = (row.workspace, row.slack)
        return Whose((f"person:{row.id}", f"slack:{row.workspace}/{row.slack}"), (account,), row.id)
    workspace, _, user = name.rpartition("/")
    found = Whose((f"slack:{workspace}/{user}",), ((workspace, user),))
    if not (authors.tickets(session, found.accounts, found.labels) or authors.remarks(session, found.labels)):
        raise BadInput("nobody_called", name=name)
    return found


def erase(work: Work, *, name: str, by: str, now: datetime) -> Erased:
    """Take a person's words out of every row, and note that in the record. Raises BadInput."""
    session = work.session
    who = whose(session, name)
    said = authors.texts(session, who.labels)
    remarks = authors.remarks(session, who.labels)
    tickets = authors.tickets(session, who.accounts, who.labels)
    deliveries = authors.deliveries(session, {user for _, user in who.accounts})
    chains = authors.chains(session, who.labels)
    absences = [row for row in authors.absences(session, who.person or "") if row.reason]
    said += [row.text for row in remarks] + [each["name"] for row in remarks for each in row.files if each.get("name")]
    said += [row.reason for row in chains] + [row.reason for row in absences]
    counts = {"texts of the record": authors.take_texts(session, who.labels), "messages": _clear_remarks(remarks)}
    acts = authors.acts(session, [row.number_known for row in tickets])
    for row in tickets:
        said += _clear_ticket(row, acts[row.number_known], who)
    for chain in chains:
        chain.reason = ERASED
    for absence in absences:
        absence.reason = ""
    ratings = [row for row in authors.ratings(session, who.labels) if row.comment not in ("", ERASED)]
    said += [row.comment for row in ratings]
    for rating in ratings:
        rating.comment = ERASED
    kept = feeds.of_person(session, who.person) if who.person else []
    for calendar in kept:
        # Its next reading would bring their words back.
        calendars.forget(work, calendar)
    session.flush()
    over = [int(row.id or 0) for row in deliveries if row.state in ("done", "failed")]
    authors.empty_deliveries(session, over)
    counts |= {"deliveries": len(over), "escalations": len(chains), "absences": len(absences), "calendars": len(kept)}
    counts["ratings"] = len(ratings)
    counts |= _look_through(session, said)
    counts = {what: number for what, number in counts.items() if number}
    trail.append(
        session, stream=STREAM, actor=by, event_kind="words_erased", facts={"person": who.labels[0], "rows": counts},
        words={}, author="", token=work.desk.token, at=now,
    )  # fmt: skip
    return Erased(name, counts, len(deliveries) - len(over))


def _is_called(row: Person, key: str, name: str) -> bool:
    full = f"{row.workspace}/{row.slack}"
    return name in (key, row.slack, full, f"slack:{full}", f"person:{key}")


def _clear_remarks(remarks: Sequence[Remark]) -> int:
    for row in remarks:
        row.text, row.files = ERASED, []
    return len(remarks)


def _clear_ticket(row: Ticket, acts: Sequence[tuple[str, str, dict[str, object]]], who: Whose) -> list[str]:
    """Take out of a ticket what this person gave it; gives the texts. Who gave a field last has given it."""
    taken: list[str] = []
    if (row.requester_workspace, row.requester_slack) in who.accounts:
        taken.append(row.summary)
        row.summary = ERASED
    givers: dict[str, str] = {}
    for kind, actor, facts in acts:
        fields = facts.get("fields_given", ())
        givers |= dict.fromkeys(fields if isinstance(fields, list) else (), actor)
        if kind in ("resolved", "update_written"):
            givers[kind] = actor
    fields = {name: ERASED for name in row.details if givers.get(name) in who.labels}
    taken += [row.details[name] for name in fields]
    row.details = {**row.details, **fields}
    if givers.get("resolved") in who.labels:
        # How it was closed, and whether we asked how it went, are no words of theirs.
        words = {name: text for name, text in row.closing.items() if name in (*working.CLOSING, "by")}
        taken += words.values()
        row.closing = {**row.closing, **dict.fromkeys(words, ERASED)}
    if givers.get("update_written") in who.labels:
        taken += [text for name, text in row.draft.items() if name != "by"]
        row.draft = {}
    return [text for text in taken if text != ERASED]


def _look_through(session: Session, said: Sequence[str]) -> dict[str, int]:
    """Take the words out of whatever quotes them, row by row; gives how many rows of which tables that were."""
    texts = [text for text in said if text and text != ERASED]
    traces, quotes = Traces(texts), Traces(texts, shortest=QUOTED_FROM)
    counts = words_kept.rewrite(session, traces.out_of) if traces else {}
    if quotes:
        counts |= words_kept.rewrite(session, quotes.out_of, tables=["remark"])
        counts["words"] = authors.take_quoting(session, lambda text: quotes.without(text) != text)
    return {f"{table} rows that quoted them": number for table, number in counts.items()}
