"""Which doors does the desk have, and which row of the table guards each? One line a door, found again by its listener.

A door is named as the listeners name it: `button card_claim`, `entry card_more:note`, `form form_note`,
`command /ticket list`, `mention status`. A new one without a line here fails the walk.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.people import CUSTOMERS, STAFF, Action, Role, may
from tests.slack.askers import ASKERS, PROFILES, Asker
from tests.slack.scene import BELL, Scene


class Opens(StrEnum):
    """What somebody sees who may pass."""

    DEED = "something is done"
    FORM = "a form is shown"
    ANSWER = "an answer is given"


class About(StrEnum):
    """Whose affair it is: then a customer's people pass for their own only."""

    ACME = "a ticket of Acme's"
    ROOM = "the customer of the room one stands in"
    OURS = "no single customer's"


ROOMS = {"acme": "C0ACME", "globex": "C0GLOBEX"}


@dataclass(frozen=True, slots=True)
class Door:
    """One way in. `actions` are the table's rows any of which lets one pass; `told` are the words of the answer.

    `roles` narrows the table where the door is not for all whom the row names, `only` to some by name. With a
    `room`, only those knock who stand in it; `looked_up` where we ask Slack whose that user id is.
    """

    name: str
    knock: Callable[[Scene, Asker], object]
    actions: tuple[Action, ...]
    opens: Opens = Opens.DEED
    about: About = About.ACME
    told: str = ""
    roles: frozenset[Role] = frozenset(Role)
    only: frozenset[str] = frozenset()
    room: str = ""
    looked_up: bool = False

    def lets(self, who: Asker) -> bool:
        """Whether this person must get through."""
        if who.role not in self.roles or not any(may(who.role, each) for each in self.actions):
            return False
        if self.only:
            return who.name in self.only
        if self.about is About.OURS or who.role in STAFF:
            return True
        return who.customer == "acme" if self.about is About.ACME else ROOMS[who.customer] == who.channel

    @property
    def askers(self) -> tuple[Asker, ...]:
        """Who can knock at all."""
        known = set(PROFILES.values())
        found = (who for who in ASKERS if not self.looked_up or who in known)
        return tuple(who for who in found if not self.room or who.role in STAFF or who.channel == self.room)


SHOWN, GIVEN, OURS = Opens.FORM, Opens.ANSWER, About.OURS


def _button(name: str, value: str, *actions: Action, opens: Opens = Opens.DEED, about: About = About.ACME) -> Door:
    return Door(f"button {name}", lambda scene, who: scene.click(who, name, value), actions, opens, about)


def _entry(menu: str, entry: str, goal: str, *actions: Action, opens: Opens = Opens.DEED) -> Door:
    return Door(
        f"entry {menu}:{entry}",
        lambda scene, who: scene.click(who, menu, f"{entry}:{goal}" if goal else entry, menu=True),
        actions,
        opens,
        About.ACME if menu == "card_more" else About.OURS,
    )


def _form(
    name: str, kept: Mapping[str, str], values: Mapping[str, str], *actions: Action, about: About = About.ACME,
    opens: Opens = Opens.DEED, told: str = "",
) -> Door:  # fmt: skip
    return Door(f"form {name}", lambda scene, who: scene.submit(who, name, kept, values), actions, opens, about, told)


def _command(
    name: str, line: str, *actions: Action, opens: Opens = Opens.DEED, told: str = "", about: About = About.ACME
) -> Door:
    return Door(f"command {name}", lambda scene, who: scene.command(who, line), actions, opens, about, told)


THINGS = ("customer", "member", "colleague", "team", "rotation", "level", "duty", "channels")
SEVERITIES = ("sev1", "sev2", "sev3", "sev4")
SOLVED = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
SAID = {"known": "We know the cause", "done": "A restart", "next": "A test"}

LISTED = frozenset({"Cy, the customer's manager", "Dee, a customer's user", "Gil, another customer's manager"})
"""Customers' people whom the directory lists: a home tab stands in no channel that would say whose it is."""

ANSWERS = ("acknowledge", "escalate", "decline")
PAGED = frozenset({"Ana, an engineer", "Vic, an administrator"})
"""Those for whom a page waits."""

