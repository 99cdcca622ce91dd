"""What stands in somebody's home tab, and when is it drawn again?

It is drawn when it is opened, and again for everybody of ours who ever opened it when who is on call changes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain import oncall_roster
from bot.domain.message import Visibility
from bot.domain.people import CUSTOMERS, LEADS, STAFF, Action, Actor, may
from bot.messages import answers, directory, manager
from bot.messages import home as messages
from bot.messages.home import PostView, ShiftView
from bot.services import burning, calendar, handoff, oncall, queries, views, whois
from bot.services.desk import Work
from bot.store import outbox, people, rota, tickets

SHOWN_FOR = timedelta(days=15)
"""Two whole weeks from the beginning of today."""


def opened(work: Work, *, user: str, workspace: str, now: datetime) -> None:
    """Draw the home tab of somebody who looks at it; `workspace` is empty for the installing one."""
    rota.opened_home(work.session, slack=user, workspace=workspace, at=now)
    _draw(work, user, workspace, _shifts(work, now=now), now=now)


def refresh(work: Work, *, now: datetime) -> None:
    """Draw the home tabs of our own people again."""
    tabs = rota.home_tabs(work.session)
    if not tabs:
        return
    found = _shifts(work, now=now)
    for tab in tabs:
        actor = whois.find(work.session, workspace=tab.workspace, user=tab.slack, channel=None)
        if actor.role in STAFF:
            _draw(work, tab.slack, tab.workspace, found, now=now)


def _draw(
    work: Work, user: str, workspace: str, found: Mapping[str, tuple[oncall_roster.Shift, ...]], *, now: datetime
) -> None:
    actor = whois.find(work.session, workspace=workspace, user=user, channel=None)
    zone = oncall.zone_of(work, actor)
    # Nothing internal leaves for another workspace, even for somebody of ours there.
    if actor.role in STAFF and not workspace:
        visibility = Visibility.INTERNAL
        view = _staff(work, actor, found, zone, now=now)
    elif actor.role in CUSTOMERS:
        visibility = Visibility.CUSTOMER
        view = _customers(work, actor, now=now)
    else:
        visibility = Visibility.CUSTOMER
        view = messages.unknown_home(work.desk.catalog, zone=zone, now=now)
    outbox.home(work.session, view=view, user=user, visibility=visibility, id=work.new_id(), now=now)


def _staff(
    work: Work, actor: Actor, found: Mapping[str, tuple[oncall_roster.Shift, ...]], zone: str, *, now: datetime
) -> dict[str, object]:
    names = {key: row.name for key, row in people.persons(work.session).items()}
    posts = tuple(
        PostView(
            name,
            tuple(_shown(shift, names, now=now) for shift in shifts),
            tuple(_shown(shift, names, now=now) for shift in shifts if actor.person in shift.people),
        )
        for name, shifts in found.items()
    )
    mine = queries.in_order(work, tickets.queue(work.session, owner=actor.person))
    listed = tuple(views.staff_ticket(work, row, now=now) for row in mine[: queries.LISTED])
    seen = burning.overview(work, now=now) if actor.role in LEADS else None
    above = manager.overview(work.desk.catalog, seen=seen, zone=zone, now=now) if seen else []
    may_change = may(actor.role, Action.ADMINISTER)
    below = directory.home_blocks(work.desk.catalog, counts=_counts(work)) if may_change else []
    return messages.staff_home(
        work.desk.catalog,
        above=above,
        below=below,
        posts=posts,
        calendar=calendar.url_for(work, actor.person, now=now) if actor.person else "",
        changes=bool(posts) and may(actor.role, Action.OVERRIDE_ON_CALL),
        queue=answers.staff_queue(work.desk.catalog, tickets=listed, total=len(mine), zone=zone, now=now),
        zone=zone,
        now=now,
    )


def _customers(work: Work, actor: Actor, *, now: datetime) -> dict[str, object]:
    """What somebody of a customer sees: their own organisation's tickets, and nothing else (ledger LC-5)."""
    found = queries.of_customer(work, actor.customer or "", now=now)
    return messages.customer_home(
        work.words_for(actor), rows=found.rows, total=found.total, closed=found.closed, zone=found.zone, now=now
    )


def _counts(work: Work) -> directory.Counts:
    """How much stands in the directory."""
    customers = [row for row in people.customers(work.session) if row.active]
    ours = [row for row in people.persons(work.session).values() if row.active and row.customer_id is None]
    without = tuple(row.name for row in customers if not row.channel)
    rotations, teams = people.rotations(work.session), people.teams(work.session)
    return directory.Counts(len(customers), len(ours), len(rotations), len(teams), without)


def _shown(shift: oncall_roster.Shift, names: Mapping[str, str], *, now: datetime) -> ShiftView:
    who = tuple(names.get(each, each) for each in shift.people)
    return ShiftView(who, shift.starts_at, shift.ends_at, goes_on=shift.ends_at >= now + SHOWN_FOR)


def _shifts(work: Work, *, now: datetime) -> dict[str, tuple[oncall_roster.Shift, ...]]:
    roster = oncall.roster_of(work.session, now=now)
    return {
        post.name: tuple(oncall_roster.shifts(post.targets, roster, now, now + SHOWN_FOR))
        for post in handoff.posts_of(work, roster)
    }
