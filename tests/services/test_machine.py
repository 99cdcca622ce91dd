"""Whatever people do and however time passes: nobody is forgotten, nobody is paged for nothing, the record agrees."""

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Searching
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from bot.domain.errors import Refused
from bot.domain.escalation import Phase
from bot.domain.ticket import OPEN_STATES, State
from bot.services import escalate, holding, paging, working
from bot.store.database import Database
from bot.store.tables import Deadline, Escalation, Page, Ticket
from tests.services.office import Office

STAFF = st.sampled_from(["ana", "bo", "kai", "mei", "vic"])
DEEDS = [working.claim, working.start_work, working.resume, working.wait]
REFUSALS: set[str] = set()
"""What was refused, for whoever looks into a failing life."""

WORDS = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}


class Life(RuleBasedStateMachine):
    """A desk on which everybody does what they can, in any order."""

    template: ClassVar[Path]
    tickets: Bundle[str] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix="watchbell-life-")
        shutil.copyfile(self.template, f"{self.folder}/life.db")
        self.db = Database(f"sqlite:///{self.folder}/life.db")
        self.office = Office(self.db)

    def teardown(self) -> None:
        assert self.office.is_sound()
        self.db.dispose()
        shutil.rmtree(self.folder)

    def does(self, who: str, use_case: object, **arguments: object) -> None:
        """Let somebody try; a refusal is an answer, anything else is a defect."""
        assert callable(use_case)
        try:
            self.office.does(who, use_case, **arguments)
        except Refused as refusal:
            REFUSALS.add(refusal.sentence)

    @rule(target=tickets, severity=st.sampled_from(["sev1", "sev2", "sev3"]), who=st.sampled_from(["cy", "dee", "ana"]))
    def opens(self, severity: str, who: str) -> str:
        return self.office.opens(f"{severity} Something is broken", by=who)

    @rule(ticket=tickets, who=STAFF, press=st.sampled_from([paging.acknowledge, paging.decline, paging.escalate_now]))
    def answers_a_page(self, ticket: str, who: str, press: object) -> None:
        with self.db.reading() as session:
            number = self.office.ticket(ticket).number
            found = session.exec(select(Page.id).where(col(Page.ticket_number) == number)).all()
        for page in found[-2:]:
            self.does(who, press, page=page)

    @rule(ticket=tickets, who=STAFF, level=st.sampled_from([None, "1", "3", "4", "9"]))
    def escalates(self, ticket: str, who: str, level: str | None) -> None:
        self.does(who, escalate.escalate, ticket=ticket, level=level, reason="It burns")

    @rule(ticket=tickets, who=st.sampled_from(["cy", "dee"]))
    def asks_to_escalate(self, ticket: str, who: str) -> None:
        self.does(who, escalate.ask_escalation, ticket=ticket, reason="We lose orders")

    @rule(
        ticket=tickets,
        who=STAFF,
        deed=st.sampled_from([working.claim, working.start_work, working.resume, working.wait]),
    )
    def works(self, ticket: str, who: str, deed: object) -> None:
        self.does(who, deed, ticket=ticket)

    @rule(ticket=tickets, who=STAFF, deed=st.sampled_from([working.reply, working.note]))
    def writes(self, ticket: str, who: str, deed: object) -> None:
        self.does(who, deed, ticket=ticket, text="Looking at it")

    @rule(ticket=tickets, who=STAFF, severity=st.sampled_from(["sev1", "sev2", "sev4"]))
    def regrades(self, ticket: str, who: str, severity: str) -> None:
        self.does(who, working.regrade, ticket=ticket, severity=severity, reason="We know more now")

    @rule(ticket=tickets, who=STAFF, person=STAFF)
    def hands_over(self, ticket: str, who: str, person: str) -> None:
        self.does(who, holding.hand_over, ticket=ticket, person=person)

    @rule(ticket=tickets, who=STAFF)
    def gives_back(self, ticket: str, who: str) -> None:
        self.does(who, holding.give_back, ticket=ticket)

    @rule(ticket=tickets, who=STAFF, words=st.sampled_from(["30 minutes", "8 hours"]))
    def lets_rest(self, ticket: str, who: str, words: str) -> None:
        self.does(who, holding.let_rest, ticket=ticket, words=words, reason="The vendor looks at it")

    @rule(ticket=tickets, who=STAFF)
    def resolves(self, ticket: str, who: str) -> None:
        self.does(who, working.resolve, ticket=ticket, values=WORDS)

    @rule(ticket=tickets, who=st.sampled_from(["cy", "dee", "ana"]))
    def reopens(self, ticket: str, who: str) -> None:
        self.does(who, working.reopen, ticket=ticket)

    @rule(ticket=consumes(tickets), who=st.sampled_from(["cy", "dee"]))
    def confirms(self, ticket: str, who: str) -> None:
        self.does(who, working.confirm, ticket=ticket)

    @rule(minutes=st.sampled_from([1, 10, 16, 31, 61, 300]))
    def time_passes(self, minutes: int) -> None:
        self.office.passes(minutes=minutes)

    @invariant()
    def every_running_chain_has_its_next_step(self) -> None:
        with self.db.reading() as session:
            running = session.exec(select(Escalation.id).where(col(Escalation.state) == Phase.PAGING.value)).all()
            armed = session.exec(select(Deadline.subject).where(col(Deadline.kind) == "page")).all()
        assert set(running) == set(armed)

    @invariant()
    def every_open_sev1_has_its_update_within_the_hour(self) -> None:
        with self.db.reading() as session:
            updates = session.exec(select(Deadline).where(col(Deadline.kind) == "update"))
            dues = {row.subject: row.due_at for row in updates}
            for row in session.exec(select(Ticket)):
                if State(row.state) in OPEN_STATES and row.severity == "sev1":
                    assert dues[str(row.number)] - self.office.now <= timedelta(hours=1)
                elif State(row.state) not in OPEN_STATES:
                    assert str(row.number) not in dues

    @invariant()
    def nobody_is_being_paged_for_what_is_over_or_taken(self) -> None:
        with self.db.reading() as session:
            chains = {row.id: row for row in session.exec(select(Escalation))}
            for page in session.exec(select(Page).where(col(Page.state) == "paging")):
                chain = chains[page.escalation_id]
                assert chain.state == Phase.PAGING
                assert (page.level, page.attempt, page.round) == (chain.level, chain.attempt, chain.round)
            ended = {row.number for row in session.exec(select(Ticket)) if row.state in ("resolved", "closed")}
        assert not [row for row in chains.values() if row.state == Phase.PAGING and row.ticket_number in ended]

    @invariant()
    def nobody_is_paged_twice_for_one_step(self) -> None:
        with self.db.reading() as session:
            steps = Counter(
                (page.escalation_id, page.person_id)
                for page in session.exec(select(Page).where(col(Page.state) == "paging"))
            )
        assert not [step for step, times in steps.items() if times > 1]


def live(template: Path, *, lives: int, steps: int) -> None:
    """Play random lives of a desk."""
    Life.template = template
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A life is long; looking for a shorter one that fails too would take longer than reading this one.
            phases=[Searching.explicit, Searching.reuse, Searching.generate],
        ),
    )


@pytest.mark.timeout(300)
@pytest.mark.req("PG-2")
def test_no_state_is_without_a_next_step(sqlite_template: Path) -> None:
    live(sqlite_template, lives=6, steps=40)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_state_is_without_a_next_step_in_ten_thousand_steps(sqlite_template: Path) -> None:
    live(sqlite_template, lives=200, steps=50)
