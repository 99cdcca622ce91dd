"""What may people, time, Slack and a kill do to a desk, in any order, and what must hold after each of it?

A step is one thing that happens: somebody tries something, one deadline fires, the relay goes on, time passes. So a
click or a kill falls between a deadline and its messages too, not only between finished rounds.
"""

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import Phase as Searching
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from bot.delivery.relay import Relay
from bot.domain.errors import Refused
from bot.domain.oncall import Change
from bot.messages.render import Catalog
from bot.services import due, escalate, holding, intake, media, paging, stand_in, working
from bot.services.desk import Answer, Work
from bot.store import deadlines
from bot.store.database import Database
from bot.store.tables import Page
from tests.services.misfortune import Killed, Slack
from tests.services.office import Office
from tests.services.sound import NothingForgotten

STAFF = st.sampled_from(["ana", "bo", "kai", "mei", "vic"])
CUSTOMERS = st.sampled_from(["cy", "dee"])
DEEDS = [working.claim, working.start_work, working.resume, working.wait]
WORDS = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
MOST_TICKETS = 2
STEPS = 100
"""How long a life is."""


class Quiet(Office):
    """A desk from which only the relay sends."""

    def delivers(self) -> None:
        """Nothing leaves by itself."""


class OneWording(Catalog):
    """Says the same at every time: these lives are about who is called, and the words have tests of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, dict[str, str]] = {}

    def say(self, name: str, *, zone: str, now: datetime, **values: object) -> dict[str, str]:
        if name not in self._said:
            self._said[name] = super().say(name, zone=zone, now=now, **values)
        return self._said[name]


class Ground:
    """The database under all lives: each begins with the same desk on it, and each may lose its process on it."""

    def __init__(self, file: Path, *, now: datetime) -> None:
        self.file = file
        self.dies_at = ""
        self.changed = True
        # One for all lives, since it knows the statements; a new process is a new desk on it.
        self.db = Database(f"sqlite:///{file}", fault=self._may_die)
        self.db.on_commit(self._has_changed)
        self.office = Quiet(self.db, now=now)
        self.office.desk = replace(self.office.desk, catalog=OneWording())
        self.steps = 0
        self.seen: Counter[str] = Counter()
        """How often what happened in all lives, for whoever looks into them."""
        self.db.dispose()
        self.rows = file.read_bytes()

    def begins_again(self) -> None:
        """Forget everything but the directory."""
        self.db.dispose()
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        self.file.write_bytes(self.rows)
        self.dies_at, self.changed = "", True

    def _has_changed(self) -> None:
        self.changed = True

    def _may_die(self, point: str) -> None:
        if point == self.dies_at:
            self.dies_at = ""
            raise Killed


class Life(RuleBasedStateMachine):
    """A desk on which everybody does what they can while Slack, and the process itself, come and go."""

    ground: ClassVar[Ground]
    tickets: Bundle[str] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.ground.begins_again()
        self.db = self.ground.db
        self.opened = 0
        self.seen = self.ground.seen
        self.sound = NothingForgotten()
        self.slack = Slack(self.db)
        self.wakes(now=self.ground.office.now)

    def wakes(self, *, now: datetime) -> None:
        """Start the process, new, on the rows that are there."""
        self.office = self.ground.office.on(self.db, now=now)
        self.relay = Relay(
            self.db,
            self.slack,
            clock=lambda: self.office.now,
            on_dead_letter=lambda session, row, why, now: media.lost(
                Work(self.office.desk, session), row, why=why, now=now
            ),
            workers=0,
        )
        self.ground.changed = True

    def goes_on(self, what: str, use_case: object, *given: object, **named: object) -> object:
        """Let something happen; a refusal is an answer, a kill is followed by a new process, all else is a defect."""
        assert callable(use_case)
        try:
            done = use_case(*given, **named)
        except Refused:
            self.seen[f"{what} refused"] += 1
        except Killed:
            self.seen["killed"] += 1
            self.db.dispose()
            self.wakes(now=self.office.now)
        else:
            self.seen[what] += bool(done)
            return done
        return None

    def does(self, who: str, use_case: object, **arguments: object) -> object:
        # Whoever does something takes a moment for it.
        self.office.now += timedelta(seconds=1)
        return self.goes_on(getattr(use_case, "__name__", ""), self.office.does, who, use_case, **arguments)

    @initialize(target=tickets, severity=st.sampled_from(["sev1", "sev2"]))
    def begins(self, severity: str) -> str:
        self.opened = 1
        return self.office.opens(f"{severity} Checkout is down")

    @rule(target=tickets, severity=st.sampled_from(["sev1", "sev2", "sev3"]), who=CUSTOMERS | st.just("ana"))
    def opens(self, severity: str, who: str) -> MultipleResults[str] | str:
        if self.opened == MOST_TICKETS:
            return multiple()
        self.opened += 1
        found = self.does(who, intake.open_by_command, channel="C0ACME", text=f"{severity} Something is broken")
        return found.ticket if isinstance(found, Answer) and found.ticket else multiple()

    @rule(
        ticket=tickets,
        who=st.none() | STAFF,
        press=st.sampled_from([paging.acknowledge, paging.acknowledge, paging.decline, paging.escalate_now]),
    )
    def answers_a_page(self, ticket: str, who: str | None, press: object) -> None:
        """Whoever is paged presses a button, or somebody else does on their page."""
        with self.db.reading() as session:
            number = self.office.ticket(ticket).number
            mine = select(Page.id, Page.person_id).where(col(Page.ticket_number) == number)
            found = session.exec(mine.order_by(col(Page.paged_at).desc()).limit(2)).all()
        for page, person in found:
            self.does(who or person, press, page=page)

    @rule(ticket=tickets, who=STAFF, level=st.sampled_from([None, "1", "3", "4", "9"]))
    def escalates(self, ticket: str, who: str, level: str | None) -> None:
        self.does(who, escalate.escalate, ticket=ticket, level=level, reason="It burns")

    @rule(ticket=tickets, who=CUSTOMERS)
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

    @rule(ticket=tickets, who=CUSTOMERS | st.just("ana"))
    def reopens(self, ticket: str, who: str) -> None:
        self.does(who, working.reopen, ticket=ticket)

    @rule(ticket=consumes(tickets), who=CUSTOMERS)
    def confirms(self, ticket: str, who: str) -> None:
        self.does(who, working.confirm, ticket=ticket)

    @rule(who=STAFF, person=STAFF, change=st.sampled_from(list(Change)), until=st.sampled_from(["09:30", "18:00"]))
    def stands_in(self, who: str, person: str, change: Change, until: str) -> None:
        words = f"now {until} first-line"
        self.does(who, stand_in.override, person=person, words=words, change=change)

    @rule(who=STAFF)
    def is_away(self, who: str) -> None:
        self.does(who, stand_in.absent, words="now tomorrow 09:00 ill")

    @rule(minutes=st.sampled_from([1, 10, 16, 31, 61]))
    def time_passes(self, minutes: int) -> None:
        """The clock goes on, further than a loop should ever sleep: what was due meanwhile comes late."""
        self.office.now += timedelta(minutes=minutes)

    @rule()
    def what_is_next_falls_due(self) -> None:
        with self.db.reading() as session:
            following = deadlines.next_at(session)
        if following is not None:
            self.office.now = max(self.office.now, following)
            self.ticks()

    @rule()
    def ticks(self) -> None:
        self.goes_on("tick", due.fire_one, self.office.desk, now=self.office.now)

    @rule()
    def the_relay_goes_on(self) -> None:
        self.goes_on("relay", self.relay.step, self.office.now)

    @rule(mood=st.sampled_from(["up", "up", "away", "deaf"]))
    def slack_is(self, mood: str) -> None:
        self.slack.mood = mood

    @rule(point=st.sampled_from(["commit.before", "commit.after"]))
    def is_killed_at_the_next_commit(self, point: str) -> None:
        self.ground.dies_at = point

    @rule(point=st.sampled_from(["before Slack took it", "after Slack took it"]))
    def is_killed_in_the_next_send(self, point: str) -> None:
        self.slack.dies = point

    @invariant()
    def nothing_is_forgotten(self) -> None:
        self.ground.steps += 1
        if self.ground.changed:
            self.ground.changed = False
            with self.db.reading() as session:
                self.sound.check(session, now=self.office.now)

    def teardown(self) -> None:
        self.slack.recovers()
        self.ground.dies_at = ""
        self.everything_leaves()
        with self.db.reading() as session:
            self.sound.check_all_arrived(session, self.slack)
        assert self.office.is_sound()

    def everything_leaves(self) -> None:
        """Let the relay work until nothing waits, with no other deadline in between."""
        while True:
            while self.relay.step(self.office.now):
                pass
            following = self.relay.next_at(self.office.now)
            if following is None:
                return
            self.office.now = max(following, self.office.now + timedelta(seconds=1))


def live(kind: type[Life], template: Path, *, steps: int, now: datetime, seeds: Iterable[int]) -> None:
    """Play random lives from a moment on, until that many steps are done."""
    # A folder in memory where the system has one: a commit there waits for no disk.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(prefix="watchbell-life-", dir=memory if memory.is_dir() else None) as folder:
        file = Path(folder) / "life.db"
        shutil.copyfile(template, file)
        kind.ground = ground = Ground(file, now=now)
        lots = iter(seeds)
        # Now and then hypothesis draws a short life, so that their number alone does not say how many steps they had.
        while ground.steps < steps:
            run_state_machine_as_test(
                seed(next(lots))(kind),
                settings=settings(
                    max_examples=1 + (steps - ground.steps) // STEPS,
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    # A life is long; looking for a shorter one that fails too takes longer than reading this one.
                    phases=[Searching.explicit, Searching.generate],
                    database=None,
                ),
            )
        ground.db.dispose()
