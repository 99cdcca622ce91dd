"""Who is it that asks: one of ours, somebody of a customer, or nobody whom the desk knows?"""

from sqlmodel import Session

from bot.domain.people import Actor, Role
from bot.domain.ticket import SlackUser
from bot.store import people
from bot.store.people import KnownPerson
from bot.store.tables import Person


def find(session: Session, *, workspace: str, user: str, channel: str | None, name: str = "") -> Actor:
    """The person as the directory lists them, else a customer's user where another workspace shares its channel.

    `workspace` is empty for the installing workspace; `name` is what Slack calls them, for people whom nobody listed.
    Whoever was deactivated is nobody.
    """
    slack = SlackUser(workspace=workspace, user=user)
    row = people.of_account(session, workspace=workspace, slack=user)
    if row is not None:
        return listed(row)
    customer = people.customer_of_channel(session, channel) if channel and workspace else None
    if customer is None:
        return Actor(slack, Role.NOBODY, name or user)
    return Actor(slack, Role.CUSTOMER, name or f"someone at {customer.name}", customer=customer.id)


def listed(row: Person | KnownPerson) -> Actor:
    """Somebody of the directory, who asks by other ways than Slack; whoever was deactivated is nobody."""
    role = Role(row.role) if row.active else Role.NOBODY
    return Actor(SlackUser(row.workspace, row.slack), role, row.name, person=row.id, customer=row.customer_id)
