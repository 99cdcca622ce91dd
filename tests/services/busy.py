"""What does a busy day look like on which everything goes on at once, with a marker in every word that is not for all?

Customers ask, answer and look; our people do with each ticket whatever they can, in any order. Every word of ours that
is internal bears INSIDE, every word of a customer's bears that customer's own marker.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from random import Random

from sqlmodel import Session, col, select

from bot.domain.errors import Refused
from bot.domain.leak import HeldBack
from bot.domain.people import Actor
from bot.services import (
    alike,
    breaches,
    details,
    escalate,
    forms,
    holding,
    home,
    incident_channel,
    incidents,
    intake,
    marks,
    queries,
    rating,
    triage,
    updates,
    whois,
    working,
)
from bot.services.desk import Answer, Work
from bot.store.tables import Customer, OutboxRow, Person, Ticket
from tests.services.office import Office

INSIDE = "XYZZY-INSIDE"
ROOMS = {"acme": "C0ACME", "globex": "C0GLOBEX", "fern": "C0FERN"}
THEIRS = {"cy": ("acme", "U0CY"), "dee": ("acme", "U0DEE"), "gil": ("globex", "U0GIL"), "pia": ("fern", "U0PIA")}
OURS = ("ana", "bo", "kai", "mei", "vic")
WORDS = ("The checkout is down", "Invoices cannot be printed", "The search finds nothing", "Logins fail since noon")
SOLVED = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
SAID = {"known": "We know the cause", "done": "A restart", "next": "A test"}


def mark_of(customer: str) -> str:
    """The marker in every word that this customer writes."""
    return f"XYZZY-{customer.upper()}"


class BusyOffice(Office):
    """A desk on a busy day. `read` is what each customer's people were shown when they asked, by customer."""

    def begins(self, chance: Random) -> None:
        """Take the dice, and hide a marker in what the directory knows of people."""
        self.chance = chance
        self.tickets: list[str] = []
        self.read: defaultdict[str, list[str]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        with self.db.transaction() as session:
            for person in session.exec(select(Person).where(col(Person.customer_id).is_(None))).all():
                person.contacts = [f"json://{INSIDE}.{person.id}.example"]

    def who(self, name: str) -> Actor:
        if name not in THEIRS:
            return super().who(name)
        customer, user = THEIRS[name]
        with self.db.reading() as session:
            return whois.find(session, workspace=f"T0{customer.upper()}", user=user, channel=ROOMS[customer])

    def tries(self, name: str, use_case: Callable[..., Answer], **arguments: object) -> Answer:
        """Let somebody try something; a refusal is an answer too, and a customer's people read all of them."""
        try:
            answer = self.does(name, use_case, **arguments)
            self.done[use_case.__name__] += 1
        except HeldBack:
            answer = Answer()
        except Refused as refused:
            answer = Answer(text=refused.sentence)
        if name in THEIRS:
            self.read[THEIRS[name][0]] += [answer.text, json.dumps(answer.view)]
        return answer

    def goes_on(self, steps: int) -> None:
        """Let that many things happen, each by somebody and mostly to a ticket that there is."""
        for _ in range(steps):
            deed = self.chance.choice((self._asks, self._theirs, *[self._ours] * 5, self._waits))
            deed()

    def ends(self) -> None:
        """Let the evening pass, and everybody look once more at everything."""
        self.passes(hours=2)
        for name in THEIRS:
            self._looks(name)
        self.delivers()

    def rows(self) -> list[OutboxRow]:
        """Every message that went out, oldest first."""
        with self.db.reading() as session:
            found = session.exec(select(OutboxRow).where(OutboxRow.state != "cancelled").order_by(col(OutboxRow.seq)))
            return list(found.all())

    def all_tickets(self) -> list[Ticket]:
        """Every ticket there is."""
        with self.db.reading() as session:
            return list(session.exec(select(Ticket).order_by(col(Ticket.number))).all())

    def names(self) -> dict[str, list[str]]:
        """By customer, the names that only they may read: theirs and those of their people."""
        with self.db.reading() as session:
            return {key: [session.get_one(Customer, key).name, *_people(session, key)] for key in ROOMS}

    # what people do

    def _asks(self) -> None:
        name = self.chance.choice(sorted(THEIRS))
        customer = THEIRS[name][0]
        severity = self.chance.choice(("sev1", "sev2", "sev3", "sev3", "sev4", "sev4"))
        text = f"{severity} {self.chance.choice(WORDS)} {mark_of(customer)}"
        found = self.tries(name, intake.open_by_command, channel=ROOMS[customer], text=text).ticket
        self.tickets += [found] if found else []

    def _theirs(self) -> None:
        name = self.chance.choice(sorted(THEIRS))
        own = mark_of(THEIRS[name][0])
        deed: Callable[[str], object] = self.chance.choice(
            (
                lambda each: self.tries(name, escalate.escalate, ticket=each, reason=f"We lose orders {own}"),
                lambda each: self.tries(name, details.add, ticket=each, values={"environment": f"Production {own}"}),
                lambda each: self.tries(name, working.confirm, ticket=each),
                lambda each: self.tries(name, working.reopen, ticket=each),
                lambda each: self.tries(name, rating.rate, ticket=each, score=4),
                lambda each: self.tries(name, queries.show_ticket, ticket=each),
                lambda _: self._looks(name),
            )
        )
        # Theirs or not: what is not theirs must not exist for them.
        deed(self._any())

    def _looks(self, name: str) -> None:
        customer, user = THEIRS[name]
        room, ticket = ROOMS[customer], self._any()
        self.tries(name, queries.list_tickets, channel=room)
        self.tries(name, queries.help_text, channel=room)
        self.tries(name, forms.ticket_form, channel=room)
        self.tries(name, forms.escalate_form, ticket=None, channel=room)
        for shown in (forms.escalate_form, forms.details_form, rating.form):
            more = {"channel": room} if shown is forms.escalate_form else {}
            self.tries(name, shown, ticket=ticket, **more)
        with self.db.transaction() as session:
            home.opened(Work(self.desk, session), user=user, workspace=f"T0{customer.upper()}", now=self.now)

    def _ours(self) -> None:
        name, ticket, other = self.chance.choice(OURS), self._any(), self._any()
        deed: Callable[[], object] = self.chance.choice(
            (
                lambda: self.tries(name, working.claim, ticket=ticket),
                lambda: self.tries(name, working.reply, ticket=ticket, text="We look at it"),
                lambda: self.tries(name, working.note, ticket=ticket, text=f"They broke it {INSIDE}"),
                lambda: self.tries(name, working.start_work, ticket=ticket),
                lambda: self.tries(name, working.wait, ticket=ticket),
                lambda: self.tries(name, working.resume, ticket=ticket),
                lambda: self.tries(name, working.resolve, ticket=ticket, values=SOLVED),
                lambda: self.tries(
                    name, working.regrade, ticket=ticket, severity="sev2", reason=f"They exaggerate {INSIDE}"
                ),
                lambda: self.tries(name, escalate.escalate, ticket=ticket, reason=f"It is beyond us {INSIDE}"),
                lambda: self.tries(
                    name, marks.mark, ticket=ticket, mark="data_loss", reason=f"The backup was off {INSIDE}"
                ),
                lambda: self.tries(
                    name, incidents.link, ticket=ticket, incident="new", title=f"The disk of all {INSIDE}"
                ),
                lambda: self.tries(name, incidents.link, ticket=other, incident="I-1", title=""),
                lambda: self.tries(name, incidents.write_update, incident="I-1", values=SAID),
                lambda: self.tries(name, incident_channel.open_for, ticket=ticket),
                lambda: self.tries(name, alike.link_all, ticket=ticket),
                lambda: self.tries(name, alike.keep_apart, ticket=ticket),
                lambda: self.tries(name, updates.write, ticket=ticket, values=SAID),
                lambda: self.tries(
                    name, breaches.analyse, ticket=ticket,
                    values={"cause": f"We slept {INSIDE}", "action": f"An alarm {INSIDE}", "action_owner": "bo",
                            "until": "2026-06-01"},
                ),
                lambda: self.tries(
                    name, breaches.excuse, ticket=ticket, metric="first_response", reason=f"Their fault {INSIDE}"
                ),
                lambda: self.tries(name, holding.hand_over, ticket=ticket, person="bo"),
                lambda: self.tries(
                    name, holding.let_rest, ticket=ticket, words="2 hours", reason=f"The vendor has it {INSIDE}"
                ),
                lambda: self.tries(name, triage.decline, ticket=ticket, reason="This is not in our hands"),
                lambda: self.tries(name, triage.merge, ticket=ticket, into=other, reason="The same thing"),
            )
        )  # fmt: skip
        deed()

    def _waits(self) -> None:
        self.passes(minutes=self.chance.choice((1, 7, 20, 50)))

    def _any(self) -> str:
        return self.chance.choice(self.tickets) if self.tickets else "T-1"


def _people(session: Session, customer: str) -> list[str]:
    return list(session.exec(select(Person.name).where(Person.customer_id == customer)).all())
