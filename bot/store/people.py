"""Whom does the desk know? Customers, people, teams, rotations, levels and duties."""

from collections.abc import Collection

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.store import gathered
from bot.store.rota_tables import Rotation
from bot.store.tables import Customer, Duty, LevelTarget, Person, TeamMember

# Every delivery asks these: they are put together once.
_OF_CHANNEL = select(Customer).where(col(Customer.channel) == bindparam("of"), col(Customer.active))
_BY_SLACK = select(Person).where(
    col(Person.slack) == bindparam("user"), col(Person.workspace) == bindparam("of_workspace")
)


def customer(session: Session, customer_id: str) -> Customer | None:
    """The customer of that id, active or not."""
    found: dict[str, Customer] = gathered.known(session, None, Customer)
    if found is not gathered.UNKNOWN and customer_id in found:
        return found[customer_id]
    return session.get(Customer, customer_id)


def customer_of_channel(session: Session, channel: str) -> Customer | None:
    """The active customer whose dedicated channel that is."""
    return session.exec(_OF_CHANNEL, params={"of": channel}).first()


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
    row = person(session, person_id) if person_id else None
    return row.name if row else person_id or "nobody"


def of_role(session: Session, roles: Collection[str]) -> list[Person]:
    """Active people of certain roles, by id."""
    statement = select(Person).where(col(Person.role).in_(roles), col(Person.active))
    return list(session.exec(statement.order_by(col(Person.id))).all())


def by_slack(session: Session, *, workspace: str, slack: str) -> Person | None:
    """The person with that user id; `workspace` is empty for people of the installing workspace."""
    return session.exec(_BY_SLACK, params={"user": slack, "of_workspace": workspace}).first()


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
    theirs = {row.id: row for row in session.exec(select(Customer).where(col(Customer.id).in_(customers)))}
    everybody = persons(session)
    for number in numbers:
        gathered.keep(session, number, Customer, theirs)
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