BUTTONS = (
    *(_button(f"page_{each}", "{page}", Action.ACKNOWLEDGE, about=OURS) for each in ANSWERS),
    Door("button page_acknowledge_all", lambda scene, who: scene.click(who, "page_acknowledge_all", "ana"),
         (Action.ACKNOWLEDGE,), about=OURS, only=PAGED),
    _button("drill_answer", "{drill}", Action.ACKNOWLEDGE, about=OURS),
    _button("card_claim", "T-6", Action.CLAIM),
    _button("card_reply", "T-1", Action.REPLY, opens=SHOWN),
    _button("card_resolve", "T-1", Action.RESOLVE, opens=SHOWN),
    _button("card_escalate", "T-1", Action.ESCALATE, Action.ASK_ESCALATION, opens=SHOWN),
    _button("customer_escalate", "T-1", Action.ESCALATE, Action.ASK_ESCALATION, opens=SHOWN),
    _button("customer_details", "T-1", Action.ADD_DETAILS, opens=SHOWN),
    _button("customer_confirm", "T-2", Action.CONFIRM),
    _button("customer_reopen", "T-2", Action.REOPEN),
    *(_button(f"customer_severity_{each}", "T-12", Action.ADD_DETAILS) for each in SEVERITIES),
    *(_button(f"customer_score_{each}", "T-3", Action.RATE) for each in range(1, 6)),
    _button("customer_rating", "T-3", Action.RATE, opens=SHOWN),
    _button("update_write", "T-1", Action.WORK, opens=SHOWN),
    _button("update_approve", "{update}", Action.WORK),
    _button("update_send", "{update}", Action.WORK),
    _button("oncall_override", "override", Action.OVERRIDE_ON_CALL, opens=SHOWN, about=OURS),
    _button("bulk_begin", "", Action.BULK, opens=SHOWN, about=OURS),
    _button("directory_connect", '{"channel": "C0NEW", "name": "new"}', Action.ADMINISTER, opens=SHOWN, about=OURS),
    _button("breach_analyse", "T-1", Action.WORK, opens=SHOWN),
    _button("breach_excuse", "T-1", Action.EXCUSE, opens=SHOWN),
    _button("incident_update", "I-1", Action.WORK, opens=SHOWN, about=OURS),
    _button("incident_resolve", "I-1", Action.RESOLVE, opens=SHOWN, about=OURS),
    _button("incident_reopen", "I-2", Action.RESOLVE, about=OURS),
    _button("alike_link", "T-6", Action.TRIAGE),
    _button("alike_apart", "T-6", Action.TRIAGE),
    _button("alike_merge", "T-7:T-6", Action.TRIAGE, opens=SHOWN),
    _button("escalation_approve", "T-5", Action.WORK),
)  # fmt: skip

ENTRIES = (
    _entry("card_more", "severity", "T-1", Action.REGRADE, opens=SHOWN),
    _entry("card_more", "note", "T-1", Action.NOTE, opens=SHOWN),
    _entry("card_more", "start", "T-10", Action.WORK),
    _entry("card_more", "wait", "T-1", Action.WORK, opens=SHOWN),
    _entry("card_more", "resume", "T-4", Action.WORK),
    _entry("card_more", "update", "T-1", Action.WORK, opens=SHOWN),
    _entry("card_more", "assign", "T-1", Action.HAND_OVER, opens=SHOWN),
    _entry("card_more", "hand", "T-1", Action.HAND_OVER, opens=SHOWN),
    _entry("card_more", "rest", "T-11", Action.WORK, opens=SHOWN),
    _entry("card_more", "back", "T-11", Action.WORK),
    _entry("card_more", "why", "T-1", Action.WORK, opens=SHOWN),
    _entry("card_more", "mark", "T-1", Action.MARK, opens=SHOWN),
    _entry("card_more", "unmark", "T-9", Action.MARK, opens=SHOWN),
    _entry("card_more", "decline", "T-1", Action.TRIAGE, opens=SHOWN),
    _entry("card_more", "merge", "T-1", Action.TRIAGE, opens=SHOWN),
    _entry("card_more", "excuse", "T-1", Action.EXCUSE, opens=SHOWN),
    _entry("card_more", "link", "T-1", Action.TRIAGE, opens=SHOWN),
    _entry("card_more", "unlink", "T-8", Action.TRIAGE),
    _entry("card_more", "channel", "T-1", Action.WORK),
    _entry("card_more", "split", "T-12", Action.TRIAGE, opens=SHOWN),
    *(_entry("directory_change", each, "", Action.ADMINISTER, opens=SHOWN) for each in THINGS),
    _entry("reply_change", "correct", "{reply}", Action.REPLY, opens=SHOWN),
    _entry("reply_change", "take_back", "{reply}", Action.REPLY, opens=SHOWN),
    _entry("incident_more", "unlink", "T-8", Action.TRIAGE),
    _entry("incident_more", "channel", "I-1", Action.WORK),
)

