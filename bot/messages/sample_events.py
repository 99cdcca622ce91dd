"""What does one event of every kind look like? For the check of the template that puts events into words."""

from datetime import UTC, datetime, timedelta

from bot.domain import events
from bot.domain.events import Event, Words
from bot.domain.mark import Mark
from bot.domain.ticket import Severity, Source

_DUE = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

EVENTS: tuple[Event, ...] = (
    events.Opened(
        written_at=_DUE, customer="acme", severity=Severity.SEV1, category="technical", source=Source.COMMAND,
        tier="enterprise", zone="UTC", handbook="0" * 64, summary=Words("Checkout is down"), requester="cy",
    ),
    events.CustomerWrote(message="1.0", text=Words("It is down")),
    events.Replied(message="1.0", text=Words("On it")),
    events.Noted(message="1.0", text=Words("Disk?")),
    events.Edited(message="1.0", text=Words("Disk!")),
    events.Deleted(message="1.0"),
    events.DetailsRead(message="1.0", fields_given=("environment",)),
    events.SplitOff(ticket="T-1044", messages=("1.0",)),
    events.SplitOff(ticket="T-1044", messages=("1.0", "2.0")),
    events.Continues(ticket="T-1040", how="split"),
    events.Continues(ticket="T-1040", how="written"),
    events.Rated(score=4, before=0, comment=Words("")),
    events.Rated(score=2, before=4, comment=Words("It came back")),
    events.DetailsAdded(fields_given=("logs", "impact"), text=Words("lines")),
    events.Regraded(before=Severity.SEV2, after=Severity.SEV1, reason=Words("All shops")),
    events.Assigned(owner="ana", before=None, why="is on call and has 2 of at most 8 tickets"),
    events.Assigned(owner="ana", before="bo", why="Bo is off"),
    events.LeakNoticed(where="reply", found=("words of an internal note",), asked=True),
    events.LeakNoticed(where="thread", found=("the name of another customer",), asked=False),
    events.NeverCame(kind="reply", why="is_archived", message="7"),
    events.Closed(how="support"),
    events.Claimed(owner="ana", before=None),
    events.Claimed(owner="ana", before="bo"),
    events.WorkStarted(),
    events.WaitingStarted(reason="waiting_for_customer"),
    events.WaitingEnded(reason="waiting_for_customer"),
    events.Escalated(escalation="e1", level=2, before=1, trigger="manual", reason=Words("Now")),
    events.Escalated(escalation="e1", level=9, before=None, trigger="manual", reason=Words("")),
    events.EscalationAsked(reason=Words("Now")),
    events.EscalationAsked(reason=Words("")),
    events.Paged(escalation="e1", level=2, attempt=1, round=2, people=("ana", "bo")),
    events.LevelSkipped(escalation="e1", level=2, why="nobody is on call"),
    events.LevelSkipped(escalation="e1", level=1, why="nobody is on call", duty="VP operations"),
    events.Exhausted(escalation="e1", round=1),
    events.Acknowledged(escalation="e1", level=2, after_for=timedelta(minutes=12)),
    events.PageDeclined(escalation="e1", level=2),
    events.StoodDown(escalation="e1", why="it was resolved"),
    events.Released(before="bo"),
    events.Released(before="bo", left=True),
    events.Snoozed(until=_DUE, reason=Words("The vendor looks at it")),
    events.UpdateAsked(due_at=_DUE),
    events.UpdateWritten(text=Words("The disk is full\nWe empty it")),
    events.UpdatePosted(due_at=_DUE, nth=1, written=False, missed=2),
    events.UpdatePosted(due_at=_DUE, nth=1, written=True),
    events.Resolved(root_cause=Words("A full disk"), workaround=Words(""), prevention=Words("An alert")),
    events.Reopened(),
    events.Closed(how="confirmed"),
    events.Closed(how="silence"),
    events.Breached(metric="first_response", nth=1, due_at=_DUE),
    events.Warned(metric="first_response", nth=1, due_at=_DUE),
    events.Declined(reason=Words("It is a question of billing")),
    events.Merged(into="T-1040", reason=Words("The same outage")),
    events.Absorbed(ticket="T-1043", starts={"resolution": _DUE}),
    events.Rebased(before="0" * 64, handbook="1" * 64),
    events.Retiered(before="premium", tier="enterprise", zone_before="UTC", zone="UTC"),
    events.Retiered(before="premium", tier="premium", zone_before="UTC", zone="Europe/Lisbon"),
    events.AnalysisAsked(breaches=("first_response:1",), people=("ana",)),
    events.BreachAnalysed(
        breaches=("first_response:1",), owner="ana", until="2026-03-09", cause=Words("Nobody looked"),
        action=Words("An alarm"),
    ),
    events.Marked(mark=Mark.SECURITY, reason=Words("Somebody else's data shows")),
    events.Unmarked(mark=Mark.SECURITY, reason=Words("It was their own")),
    events.CustomerContacted(
        contacts="technical", people=("cy",), media=("mailto",), called=True, said=Words("Your router does not answer")
    ),
    events.CustomerContacted(contacts="escalation", people=(), media=(), called=False, said=Words("")),
    events.Linked(incident="I-3"),
    events.Unlinked(incident="I-3"),
    events.ChannelOpened(name="inc-t-1042-1f3a"),
    events.ChannelArchived(name="inc-t-1042-1f3a"),
    events.Excused(metric="first_response", nth=1, reason=Words("The customer's own line was cut")),
)  # fmt: skip
