"""What was each message of the desk for, and is one of them more than was due?

In a customer's channel: one receipt, one question, one notice an escalation, the updates, the resolution, the closing
and the replies. Inside: one card, its room's lines, the pages, and what asks or warns one of ours. All else is edits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ONCE = {"receipt": 1, "question": 1}
"""What a ticket's customer gets at most so often."""

EACH = {
    "update": ("update_posted",),
    "escalation": ("escalated", "escalation_asked", "marked"),
    "resolution": ("resolved",),
    "closing": ("closed", "declined", "merged"),
    "reply": ("replied",),
    "notice": ("reopened",),
}
"""What a ticket's customer gets once for each time that this happened."""

ALARMS = ("warned", "breached", "escalation_asked", "level_skipped", "exhausted")
"""What operations and managers are told once."""

ACCOUNTS = ("opened", "breached", "escalated")
"""What a customer's account manager is told once."""

LEADS = 2
"""How many managers the local workspace has, who hear that nobody answers at all."""

Place = str
"""`customer`, `card`, `room`, `operations` or `direct`."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One message of the desk: where, for what, and of which ticket if it is of one."""

    place: Place
    kind: str
    ticket: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of a ticket's record: what happened, and to how many people."""

    kind: str
    people: int = 1


def too_many(posted: Iterable[Posted], happened: Mapping[int, Iterable[Happening]]) -> list[str]:
    """A line for each ticket, place and kind of which there are more messages than were due; none is right."""
    found = Counter((each.ticket, each.place, each.kind) for each in posted)
    due = {ticket: [*rows] for ticket, rows in happened.items()}
    wrong = []
    for (ticket, place, kind), number in sorted(found.items(), key=str):
        most = most_of(place, kind, due.get(ticket, [])) if ticket is not None else most_of_none(place, kind)
        if number > most:
            wrong.append(f"ticket {ticket}: {number} of {kind} in {place}, not {most}")
    return wrong


def most_of(place: Place, kind: str, happened: list[Happening]) -> int:
    """How many messages of a kind a ticket may bring in a place, by what happened to it."""
    times = Counter(each.kind for each in happened)
    people = Counter[str]()
    for each in happened:
        people[each.kind] += each.people
    alarms = sum(times[each] for each in ALARMS)
    # Whoever owns a ticket is asked for its update, and beside them one who leads the communication.
    asked = people["analysis_asked"] + people["assigned"] + 2 * times["update_asked"]
    inside = {
        ("card", "card"): 1,
        ("operations", "alarm"): alarms,
        ("direct", "page"): people["paged"],
        ("direct", "notice"): asked + sum(times[each] for each in ACCOUNTS),
        ("direct", "alarm"): LEADS * times["exhausted"],
    }
    if place == "customer":
        return ONCE.get(kind) or sum(times[each] for each in EACH.get(kind, ()))
    return times.total() if place == "room" else inside.get((place, kind), 0)


def most_of_none(place: Place, kind: str) -> int:
    """How many messages may be of no ticket: pages taken together in a storm, and the handing over of on-call."""
    return {("direct", "page"): 20, ("direct", "notice"): 4}.get((place, kind), 0)


def told(posted: Iterable[Posted]) -> str:
    """How many messages there were, by place and kind, in a line each."""
    found = Counter((each.place, each.kind) for each in posted)
    return "\n".join(f"{number:5} {kind} in {place}" for (place, kind), number in found.most_common())


def as_posted(message: Mapping[str, Any], *, rooms: Mapping[str, str]) -> Posted | None:
    """A message of the workspace as one of the desk's; None where a person wrote it. `rooms`: channels by id."""
    metadata = message["metadata"]
    if metadata is None:
        return None
    channel = str(message["channel"])
    place = rooms.get(channel, "direct" if str(message["channel_name"]).startswith("@") else "customer")
    if place == "card" and message["thread_ts"] not in (None, message["ts"]):
        place = "room"
    kind = str(metadata["event_type"]).removeprefix("watchbell_")
    return Posted(place, kind, metadata["event_payload"].get("ticket"), str(message["text"]))