NEXT = '"response_action": "update"'
"""What Slack is answered where one form leads to another."""

T1: Mapping[str, str] = MappingProxyType({"ticket": "T-1"})
I1: Mapping[str, str] = MappingProxyType({"incident": "I-1"})

FORMS = (
    _form("form_ticket", {}, {"summary": "A new thing", "customer": "acme"}, Action.OPEN, about=About.ROOM),
    _form("form_details", T1, {"environment": "production"}, Action.ADD_DETAILS),
    _form("form_reply", T1, {"text": "We look at it"}, Action.REPLY),
    _form("form_correct", {"reply": "{reply}"}, {"text": "Nothing at all is lost"}, Action.REPLY),
    _form("form_take_back", {"reply": "{reply}"}, {}, Action.REPLY),
    _form("form_note", T1, {"text": "Look at the disk"}, Action.NOTE),
    _form("form_escalate", T1, {"reason": "It burns"}, Action.ESCALATE, Action.ASK_ESCALATION),
    _form("form_mark", T1, {"mark": "security", "reason": "Somebody is in"}, Action.MARK),
    _form("form_unmark", {"ticket": "T-9"}, {"mark": "data_loss", "reason": "All there"}, Action.MARK),
    _form("form_resolve", T1, SOLVED, Action.RESOLVE),
    _form("form_update", T1, SAID, Action.WORK),
    _form("form_severity", T1, {"severity": "sev2", "reason": "Some can pay"}, Action.REGRADE),
    _form("form_assign", T1, {"person": "bo"}, Action.HAND_OVER),
    _form("form_bulk", {}, {"tickets": "T-1", "action": "note", "text": "Seen"}, Action.BULK, about=OURS,
          opens=GIVEN, told=NEXT),
    _form("form_bulk_do", {"action": "note", "tickets": "T-1"}, {"text": "Seen"}, Action.BULK, about=OURS),
    _form("form_override", {}, {"override_person": "bo", "override_change": "add", "override_from": "1767700000",
                                "override_to": "1767710000"}, Action.OVERRIDE_ON_CALL, about=OURS),
    _form("form_hand", T1, {"person": "bo"}, Action.HAND_OVER),
    _form("form_rest", {"ticket": "T-11"}, {"until": "2 hours", "reason": "The vendor has it"}, Action.WORK),
    _form("form_decline", T1, {"reason": "Not ours"}, Action.TRIAGE),
    _form("form_merge", {"ticket": "T-7"}, {"into": "T-6", "reason": "The same"}, Action.TRIAGE),
    _form("form_link", T1, {"incident": "I-1"}, Action.TRIAGE),
    _form("form_incident_update", I1, SAID, Action.WORK, about=OURS),
    _form("form_incident_resolve", I1, {**SOLVED, "solved_tickets": "T-8"}, Action.RESOLVE, about=OURS),
    _form("form_analysis", T1, {"cause": "Asleep", "action": "An alarm", "action_owner": "bo", "until": "2026-02-01"},
          Action.WORK),
    _form("form_excuse", T1, {"breach": "first_response", "reason": "They asked us to wait"}, Action.EXCUSE),
    _form("form_rating", {"ticket": "T-3"}, {"score": "5", "comment": "Quick"}, Action.RATE),
    _form("form_split", {"ticket": "T-12"}, {"messages": "{second}", "summary": "The footer"}, Action.TRIAGE),
    _form("form_directory", {"thing": "team"}, {"key": "night", "members": "bo"},
          Action.ADMINISTER, about=OURS),
    _form("form_directory_thing", {}, {"thing": "team"}, Action.ADMINISTER, about=OURS, opens=GIVEN, told=NEXT),
    _form("form_directory_pick", {"thing": "team"}, {"which": "technical"}, Action.ADMINISTER, about=OURS, opens=GIVEN,
          told=NEXT),
    _form("form_wait", T1, {"reason": "waiting_for_customer"}, Action.WORK),
)  # fmt: skip

