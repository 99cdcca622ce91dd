"""What do people do while everything goes wrong, and what were they told? Each word of theirs can be found again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlmodel import col, select

from bot.domain.ticket import WORKED_STATES
from bot.store.database import Database
from bot.store.tables import Card, Page, Remark, Ticket
from tests.chaos.town import STAFF, Town
from tests.sandbox.script import Script

SEVERITIES = ("sev1", "sev2", "sev3", "sev3", "sev3", "sev3", "sev4", "sev4", "sev4", "sev4")
THINGS = ("checkout", "report", "export", "search", "login", "invoice", "calendar", "upload", "map", "printer")
FAULTS = ("is empty", "shows last week", "stands still", "asks twice", "has no colours", "is in German", "loses lines")
CLOSING = {"Root cause": "A full disk", "Workaround": "none", "Prevention": "An alert"}
WORKED = tuple(state.value for state in WORKED_STATES)
LATEST = 400
"""People look at this many of the newest tickets."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that must be there exactly once: `kind` says how they came, `sure` whether Slack or we took them."""

    word: str
    kind: str
    sure: bool


@dataclass
class Crowd:
    """Everybody, doing one thing at a time; `said` is all that they may count on."""

    script: Script
    town: Town
    db: Database
    chance: Random
    said: list[Said] = field(default_factory=list)
    clicks: int = 0
    refused: int = 0
    _number: int = 0

    @property
    def intakes(self) -> int:
        """How many of the things that they did must have taken effect."""
        return self.clicks + sum(each.sure for each in self.said)

    def acts(self) -> None:
        """Let somebody do something."""
        deeds: tuple[Callable[[], None], ...] = (
            self._asks, self._asks, self._commands, self._writes, self._writes, self._writes, self._answers,
            self._answers, self._notes, self._acknowledges, self._acknowledges, self._claims, self._replies,
            self._informs, self._resolves, self._resolves, self._resolves, self._confirms, self._confirms, self._edits,
        )  # fmt: skip
        self.chance.choice(deeds)()

    # what they do

    def _asks(self) -> None:
        """A mention, or just a message where everything that is written is a ticket."""
        customer, word = self.chance.choice(self.town.customers), self._word()
        called = "" if customer.every_message and self.chance.random() < 0.5 else "@Watchbell "
        text = f"{called}{self.chance.choice(SEVERITIES)} The {self._trouble()} {word}"
        self._posts(self.chance.choice(customer.people), customer.channel, text, word, "opens")

    def _commands(self) -> None:
        customer, word = self.chance.choice(self.town.customers), self._word()
        line = f"/ticket {self.chance.choice(SEVERITIES)} The {self._trouble()} {word}"
        who = self.chance.choice(STAFF)
        done = self._does(who, command=line, channel=customer.channel)
        opened = done is not None and "T-" in str(done["response"])
        self.said.append(Said(word, "commands", sure=opened))

    def _writes(self) -> None:
        """Somebody of the customer writes in a ticket's thread."""
        self._in_thread("writes")

    def _answers(self) -> None:
        """Somebody of ours writes there."""
        self._in_thread("answers")

    def _notes(self) -> None:
        """Somebody of ours writes below the card."""
        ticket = self._ticket()
        card = self._card(f"card:{ticket.number}") if ticket else None
        if card is not None:
            word = self._word()
            self._posts(self.chance.choice(STAFF), card.channel, f"Seen {word}", word, "notes", thread=card.ts)

    def _acknowledges(self) -> None:
        with self.db.reading() as session:
            waiting = select(Page).where(col(Page.state) == "paging").order_by(col(Page.paged_at).desc()).limit(20)
            pages = session.exec(waiting).all()
        if pages:
            page = self.chance.choice(pages)
            self._clicks(page.person_id, "Acknowledge", f"page:{page.id}")

    def _claims(self) -> None:
        ticket = self._ticket()
        if ticket:
            self._clicks(self.chance.choice(STAFF), "Claim", f"card:{ticket.number}")

    def _replies(self) -> None:
        """Somebody of ours answers by the card's form."""
        word = self._word()
        self.said.append(Said(word, "replies", sure=self._fills("Reply", {"Your reply": f"We look at it {word}"})))

    def _informs(self) -> None:
        """Somebody of ours writes the words of the next update."""
        word = self._word()
        if self._fills("Write the next update", {"What is known?": f"It is the cache {word}"}):
            self.said.append(Said(word, "informs", sure=True))

    def _resolves(self) -> None:
        self._fills("Resolve", CLOSING, *WORKED)

    def _confirms(self) -> None:
        """Somebody of the customer says whether it works."""
        ticket = self._ticket("resolved")
        if ticket:
            who = self._of(ticket.customer_id)
            label = "It works" if self.chance.random() < 0.7 else "Still broken"
            self._clicks(who, label, f"resolution:{ticket.number}:{ticket.times_resolved}")

    def _edits(self) -> None:
        """Somebody changes, or takes back, what they wrote."""
        with self.db.reading() as session:
            theirs = select(Remark).where(~col(Remark.ts).startswith("out:"), col(Remark.author).startswith("person:"))
            remarks = session.exec(theirs.order_by(col(Remark.id).desc()).limit(30)).all()
        if remarks:
            remark = self.chance.choice(remarks)
            who, text = remark.author.removeprefix("person:"), f"{remark.text} and more"
            self._does(who, edit=text, ts=remark.ts, channel=remark.channel, wait=False)

    # how they do it

    def _does(self, who: str, **what: Any) -> dict[str, Any] | None:
        """What the workspace answered; None where the app did not take it, or there was nothing to click any more."""
        done = self.script.act(who, **{"wait": False, **what})
        self.refused += not done["ok"]
        return done if done["ok"] else None

    def _posts(self, who: str, channel: str, text: str, word: str, kind: str, **more: str) -> None:
        done = self.script.act(who, post=text, channel=channel, wait=False, **more)
        assert done["ok"], done
        self.said.append(Said(word, kind, sure=True))

    def _clicks(self, who: str, label: str, key: str) -> bool:
        card = self._card(key)
        if card is None or self._does(who, click=label, channel=card.channel, ts=card.ts) is None:
            return False
        self.clicks += 1
        return True

    def _fills(self, label: str, values: dict[str, str], *states: str) -> bool:
        """A form of a ticket's card, sent; False where it did not open, was refused, or was not taken."""
        ticket, who = self._ticket(*states), self.chance.choice(STAFF)
        if ticket is None or not self._clicks(who, label, f"card:{ticket.number}"):
            return False
        done = self._does(who, submit=values)
        if done is not None and not done["errors"] and not done["view"]:
            return True
        self.script.act(who, close=True, wait=False)
        return False

    def _in_thread(self, kind: str) -> None:
        ticket = self._ticket()
        if ticket is None:
            return
        receipt = self._card(f"receipt:{ticket.number}")
        thread = ticket.thread_ts or (receipt.ts if receipt else None)
        if thread is not None:
            word = self._word()
            who = self._of(ticket.customer_id) if kind == "writes" else self.chance.choice(STAFF)
            self._posts(who, ticket.channel, f"It is still so {word}", word, kind, thread=thread)

    # what they see

    def _word(self) -> str:
        self._number += 1
        return f"zq{self._number:06d}x"

    def _trouble(self) -> str:
        return f"{self.chance.choice(THINGS)} {self.chance.choice(FAULTS)}"

    def _of(self, customer: str) -> str:
        return self.chance.choice(next(each.people for each in self.town.customers if each.name == customer))

    def _ticket(self, *states: str) -> Ticket | None:
        """Any of the newest tickets, in any of these states where some are named."""
        with self.db.reading() as session:
            known = select(Ticket).order_by(col(Ticket.number).desc()).limit(LATEST)
            found = session.exec(known.where(col(Ticket.state).in_(states)) if states else known).all()
        return self.chance.choice(found) if found else None

    def _card(self, key: str) -> Card | None:
        with self.db.reading() as session:
            return session.get(Card, key)
