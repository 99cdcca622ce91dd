"""How does one use case become one transaction, once, however often Slack repeats the request?

`Desk.perform` takes the delivery's key, the effect and the answer into one commit: a repeat finds the key and gets the
first answer. `Desk.accept` keeps an event for the intake loop. Nothing is sent here; what others see is an outbox row.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.domain.handbook import Handbook
from bot.domain.keeping import Keeping
from bot.domain.message import Block
from bot.domain.people import Actor
from bot.domain.signed_link import Links
from bot.handbook.loader import Loaded
from bot.messages.render import Catalog
from bot.messages.sentences import worded
from bot.services import tracing
from bot.services.handbooks import Handbooks
from bot.services.seal_key import SealKey
from bot.store import inbox, people
from bot.store.database import Database
from bot.store.people import KnownCustomer
from bot.store.tables import Ticket

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of Slack's: the key under which it takes effect once, what it is, and what it brought."""

    key: str
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


def message_key(channel: str, ts: str, change: str = "") -> str:
    """The key of a message's delivery, or of what became of it: `change` is the edit's time, or `deleted`."""
    return f"message:{channel}:{ts}:{change}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person who asked gets to see at once: a text only for them, or a form to fill in."""

    text: str = ""
    ticket: str | None = None
    view: dict[str, Any] | None = None
    blocks: tuple[Block, ...] = ()
    """The same as `text` with buttons, where there are some; a repeated request gets the text."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a use case works with; built once by the composition root."""

    db: Database
    handbooks: Handbooks
    catalog: Catalog
    token: Callable[[], str]
    bot_user: str
    workspace: str
    home_url: str = ""
    """Where people find the workspace, `https://acme.slack.com/`; without it nothing links into it."""
    links: Links | None = None
    """Writes signed links for pages outside Slack, where the desk has an address and a key."""
    seal_key: SealKey | None = None
    """Signs the record's seals, where the desk has a secret."""
    keeping: Keeping = field(default_factory=Keeping)

    @tracing.apart
    def perform(
        self,
        delivery: Delivery,
        use_case: Callable[Concatenate["Work", P], Answer],
        /,
        *arguments: P.args,
        **named: P.kwargs,
    ) -> Answer:
        """Do a use case and remember its delivery in one transaction.

        A delivery that was done before changes nothing and gets the first answer. Raises what the use case raises
        (Refused above all), with nothing changed.
        """
        now = named["now"]
        assert isinstance(now, datetime)  # noqa: S101 - every use case takes `now`
        tracing.about(delivery=delivery.key)

        def once(session: Session) -> Answer:
            repeat = inbox.claim_key(session, key=delivery.key, kind=delivery.kind, body=dict(delivery.body), now=now)
            if repeat is not None:
                return Answer(text=repeat.answer or "")
            answer = use_case(Work(self, session), *arguments, **named)
            inbox.set_answer(session, delivery.key, answer.text)
            return answer

        with self._in_words():
            return self.db.transact(once)

    def do(
        self, use_case: Callable[Concatenate["Work", P], Answer], /, *arguments: P.args, **named: P.kwargs
    ) -> Answer:
        """Do a use case of our own (a tick, the command line) in one transaction."""
        with self._in_words():
            return self.db.transact(lambda session: use_case(Work(self, session), *arguments, **named))

    def ask(
        self, use_case: Callable[Concatenate["Work", P], Answer], /, *arguments: P.args, **named: P.kwargs
    ) -> Answer:
        """Answer a question that changes nothing."""
        with self._in_words(), self.db.reading() as session:
            return use_case(Work(self, session), *arguments, **named)

    @tracing.apart
    def accept(self, delivery: Delivery, *, now: datetime) -> bool:
        """Keep an event for the intake loop; False where it was kept before."""
        tracing.about(delivery=delivery.key)
        with self.db.transaction() as session:
            return inbox.accept(session, key=delivery.key, kind=delivery.kind, body=dict(delivery.body), now=now)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Let no refusal leave the desk without its sentence."""
        try:
            yield
        except Refused as refusal:
            worded(self.catalog, refusal)
            raise


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction's work: the desk and the open session."""

    desk: Desk
    session: Session

    def __post_init__(self) -> None:
        self.desk.handbooks.follow(self.session)

    def handbook(self, ticket: Ticket) -> Handbook:
        """The handbook that the ticket pinned."""
        return self.desk.handbooks.pinned(self.session, ticket.handbook)

    def handbook_of(self, customer: KnownCustomer | None) -> Loaded:
        """The handbook that a new ticket of this customer pins: its own, else the default."""
        books = self.desk.handbooks
        return books.named(self.session, customer.handbook) if customer and customer.handbook else books.default

    def catalog(self, ticket: Ticket) -> Catalog:
        """The words in which the ticket's customer is written to."""
        found = people.customer(self.session, ticket.customer_id)
        return self.desk.catalog.into(found.language if found else None)

    def words_for(self, actor: Actor) -> Catalog:
        """The words in which somebody is answered: a customer's people in its language."""
        return self.words_of(actor.customer)

    def words_of(self, customer: str | None) -> Catalog:
        """The words in which a customer is written to, by its id; the desk's own where there is none."""
        found = people.customer(self.session, customer) if customer else None
        return self.desk.catalog.into(found.language if found else None)

    def new_id(self) -> str:
        """A fresh opaque id."""
        return self.desk.token()
