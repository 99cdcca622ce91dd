"""Which facts does a message need? Services fill these values; templates read nothing else.

`CustomerTicket` and `StaffTicket` are unrelated on purpose: what is internal has no way into a customer's message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ticket import OPEN_STATES, WORKED_STATES, Severity, State, in_words
from bot.messages.words import Mrkdwn


def graded(severity: Severity, label: str) -> str:
    """Say a severity with its handbook's label: `Sev 1 (Critical)`; a label that says the number stands alone."""
    number = severity.value.removeprefix("sev")
    plain = f"Sev {number}"
    return label if number in label and len(label) > 2 else f"{plain} ({label})" if label else plain


def _standing(state: State, merged_into: str, waits_for: tuple[str, ...] = ()) -> str:
    said = in_words(state, waits_for)
    return f"{said} into {merged_into}" if merged_into else said


@dataclass(frozen=True, slots=True)
class CustomerTicket:
    """What a customer may know of its own ticket. `zone` is the IANA name in which its people read times."""

    id: str
    summary: str
    severity: Severity
    severity_label: str
    state: State
    zone: str
    opened_at: datetime
    handled_by: str | None = None
    """The name of the person of ours who has it, if somebody has."""
    merged_into: str = ""
    """The ticket that goes on in its place."""

    @property
    def grade(self) -> str:
        """The severity with its label."""
        return graded(self.severity, self.severity_label)

    @property
    def stands(self) -> str:
        """The state in words, from the customer's side."""
        return "waiting for you" if self.state is State.WAITING else _standing(self.state, self.merged_into)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in OPEN_STATES

    @property
    def is_worked(self) -> bool:
        """Whether the ball can still be with us."""
        return self.state in WORKED_STATES


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock on a card: `metric` in words (`first response`), `state` as the clock says it."""

    metric: str
    due_at: datetime | None
    state: str = "running"


@dataclass(frozen=True, slots=True)
class StaffTicket:
    """What our own people see of a ticket. `clock` is the one that runs out next."""

    id: str
    summary: str
    severity: Severity
    severity_label: str
    state: State
    customer: str
    tier: str
    opened_at: datetime
    requester: str
    owner: str | None = None
    owner_key: str = ""
    """Whom the directory knows its owner as."""
    given_because: str = ""
    """By which rule the desk gave it to its owner, where it did."""
    clock: ClockView | None = None
    next_update_at: datetime | None = None
    """When the customer hears next, where no clock is running."""
    category: str = ""
    level: int | None = None
    level_name: str = ""
    paging: str = ""
    """What is happening with its pages, in one sentence, if anything."""
    missing: tuple[str, ...] = ()
    """Labels of required fields that nobody filled in yet."""
    account_manager: str | None = None
    missed: bool = False
    """Whether a target was missed that nobody has excused."""
    marks: tuple[str, ...] = ()
    """What people of ours marked on it, in words."""
    suggested_marks: tuple[str, ...] = ()
    """Marks that the customer's words suggest and nobody has set, in words."""
    playbook: str = ""
    """By which queue and playbook it goes, in the handbook's words."""
    incident: str = ""
    """The incident that it belongs to: `I-3`."""
    alike: str = ""
    """The ticket that it looks like, while nobody has decided on it."""
    channel: bool = False
    """Whether it has an incident channel."""
    link: str | None = None
    """The address of the customer's message."""
    waits_for: tuple[str, ...] = ()
    """The handbook's reasons to wait that hold: `waiting_for_vendor`."""
    merged_into: str = ""
    """The ticket that goes on in its place."""

    @property
    def grade(self) -> str:
        """The severity with its label."""
        return graded(self.severity, self.severity_label)

    @property
    def stands(self) -> str:
        """The state in words."""
        return _standing(self.state, self.merged_into, self.waits_for)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in OPEN_STATES

    @property
    def is_worked(self) -> bool:
        """Whether the ball can still be with us."""
        return self.state in WORKED_STATES


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody by role and name: `technical account manager`, `Mei Tan`."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Weblink:
    """A link with its label; only http and https become links."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """A required field that is missing: its label and how the handbook asks for it."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class RatingView:
    """Whether a customer is asked how it went: `by` is who answered already. The score is not for the channel."""

    by: str = ""


class StepKind(StrEnum):
    """What a customer may hear of the work on its ticket."""

    CLAIMED = "claimed"
    ACKNOWLEDGED = "acknowledged"
    WORK_STARTED = "work_started"
    REPLIED = "replied"
    ESCALATED = "escalated"
    REGRADED = "regraded"
    WAITING = "waiting"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened since the last update; `what` is a level's name, a severity or a duty, never a note."""

    kind: StepKind
    at: datetime
    who: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the nth update has to tell. Empty words mean that nobody wrote them; then the truth is said as it stands."""

    nth: int
    due_at: datetime
    known: str = ""
    done: str = ""
    next: str = ""
    eta: str = ""
    workaround: str = ""
    author: str | None = None
    steps: tuple[Step, ...] = ()
    paging_since: datetime | None = None
    """Since when people are being paged without an acknowledgement."""
    waiting_for: str = ""
    """What we need from the customer, in the handbook's words."""
    resolved_at: datetime | None = None
    closes_at: datetime | None = None
    last_at: datetime | None = None
    """When the update before this one was posted."""
    late_for: timedelta | None = None
    missed: int = 0
    next_at: datetime | None = None

    @property
    def is_written(self) -> bool:
        """Whether a person wrote any words for it."""
        return any((self.known, self.done, self.next, self.eta, self.workaround))


class PageState(StrEnum):
    """Where a page stands."""

    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    PASSED = "passed"
    STOOD_DOWN = "stood_down"


@dataclass(frozen=True, slots=True)
class PageView:
    """One page to one person: why, from which level, whom else, who comes next, and how it ended."""

    id: str
    why: str
    level: int
    level_name: str
    attempt: int = 1
    attempts: int = 1
    round: int = 1
    also_paged: tuple[str, ...] = ()
    next_level: str = ""
    """The name of the level that is paged next; empty when this level is paged again."""
    next_at: datetime | None = None
    reason: str = ""
    """What a person wrote as the reason to escalate."""
    duty: str = ""
    """The duty that this page calls for, such as `incident commander`."""
    state: PageState = PageState.PAGING
    by: str = ""
    still_paged: bool = False
    """Whether people are paged for the same ticket on its other chains."""
    still_asks: tuple[str, ...] = ()
    """As what else whoever acknowledged it is paged for the same ticket, such as `level 1`."""
    at: datetime | None = None
    after_for: timedelta | None = None
    hurried: bool = False
    """Whether it ended before its time was up, because somebody passed it on or raised the ticket."""
    ended_because: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of on-call by its mark: who, from when to when, and in which rotation how; an absence has none."""

    mark: str
    name: str
    starts_at: datetime
    ends_at: datetime
    rotation: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select: its value, its label and what it means."""

    key: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class LevelOnCall:
    """Whom a level pages now, and who takes over when. `who` empty means nobody."""

    number: int
    name: str
    who: tuple[str, ...]
    until: datetime | None = None
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history for our own people: when, and what, as `staff.happened` says it."""

    at: datetime
    what: Mrkdwn


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One of a customer's tickets in its list: when its next update comes, and which details it still lacks."""

    ticket: CustomerTicket
    next_at: datetime | None = None
    missing: tuple[str, ...] = ()
