"""Who may stand before the desk's doors? One of each role, and all those to whom no door opens."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import Role

HOME = "T0WATCH"
ACME_ROOM, TRIAGE_ROOM, GLOBEX_ROOM = "C0ACME", "C0TRIAGE", "C0GLOBEX"


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody as Slack names them: whose workspace, where they stand, and what they must be to the desk.

    `customer` is the organisation whose tickets are theirs, empty for our own people and for nobody.
    """

    name: str
    team: str
    user: str
    channel: str
    role: Role
    customer: str = ""
    is_bot: bool = False

    @property
    def profile(self) -> dict[str, object]:
        """What `users.info` tells of them."""
        return {"id": self.user, "team_id": self.team, "is_bot": self.is_bot}


ASKERS = (
    Asker("Ana, an engineer", HOME, "U0ANA", TRIAGE_ROOM, Role.ENGINEER),
    Asker("Mei, a manager", HOME, "U0MEI", TRIAGE_ROOM, Role.MANAGER),
    Asker("Vic, an administrator", HOME, "U0VIC", TRIAGE_ROOM, Role.ADMINISTRATOR),
    Asker("Cy, the customer's manager", "T0ACME", "U0CY", ACME_ROOM, Role.CUSTOMER_MANAGER, "acme"),
    Asker("Dee, a customer's user", "T0ACME", "U0DEE", ACME_ROOM, Role.CUSTOMER, "acme"),
    Asker("a colleague of Dee's whom nobody listed", "T0ACME", "U0LEE", ACME_ROOM, Role.CUSTOMER, "acme"),
    Asker("Gil, another customer's manager", "T0GLOBEX", "U0GIL", GLOBEX_ROOM, Role.CUSTOMER_MANAGER, "globex"),
    Asker("Gil in Acme's channel", "T0GLOBEX", "U0GIL", ACME_ROOM, Role.CUSTOMER_MANAGER, "globex"),
    Asker("Kai, an engineer who was deactivated", HOME, "U0KAI", TRIAGE_ROOM, Role.NOBODY),
    Asker("Tom, a customer's manager who was deactivated", "T0ACME", "U0TOM", ACME_ROOM, Role.NOBODY),
    Asker("somebody of our workspace whom nobody listed", HOME, "U0NEW", TRIAGE_ROOM, Role.NOBODY),
    Asker("somebody of our workspace in Acme's channel", HOME, "U0NEW", ACME_ROOM, Role.NOBODY),
    Asker("a stranger's workspace", "T0FAR", "U0FAR", TRIAGE_ROOM, Role.NOBODY),
    Asker("a stranger with Ana's user id", "T0FAR", "U0ANA", TRIAGE_ROOM, Role.NOBODY),
    Asker("the bot itself", HOME, "U0BELL", TRIAGE_ROOM, Role.NOBODY, is_bot=True),
)

MACHINE = Asker("a bot of Acme's", "T0ACME", "U0BOT", ACME_ROOM, Role.NOBODY, is_bot=True)
"""It has buttons and commands as little as the bot itself has, but it writes and reacts."""

PROFILES: Mapping[str, Asker] = {each.user: each for each in (MACHINE, *reversed(ASKERS))}
