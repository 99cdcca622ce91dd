"""After any life of a ticket the record verifies, and the clocks that it gives are the rows."""

import random
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.domain.errors import Refused
from bot.handbook.loader import Loaded, load
from bot.services import breaches, due, escalate, inbox_events, page_answers, rebase, triage, working
from bot.services.audit import verify
from bot.services.desk import Answer, Delivery, Work
from bot.store import deadlines
from bot.store.database import Database
from bot.store.tables import Card, Page
from tests.services.office import Office

pytestmark = pytest.mark.req("AU-1")
SHORT = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
FULL = settings(SHORT, max_examples=50)
HANDBOOK = """
extends: enterprise
name: enterprise
reopen: {reopen}
regrade: {regrade}
escalation: {{unworked: {{sev1: 2 hours}}}}
tiers:
  enterprise:
    hours: Mon-Fri 08:00-12:00,13:00-18:00
    zone: America/New_York
    targets:
      sev1: {{first_response: {first}, next_response: 1 hour, resolution: 4 hours}}
      sev2: {{first_response: 2 hours, next_response: 3 business hours, resolution: 2 business days}}
      sev3: {{first_response: 2-4 hours, resolution: 30 elapsed hours}}
"""
CLOSING = {"root_cause": "An index", "workaround": "none", "prevention": "A check"}
numbers = count(1)

Deed = tuple[str, Callable[..., Answer], Mapping[str, object]]
DEEDS: tuple[Deed, ...] = (
    ("bo", working.claim, {}),
    ("bo", working.start_work, {}),
    ("ana", working.reply, {"text": "We are on it."}),
    ("bo", working.reply, {"text": "Here is more."}),
    ("bo", working.note, {"text": "Disk?"}),
    ("bo", working.wait, {}),
    ("bo", working.resume, {}),
    ("bo", working.regrade, {"severity": "sev1", "reason": "All shops"}),
    ("bo", working.regrade, {"severity": "sev2", "reason": "Some shops"}),
    ("ana", working.regrade, {"severity": "sev3", "reason": "One shop"}),
    ("ana", working.regrade, {"severity": "sev4", "reason": "A typo"}),
    ("bo", working.resolve, {"values": CLOSING}),
    ("bo", working.resolve, {"values": CLOSING}),
    ("cy", working.reopen, {}),
    ("cy", working.reopen, {}),
    ("cy", working.confirm, {}),
    ("mei", escalate.escalate, {"reason": "They are waiting"}),
    ("mei", breaches.excuse, {"metric": "first_response", "reason": "Their line was cut"}),
    ("bo", breaches.analyse, {
        "values": {"cause": "x", "action": "y", "action_owner": "bo", "until": "2027-01-01"},
    }),
    ("bo", triage.decline, {"reason": "Not ours"}),
)  # fmt: skip
WRITES, PASSES, OPENS, MERGES, REBASES, ANSWERS = "writes", "passes", "opens", "merges", "rebases", "answers"
SLIPS = "slips"
ACTS = st.one_of(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 2)),
    st.tuples(st.just(WRITES), st.integers(0, 2)),
    st.tuples(st.just(PASSES), st.integers(1, 600)),
    st.tuples(st.just(SLIPS), st.integers(1, 90)),
    st.tuples(st.just(OPENS), st.integers(1, 4)),
    st.tuples(st.just(MERGES), st.integers(0, 2)),
    st.tuples(st.just(REBASES), st.integers(0, 1)),
    st.tuples(st.just(ANSWERS), st.integers(0, 2)),
)


