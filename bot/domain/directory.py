"""Who are our people, teams and customers, who takes turns, whom does each level page? The directory file's shape.

`bot.handbook.directory` reads the file; `bot.services.directory` brings it into the database.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.contact import checked_contact
from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Day, Text, ZoneName
from bot.domain.oncall import Rotation, parse_handoff
from bot.domain.oncall_roster import Pointer, parse_pointer
from bot.domain.opening_hours import checked_hours

Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
"""How the directory calls a person, team, rotation or customer."""

UserId = Annotated[str, StringConstraints(strict=True, pattern=r"^[UW][A-Z0-9]{2,20}$")]
ChannelId = Annotated[str, StringConstraints(strict=True, pattern=r"^[CG][A-Z0-9]{2,20}$")]
WorkspaceId = Annotated[str, StringConstraints(strict=True, pattern=r"^T[A-Z0-9]{2,20}$")]
Address = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9+.-]*://\S+$")]
"""An Apprise URL."""

ContactWords = Annotated[Text, AfterValidator(checked_contact)]
"""An Apprise URL, and when it is tried after the one before: `at once`, `after 10 minutes`."""

Language = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2}$")]
"""A language's two letters."""

HoursWords = Annotated[Text, AfterValidator(checked_hours)]
"""Weekly hours in words."""

Path = tuple[str | int, ...]

Tiers = Mapping[str | None, frozenset[str]]
"""The known tiers by handbook; None is the default handbook."""


class Colleague(Part):
    """One of our own people."""

    slack: UserId = Field(description="Their Slack user id.")
    team: WorkspaceId | None = Field(default=None, description="Their workspace, where it is not the installing one.")
    name: Text | None = Field(default=None, description="Their name for people; unset, the short one.")
    role: Literal["engineer", "manager", "administrator"] = Field(description="What they may do.")
    timezone: ZoneName | None = Field(default=None, description="Where they read times.")
    hours: HoursWords | None = Field(
        default=None, description="When they work, on their wall clock: `Mon-Fri 09:00-17:00`."
    )
    skills: tuple[Text, ...] = Field(default=(), description="What they are good at.")
    contacts: tuple[ContactWords, ...] = Field(
        default=(),
        description="Apprise URLs, tried in this order beside Slack; `at once` or `after 10 minutes` behind one: when.",
    )


class CustomerPerson(Part):
    """Somebody of a customer."""

    slack: UserId = Field(description="Their Slack user id.")
    team: WorkspaceId | None = Field(default=None, description="Their workspace, where it is not the installing one.")
    name: Text | None = Field(default=None, description="Their name for people; unset, the short one.")
    role: Literal["customer", "customer_manager"] = Field(default="customer", description="A manager escalates.")
    timezone: ZoneName | None = Field(default=None, description="Where they read times.")
    contacts: tuple[Address, ...] = Field(default=(), description="Apprise URLs.")


class Turns(Part):
    """An order in which people take turns."""

    order: tuple[Name, ...] = Field(min_length=1, description="Who, in order.")
    every: Text = Field(description="How long a turn lasts: `1 week`, `12 hours`.")
    handoff: Text = Field(description="When it passes on: `Mon 09:00`, `09:00`.")
    timezone: ZoneName = Field(description="On whose wall clock.")
    start: Day = Field(description="The day of the first turn, year-month-day.")
    restrict: Text | None = Field(default=None, description="Its hours, `Mon-Fri 18:00-08:00`; unset, it always holds.")
    only: dict[Name, Text] = Field(default_factory=dict, description="Hours of one person's place in it.")

    def rotation(self, name: str) -> Rotation:
        """The rotation that these words mean. Raises ValueError that says what is wrong."""
        return Rotation.parse(
            name=name, order=self.order, every=self.every, handoff=self.handoff, zone=self.timezone, start=self.start,
            restrict=self.restrict, only=self.only,
        )  # fmt: skip


class Organisation(Part):
    """A customer."""

    name: Text = Field(description="The customer's name.")
    tier: Name = Field(description="Its tier, as the handbook names it.")
    channel: ChannelId | None = Field(default=None, description="Its dedicated channel.")
    timezone: ZoneName | None = Field(default=None, description="Its zone, where it is not its tier's.")
    every_message: bool = Field(default=False, strict=True, description="Whether each message there opens a ticket.")
    people: dict[Name, CustomerPerson] = Field(default_factory=dict, description="Its people.")
    contract: bool | None = Field(default=None, strict=True, description="Whether it sees commitments; else its tier.")
    handbook: Text | None = Field(default=None, description="Its handbook, where it is not the default.")
    language: Language | None = Field(default=None, description="In which language it is written to; unset, `en`.")
    account_manager: Name | None = Field(default=None, description="Its account manager, one of our people.")
    contacts: dict[Name, tuple[Text, ...]] = Field(
        default_factory=dict, description="Whom to contact, by kind: its people, or Apprise URLs."
    )


