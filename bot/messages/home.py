"""What does somebody see in the bot's home tab? Our own people the next two weeks of on-call, a customer its tickets.

The picture of the weeks is letters in a grid with their names beneath, and every turn stands below it in words: nothing
is said by colour or by position alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.message import Block
from bot.messages import own, rota_forms
from bot.messages.blocks import context, divider, fitted, header, sections
from bot.messages.render import Catalog
from bot.messages.view import CustomerRow
from bot.messages.words import Mrkdwn, escape

WEEK = 7
WEEKS = 2
NAME = 12
NOBODY = "--"
MOST_TEXT = 11_000
MOST_TICKETS = 15


@dataclass(frozen=True, slots=True)
class ShiftView:
    """Who is on call from when to when; nobody where `who` is empty."""

    who: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    goes_on: bool = False
    """Whether it lasts longer than what is shown: its end is none."""


@dataclass(frozen=True, slots=True)
class PostView:
    """What is held in turns, such as a level, with its shifts of the next two weeks; `mine` are the reader's own."""

    name: str
    shifts: tuple[ShiftView, ...]
    mine: tuple[ShiftView, ...] = ()


def staff_home(
    catalog: Catalog,
    *,
    posts: tuple[PostView, ...],
    calendar: str = "",
    changes: bool = False,
    queue: str,
    above: Sequence[Block] = (),
    below: Sequence[Block] = (),
    zone: str,
    now: datetime,
) -> Block:
    """Our own people: when it is their turn, two weeks of every post, and the tickets that they have, as `queue` says.

    `calendar` is the address of their feed, if there is one; `changes`: whether they may change who is on call;
    `above` is what managers see first, `below` what administrators have beside it.
    """
    said = catalog.say("home_staff", zone=zone, now=now, posts=posts, calendar=calendar)
    drawn = picture(posts, zone=zone, now=now)
    return _view(
        [
            *above,
            header(catalog.label("home_on_call")),
            *sections(said.get("mine", "")),
            *([block for week in drawn for block in sections(week)]),
            *(rota_forms.override_row(catalog) if changes else []),
            *sections(said.get("turns", "")),
            divider(),
            header(catalog.label("home_tickets")),
            *sections(queue),
            *below,
            context(said.get("footer", "")),
        ]
    )


def customer_home(
    catalog: Catalog,
    *,
    rows: tuple[CustomerRow, ...],
    total: int,
    closed: tuple[CustomerRow, ...] = (),
    zone: str,
    now: datetime,
) -> Block:
    """A customer's people: each open ticket of their organisation with its buttons, and what was closed lately.

    `rows` are the first of `total` open ones. Source: ledger LC-5.
    """
    shown = rows[:MOST_TICKETS]
    said = catalog.say("home_customer", zone=zone, now=now, shown=shown, more=total - len(shown), closed=closed)
    return _view(
        [
            header(catalog.label("home_tickets")),
            *own.tickets(catalog, rows=shown, zone=zone, now=now),
            *sections(said.get("body", "")),
            *own.ended(catalog, said.get("more", "")),
            context(said.get("footer", "")),
        ]
    )


def unknown_home(catalog: Catalog, *, zone: str, now: datetime) -> Block:
    """Somebody whom the desk does not know: whom to ask."""
    return _view(sections(catalog.say("home_unknown", zone=zone, now=now).get("body", "")))


def picture(posts: tuple[PostView, ...], *, zone: str, now: datetime) -> tuple[Mrkdwn, ...]:
    """Two weeks from today as grids of letters, a week each, and what the letters mean; nothing without posts.

    A day on which it changes shows everybody in order, `A>B`; a day on which nobody is left shows two dashes.
    """
    if not posts:
        return ()
    marks = _marks(dict.fromkeys(name for post in posts for shift in post.shifts for name in shift.who))
    today = now.astimezone(ZoneInfo(zone)).date()
    weeks = [[today + timedelta(days=WEEK * week + day) for day in range(WEEK)] for week in range(WEEKS)]
    grids = [_grid(posts, days, marks, zone) for days in weeks]
    key = ", ".join(f"{mark} = {name}" for name, mark in marks.items())
    return (*grids, escape(f"{key}, {NOBODY} = nobody" if key else f"{NOBODY} = nobody"))


def _grid(posts: tuple[PostView, ...], days: list[date], marks: dict[str, str], zone: str) -> Mrkdwn:
    rows = [["", *(f"{day:%a} {day.day}" for day in days)]]
    rows += [[post.name[:NAME], *(_cell(post, day, marks, zone) for day in days)] for post in posts]
    widths = [max(len(row[column]) for row in rows) for column in range(WEEK + 1)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    text = escape("\n".join(lines).replace("`", "'"))
    return Mrkdwn(f"```{text}```")


def _cell(post: PostView, day: date, marks: dict[str, str], zone: str) -> str:
    begin = datetime.combine(day, time(), ZoneInfo(zone))
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    found = [shift for shift in post.shifts if shift.starts_at < end and shift.ends_at > begin]
    return ">".join("+".join(marks[name] for name in shift.who) or NOBODY for shift in found) or NOBODY


def _marks(names: Iterable[str]) -> dict[str, str]:
    """A short mark for each name: the fewest of its letters that no other name begins with, else with a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        shown = name.replace(" ", "") or "?"
        tries = (shown[: length + 1] for length in range(min(3, len(shown))))
        mark = next((each for each in tries if each not in taken), f"{shown[0]}{len(taken) + 1}")
        found[name] = mark
        taken.add(mark)
    return found


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": [*fitted(blocks, most=MOST_TEXT)]}
