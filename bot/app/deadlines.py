"""How does the command line ask for a deadline, from hours in words or from a handbook?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain import deadline
from bot.domain.cadence import EachBusinessDay
from bot.domain.handbook_words import Rhythm
from bot.domain.sla import ACKNOWLEDGE, Metric
from bot.domain.target import elapsed
from bot.domain.terms import terms_of
from bot.handbook.loader import load
from bot.handbook.public_holidays import holiday_dates

ZONE = "America/New_York"
"""The customer's zone where the command line names none (interfaces, `bot deadline`)."""

UPDATE = "update"


def by_hours(
    *,
    at: str,
    target: str,
    hours: str,
    zone: str,
    holidays: str | None,
    closed: Iterable[str],
    open_on: Iterable[str],
    pauses: Iterable[str],
) -> deadline.Answer:
    """Answer from hours and a target in words. Raises ValueError that names the wrong option."""
    off: dict[date, str] = {}
    if holidays:
        years = deadline.holiday_years(at)
        off = holiday_dates(tuple(place.strip() for place in holidays.split(",")), years[0], years[-1])
    return deadline.answer(
        at=at, target=target, hours=hours, zone=zone, holidays=off, closed=closed, open_on=open_on, pauses=pauses
    )


def by_handbook(
    *, at: str, handbook: str, tier: str | None, severity: str, metric: str, zone: str | None, pauses: Iterable[str]
) -> deadline.Answer:
    """Answer from a handbook's promise to a tier. Raises ValueError or HandbookError that says what is known."""
    book = load(handbook).handbook
    if tier is None and len(book.tiers) > 1:
        raise ValueError(f"--tier: {book.name} has several: {', '.join(book.tiers)}")
    tier = tier or next(iter(book.tiers))
    if tier not in book.tiers:
        raise ValueError(f"--tier: {book.name} has no tier {tier!r}; it has: {', '.join(book.tiers)}")
    key = book.severity(severity)
    if key is None:
        raise ValueError(
            f"--severity: {book.name} knows no {severity!r}; it knows: {', '.join(book.severity_names().values())}"
        )
    here = zone or ZONE
    if metric == UPDATE:
        found = book.cadence(key)
        if found is None or found.rhythm is Rhythm.NONE:
            raise ValueError(f"{book.name} promises no updates for {book.severity_names()[key]}")
        every = EachBusinessDay(book.business(here)) if found.rhythm is Rhythm.BUSINESS_DAY else book.update_every(key)
        if every is None:
            raise ValueError(f"{book.name} promises no updates for {book.severity_names()[key]}")
        return deadline.answer_update(at=at, every=every, zone=here)
    known = [*(each.value for each in Metric), ACKNOWLEDGE]
    if metric not in known:
        raise ValueError(f"--metric: {metric!r} is none; it is one of: {', '.join([*known, UPDATE])}")
    terms = terms_of(book, tier=tier, severity=key, zone=here)
    if metric == ACKNOWLEDGE:
        if not book.levels or not book.pages_on_opening(key):
            raise ValueError(f"{book.name} pages nobody when {book.severity_names()[key]} opens")
        within = book.levels[min(book.levels)].acknowledge_within
        terms = replace(terms, targets={ACKNOWLEDGE: elapsed(within)})
    return deadline.answer_by_terms(at=at, terms=terms, metric=metric, zone=here, pauses=pauses)
