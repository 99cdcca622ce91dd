"""What happened to a ticket? Each event becomes one row of the timeline, and a decision who hears of it.

Fields hold facts. What people wrote is typed `Words`: the trail keeps only its salted digest, so that a person's words
can be erased and the proof stays (see store/trail.py).
"""

from bot.domain.events.clocks import AnalysisAsked, BreachAnalysed, Breached, Excused, Warned
from bot.domain.events.conversation import (
    Continues,
    CustomerWrote,
    Deleted,
    DetailsAdded,
    DetailsRead,
    Edited,
    LeakNoticed,
    NeverCame,
    Noted,
    Replied,
    SplitOff,
)
from bot.domain.events.course import (
    Absorbed,
    Assigned,
    Claimed,
    Closed,
    Declined,
    Merged,
    Opened,
    Rated,
    Rebased,
    Regraded,
    Reopened,
    Resolved,
    Retiered,
    WaitingEnded,
    WaitingStarted,
    WorkStarted,
)
from bot.domain.events.incidents import ChannelArchived, ChannelOpened, Linked, Unlinked
from bot.domain.events.marks import CustomerContacted, Marked, Unmarked
from bot.domain.events.paging import (
    Acknowledged,
    Escalated,
    EscalationAsked,
    Exhausted,
    LevelSkipped,
    Paged,
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
    | DetailsRead
    | SplitOff
    | Continues
    | Rated
    | LeakNoticed
    | NeverCame
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
    | Retiered
    | Breached
    | Warned
    | AnalysisAsked
    | BreachAnalysed
    | Excused
    | Linked
    | Unlinked
    | ChannelOpened
    | ChannelArchived
    | Marked
    | Unmarked
    | CustomerContacted
)

__all__ = [
    "Absorbed",
    "Acknowledged",
    "AnalysisAsked",
    "Assigned",
    "BreachAnalysed",
    "Breached",
    "ChannelArchived",
    "ChannelOpened",
    "Claimed",
    "Closed",
    "Continues",
    "CustomerContacted",
    "CustomerWrote",
    "Declined",
    "Deleted",
    "DetailsAdded",
    "DetailsRead",
    "Edited",
    "Escalated",
    "EscalationAsked",
    "Event",
    "Excused",
    "Exhausted",
    "LeakNoticed",
    "LevelSkipped",
    "Linked",
    "Marked",
    "Merged",
    "NeverCame",
    "Noted",
    "Opened",
    "PageDeclined",
    "Paged",
    "Rated",
    "Rebased",
    "Regraded",
    "Released",
    "Reopened",
    "Replied",
    "Resolved",
    "Retiered",
    "Snoozed",
    "SplitOff",
    "StoodDown",
    "Unlinked",
    "Unmarked",
    "UpdateAsked",
    "UpdatePosted",
    "UpdateWritten",
    "WaitingEnded",
    "WaitingStarted",
    "Warned",
    "Words",
    "WorkStarted",
]
