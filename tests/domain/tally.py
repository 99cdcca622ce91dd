"""How would a clerk keep the clocks of a ticket with a tally sheet, half hour by half hour?

The clerk never computes a due moment ahead: each half hour that is open and not paused gets a stroke, and a clock is
due when its strokes are enough. Regrades ask what the strokes so far would have meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.sla import (
    Acknowledged,
    Closed,
    CustomerWrote,
    Declined,
    Event,
    Merged,
    Opened,
    Paged,
    Regraded,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    StoodDown,
    Terms,
    TierChanged,
    Waiting,
    WorkStarted,
)

Fact = tuple[str, int, int, str, int | None, int | None, int | None, int]


@dataclass
class Count:
    """Strokes made by the hours of some terms, and how many are enough."""

    terms: Terms
    strokes: int
    enough: int


@dataclass
class Sheet:
    """All strokes of one clock, and the counts of which the first to be enough makes it due."""

    metric: str
    nth: int
    start: int
    strokes: int = 0
    counts: list[Count] = field(default_factory=list)
    due: int | None = None
    breached: int | None = None
    ended: int | None = None
    ending: str = ""
    later: list[tuple[Terms, int | None, bool]] = field(default_factory=list)

    def look(self, tick: int) -> None:
        """Before anything happens at `tick`: has the due moment come, or gone?"""
        if self.ended is not None:
            return
        if self.due is None and any(count.strokes >= count.enough for count in self.counts):
            self.due = tick
        if self.due is not None and self.due < tick and self.breached is None:
            self.breached = self.due

    def regrade(self, terms: Terms, target: int | None, *, anew: bool) -> None:
        if self.ended is not None:
            self.later.append((terms, target, anew))
        elif target is None:
            self.counts, self.due = [], None
        elif anew:
            self.counts, self.due = [Count(terms, 0, target)], None
        elif self.strokes >= target:
            self.counts.append(Count(terms, 0, target))
        else:
            self.counts, self.due = [Count(terms, self.strokes, target)], None

    def end(self, tick: int, ending: str) -> None:
        if self.ended is None:
            self.ended, self.ending = tick, ending

    def resume(self, tick: int) -> None:
        self.ended, self.ending = None, ""
        later, self.later = self.later, []
        for terms, target, anew in later:
            self.look(tick)
            self.regrade(terms, target, anew=anew)

    def state(self, *, paused: bool) -> str:
        if self.ending == "merged":
            return "merged"
        if self.breached is not None:
            return "breached" if self.ended is None else "missed"
        if self.ended is not None:
            return {"answered": "met", "unanswered": "closed_without_response"}.get(self.ending, self.ending)
        if not self.counts:
            return "cancelled"
        return "paused" if paused and self.metric == "resolution" else "running"


@dataclass
class Clerk:
    """Keeps all sheets of a ticket. `open_at` says whether a tier's hours are open in a half hour."""

    tick_of: Callable[[Event], int]
    open_at: Callable[[Terms, int], bool]
    sheets: list[Sheet] = field(default_factory=list)
    terms: Terms | None = None
    severity: str = ""
    reasons: set[str] = field(default_factory=set)
    chains: dict[str, Sheet] = field(default_factory=dict)
    over: bool = False

    def keep(self, events: Sequence[Event], until: int) -> list[Fact]:
        """What the sheets say at `until`, after everything that happened before or at it."""
        waiting = list(events)
        tick = self.tick_of(waiting[0])
        while True:
            self._look(tick)
            while waiting and self.tick_of(waiting[0]) == tick:
                self._look(tick)
                self._happen(tick, waiting.pop(0))
            if tick == until:
                return [self._fact(sheet) for sheet in self.sheets]
            self._stroke(tick)
            tick += 1

    def _look(self, tick: int) -> None:
        for sheet in self.sheets:
            sheet.look(tick)

    def _paused(self) -> bool:
        assert self.terms is not None
        return bool(self.reasons & self.terms.pauses)

    def _stroke(self, tick: int) -> None:
        assert self.terms is not None
        paused = self._paused()
        for sheet in self.sheets:
            if sheet.ended is None and not (paused and sheet.metric == "resolution"):
                elapsed = sheet.metric in {"worked", "acknowledge"}
                sheet.strokes += elapsed or self.open_at(self.terms, tick)
                for count in sheet.counts:
                    count.strokes += elapsed or self.open_at(count.terms, tick)

    def _fact(self, sheet: Sheet) -> Fact:
        state = sheet.state(paused=self._paused())
        due = sheet.due if sheet.ended is None else None
        return (sheet.metric, sheet.nth, sheet.start, state, due, sheet.breached, sheet.ended, sheet.strokes)

    def _target(self, metric: str) -> int | None:
        assert self.terms is not None
        target = self.terms.target(metric)
        return None if target is None else int(target.amount * 2)

    def _start(self, metric: str, tick: int) -> None:
        nth = 1 + sum(sheet.metric == metric for sheet in self.sheets)
        target = self._target(metric)
        assert self.terms is not None
        counts = [] if target is None else [Count(self.terms, 0, target)]
        self.sheets.append(Sheet(metric, nth, tick, counts=counts))

    def _on(self, *metrics: str) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.metric in metrics and sheet.ended is None]

    def _happen(self, tick: int, event: Event) -> None:  # noqa: C901, PLR0912 - one clerk reads every kind of note
        match event:
            case Opened(_, severity, terms):
                self.terms, self.severity = terms, severity
                self._start("first_response", tick)
                self._start("resolution", tick)
                self._mark(tick)
            case Regraded(_, severity, terms):
                self.terms = terms
                if severity != self.severity or terms.worked_for is None:
                    for sheet in self._on("worked"):
                        sheet.end(tick, "cancelled")
                self._change(anew=terms.regrade == "from_change")
                if severity != self.severity:
                    self._mark(tick)
                self.severity = severity
            case TierChanged(_, terms):
                self.terms = terms
                self._change(anew=False)
            case CustomerWrote():
                if not self.over and not self._on("first_response", "next_response"):
                    self._start("next_response", tick)
            case Replied():
                for sheet in self._on("first_response", "next_response", "worked"):
                    sheet.end(tick, "answered")
            case Paged(_, chain, within) if chain not in self.chains:
                nth = 1 + len(self.chains)
                counts = [Count(self._known_terms(), 0, int(within.total_seconds()) // 1800)]
                self.chains[chain] = Sheet("acknowledge", nth, tick, counts=counts)
                self.sheets.append(self.chains[chain])
            case Acknowledged(_, chain) | StoodDown(_, chain) if chain in self.chains:
                self.chains[chain].end(tick, "answered" if isinstance(event, Acknowledged) else "cancelled")
            case WorkStarted():
                for sheet in self._on("worked"):
                    sheet.end(tick, "answered")
            case Waiting(_, reason):
                self.reasons.add(reason)
            case Resumed(_, reason):
                self.reasons.discard(reason)
            case Resolved() | Closed() | Declined() | Merged():
                self._finish(tick, event)
            case Reopened(_, fresh) if self.over:
                self.over = False
                self.reasons.clear()
                if fresh:
                    self._start("resolution", tick)
                else:
                    [sheet for sheet in self.sheets if sheet.metric == "resolution"][-1].resume(tick)
                self._start("next_response", tick)
            case _:
                pass

    def _known_terms(self) -> Terms:
        assert self.terms is not None
        return self.terms

    def _mark(self, tick: int) -> None:
        if not self.over and self._target("worked") is not None:
            self._start("worked", tick)

    def _change(self, *, anew: bool) -> None:
        assert self.terms is not None
        for sheet in self.sheets:
            if sheet.metric != "acknowledge" and (sheet.ended is None or sheet.metric == "resolution"):
                sheet.regrade(self.terms, self._target(sheet.metric), anew=anew)

    def _finish(self, tick: int, event: Event) -> None:
        self.over = True
        endings = {Declined: "cancelled", Merged: "merged"}
        for sheet in self.sheets:
            usual = "answered" if sheet.metric == "resolution" else "unanswered"
            sheet.end(tick, endings.get(type(event), usual))
