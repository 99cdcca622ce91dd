"""What may people, time, Slack and a kill do to a desk, in any order, and what must hold after each of it?

A step is one thing that happens: somebody tries something, one deadline fires, the relay goes on, time passes. So a
click or a kill falls between a deadline and its messages too, not only between finished rounds.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
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
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.delivery.relay import Relay
from bot.domain.errors import Refused
from bot.domain.oncall import Change
from bot.services import due, escalate, holding, intake, media, page_answers, stand_in, standing, working
from bot.services.desk import Answer, Work
from bot.store import deadlines
from tests.services.ground import Ground
from tests.services.misfortune import Killed, Slack
from tests.services.sound import NothingForgotten

STAFF = st.sampled_from(["ana", "bo", "kai", "mei", "vic"])
LEADS = st.sampled_from(["mei", "vic", "mei", "vic", "bo"])
"""Who may change who is on call, and now and then somebody who may not."""

CUSTOMERS = st.sampled_from(["cy", "dee"])
WORDS = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
CHOICE = st.integers(0, 7)
AT_ONCE = 2
"""So many tickets are open at a time."""

STEPS = 60
"""How long a life is."""

HAPPENS = (
    "open_by_command", "pages", "acknowledge", "decline", "escalate_now", "let_rest", "escalate", "ask_escalation",
    "hand_over", "give_back", "override", "absent", "regrade", "resolve", "reopen", "tick", "time passed", "killed",
    "Slack away", "alarms",
)  # fmt: skip
"""What must happen often, that a run of many lives may prove something."""


class Life(RuleBasedStateMachine):
    """A desk on which everybody does what they can while Slack, and the process itself, come and go."""

    ground: ClassVar[Ground]
    tickets: Bundle[str] = Bundle("tickets")
    solved: Bundle[str] = Bundle("solved")

    def __init__(self) -> None:
        super().__init__()
        self.ground.begins_again()
        self.db = self.ground.db
        self.opened = self.confirmed = 0
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
            word=standing.speaker(self.office.desk),
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

    def asked(self, which: int) -> tuple[str, str]:
        """One of the pages that wait for an answer, and whom it asks."""
        page = self.sound.asked[which % len(self.sound.asked)]
        return page.id, page.person_id

    def does(self, who: str, use_case: object, **arguments: object) -> object:
        # Whoever does something takes a moment for it.
        self.office.now += timedelta(seconds=1)
        return self.goes_on(getattr(use_case, "__name__", ""), self.office.does, who, use_case, **arguments)

    @initialize(target=tickets, severity=st.sampled_from(["sev1", "sev2"]))
    def begins(self, severity: str) -> str:
        self.opened = 1
        return self.office.opens(f"{severity} Checkout is down")

    @rule(target=tickets, severity=st.sampled_from(["sev1", "sev2", "sev3"]), who=CUSTOMERS | st.just("ana"))
    @precondition(lambda self: self.opened - self.confirmed < AT_ONCE)
    def opens(self, severity: str, who: str) -> MultipleResults[str] | str:
        self.opened += 1
        found = self.does(who, intake.open_by_command, channel="C0ACME", text=f"{severity} Something is broken")
        return found.ticket if isinstance(found, Answer) and found.ticket else multiple()

    @rule(which=CHOICE)
    @precondition(lambda self: self.sound.asked)
    def whoever_is_paged_has_it(self, which: int) -> None:
        page, person = self.asked(which)
        self.does(person, page_answers.acknowledge, page=page)

    @rule(which=CHOICE, who=STAFF)
    @precondition(lambda self: self.sound.asked)
    def somebody_else_has_it(self, which: int, who: str) -> None:
        self.does(who, page_answers.acknowledge, page=self.asked(which)[0])

    @rule(which=CHOICE)
    @precondition(lambda self: self.sound.asked)
    def whoever_is_paged_cannot_take_it(self, which: int) -> None:
        page, person = self.asked(which)
        self.does(person, page_answers.decline, page=page)

    @rule(which=CHOICE)
    @precondition(lambda self: self.sound.asked)
    def whoever_is_paged_passes_it_on(self, which: int) -> None:
        page, person = self.asked(which)
        self.does(person, page_answers.escalate_now, page=page)

    @rule(
        which=CHOICE,
        who=STAFF,
        press=st.sampled_from([page_answers.acknowledge, page_answers.decline, page_answers.escalate_now]),
    )
    @precondition(lambda self: self.sound.answered)
    def somebody_clicks_on_a_page_gone_by(self, which: int, who: str, press: object) -> None:
        page = self.sound.answered[-1 - which % len(self.sound.answered)]
        self.does(who, press, page=page.id)

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
        done = self.does(who, holding.hand_over, ticket=ticket, person=person)
        if done and who != person:
            with self.db.reading() as session:
                assert self.sound.asked_for(session, self.office.ticket(ticket)) == {person}, "others are asked still"

    @rule(ticket=tickets, who=STAFF)
    def gives_back(self, ticket: str, who: str) -> None:
        if self.does(who, holding.give_back, ticket=ticket):
            with self.db.reading() as session:
                row = self.office.ticket(ticket)
                assert self.sound.asked_for(session, row) or self.sound.alarmed(session, row), "given back to nobody"

    @rule(ticket=tickets, who=STAFF, words=st.sampled_from(["30 minutes", "8 hours"]))
    def lets_rest(self, ticket: str, who: str, words: str) -> None:
        self.does(who, holding.let_rest, ticket=ticket, words=words, reason="The vendor looks at it")

    @rule(target=solved, ticket=tickets, who=STAFF)
    def resolves(self, ticket: str, who: str) -> str:
        self.does(who, working.resolve, ticket=ticket, values=WORDS)
        return ticket

    @rule(ticket=solved, who=CUSTOMERS | st.just("ana"))
    def reopens(self, ticket: str, who: str) -> None:
        self.does(who, working.reopen, ticket=ticket)

    @rule(target=tickets, ticket=consumes(tickets), who=CUSTOMERS)
    def confirms(self, ticket: str, who: str) -> MultipleResults[str] | str:
        """What is closed leaves the desk; what cannot be closed yet stays."""
        closed = self.does(who, working.confirm, ticket=ticket)
        self.confirmed += bool(closed)
        return multiple() if closed else ticket

    @rule(who=LEADS, person=STAFF, change=st.sampled_from([*Change, None]), until=st.sampled_from(["09:30", "18:00"]))
    def somebody_else_is_on_call(self, who: str, person: str, change: Change | None, until: str) -> None:
        """Somebody stands in, joins or is taken off; or is away themselves."""
        if change is None:
            self.does(person, stand_in.absent, words=f"now tomorrow {until} ill")
        else:
            self.does(who, stand_in.override, person=person, words=f"now {until} first-line", change=change)

    @rule(minutes=st.sampled_from([1, 10, 16, 31, 61]))
    def time_passes(self, minutes: int) -> None:
        """The clock goes on, further than a loop should ever sleep: what was due meanwhile comes late."""
        self.office.now += timedelta(minutes=minutes)
        self.seen["time passed"] += 1

    @rule()
    def what_is_next_falls_due(self) -> None:
        with self.db.reading() as session:
            following = deadlines.next_at(session)
        if following is not None:
            self.office.now = max(self.office.now, following)
            self.ticks()

    @rule()
    def what_is_next_falls_due_too(self) -> None:
        """The same once more, so that few lives are without it."""
        self.what_is_next_falls_due()

    @rule()
    def ticks(self) -> None:
        self.goes_on("tick", due.fire, self.office.desk, now=self.office.now)

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
        self.seen["pages"] += len(self.sound.asked) + len(self.sound.answered)
        self.seen["Slack away"] += self.slack.refused
        self.seen["alarms"] += self.sound.alarms
        assert self.office.is_sound()

    def everything_leaves(self) -> None:
        """Let the relay work until nothing waits, with no other deadline in between."""
        while True:
            while self.relay.step(self.office.now):
                pass
            following = self.relay.next_at(self.office.now)
            if following is None:
                return
            # A pause long enough for a burst, so that few steps find nothing.
            self.office.now = max(following, self.office.now + timedelta(seconds=5))


LIVES = 9
"""How many lives of a seed follow its first, which is always the shortest that there is."""


def live(kind: type[Life], ground: Ground, *, steps: int, seeds: Iterable[int]) -> None:
    """Play random lives on a ground until that many steps are done.

    A few for each seed: of very many, hypothesis makes most by varying a few, and what these lack is rare in all.
    """
    kind.ground = ground
    lots = iter(seeds)
    # Now and then hypothesis draws a short life, so that their number alone does not say how many steps they had.
    while ground.steps < steps:
        run_state_machine_as_test(
            seed(next(lots))(kind),
            settings=settings(
                max_examples=1 + min((steps - ground.steps) // STEPS, LIVES),
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                # A life is long; looking for a shorter one that fails too takes longer than reading this one.
                phases=[Searching.explicit, Searching.generate],
                database=None,
            ),
        )


def rare(ground: Ground) -> dict[str, int]:
    """What happened less than once in two thousand steps, of all that should: such lives would prove little."""
    return {what: times for what in HAPPENS if (times := ground.seen[what]) < ground.steps // 2_000}
