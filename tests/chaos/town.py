"""Who lives on a desk in chaos? Many customers, each with a channel and people of its own, beside those that ship."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.app.local import DIRECTORY
from tests.sandbox.script import Script

TIERS = ("enterprise", "premium", "standard")
STAFF = ("ana", "bo", "kai", "mei", "vic")


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: its channel's id, its people, and whether everything that they write there is a ticket."""

    name: str
    channel: str
    people: tuple[str, ...]
    every_message: bool


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody there is, and the directory file that says so."""

    customers: tuple[Customer, ...]
    directory: Path


def found(script: Script, folder: Path, *, customers: int) -> Town:
    """Let so many customers move in: their people and channels in the workspace, and all of it in a directory file."""
    known = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
    made = tuple(_customer(number) for number in range(customers))
    for number, customer in enumerate(made):
        team = f"T0{customer.name.upper()}"
        for person in customer.people:
            account = {"id": f"U0{person.upper()}", "handle": person, "name": f"Pat {person}", "team": team}
            assert script.ask("/people", account | {"team_name": customer.name})["ok"]
        channel = {"id": customer.channel, "name": customer.name}
        assert script.ask("/channels", channel | {"members": [*STAFF, *customer.people, "watchbell"]})["ok"]
        known["customers"][customer.name] = _row(customer, team, tier=TIERS[number % len(TIERS)])
    path = folder / "town.yml"
    path.write_text(yaml.safe_dump(known, sort_keys=False), encoding="utf-8")
    return Town(made, path)


def _customer(number: int) -> Customer:
    name = f"k{number:02}"
    return Customer(name, f"C0{name.upper()}", (f"{name}m", f"{name}u"), every_message=number % 3 == 0)


def _row(customer: Customer, team: str, *, tier: str) -> dict[str, object]:
    manager, user = customer.people
    return {
        "name": f"Company {customer.name}",
        "tier": tier,
        "channel": customer.channel,
        "timezone": "America/New_York",
        "every_message": customer.every_message,
        "people": {
            manager: {"slack": f"U0{manager.upper()}", "team": team, "role": "customer_manager"},
            user: {"slack": f"U0{user.upper()}", "team": team},
        },
    }
