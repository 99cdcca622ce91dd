"""What does each event of a ticket do to its clocks?"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.counting import Pause
from bot.domain.running import Ending, Running
from bot.domain.sla import (
    ACKNOWLEDGE,
    Absorbed,
    Acknowledged,
    Clock,
    Closed,
    CustomerWrote,
    Declined,
    Engaged,
    Event,
    Excused,
    Merged,
    Metric,
    Opened,
    Paged,
    Regraded,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    StoodDown,
    TakenOut,
    Terms,
    TierChanged,
    Waiting,
    WorkStarted,
    level_metric,
)
from bot.domain.target import elapsed


@dataclass(slots=True)
class Life:
    """The clocks of one ticket, built up event by event in the order of their moments."""

    severity: str = ""
    terms: Terms | None = None
    running: list[Running] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    pauses: list[Pause] = field(default_factory=list)
    chains: dict[str, Running] = field(default_factory=dict)
    over: bool = False
    at: datetime | None = None

    def append(self, event: Event) -> None:
        """Let one more event take effect. Raises ValueError before the opening and for a second one."""
        if (self.terms is None) is not isinstance(event, Opened):
            raise ValueError("the log of a ticket begins with its opening, and has only one")
        self.at = event.at
        for clock in self.running:
            clock.settle(event.at)
        self._change_terms(event)
        self._answer(event)
        self._page(event)
        self._keep(event)
        self._finish(event)
        self._keep_pauses(event.at)

    def clocks(self, *, now: datetime | None = None) -> tuple[Clock, ...]:
        """The clocks that had a target at any time, as they stand at `now`, never before the last event."""
        at = max(filter(None, (now, self.at)), default=None)
        if at is None:
            return ()
        return tuple(clock.read(at) for clock in self.running if clock.promised)

    def latest(self, metric: str) -> Running | None:
        """The clock of that metric that started last."""
        return next((clock for clock in reversed(self.running) if clock.metric == metric), None)

    def _change_terms(self, event: Event) -> None:
        match event:
            case Opened(at, severity, terms):
                self.severity, self.terms = severity, terms
                self._start(Metric.FIRST_RESPONSE, at)
                self._start(Metric.RESOLUTION, at)
                self._mark(at, terms)
            case Regraded(at, severity, terms):
                marked = severity != self.severity
                self.severity, self.terms = severity, terms
                self._change_clocks(at, terms, new_era=False, remark=marked)
            case TierChanged(at, terms):
                before, self.terms = self.terms, terms
                self._change_clocks(at, terms, new_era=True, remark=before is None or before.worked_for is None)
            case Engaged(at, level, terms):
                metric = level_metric(level)
                promised = terms.of(metric)
                if not self.over and not self._is_open(metric) and promised.target(metric):
                    self._start(metric, at, promised)
            case _:
                pass

    def _answer(self, event: Event) -> None:
        match event:
            case CustomerWrote(at):
                owed = self._is_open(Metric.FIRST_RESPONSE) or self._is_open(Metric.NEXT_RESPONSE)
                if not self.over and not owed:
                    self._start(Metric.NEXT_RESPONSE, at)
            case Replied(at):
                for clock in self.running:
                    if clock.metric not in {Metric.RESOLUTION, ACKNOWLEDGE}:
                        clock.end(at, Ending.ANSWERED)
            case WorkStarted(at):
                self._end(Metric.WORKED, at, Ending.ANSWERED)
            case TakenOut(at):
                self._end(Metric.NEXT_RESPONSE, at, Ending.CANCELLED)
            case _:
                pass

    def _page(self, event: Event) -> None:
        """Each chain of pages has a clock of its own, and only its own end ends it."""
        match event:
            case Paged(at, chain, within) if chain not in self.chains and self.terms is not None:
                self._start(ACKNOWLEDGE, at, replace(self.terms, targets={ACKNOWLEDGE: elapsed(within)}, warn={}))
                self.chains[chain] = self.running[-1]
            case Acknowledged(at, chain) if chain in self.chains:
                self.chains[chain].end(at, Ending.ANSWERED)
            case StoodDown(at, chain, levels):
                for level in levels:
                    self._end(level_metric(level), at, Ending.CANCELLED)
                if chain in self.chains:
                    self.chains[chain].end(at, Ending.CANCELLED)
            case _:
                pass

    def _keep(self, event: Event) -> None:
        match event:
            case Waiting(_, reason):
                self.waiting.add(reason)
            case Resumed(_, reason):
                self.waiting.discard(reason)
            case Absorbed(at, starts):
                for clock in self.running:
                    if clock.metric in starts and clock.metric != ACKNOWLEDGE:
                        clock.start_earlier(at, starts[clock.metric])
            case Excused():
                self._excuse(event)
            case _:
                pass

    def _finish(self, event: Event) -> None:
        match event:
            case Resolved(at) | Closed(at):
                self._end(Metric.RESOLUTION, at, Ending.ANSWERED)
                self._end_all(at, Ending.UNANSWERED)
            case Declined(at):
                self._end_all(at, Ending.CANCELLED)
            case Merged(at):
                self._end_all(at, Ending.MERGED)
            case Reopened(at, fresh) if self.over:
                self._reopen(at, fresh=fresh)
            case _:
                pass

    def _reopen(self, at: datetime, *, fresh: bool) -> None:
        self.over = False
        self.waiting.clear()
        self._keep_pauses(at)
        resolution = self.latest(Metric.RESOLUTION)
        if fresh or resolution is None:
            self._start(Metric.RESOLUTION, at)
        else:
            resolution.resume(at)
        self._start(Metric.NEXT_RESPONSE, at)

    def _change_clocks(self, at: datetime, terms: Terms, *, new_era: bool, remark: bool) -> None:
        for clock in self.running:
            if clock.metric == ACKNOWLEDGE:
                # A page waits for as long as it was sent to wait.
                continue
            if clock.metric == Metric.WORKED and (terms.worked_for is None or remark):
                clock.end(at, Ending.CANCELLED)
            elif clock.is_open or clock.metric == Metric.RESOLUTION:
                clock.change(at, self.severity, terms.of(clock.metric), new_era=new_era)
        if remark:
            self._mark(at, terms)

    def _mark(self, at: datetime, terms: Terms) -> None:
        """The two-hour rule alone starts at the marking (R10)."""
        if not self.over and terms.worked_for is not None and not self._is_open(Metric.WORKED):
            self._start(Metric.WORKED, at)

    def _start(self, metric: str, at: datetime, terms: Terms | None = None) -> None:
        promised = terms or self.terms
        if promised is not None:
            nth = 1 + sum(clock.metric == metric for clock in self.running)
            self.running.append(Running(metric, nth, self.severity, at, promised, self.pauses))

    def _is_open(self, metric: str) -> bool:
        return any(clock.metric == metric and clock.is_open for clock in self.running)

    def _end(self, metric: str, at: datetime, ending: Ending) -> None:
        for clock in self.running:
            if clock.metric == metric:
                clock.end(at, ending)

    def _end_all(self, at: datetime, ending: Ending) -> None:
        self.over = True
        for clock in self.running:
            clock.end(at, ending)

    def _excuse(self, event: Excused) -> None:
        mine = [clock for clock in reversed(self.running) if clock.metric == event.metric]
        breached = [clock for clock in mine if clock.breached_at is not None]
        for clock in (breached or mine)[:1]:
            clock.excused = event

    def _keep_pauses(self, at: datetime) -> None:
        """Time spent resolved is a pause (R13), and so is each reason that the terms of the day list (R9)."""
        listed = self.terms.pauses if self.terms else frozenset()
        paused = self.over or bool(self.waiting & listed)
        last = self.pauses[-1] if self.pauses else None
        lasts = last is not None and last.ends_at is None
        if paused and not lasts:
            self.pauses.append(Pause(at))
        elif last is not None and lasts and not paused:
            self.pauses.pop()
            if last.begins_at < at:
                self.pauses.append(Pause(last.begins_at, at))
