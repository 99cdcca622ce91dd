"""Whom does the desk know? Customers, people, teams, rotations, levels and duties."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Table, bindparam
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from bot.store import gathered
from bot.store.newborn import WRITTEN
from bot.store.prepared import Prepared
from bot.store.rota_tables import Rotation
from bot.store.tables import Customer, Duty, LevelTarget, Person, TeamMember, metadata

FoundT = TypeVar("FoundT")


class KnownCustomer(NamedTuple):
    """A customer as it is read and not changed: every delivery asks for one."""

    id: str
    name: str
    tier: str
    channel: str | None
    timezone: str | None
    every_message: bool
    contract: bool | None
    handbook: str | None
    account_manager: str | None
    language: str | None
    contacts: dict[str, Any]
    active: bool


class KnownPerson(NamedTuple):
    """A person in what decides who asks, and what they may do."""

    id: str
    workspace: str
    slack: str
    name: str
    role: str
    customer_id: str | None
    active: bool


_READ = "read"
"""Under which name, with a table's, a session keeps what it has read of it: asked again, it says the same."""

_CUSTOMER, _PERSON = metadata.tables["customer"], metadata.tables["person"]
_CUSTOMERS = core_select(*(_CUSTOMER.c[name] for name in KnownCustomer._fields))
_OF_ID = Prepared(_CUSTOMERS.where(_CUSTOMER.c.id == bindparam("sought")))
_OF_IDS = _CUSTOMERS.where(_CUSTOMER.c.id.in_(bindparam("sought", expanding=True)))
_OF_CHANNEL = Prepared(_CUSTOMERS.where(_CUSTOMER.c.channel == bindparam("sought"), _CUSTOMER.c.active))
_PERSONS = core_select(*(_PERSON.c[name] for name in KnownPerson._fields))
_OF_ACCOUNT = Prepared(_PERSONS.where(_PERSON.c.slack == bindparam("user"), _PERSON.c.workspace == bindparam("home")))
_NAME = Prepared(core_select(_PERSON.c.name).where(_PERSON.c.id == bindparam("sought")))
_BY_SLACK = select(Person).where(
    col(Person.slack) == bindparam("user"), col(Person.workspace) == bindparam("of_workspace")
)


def customer(session: Session, customer_id: str) -> KnownCustomer | None:
    """The customer of that id, active or not."""
    return _once(session, _CUSTOMER, customer_id, lambda: _read(_OF_ID.first(session, sought=customer_id)))


def have_customers(session: Session, ids: Collection[str]) -> None:
    """Read these customers in one query, so that whoever asks for each of them has it at hand."""
    for row in session.connection().execute(_OF_IDS, {"sought": list(ids)}):
        _once(session, _CUSTOMER, row.id, partial(KnownCustomer._make, row))


def customer_of_channel(session: Session, channel: str) -> KnownCustomer | None:
    """The active customer whose dedicated channel that is."""
    row = _OF_CHANNEL.first(session, sought=channel)
    return _once(session, _CUSTOMER, row.id, partial(KnownCustomer._make, row)) if row else None


def customers(session: Session) -> list[Customer]:
    """All customers by id."""
    return list(session.exec(select(Customer).order_by(col(Customer.id))).all())


def person(session: Session, person_id: str) -> Person | None:
    """The person of that id, active or not."""
    found: dict[str, Person] = gathered.known(session, None, Person)
    if found is not gathered.UNKNOWN:
        return found.get(person_id)
    return session.get(Person, person_id)


def account_of(session: Session, author: str) -> tuple[str, str]:
    """The workspace and Slack id behind the trail's word for somebody; empty where the directory knows none."""
    if author.startswith("person:"):
        row = session.get(Person, author.removeprefix("person:"))
        return (row.workspace, row.slack) if row else ("", "")
    workspace, _, user = author.removeprefix("slack:").partition("/")
    return workspace, user


