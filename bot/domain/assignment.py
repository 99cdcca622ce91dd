"""Who gets which ticket, and why?

By skill, by who is there, and by how much everybody has already: one ticket at a time, the one that is due first.
The same tickets and people always give the same answer, whoever asks and in whatever order they stand.
Source: ledger LC-4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could get a ticket. `load` counts their open tickets of all customers.

    `at_work`: within their working hours; `on_call`: whom a level pages now. Whoever is away is neither.
    """

    id: str
    name: str
    skills: frozenset[str] = frozenset()
    load: int = 0
    at_work: bool = False
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket to be given to somebody. `needs` are skills of which one will do; `at_most` is the cap for its taker.

    `is_open`: its support hours are now, so that whoever is on call may be given it outside their own hours.
    `owner` is whose shift has ended, where it passes on from somebody.
    """

    number: int
    severity: str
    due_at: datetime | None
    at_most: int
    needs: frozenset[str] = frozenset()
    is_open: bool = True
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Who gets a ticket, and by which rule."""

    number: int
    to: str
    why: str
    before: str | None = None


def plan(jobs: Iterable[Job], people: Iterable[Candidate]) -> tuple[Given, ...]:
    """Give out what can be given out: the ticket that is due first, then the next, each taker counted at once.

    Nobody goes over a cap, and a ticket is left only where nobody who fits it has room.
    """
    standing = {each.id: each for each in people}
    given: list[Given] = []
    for job in sorted(jobs, key=_order):
        found = choose(job, [*standing.values()])
        if found is None:
            continue
        given.append(found)
        standing[found.to] = replace(standing[found.to], load=standing[found.to].load + 1)
    return tuple(given)


def choose(job: Job, people: Sequence[Candidate]) -> Given | None:
    """Choose who gets one ticket: of those who fit and have room, whoever has least.

    Of several with as little, tickets go round by their number: nobody is always the first.
    """
    fitting = [each for each in people if fits(job, each, people)]
    if not fitting:
        return None
    least = min(each.load for each in fitting)
    tied = sorted((each for each in fitting if each.load == least), key=lambda each: each.id)
    taker = tied[job.number % len(tied)]
    return Given(job.number, taker.id, _why(job, taker, len(fitting), people), before=job.owner)


def fits(job: Job, who: Candidate, people: Sequence[Candidate]) -> bool:
    """Say whether somebody may be given a ticket now: there, skilled for it, and with room for one more."""
    return (
        is_there(job, who)
        and who.id != job.owner
        and who.load < job.at_most
        and (not _asked_for(job, people) or bool(job.needs & who.skills))
    )


def is_there(job: Job, who: Candidate) -> bool:
    """Say whether somebody is there for a ticket: at work, or on call while the ticket has its support hours."""
    return who.at_work or (who.on_call and job.is_open)


def _asked_for(job: Job, people: Sequence[Candidate]) -> bool:
    """Whether skills count: a skill that nobody has at all keeps no ticket waiting for ever."""
    return any(job.needs & each.skills for each in people)


def _order(job: Job) -> tuple[bool, float, str, int]:
    """What is due first; then the more severe; then the older."""
    return (job.due_at is None, job.due_at.timestamp() if job.due_at else 0.0, job.severity, job.number)


def _why(job: Job, taker: Candidate, fitting: int, people: Sequence[Candidate]) -> str:
    reasons = []
    if job.needs and _asked_for(job, people):
        reasons.append(f"knows {' and '.join(sorted(job.needs & taker.skills))}")
    elif job.needs:
        reasons.append(f"nobody knows {' or '.join(sorted(job.needs))}")
    reasons.append("is at work" if taker.at_work else "is on call")
    reasons.append(f"had {taker.load} of at most {job.at_most} tickets" + (", the least" if fitting > 1 else ""))
    return ", ".join(reasons)