class Life:
    """A desk on which whatever is drawn is tried; what a rule refuses changes nothing."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.versions = [
            version(folder, reopen="resume", regrade="from_start", first="1 hour"),
            version(folder, reopen="fresh", regrade="from_change", first="30 minutes"),
        ]
        path = folder / f"life-{next(numbers)}.db"
        shutil.copyfile(template, path)
        self.db = Database(f"sqlite:///{path}")
        self.office = Office(self.db, handbook=self.versions[0])
        self.people = {name: self.office.who(name) for name in ("ana", "bo", "mei", "cy")}
        self.tickets: list[str] = [self.office.opens("sev2 Reports are slow")]

    def lives(self, act: object, choice: int) -> None:
        """Try one act."""
        if act == PASSES:
            self.passes(timedelta(minutes=choice))
        elif act == SLIPS:
            # The machine's clock is set back.
            self.office.now -= timedelta(minutes=choice)
        elif act == WRITES:
            self.writes(self.tickets[choice % len(self.tickets)])
        elif act == OPENS:
            self.tickets.append(self.office.opens(f"sev{choice} It fails"))
        elif act == MERGES:
            self.tries("bo", triage.merge, choice, into=self.tickets[-1], reason="The same")
        elif act == ANSWERS:
            self.answers()
        elif act == REBASES:
            with self.db.transaction() as session:
                work = Work(self.office.desk, session)
                rebase.apply(work, self.versions[choice], by="operator", now=self.office.now)
        elif isinstance(act, tuple):
            name, use_case, given_ = act
            self.tries(name, use_case, choice, **given_)

    def tries(self, name: str, use_case: Callable[..., Answer], choice: int, **given_: object) -> None:
        """Let somebody do it to one of the tickets, if the rules allow it."""
        ticket = self.tickets[choice % len(self.tickets)]
        try:
            self.office.desk.do(use_case, actor=self.people[name], ticket=ticket, now=self.office.now, **given_)
        except Refused:
            return

    def answers(self) -> None:
        """Whoever is being paged has it."""
        with self.db.reading() as session:
            found = session.exec(select(Page).where(col(Page.state) == "paging")).all()
        for page in found:
            try:
                self.office.does(page.person_id, page_answers.acknowledge, page=page.id)
            except Refused:
                continue

    def writes(self, ticket: str) -> None:
        """The customer writes in a ticket's thread."""
        row = self.office.ticket(ticket)
        number = next(numbers)
        with self.db.reading() as session:
            receipt = session.get(Card, f"receipt:{row.number}")
        if receipt is None:
            return
        body: dict[str, object] = {
            "channel": "C0ACME", "user": "U0CY", "workspace": "T0ACME", "text": f"And what about {number}?",
            "ts": f"1767600000.{number:06d}", "thread_ts": row.thread_ts or receipt.ts, "files": [],
        }  # fmt: skip
        self.office.desk.accept(Delivery(f"message:{number}", "message", body), now=self.office.now)
        inbox_events.take_one(self.office.desk, now=self.office.now)

    def passes(self, for_: timedelta) -> None:
        """Let time pass, and play at most a few of the deadlines on the way: a busy or broken desk is late."""
        end = self.office.now + for_
        for _ in range(6):
            with self.db.reading() as session:
                following = deadlines.next_at(session)
            if following is None or following > end:
                break
            self.office.now = max(following, self.office.now)
            due.fire(self.office.desk, now=self.office.now)
        self.office.now = end

    def is_sound(self) -> None:
        """The trail verifies, and its clocks are the rows."""
        verdict = verify(self.office.desk, now=self.office.now)
        assert verdict.difference is None, verdict.difference

    def ends(self) -> None:
        self.db.dispose()


def drawn(seed: int, number: int) -> list[tuple[object, int]]:
    """Acts by chance, but the same each time."""
    chance = random.Random(seed)  # noqa: S311 - cases, no secrets
    kinds: list[object] = [*DEEDS, *[WRITES] * 3, *[PASSES] * 4, *[ANSWERS] * 6, OPENS, MERGES, REBASES]
    most = {PASSES: 600, OPENS: 4, REBASES: 1}
    found = [chance.choice(kinds) for _ in range(number)]
    return [
        (kind, chance.randint(1 if kind in (PASSES, OPENS) else 0, most.get(kind, 2) if isinstance(kind, str) else 2))
        for kind in found
    ]


def version(folder: Path, **keys: str) -> Loaded:
    file = folder / f"{keys['reopen']}.yml"
    file.write_text(HANDBOOK.format(**keys))
    return load(str(file))


def check(template: Path, folder: Path, acts: list[tuple[object, int]], *, each: int) -> None:
    life = Life(template, folder)
    try:
        for number, (act, choice) in enumerate(acts, start=1):
            life.lives(act, choice)
            if number % each == 0:
                life.is_sound()
        life.is_sound()
    finally:
        life.ends()


@SHORT
@given(acts=st.lists(ACTS, min_size=10, max_size=30))
def test_the_record_verifies_after_every_act_of_any_life(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[object, int]]
) -> None:
    check(sqlite_template, tmp_path_factory.mktemp("life"), acts, each=1)


def test_the_record_verifies_after_a_life_of_two_hundred_acts(sqlite_template: Path, tmp_path: Path) -> None:
    check(sqlite_template, tmp_path, drawn(2, 200), each=20)


@pytest.mark.long
@pytest.mark.timeout(0)
@FULL
@given(acts=st.lists(ACTS, min_size=100, max_size=200))
def test_the_record_verifies_after_many_lives_of_two_hundred_acts(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[object, int]]
) -> None:
    check(sqlite_template, tmp_path_factory.mktemp("life"), acts, each=10)
