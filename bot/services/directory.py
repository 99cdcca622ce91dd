"""How does a directory file become rows, and rows a file? What changes is said in words, and is in the trail.

The file says everything: who is no longer in it is deactivated, never deleted, for tickets go on naming them.
Overrides of rotations are made in Slack and stay.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from bot.domain.directory import Colleague, CustomerPerson, Directory, Organisation, Tiers, Turns
from bot.domain.handbook import Handbook
from bot.domain.people import Role
from bot.handbook.directory import LoadedDirectory
from bot.services import departure, rota_change, tiers
from bot.services.desk import Work
from bot.services.staff_news import OPERATIONS, TRIAGE
from bot.store import lists, people, remembered, trail, watch
from bot.store.rota_tables import Rotation
from bot.store.tables import Customer, Duty, LevelTarget, Person, TeamMember

APPLIED = "directory:hash"
"""Under which name the hash of the file that was applied last is remembered."""

STREAM = "directory"

_CHANNELS: tuple[tuple[str, str], ...] = (("triage", TRIAGE), ("operations", OPERATIONS))
_PRIVATE = frozenset({"name", "contacts", "slack", "workspace"})
"""Fields about a person that can be erased: the trail keeps digests of them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the directory that becomes different: fields with their value before and after."""

    what: str
    name: str
    kind: str
    fields: Mapping[str, tuple[object, object]]

    def __str__(self) -> str:
        if self.kind != "changed":
            return f"{self.what} {self.name}: {self.kind}"
        parts = (_said(field, before, after) for field, (before, after) in self.fields.items())
        return f"{self.what} {self.name}: {', '.join(parts)}"


def tiers_of(handbooks: Mapping[str | None, Handbook]) -> Tiers:
    """The known tiers, for checking a directory: by handbook, None for the default one."""
    return {name: frozenset(handbook.tiers) for name, handbook in handbooks.items()}


def plan(session: Session, directory: Directory) -> tuple[Change, ...]:
    """What applying a directory would change; nothing where it says what is there."""
    wanted, present = _wanted(directory), _present(session)
    changes = []
    for what, rows in wanted.items():
        for name in sorted({*rows, *present[what]}):
            change = _change(what, name, present[what].get(name), rows.get(name))
            if change is not None:
                changes.append(change)
    return tuple(changes)


def apply(
    work: Work,
    directory: Directory,
    *,
    by: str,
    digest: str | None = None,
    now: datetime,
) -> tuple[Change, ...]:
    """Make the database say what the directory says, and give what changed; a second time changes nothing.

    `by` is who did it, as the trail names them; `digest`, the file's, is remembered so that the same content is not
    applied again.
    """
    session = work.session
    changes = plan(session, directory)
    if changes:
        _write(session, directory)
    for change in changes:
        _note(work, change, by=by, now=now)
    for channel in directory.channels.values():
        watch.follow(session, channel, external=False)
    for customer in directory.customers.values():
        if customer.channel:
            watch.follow(session, customer.channel, external=True)
    for change in changes:
        if change.what == "person":
            departure.settle(work, change.name, by=by, now=now)
    rota_change.happened(work, now=now)
    tiers.follow(work, by=by, now=now)
    if digest is not None:
        remembered.keep(session, APPLIED, digest)
    return changes


def apply_file(work: Work, loaded: LoadedDirectory, *, by: str = "bot", now: datetime) -> tuple[Change, ...] | None:
    """Apply a file at a start, or give None where just this content was applied before: edits in Slack then stay."""
    if remembered.value(work.session, APPLIED) == loaded.hash:
        return None
    # Of several processes that begin at the same moment one brings it in.
    remembered.hold(work.session, APPLIED)
    if remembered.value(work.session, APPLIED) == loaded.hash:
        return None
    return apply(work, loaded.directory, by=by, digest=loaded.hash, now=now)


def exported(session: Session) -> Directory:
    """The directory as the database has it; deactivated people and customers are left out."""
    rows = [row for row in people.persons(session).values() if row.active]
    rotations = {
        row.id: Turns(
            order=tuple(row.order), every=row.every, handoff=row.handoff, timezone=row.timezone,
            start=date.fromisoformat(row.start), restrict=row.restrict, only=dict(row.only),
        )
        for row in people.rotations(session)
    }  # fmt: skip
    return Directory.model_validate(
        {
            "channels": {key: found for key, name in _CHANNELS if (found := remembered.value(session, name))},
            "people": {row.id: _colleague(row) for row in rows if row.customer_id is None},
            "teams": {name: tuple(members) for name, members in people.teams(session).items()},
            "rotations": rotations,
            "levels": {number: tuple(targets) for number, targets in people.levels(session).items()},
            "customers": {
                row.id: _organisation(row, [each for each in rows if each.customer_id == row.id])
                for row in people.customers(session)
                if row.active
            },
            "duties": people.duties(session),
        }
    )


def _wanted(directory: Directory) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row that the directory asks for, by kind and name."""
    persons = {name: _person_row(name, person, None) for name, person in directory.people.items()}
    for key, customer in directory.customers.items():
        persons |= {name: _person_row(name, person, key) for name, person in customer.people.items()}
    return {
        "channel": {key: {"id": channel} for key, channel in directory.channels.items()},
        "customer": {key: _customer_row(customer) for key, customer in directory.customers.items()},
        "person": persons,
        "team": {name: {"members": list(members)} for name, members in directory.teams.items()},
        "rotation": {name: turns.model_dump(mode="json") for name, turns in directory.rotations.items()},
        "level": {str(level): {"targets": list(targets)} for level, targets in directory.levels.items()},
        "duty": {duty: {"target": target} for duty, target in directory.duties.items()},
    }


