"""What happened to a ticket? Each event becomes one row of the timeline, and a decision who hears of it.

Fields hold facts. What people wrote is typed `Words`: the trail keeps only its salted digest, so that a person's words
can be erased and the proof stays (see store/trail.py).
"""

from bot.domain.events.clocks import AnalysisAsked, BreachAnalysed, Breached, Excused, Warned
from bot.domain.events.conversation import CustomerWrote, Deleted, DetailsAdded, Edited, LeakNoticed, Noted, Replied
from bot.domain.events.course import (
    Absorbed,
    Assigned,
    Claimed,
    Closed,
    Declined,
    Merged,
    Opened,
    Rebased,
    Regraded,
    Reopened,
    Resolved,
    WaitingEnded,
    WaitingStarted,
    WorkStarted,
)
from bot.domain.events.paging import (
    Acknowledged,
    Escalated,
    EscalationAsked,
    Exhausted,
    LevelSkipped,
    Paged,
    Retiered,
    PageDeclined,
    Released,
    Snoozed,
    StoodDown,
)
from bot.domain.events.updates import UpdateAsked, UpdatePosted, UpdateWritten
from bot.domain.events.words import Words

Event = (
    Opened
    | CustomerWrote
    | Replied
    | Noted
    | Edited
    | Deleted
    | DetailsAdded
    | LeakNoticed
    | Regraded
    | Claimed
    | Assigned
    | WorkStarted
    | WaitingStarted
    | WaitingEnded
    | Escalated
    | EscalationAsked
    | Paged
    | LevelSkipped
    | Exhausted
    | Acknowledged
    | PageDeclined
    | Released
    | Snoozed
    | StoodDown
    | UpdateAsked
    | UpdateWritten
    | UpdatePosted
    | Resolved
    | Reopened
    | Closed
    | Declined
    | Merged
    | Absorbed
    | Rebased
    | Breached
    | Warned
    | AnalysisAsked
    | BreachAnalysed
    | Excused
)

__all__ = [
    "Absorbed",
    "Acknowledged",
    "AnalysisAsked",
    "Assigned",
    "BreachAnalysed",
    "Breached",
    "Claimed",
    "Closed",
    | Retiered
    "CustomerWrote",
    "Declined",
    "Deleted",
    "DetailsAdded",
    "Edited",
    "Escalated",
    "EscalationAsked",
    "Event",
    "Excused",
    "Exhausted",
    "LeakNoticed",
    "LevelSkipped",
    "Merged",
    "Noted",
    "Opened",
    "PageDeclined",
    "Paged",
    "Rebased",
    "Regraded",
    "Released",
    "Reopened",
    "Replied",
    "Resolved",
    "Snoozed",
    "StoodDown",
    "UpdateAsked",
    "UpdatePosted",
    "UpdateWritten",
    "WaitingEnded",
    "WaitingStarted",
    "Warned",
    "Words",
    "WorkStarted",
]
    "Retiered",
