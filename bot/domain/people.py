"""Who is asking, and what may they do? One table, asked by every entry point.

Sources: interfaces (roles), channel handbook §2, customer operations §5.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowed, UnknownPerson
from bot.domain.ticket import SlackUser


class Role(StrEnum):
    """What a person is to the desk."""

    CUSTOMER = "customer"
    CUSTOMER_MANAGER = "customer_manager"
    ENGINEER = "engineer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    NOBODY = "nobody"


STAFF = frozenset({Role.ENGINEER, Role.MANAGER, Role.ADMINISTRATOR})
"""Our own people."""

LEADS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
"""Those of ours who decide over others' work."""

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
"""Those of ours who keep the directory."""

CUSTOMERS = frozenset({Role.CUSTOMER, Role.CUSTOMER_MANAGER})
"""A customer's people."""


class Action(StrEnum):
    """Everything that somebody can ask of the desk; the value completes the sentence "you cannot ..."."""

    OPEN = "open a ticket"
    SEE = "see tickets"
    WRITE = "write on a ticket"
    ADD_DETAILS = "add details to a ticket"
    CONFIRM = "confirm a resolution"
    REOPEN = "reopen a ticket"
    RATE = "say how it went"
    ASK_ESCALATION = "ask for an escalation"
    ACKNOWLEDGE = "acknowledge a page"
    CLAIM = "claim a ticket"
    REPLY = "reply to a customer"
    NOTE = "write an internal note"
    WORK = "work on a ticket"
    TRIAGE = "decline, merge or split a ticket"
    MARK = "mark a ticket"
    EXCUSE = "excuse a missed target"
    HAND_OVER = "hand a ticket over"
    BULK = "act on several tickets at once"
    CLOSE = "close a ticket without the customer's word"
    REGRADE = "change a severity"
    RESOLVE = "resolve a ticket"
    ESCALATE = "escalate a ticket"
    ESCALATE_ANY = "escalate to any level"
    SEE_ON_CALL = "see who is on call"
    OVERRIDE_ON_CALL = "override who is on call"
    DRILL = "start a paging drill"
    ADMINISTER = "change the directory"


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.OPEN: STAFF | CUSTOMERS,
    Action.SEE: STAFF | CUSTOMERS,
    Action.WRITE: STAFF | CUSTOMERS,
    Action.ADD_DETAILS: STAFF | CUSTOMERS,
    Action.CONFIRM: CUSTOMERS,
    Action.REOPEN: STAFF | CUSTOMERS,
    Action.RATE: CUSTOMERS,
    Action.ASK_ESCALATION: CUSTOMERS,
    Action.ACKNOWLEDGE: STAFF,
    Action.CLAIM: STAFF,
    Action.REPLY: STAFF,
    Action.NOTE: STAFF,
    Action.WORK: STAFF,
    Action.TRIAGE: STAFF,
    Action.MARK: STAFF,
    Action.EXCUSE: LEADS,
    Action.HAND_OVER: STAFF,
    Action.BULK: LEADS,
    Action.CLOSE: LEADS,
    Action.REGRADE: STAFF,
    Action.RESOLVE: STAFF,
    Action.ESCALATE: STAFF | {Role.CUSTOMER_MANAGER},
    Action.ESCALATE_ANY: LEADS,
    Action.SEE_ON_CALL: STAFF,
    Action.OVERRIDE_ON_CALL: LEADS,
    Action.DRILL: LEADS,
    Action.ADMINISTER: ADMINISTRATORS,
}
"""Who may do what. A customer manager's escalation acts at once; an engineer's raises one level."""

_NEEDED = {
    STAFF: "staff",
    LEADS: "leads",
    ADMINISTRATORS: "administrators",
    CUSTOMERS: "customers",
    STAFF | {Role.CUSTOMER_MANAGER}: "raisers",
}
"""Whom a refusal names, as its words call them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: `person` is their id in the directory, if it lists them, `customer` their organisation."""

    slack: SlackUser
    role: Role
    name: str
    person: str | None = None
    customer: str | None = None

    @property
    def label(self) -> str:
        """How the trail names them: `person:ana`, or `slack:T0ACME/U0DEE` for people the directory does not list."""
        return f"person:{self.person}" if self.person else f"slack:{self.slack.workspace}/{self.slack.user}"

    @property
    def is_staff(self) -> bool:
        """Whether this is one of our own people."""
        return self.role in STAFF


def may(role: Role, action: Action) -> bool:
    """Say whether a role may do an action at all."""
    return role in ALLOWED[action]


def check(actor: Actor, action: Action) -> None:
    """Let the actor pass, or raise NotAllowed with who could."""
    if may(actor.role, action):
        return
    if actor.role is Role.NOBODY:
        raise UnknownPerson(action=action.name.lower())
    raise NotAllowed(action=action.name.lower(), needed=_NEEDED[ALLOWED[action]])
