"""Which clocks has a ticket, and how do they stand, by its log alone?

A pure fold: the same events give the same clocks, on any machine, at any time, with or without a scheduler (R6).
Rules R4 to R14 and R17, with these readings of them:

- A next-response clock starts with the customer's first unanswered words after the first response clock has ended. It
  never pauses either: to set a ticket to waiting is no answer.
- Resolved ends resolution for the time being; a reopening takes the same clock up again, and what was changed while it
  was resolved takes effect at the reopening.
- A reply that Slack never takes has ended its clocks all the same, as one that its author removed has: what has ended
  stays so (R7), and the log says what became of it.
- A change of tier is protected as a regrade is: nobody is breached by a click.
- The two-hour rule asks for an act after the marking: a ticket that was in progress already still needs a reply.
- A severity without a target cancels the clock for as long as it lasts; an earlier breach stays.
- Each chain of pages has an acknowledge clock from its first page on. A regrade does not move it, a reply does not end
  it, and pages that are called off cancel it. To miss it calls the next level, so that it is no breach of a promise.
- A level that a severity alone engaged owes nothing more where a regrade calls its pages off.
- A merged clock keeps its breach beside its state, which is neither met nor missed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.life import Life
from bot.domain.sla import Clock, Event, Metric

__all__ = ["Life", "clocks", "restated"]


def clocks(events: Iterable[Event], *, now: datetime | None = None) -> tuple[Clock, ...]:
    """The clocks of a ticket in the order in which they started, as they stand at `now`, never before the last event.

    Events count in the order of their moments. Raises ValueError where the log does not begin with the opening.
    """
    life = Life()
    for event in sorted(events, key=lambda each: each.at):
        life.append(event)
    return life.clocks(now=now)


def restated(events: Iterable[Event], recorded: Iterable[Clock]) -> tuple[Clock, ...]:
    """Those of the recorded clocks that had ended and that the log tells differently: none, where all is right (R7).

    An excuse may come later (R8), and a reopening takes resolution up again (R13); neither counts as a difference.
    """
    told = {(clock.metric, clock.nth): clock for clock in clocks(events)}
    differing = []
    for clock in recorded:
        now_told = told.get((clock.metric, clock.nth))
        resumed = now_told is not None and now_told.ended_at != clock.ended_at and clock.metric == Metric.RESOLUTION
        if clock.ended_at is None or resumed:
            continue
        if now_told is None or replace(now_told, excused=clock.excused) != clock:
            differing.append(clock)
    return tuple(differing)
