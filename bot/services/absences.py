"""Whose absences does a calendar hold, and what changes when it is read again?

What came from a calendar is replaced as a whole by its next reading; absences that people said themselves stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import BadInput
from bot.domain.people import STAFF, Role
from bot.handbook.absences import Away
from bot.services import rota_change
from bot.services.desk import Work
from bot.store import people, rota, trail
from bot.store.rota_tables import Absence
from bot.store.tables import Person


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reading brought: whether anything changed, absences by person's id, and events that name nobody."""

    changed: bool
    by_person: dict[str, int]
    nameless: tuple[str, ...]


def take(work: Work, *, found: Iterable[Away], source: str, person: str | None = None, by: str, now: datetime) -> Taken:
    """Put a calendar's absences in place of those it brought before.

    They are `person`'s, or of whom each event's title begins with: `Ana: holiday`. Raises BadInput.
    """
    ours = {row.id: row for row in people.persons(work.session).values() if row.active and Role(row.role) in STAFF}
    if person is not None and person not in ours:
        raise BadInput("not_of_directory", person=person)
    default = work.desk.handbooks.default.handbook.zone
    rows, nameless = [], []
    for away in found:
        who = ours[person] if person is not None else _whose(away.summary, ours)
        if who is None:
            nameless.append(away.summary)
            continue
        starts_at, ends_at = away.between(ZoneInfo(who.timezone or default))
        rows.append(
            Absence(person_id=who.id, starts_at=starts_at, ends_at=ends_at, reason=away.summary, by=by, source=source)
        )
    changed = rota.replace_absences(work.session, rows, source=source)
    counted = {key: sum(row.person_id == key for row in rows) for key in sorted({row.person_id for row in rows})}
    if changed:
        trail.append(
            work.session, stream="directory", actor=by, event_kind="absences_read", facts={"absences": counted},
            words={"source": source}, author=by, at=now, token=work.desk.token,
        )  # fmt: skip
        rota_change.happened(work, now=now)
    return Taken(changed, counted, tuple(dict.fromkeys(nameless)))


def _whose(summary: str, ours: dict[str, Person]) -> Person | None:
    """Whose absence a title names: the longest name or id that it begins with."""
    said = summary.casefold()
    names = [(name.casefold(), row) for row in ours.values() for name in (row.name, row.id)]
    fitting = [(name, row) for name, row in names if said == name or _begins(said, name)]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def _begins(said: str, name: str) -> bool:
    return said.startswith(name) and not said[len(name)].isalnum()
