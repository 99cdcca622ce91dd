"""What does an ordinary row look like? Builders for tests; give only what the test is about."""

from datetime import UTC, datetime
from itertools import count

from bot.domain.message import CustomerMessage, InternalMessage, Kind
from bot.store.tables import Customer, Person, Ticket

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""Monday morning, nine o'clock UTC."""

_tokens = count(1)


def token() -> str:
    """A text that differs each time; what the desk takes from the system's randomness."""
    return f"{next(_tokens):032x}"


def page_text(text: str = "T-1: page") -> InternalMessage:
    return InternalMessage(Kind.PAGE, text)


def note_text(text: str = "T-1: note") -> InternalMessage:
    return InternalMessage(Kind.NOTICE, text)


def update_text(text: str = "T-1: update") -> CustomerMessage:
    return CustomerMessage(Kind.UPDATE, text)


def make_customer(name: str = "acme", *, channel: str | None = "C0ACME", tier: str = "enterprise") -> Customer:
    return Customer(id=name, name=name.title(), tier=tier, channel=channel, timezone="America/New_York")


def make_person(
    name: str = "ana", *, role: str = "engineer", customer: str | None = None, workspace: str = "", active: bool = True
) -> Person:
    return Person(
        id=name,
        slack=f"U0{name.upper()}",
        workspace=workspace,
        name=name.title(),
        role=role,
        customer_id=customer,
        active=active,
    )


def make_ticket(
    number: int = 1,
    *,
    customer: str = "acme",
    severity: str = "sev1",
    state: str = "new",
    channel: str = "C0ACME",
    thread_ts: str | None = None,
    owner: str | None = None,
    opened_at: datetime = NINE,
) -> Ticket:
    return Ticket(
        number=number,
        id=f"T-{number}",
        customer_id=customer,
        handbook="hash",
        tier="enterprise",
        zone="America/New_York",
        severity=severity,
        severity_since=opened_at,
        category="other",
        state=state,
        source="command",
        summary="Checkout is down",
        channel=channel,
        thread_ts=thread_ts,
        requester_workspace="T0ACME",
        requester_slack="U0CY",
        requester_name="Cy",
        owner=owner,
        opened_at=opened_at,
    )
