"""What is a ticket, which states can it be in, and which moves between them are legal?

Sources: enterprise support §Support Ticketing System, service policy §Case Management (the states and their order).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import IllegalMove


class State(StrEnum):
    """Where a ticket stands. *Responded* means that a person of ours answered; *acknowledged* is said of pages only."""

    NEW = "new"
    RESPONDED = "responded"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"


OPEN_STATES = frozenset({State.NEW, State.RESPONDED, State.IN_PROGRESS, State.WAITING, State.RESOLVED})
"""States in which a ticket is not over: a resolved ticket is open until the customer confirms or stays silent."""

WORKED_STATES = OPEN_STATES - {State.RESOLVED}
"""States in which the ball can still be with us."""

MOVES: dict[State, frozenset[State]] = {
    State.NEW: frozenset(
        {State.RESPONDED, State.IN_PROGRESS, State.WAITING, State.RESOLVED, State.DECLINED, State.MERGED}
    ),
    State.RESPONDED: frozenset({State.IN_PROGRESS, State.WAITING, State.RESOLVED, State.DECLINED, State.MERGED}),
    State.IN_PROGRESS: frozenset({State.WAITING, State.RESOLVED, State.DECLINED, State.MERGED}),
    State.WAITING: frozenset(
        {State.RESPONDED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED, State.DECLINED, State.MERGED}
    ),
    State.RESOLVED: frozenset({State.CLOSED, State.IN_PROGRESS}),
    State.CLOSED: frozenset(),
    State.DECLINED: frozenset(),
    State.MERGED: frozenset(),
}
"""From each state, the states that may follow. Reopening is the move from resolved to in progress."""


def move(ticket_id: str, current: State, target: State) -> State:
    """Give the target state, or refuse a move that the lifecycle does not know.

    Raises IllegalMove, whose text names the ticket and both states.
    """
    if target not in MOVES[current]:
        raise IllegalMove(ticket=ticket_id, current=current, target=target)
    return target


def in_words(state: State, waits_for: Collection[str] = ()) -> str:
    """Say a state as people of ours say it: `in progress`, `waiting for customer`.

    `waits_for`: the handbook's reasons to wait that hold, such as `waiting_for_vendor`.
    """
    what = " and ".join(each.removeprefix("waiting_for_").replace("_", " ") for each in waits_for)
    return f"waiting for {what}" if state is State.WAITING and what else state.value.replace("_", " ")


class Severity(StrEnum):
    """The one axis of urgency; a handbook gives each its label and its aliases (P1, Critical, Urgent)."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class Source(StrEnum):
    """How a ticket came in. Source: ledger IN-1, IN-2."""

    COMMAND = "command"
    FORM = "form"
    SHORTCUT = "shortcut"
    REACTION = "reaction"
    MENTION = "mention"
    MESSAGE = "message"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A person as Slack knows them: the workspace and the user id, which only together are unique."""

    workspace: str
    user: str

    @property
    def mention(self) -> str:
        """The mrkdwn that Slack shows as this person's name."""
        return f"<@{self.user}>"


def queue_order(severity: Severity, next_due_at: datetime | None, number: int) -> tuple[str, bool, float, int]:
    """Give the sort key of the work queue: highest severity first, then nearest deadline, then oldest number.

    Source: service policy §Severity Level Definition (ledger SV-3).
    """
    return (severity.value, next_due_at is None, next_due_at.timestamp() if next_due_at else 0.0, number)
