"""Who and what is in the local workspace at its start?"""

from dataclasses import dataclass, field
from typing import Literal

BOT_USER = "U0BELL"
BOT_ID = "B0BELL"
APP_ID = "A0BELL"
BOT_NAME = "Watchbell"
HOME_TEAM = "T0WATCH"

Kind = Literal["channel", "dm"]


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack workspace; the first one is where the app is installed."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes and clicks."""

    id: str
    handle: str
    name: str
    team: str
    tz: str = "Europe/Lisbon"
    is_bot: bool = False


@dataclass(slots=True)
class Channel:
    """A channel or a direct message: who is in it and which workspaces share it."""

    id: str
    name: str
    members: list[str]
    teams: list[str] = field(default_factory=lambda: [HOME_TEAM])
    kind: Kind = "channel"
    private: bool = False
    archived: bool = False
    topic: str = ""
    bookmarks: list[dict[str, str]] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        """Whether people of another workspace are in here (Slack Connect)."""
        return len(self.teams) > 1


def default_teams() -> list[Team]:
    """The installing workspace, two customers' and a partner's."""
    named = {HOME_TEAM: "Watchbell", "T0ACME": "Acme Corp", "T0GLOBEX": "Globex", "T0FERN": "Fern Systems"}
    return [Team(team_id, name) for team_id, name in named.items()]


def default_people() -> list[Person]:
    """The bot, six people of the installing workspace, and the customers'."""
    new_york = "America/New_York"
    return [
        Person(BOT_USER, "watchbell", BOT_NAME, HOME_TEAM, is_bot=True),
        Person("U0ANA", "ana", "Ana Lima", HOME_TEAM),
        Person("U0BO", "bo", "Bo Berg", HOME_TEAM, "Europe/Stockholm"),
        Person("U0KAI", "kai", "Kai Sato", HOME_TEAM, "Asia/Tokyo"),
        Person("U0MEI", "mei", "Mei Tan", HOME_TEAM),
        Person("U0VIC", "vic", "Vic Moran", HOME_TEAM),
        Person("U0UNA", "una", "Una Reyes", HOME_TEAM),
        Person("U0CY", "cy", "Cy Young", "T0ACME", new_york),
        Person("U0DEE", "dee", "Dee Park", "T0ACME", new_york),
        Person("U0GIL", "gil", "Gil Roux", "T0GLOBEX", "Europe/Paris"),
        Person("U0PIA", "pia", "Pia Roth", "T0FERN", "Europe/Berlin"),
    ]


def default_channels() -> list[Channel]:
    """Two customers' and a partner's shared channels, two internal ones, and one without the bot."""
    staff = ["U0ANA", "U0BO", "U0KAI", "U0MEI", "U0VIC"]
    return [
        Channel("C0ACME", "acme", [*staff, "U0CY", "U0DEE", BOT_USER], [HOME_TEAM, "T0ACME"]),
        Channel("C0GLOBEX", "globex", [*staff, "U0GIL", BOT_USER], [HOME_TEAM, "T0GLOBEX"]),
        Channel("C0FERN", "fern", [*staff, "U0PIA", BOT_USER], [HOME_TEAM, "T0FERN"]),
        Channel("C0TRIAGE", "triage", [*staff, BOT_USER]),
        Channel("C0OPS", "operations", [*staff, BOT_USER]),
        Channel("C0GENERAL", "general", [*staff, "U0UNA"]),
    ]