COMMANDS = (
    _command("/ticket form", "/ticket", Action.OPEN, opens=SHOWN, about=OURS),
    Door("command /ticket open", lambda scene, who: scene.command(_in_a_room(who), "/ticket sev3 A new thing"),
         (Action.OPEN,), about=About.ROOM),
    _command("/ticket list", "/ticket list", Action.SEE, opens=GIVEN, told="Checkout is down"),
    _command("/ticket show", "/ticket show T-1", Action.SEE, opens=GIVEN, told="Checkout is down"),
    _command("/escalate form", "/escalate", Action.ESCALATE, Action.ASK_ESCALATION, opens=SHOWN, about=OURS),
    _command("/escalate ticket", "/escalate T-1 It burns", Action.ESCALATE, Action.ASK_ESCALATION),
    _command("/ticket admin", "/ticket admin", Action.ADMINISTER, opens=SHOWN, about=OURS),
    _command("/oncall show", "/oncall", Action.SEE_ON_CALL, opens=GIVEN, told="Ana Lima", about=OURS),
    *(_command(f"/oncall {each}", f"/oncall {each} @bo tomorrow 09:00 tomorrow 17:00", Action.OVERRIDE_ON_CALL,
               about=OURS) for each in ("override", "add", "without")),
    _command("/oncall form", "/oncall override", Action.OVERRIDE_ON_CALL, opens=SHOWN, about=OURS),
    _command("/oncall absent", "/oncall absent tomorrow 09:00 tomorrow 17:00", Action.SEE_ON_CALL, about=OURS),
    _command("/oncall remove", "/oncall remove S1", Action.OVERRIDE_ON_CALL, about=OURS),
    _command("/oncall calendar", "/oncall calendar", Action.SEE_ON_CALL, opens=GIVEN, told="calendar", about=OURS),
    _command("/oncall test", "/oncall test 4", Action.DRILL, about=OURS),
)  # fmt: skip


def _react(scene: Scene, who: Asker) -> None:
    written = {"ts": "1767600000.000001", "user": "U0DEE", "user_team": "T0ACME", "text": "The export is empty"}
    scene.api.replies["conversations.history"] = lambda _said: {"ok": True, "messages": [written]}
    scene.event(
        {
            "type": "reaction_added", "user": who.user, "reaction": "ticket", "event_ts": "1.5",
            "item": {"type": "message", "channel": "C0ACME", "ts": written["ts"]},
        }
    )  # fmt: skip


def _looks_home(scene: Scene, who: Asker) -> None:
    scene.event({"type": "app_home_opened", "tab": "home", "user": who.user, "channel": "D1"})


WRITTEN = (
    Door("message root", lambda scene, who: scene.message(who, "Nothing works", channel="C0ACME"),
         (Action.OPEN,), roles=CUSTOMERS, room="C0ACME"),
    Door("message thread", lambda scene, who: scene.message(who, "Still so", channel="C0ACME", thread="{thread}"),
         (Action.WRITE,), room="C0ACME"),
    Door("message card", lambda scene, who: scene.message(who, "A thought", channel="C0TRIAGE", thread="{card}"),
         (Action.NOTE,)),
    Door("mention open", lambda scene, who: scene.message(who, f"<@{BELL}> sev3 A new thing", channel="C0ACME"),
         (Action.OPEN,), room="C0ACME"),
    Door("mention escalate", lambda scene, who: scene.message(who, f"<@{BELL}> escalate T-1 now", channel="C0ACME"),
         (Action.ESCALATE, Action.ASK_ESCALATION), room="C0ACME"),
    Door("mention status", lambda scene, who: scene.message(who, f"<@{BELL}> status", channel="C0ACME"),
         (Action.SEE,), GIVEN, told="Checkout is down", room="C0ACME"),
    Door("reaction ticket", _react, (Action.OPEN,), room="C0ACME"),
    Door("shortcut open_ticket", lambda scene, who: scene.shortcut(who, "open_ticket"), (Action.OPEN,), SHOWN,
         about=OURS),
    Door("event app_home_opened", _looks_home, (Action.SEE,), GIVEN,
         told="Write in your support channel", about=OURS, only=LISTED, looked_up=True),
    Door("event app_home_opened: ours", _looks_home, (Action.SEE_ON_CALL,), GIVEN,
         about=OURS, told="/oncall override", looked_up=True),
)  # fmt: skip

DOORS = (*BUTTONS, *ENTRIES, *FORMS, *COMMANDS, *WRITTEN)

ANYBODYS = frozenset({"command /ticket help", "mention help"})
"""Doors behind which there are words for everybody."""


def _in_a_room(who: Asker) -> Asker:
    """Somebody of ours opens a ticket in a customer's channel; whoever has one of their own does it there."""
    return Asker(who.name, who.team, who.user, "C0ACME" if who.role in STAFF else who.channel, who.role)


def names(doors: tuple[Door, ...] = DOORS) -> Iterator[str]:
    """The doors by name."""
    return (door.name for door in doors)