class Directory(Part):
    """The whole file."""

    channels: dict[Literal["triage", "operations"], ChannelId] = Field(
        default_factory=dict, description="Our internal channels."
    )
    people: dict[Name, Colleague] = Field(default_factory=dict, description="Our own people.")
    teams: dict[Name, tuple[Name, ...]] = Field(default_factory=dict, description="Teams of our people.")
    rotations: dict[Name, Turns] = Field(default_factory=dict, description="Who takes turns.")
    levels: dict[Annotated[int, Field(ge=1, le=20)], tuple[Text, ...]] = Field(
        default_factory=dict, description="Whom each escalation level pages."
    )
    customers: dict[Name, Organisation] = Field(default_factory=dict, description="Our customers.")
    duties: dict[Name, Text] = Field(default_factory=dict, description="Who holds each duty.")


def faults(
    directory: Directory, *, tiers: Tiers | None = None, languages: Collection[str] | None = None
) -> Iterator[tuple[Path, str]]:
    """Everything that contradicts itself, as a path and a sentence: names that nobody bears, ids that two bear.

    Without `tiers`, tiers are not checked; without `languages` (those that texts are there in), languages are not.
    """
    yield from _doubled(directory)
    yield from _turns(directory)
    for team, members in directory.teams.items():
        for place, person in enumerate(members):
            yield from _person(directory, person, ("teams", team, place))
    for level, targets in directory.levels.items():
        for place, target in enumerate(targets):
            yield from _target(directory, target, ("levels", str(level), place))
    for duty, target in directory.duties.items():
        yield from _target(directory, target, ("duties", duty))
    for key, customer in directory.customers.items():
        yield from _customer(directory, key, customer, tiers)
        if languages is not None and customer.language is not None and customer.language not in languages:
            text = f"there are no texts in `{customer.language}`; known: {', '.join(sorted(languages))}"
            yield ("customers", key, "language"), text


def _doubled(directory: Directory) -> Iterator[tuple[Path, str]]:
    names: dict[str, str] = {}
    slack: dict[tuple[str | None, str], str] = {}
    for path, person in _everybody(directory):
        key = str(path[-1])
        if key in names:
            yield path, f"is a name that {names[key]} bears already; choose another"
        names.setdefault(key, ".".join(map(str, path)))
        account = (person.team, person.slack)
        if account in slack:
            yield (*path, "slack"), f"is {slack[account]}'s id already"
        slack.setdefault(account, key)
    channels = {channel: f"our {kind} channel" for kind, channel in directory.channels.items()}
    for key, customer in directory.customers.items():
        if customer.channel in channels:
            yield ("customers", key, "channel"), f"is {channels[customer.channel]} already; a customer has its own"
        if customer.channel:
            channels.setdefault(customer.channel, f"{key}'s channel")


def _everybody(directory: Directory) -> Iterator[tuple[Path, Colleague | CustomerPerson]]:
    for name, colleague in directory.people.items():
        yield ("people", name), colleague
    for key, customer in directory.customers.items():
        for name, person in customer.people.items():
            yield ("customers", key, "people", name), person


def _turns(directory: Directory) -> Iterator[tuple[Path, str]]:
    for name, turns in directory.rotations.items():
        for place, person in enumerate(turns.order):
            yield from _person(directory, person, ("rotations", name, "order", place))
        try:
            turns.rotation(name)
        except ValueError as error:
            yield ("rotations", name, _faulty_key(turns)), str(error)


def _faulty_key(turns: Turns) -> str:
    """Which key of a rotation is wrong, found by leaving out the others."""
    for key in ("only", "restrict"):
        try:
            turns.model_copy(update={key: None}).rotation("it")
        except ValueError:
            continue
        return key
    try:
        parse_handoff(turns.handoff)
    except ValueError:
        return "handoff"
    return "every"


def _person(directory: Directory, name: str, path: Path) -> Iterator[tuple[Path, str]]:
    if name not in directory.people:
        yield path, f"names `{name}`, who is not in `people`; known: {_listed(directory.people)}"


def _target(directory: Directory, target: str, path: Path) -> Iterator[tuple[Path, str]]:
    try:
        kind, name = parse_pointer(target)
    except ValueError as error:
        yield path, str(error)
        return
    rooms: dict[Pointer, tuple[str, Mapping[str, object]]] = {
        Pointer.PERSON: ("people", directory.people),
        Pointer.TEAM: ("teams", directory.teams),
        Pointer.ROTATION: ("rotations", directory.rotations),
        Pointer.DUTY: ("duties", directory.duties),
    }
    room, known = rooms[kind]
    if name not in known:
        yield path, f"points at `{name}`, which is not in `{room}`; known: {_listed(known)}"


def _customer(
    directory: Directory, key: str, customer: Organisation, tiers: Tiers | None
) -> Iterator[tuple[Path, str]]:
    path = ("customers", key)
    if customer.account_manager is not None:
        yield from _person(directory, customer.account_manager, (*path, "account_manager"))
    known = (tiers or {}).get(customer.handbook)
    if known is not None and customer.tier not in known:
        yield (*path, "tier"), f"`{customer.tier}` is no tier of its handbook; known: {', '.join(sorted(known))}"
    for kind, contacts in customer.contacts.items():
        for place, contact in enumerate(contacts):
            if "://" not in contact and contact not in customer.people:
                known_people = _listed(customer.people)
                text = f"`{contact}` is neither an Apprise URL nor one of its people; known: {known_people}"
                yield (*path, "contacts", kind, place), text


def _listed(known: Mapping[str, object]) -> str:
    return ", ".join(known) or "nobody yet"