def name_of(session: Session, person_id: str | None) -> str:
    """The name of a person; the id itself where the directory does not know it any more."""
    if not person_id:
        return "nobody"
    found: dict[str, Person] = gathered.known(session, None, Person)
    if found is not gathered.UNKNOWN:
        return found[person_id].name if person_id in found else person_id
    return _once(session, _PERSON, person_id, lambda: _NAME.value(session, sought=person_id)) or person_id


def of_role(session: Session, roles: Collection[str]) -> list[Person]:
    """Active people of certain roles, by id."""
    statement = select(Person).where(col(Person.role).in_(roles), col(Person.active))
    return list(session.exec(statement.order_by(col(Person.id))).all())


def by_slack(session: Session, *, workspace: str, slack: str) -> Person | None:
    """The person with that user id; `workspace` is empty for people of the installing workspace."""
    return session.exec(_BY_SLACK, params={"user": slack, "of_workspace": workspace}).first()


def of_account(session: Session, *, workspace: str, slack: str) -> KnownPerson | None:
    """The same in what decides who asks."""
    row = _OF_ACCOUNT.first(session, user=slack, home=workspace)
    return KnownPerson(*row) if row else None


def persons(session: Session, ids: Collection[str] | None = None) -> dict[str, Person]:
    """People by id, in one query: all, or those given."""
    found: dict[str, Person] = gathered.known(session, None, Person)
    if ids is None and found is not gathered.UNKNOWN:
        return found
    statement = select(Person).order_by(col(Person.id))
    if ids is not None:
        statement = statement.where(col(Person.id).in_(ids))
    return {row.id: row for row in session.exec(statement).all()}


def gather(session: Session, numbers: Collection[int], *, customers: Collection[str]) -> None:
    """Read everybody, and the customers of many tickets, for the work on each of them."""
    have_customers(session, customers)
    everybody = persons(session)
    for number in numbers:
        gathered.keep(session, number, Person, everybody)


def people_of_customer(session: Session, customer_id: str) -> list[Person]:
    """A customer's people by id."""
    return list(session.exec(select(Person).where(col(Person.customer_id) == customer_id).order_by(col(Person.id))))


def teams(session: Session) -> dict[str, list[str]]:
    """All teams with the ids of their people in order."""
    found: dict[str, list[str]] = {}
    for row in session.exec(select(TeamMember).order_by(col(TeamMember.team), col(TeamMember.position))):
        found.setdefault(row.team, []).append(row.person_id)
    return found


def rotations(session: Session) -> list[Rotation]:
    """All rotations by name."""
    return list(session.exec(select(Rotation).order_by(col(Rotation.id))).all())


def level(session: Session, number: int) -> list[str]:
    """Whom a level pages, as `rotation:`, `team:` or `person:` targets in order."""
    statement = select(LevelTarget.target).where(col(LevelTarget.level) == number).order_by(col(LevelTarget.position))
    return list(session.exec(statement).all())


def levels(session: Session) -> dict[int, list[str]]:
    """All levels that page somebody, with their targets in order."""
    found: dict[int, list[str]] = {}
    for row in session.exec(select(LevelTarget).order_by(col(LevelTarget.level), col(LevelTarget.position))):
        found.setdefault(row.level, []).append(row.target)
    return found


def duties(session: Session) -> dict[str, str]:
    """All duties with who holds them."""
    return {row.id: row.target for row in session.exec(select(Duty).order_by(col(Duty.id)))}


def _read(row: Any) -> KnownCustomer | None:
    return KnownCustomer(*row) if row else None


def _once(session: Session, table: Table, key: str, read: Callable[[], FoundT]) -> FoundT:
    """What a session has read of a table's row under a key; read anew where it has written to that table."""
    if table.name in session.info.get(WRITTEN, ()):
        return read()
    kept: dict[str, FoundT] = session.info.setdefault((_READ, table.name), {})
    if key not in kept:
        kept[key] = read()
    return kept[key]