def _present(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """The same of what is there; deactivated people and customers count as absent."""
    skipped = {"id", "active"}
    return {
        "channel": {key: {"id": found} for key, name in _CHANNELS if (found := remembered.value(session, name))},
        "customer": {row.id: row.model_dump(exclude=skipped) for row in people.customers(session) if row.active},
        "person": {row.id: row.model_dump(exclude=skipped) for row in people.persons(session).values() if row.active},
        "team": {name: {"members": members} for name, members in people.teams(session).items()},
        "rotation": {row.id: row.model_dump(exclude=skipped) for row in people.rotations(session)},
        "level": {str(number): {"targets": targets} for number, targets in people.levels(session).items()},
        "duty": {name: {"target": target} for name, target in people.duties(session).items()},
    }


def _person_row(name: str, person: Colleague | CustomerPerson, customer: str | None) -> dict[str, Any]:
    return {
        "slack": person.slack,
        "workspace": person.team or "",
        "name": person.name or name.capitalize(),
        "role": person.role,
        "customer_id": customer,
        "timezone": person.timezone,
        "hours": person.hours if isinstance(person, Colleague) else None,
        "skills": list(person.skills) if isinstance(person, Colleague) else [],
        "contacts": list(person.contacts),
    }


def _customer_row(customer: Organisation) -> dict[str, Any]:
    row = customer.model_dump(mode="json", exclude={"people"})
    row["contacts"] = {kind: list(contacts) for kind, contacts in customer.contacts.items()}
    return row


def _change(what: str, name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change | None:
    if before is None or after is None:
        kind = "added" if before is None else "removed"
        old, new = before or {}, after or {}
    else:
        kind, old, new = "changed", before, after
    fields = {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}
    return Change(what, name, kind, fields) if fields or kind != "changed" else None


def _said(field: str, before: object, after: object) -> str:
    if field == "contacts":
        # An Apprise URL may hold a password.
        return "contacts changed"
    return f"{field} {_value(before)} -> {_value(after)}"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "unset" if value is None or value == "" else str(value)


def _write(session: Session, directory: Directory) -> None:
    wanted = _wanted(directory)
    customers = {row.id: row for row in people.customers(session)}
    for name, row in customers.items():
        # A channel is one customer's: it is freed before another takes it.
        if row.channel != wanted["customer"].get(name, {}).get("channel"):
            row.channel = None
        row.active = name in wanted["customer"]
    session.flush()
    for name, values in wanted["customer"].items():
        _change_or_add(session, customers.get(name) or Customer(id=name, name="", tier=""), values)
    persons = people.persons(session)
    holders = {(row["workspace"], row["slack"]): name for name, row in wanted["person"].items()}
    for name, person in persons.items():
        account = (person.workspace, person.slack)
        person.active = name in wanted["person"]
        # An account is one person's: it is freed before another name takes it.
        if holders.get(account, name) != name:
            person.slack = f"former:{name}"
    session.flush()
    for name, values in wanted["person"].items():
        _change_or_add(session, persons.get(name) or Person(id=name, slack="", name="", role=""), values)
    session.flush()
    lists.replace_all(session, _lists(wanted))
    for key, name in _CHANNELS:
        remembered.keep(session, name, wanted["channel"].get(key, {}).get("id", ""))
    session.flush()


def _change_or_add(session: Session, row: SQLModel, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if getattr(row, key) != value:
            setattr(row, key, value)
    session.add(row)


def _lists(wanted: dict[str, dict[str, dict[str, Any]]]) -> Iterator[SQLModel]:
    for team, row in wanted["team"].items():
        for place, person in enumerate(row["members"]):
            yield TeamMember(team=team, position=place, person_id=person)
    for name, row in wanted["rotation"].items():
        yield Rotation(id=name, **row)
    for level, row in wanted["level"].items():
        for place, target in enumerate(row["targets"]):
            yield LevelTarget(level=int(level), position=place, target=target)
    for duty, row in wanted["duty"].items():
        yield Duty(id=duty, target=row["target"])


def _note(work: Work, change: Change, *, by: str, now: datetime) -> None:
    private = _PRIVATE if change.what == "person" else frozenset({"contacts"})
    facts = {key: {"before": old, "after": new} for key, (old, new) in change.fields.items() if key not in private}
    words = {
        key: json.dumps({"before": old, "after": new}, ensure_ascii=False)
        for key, (old, new) in change.fields.items()
        if key in private
    }
    trail.append(
        work.session,
        stream=STREAM,
        actor=by,
        event_kind=f"{change.what}_{change.kind}",
        facts={"name": change.name, "fields": facts},
        words=words,
        author=f"person:{change.name}" if change.what == "person" else by,
        token=work.desk.token,
        at=now,
    )


def _colleague(row: Person) -> dict[str, Any]:
    return {**_shared(row), "hours": row.hours, "skills": tuple(row.skills)}


def _shared(row: Person) -> dict[str, Any]:
    return {
        "slack": row.slack,
        "team": row.workspace or None,
        "name": row.name,
        "role": Role(row.role).value,
        "timezone": row.timezone,
        "contacts": tuple(row.contacts),
    }


def _organisation(row: Customer, members: list[Person]) -> dict[str, Any]:
    return {
        **row.model_dump(exclude={"id", "active"}),
        "people": {each.id: _shared(each) for each in members},
        "contacts": {kind: tuple(contacts) for kind, contacts in row.contacts.items()},
    }
