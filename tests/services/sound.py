"""Is anybody forgotten, paged for nothing, or paged twice for one step? Questions over all rows of a desk."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from bot.domain.escalation import Phase
from bot.domain.ticket import OPEN_STATES, WORKED_STATES, State
from bot.store.tables import Ticket, metadata
from tests.services.misfortune import Slack

One = Row[Any]

CHAINS = metadata.tables["escalation"].select()
PAGES = metadata.tables["page"].select()
TICKETS = metadata.tables["ticket"].select()
DEADLINES = metadata.tables["deadline"].select()
OUTBOX = metadata.tables["outbox"].select()
HOUR = timedelta(hours=1)
LONGEST_QUIET = timedelta(hours=8)
"""How long a ticket may be quiet that somebody has, and how long the lives let one rest at most."""

QUIET = ("sev1", "sev2")
"""What the enterprise handbook pages again where an owner goes quiet."""


class NothingForgotten:
    """What holds after every step of a desk's life.

    `asked` are the pages that wait for an answer, `answered` those that do not any more.
    """

    def __init__(self) -> None:
        self.asked: list[One] = []
        self.answered: list[One] = []
        self.alarms = 0

    def check(self, session: Session, *, now: datetime) -> None:
        """Look at every chain, page, deadline and ticket. Raises AssertionError."""
        connection = session.connection()
        chains = {row.id: row for row in connection.execute(CHAINS)}
        pages = connection.execute(PAGES).all()
        self.asked = [row for row in pages if row.state == "paging"]
        self.answered = [row for row in pages if row.state != "paging"]
        rows = connection.execute(TICKETS).all()
        tickets = {row.number: row for row in rows if row.begun}
        due = {(row.kind, row.subject): row for row in connection.execute(DEADLINES)}
        assert not [key for key, row in due.items() if row.attempts], "a deadline's work raised"
        unbegun = {("begin", str(row.number)) for row in rows if not row.begun}
        assert unbegun <= due.keys(), "a ticket that never begins"
        self._next_steps(chains, pages, tickets, due, now=now)
        self._updates(tickets, due, now=now)
        self._pages(chains, pages, tickets)
        once_a_step(pages)

    def check_all_arrived(self, session: Session, slack: Slack) -> None:
        """Look at what left, after everything could: each post once, and each page that still asks is there."""
        assert not [row for row, times in slack.posted.items() if times > 1], "shown twice"
        rows = session.connection().execute(OUTBOX).all()
        assert not [row for row in rows if row.state in ("pending", "sending", "failed")], "left behind"
        there = {row.card for row in rows if row.op == "post" and row.state == "sent" and row.id in slack.taken}
        asked = [row for row in session.connection().execute(PAGES) if row.state == "paging"]
        assert not [row for row in asked if f"page:{row.id}" not in there], "a page was lost"
        written = {row.card for row in rows if row.op == "post"}
        assert not [row for row in (*self.asked, *self.answered) if f"page:{row.id}" not in written], "never written"
        alarms = {":".join(row.key.split(":")[:3]) for row in rows if (row.key or "").startswith("exhausted:")}
        self.alarms = len(alarms)
        for chain in session.connection().execute(CHAINS):
            for number in range(1, chain.round):
                assert f"exhausted:{chain.id}:{number}" in alarms, "exhausted in silence"

    def asked_for(self, session: Session, ticket: Ticket) -> set[str]:
        """Who is asked by the pages of a ticket's ladder."""
        return {each.person_id for chain in self._ladder(session, ticket) for each in self._asking(session, chain)}

    def alarmed(self, session: Session, ticket: Ticket) -> bool:
        """Whether the ladder tries on although nobody at all can be paged."""
        return any(not chain.attempt for chain in self._ladder(session, ticket))

    def _ladder(self, session: Session, ticket: Ticket) -> list[One]:
        found = session.connection().execute(CHAINS)
        return [
            row for row in found
            if (row.ticket_number, row.circle, row.state) == (ticket.number, "ladder", Phase.PAGING.value)
        ]  # fmt: skip

    def _asking(self, session: Session, chain: One) -> list[One]:
        found = session.connection().execute(PAGES)
        return [row for row in found if row.escalation_id == chain.id and row.state == "paging"]

    def _next_steps(
        self,
        chains: dict[str, One],
        pages: Sequence[One],
        tickets: dict[int, One],
        due: dict[tuple[str, str], One],
        *,
        now: datetime,
    ) -> None:
        running = {key for key, row in chains.items() if row.state == Phase.PAGING.value}
        assert running == {subject for kind, subject in due if kind == "page"}, "a chain without a next step"
        asking = {row.escalation_id for row in pages if row.state == "paging"}
        assert {key for key in running if chains[key].attempt} == asking, "a chain that asks nobody"
        paged = {chains[key].ticket_number for key in running}
        for row in tickets.values():
            worked = State(row.state) in WORKED_STATES - {State.WAITING}
            if worked and row.owner and row.severity in QUIET and row.number not in paged:
                quiet = due.get(("quiet", str(row.number)))
                assert quiet is not None, "an owner who may forget it"
                assert quiet.due_at - now <= LONGEST_QUIET, "an owner who may forget it for too long"

    def _updates(
        self,
        tickets: dict[int, One],
        due: dict[tuple[str, str], One],
        *,
        now: datetime,
    ) -> None:
        for row in tickets.values():
            update = due.get(("update", str(row.number)))
            if State(row.state) not in OPEN_STATES:
                assert update is None, "an update of what is over"
            elif row.severity == "sev1":
                assert update is not None, "a Sev 1 whose customer hears nothing more"
                assert update.due_at - now <= HOUR, "an update that is too far away"

    def _pages(
        self,
        chains: dict[str, One],
        pages: Sequence[One],
        tickets: dict[int, One],
    ) -> None:
        for page in pages:
            chain = chains[page.escalation_id]
            if page.state == "paging":
                assert chain.state == Phase.PAGING, "paged for what is over or taken"
                assert (page.level, page.attempt, page.round) == (chain.level, chain.attempt, chain.round)
            if chain.acknowledged_at is not None:
                assert page.paged_at <= chain.acknowledged_at, "paged after the acknowledgement"
        for chain in chains.values():
            if chain.state == Phase.PAGING:
                assert State(tickets[chain.ticket_number].state) in WORKED_STATES, "paged for what is resolved"


def once_a_step(pages: Sequence[One]) -> None:
    """No person is paged twice for one step: neither at one moment, nor again while the same step still asks them."""
    asked = Counter((row.escalation_id, row.paged_at, row.person_id) for row in pages)
    assert not [each for each, times in asked.items() if times > 1], "paged twice at one moment"
    last: dict[tuple[str, str], One] = {}
    for row in sorted(pages, key=lambda page: (page.paged_at, page.round, page.level, page.attempt)):
        before = last.get((row.escalation_id, row.person_id))
        last[row.escalation_id, row.person_id] = row
        if before is None or before.state != "passed_on" or before.answered_at != row.paged_at:
            continue
        same = (before.level, before.round) == (row.level, row.round) and row.attempt <= before.attempt
        assert not same, "paged again by a step that asked them already"
