"""Do pages reach those who are on call, by which medium, and how fast? A drill pages them for real and reports.

Everybody on call at a level gets a page in Slack and by every contact at once. When all have answered, or after a
quarter of an hour, operations and whoever asked read who did, by what, and how fast.
"""

from datetime import datetime, timedelta

from bot.domain.errors import BadInput, NoSuchTicket
from bot.domain.message import InternalMessage, Priority
from bot.domain.people import Action, Actor, check
from bot.messages import alarms, sentences
from bot.messages import drill as texts
from bot.services import staff_news, tell, views
from bot.services.desk import Answer, Work
from bot.services.oncall import people_of_level
from bot.store import deadlines, drills, outbox, outside, people
from bot.store.drill_tables import DrillPage
from bot.store.outside import Place
from bot.store.tables import Person

DEADLINE = "drill"
LASTS_FOR = timedelta(minutes=15)
LINK = "drill"


def begin(work: Work, *, actor: Actor, words: str = "", now: datetime) -> Answer:
    """Page who is on call at a level (the first one, another by its number, or `all`) to see whether it works.

    Raises NotAllowed, or BadInput where there is no such level, nobody is on call there, or a drill asks them already.
    """
    check(actor, Action.DRILL)
    found = [person for level in _levels(work, words) for person in people_of_level(work.session, level, now=now)]
    called = list({person.id: person for person in found if person.slack}.values())
    if not called:
        raise BadInput("nobody_on_call")
    running = drills.unanswered(work.session, [person.id for person in called], since=now - LASTS_FOR)
    if running:
        first = running[0]
        raise BadInput(
            "drill_runs", names=list(dict.fromkeys(people.name_of(work.session, page.person_id) for page in running)),
            by=people.name_of(work.session, first.asked_by),
            at=views.said_at(work, first.paged_at + LASTS_FOR, actor=actor, now=now),
        )  # fmt: skip
    drill = work.new_id()
    for person in called:
        _page(work, drill, person, actor=actor, now=now)
    deadlines.arm(work.session, kind=DEADLINE, subject=drill, due_at=now + LASTS_FOR)
    return tell.plain(work, "drill_begun", names=[person.name for person in called], lasts_for=LASTS_FOR, now=now)


def answer(work: Work, *, actor: Actor, page: str, by: str = "Slack", now: datetime) -> Answer:
    """Note that somebody is there; the last one brings the report. Raises NotAllowed or NoSuchTicket."""
    check(actor, Action.ACKNOWLEDGE)
    mine = drills.page(work.session, page)
    if mine is None:
        raise NoSuchTicket("no_such_page")
    if mine.answered_at is not None:
        return tell.plain(work, "drill_answered_before", now=now)
    mine.answered_at, mine.answered_by = now, by
    work.session.add(mine)
    work.session.flush()
    _show(work, mine, now=now)
    outbox.cancel(work.session, key_prefix=f"drill:{mine.drill}:{mine.person_id}:", now=now)
    if all(each.answered_at for each in drills.pages(work.session, mine.drill)):
        _report(work, mine.drill, now=now)
    return tell.plain(work, "drill_answered", now=now)


def end(work: Work, *, drill: str, now: datetime) -> None:
    """Report although not everybody answered."""
    _report(work, drill, now=now)


def _levels(work: Work, words: str) -> list[int]:
    known = work.desk.handbooks.default.handbook.levels
    if not words.strip():
        return sorted(known)[:1]
    if words.strip().lower() == "all":
        return sorted(known)
    if words.strip().isdecimal() and int(words) in known:
        return [int(words)]
    raise BadInput("no_level_to_test", level=words.strip())


def _page(work: Work, drill: str, person: Person, *, actor: Actor, now: datetime) -> None:
    page = DrillPage(id=work.new_id(), drill=drill, person_id=person.id, asked_by=actor.person or "", paged_at=now)
    work.session.add(page)
    work.session.flush()
    outbox.post(
        work.session, message=_said(work, page, now=now), lane=f"@{person.slack}", id=work.new_id(),
        card=f"drill:{page.id}", key=f"drill:{page.id}", now=now,
    )  # fmt: skip
    for number, url in enumerate(person.contacts):
        medium = url.partition("://")[0]
        identity, links = work.new_id(), work.desk.links
        link = links.url(LINK, page.id, person.id, medium, expires_at=now + LASTS_FOR) if links else ""
        said = texts.outside(
            work.desk.catalog, asked_by=actor.name, reference=identity[:8], link=link,
            zone=views.zone_of(work, person.id), now=now,
        )  # fmt: skip
        outside.notify(
            work.session, place=Place(person.id, number), title=said.title, body=said.body, id=identity,
            facts={"medium": medium, "action": "trigger", "dedup": f"drill-{page.id}"},
            key=f"drill:{drill}:{person.id}:{number}", priority=Priority.REPLY, now=now,
        )  # fmt: skip


def _said(work: Work, page: DrillPage, *, over: bool = False, now: datetime) -> InternalMessage:
    return texts.page(
        work.desk.catalog, id=page.id, asked_by=people.name_of(work.session, page.asked_by),
        answered_at=page.answered_at, by=page.answered_by, over=over, zone=views.zone_of(work, page.person_id), now=now,
    )  # fmt: skip


def _show(work: Work, page: DrillPage, *, over: bool = False, now: datetime) -> None:
    message = _said(work, page, over=over, now=now)
    outbox.edit(work.session, message=message, card=f"drill:{page.id}", id=work.new_id(), now=now)


def _report(work: Work, drill: str, *, now: datetime) -> None:
    deadlines.cancel(work.session, kind=DEADLINE, subject=drill)
    pages = drills.pages(work.session, drill)
    lines = []
    for page in sorted(pages, key=lambda each: (each.answered_at is None, each.answered_at or each.paged_at)):
        lines.append(_line(work, page))
        if page.answered_at is None:
            outbox.cancel(work.session, key_prefix=f"drill:{drill}:{page.person_id}:", now=now)
            _show(work, page, over=True, now=now)
    answered = sum(page.answered_at is not None for page in pages)

    title = sentences.reason(work.desk.catalog, "drill_report", count=answered, number=len(pages))

    def say(zone: str) -> InternalMessage:
        return alarms.findings(
            work.desk.catalog, title=title, lines=tuple(lines), alarm=False,
            zone=zone, now=now,
        )  # fmt: skip

    staff_news.alarm(work, say, key=f"drill:report:{drill}", now=now)
    for asked_by in {page.asked_by for page in pages}:
        person = people.person(work.session, asked_by)
        if person is not None:
            outbox.post(
                work.session, message=say(views.zone_of(work, person.id)), lane=f"@{person.slack}",
                id=work.new_id(), key=f"drill:report:{drill}:{person.id}", now=now,
            )  # fmt: skip


def _line(work: Work, page: DrillPage) -> str:
    name = people.name_of(work.session, page.person_id)
    failed = sorted(
        str(row.payload.get("medium"))
        for row in outside.failed(work.session, prefix=f"drill:{page.drill}:{page.person_id}:")
    )
    after_for = page.answered_at - page.paged_at if page.answered_at else None
    return sentences.reason(
        work.desk.catalog, "drill_line", who=name, after_for=after_for, by=page.answered_by, failed=failed
    )
