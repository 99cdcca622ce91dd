"""How do the rows of a page become what its receiver sees, and what a ticket's card says of its paging?"""

from datetime import datetime

from bot.domain.escalation import Level, Phase, Policy
from bot.domain.handbook import Handbook
from bot.domain.ticket import State
from bot.messages import sentences, staff
from bot.messages.view import PageState, PageView
from bot.messages.words import moment
from bot.services import ladder
from bot.services.desk import Work
from bot.store import pages, people, tickets
from bot.store.tables import Escalation, Page, Ticket

STATES = {
    "paging": PageState.PAGING,
    "acknowledged": PageState.ACKNOWLEDGED,
    "taken": PageState.ACKNOWLEDGED,
    "declined": PageState.DECLINED,
    "passed_on": PageState.PASSED,
    "stood_down": PageState.STOOD_DOWN,
}

ENDINGS = {
    State.RESOLVED: "is_resolved",
    State.CLOSED: "is_closed",
    State.DECLINED: "is_declined",
    State.MERGED: "is_merged",
}
"""The reason that a page gives for having ended with its ticket."""


def page_view(work: Work, row: Ticket, chain: Escalation, page: Page) -> PageView:
    """One page as its receiver sees it: why, whom else, who is next and when, and how it ended."""
    handbook = work.handbook(row)
    policy = ladder.policy_for(handbook, chain.circle)
    level = policy.levels.get(page.level)
    others = [
        people.name_of(work.session, each.person_id)
        for each in pages.of_escalation(work.session, chain.id)
        if (each.level, each.attempt, each.round) == (page.level, page.attempt, page.round) and each.id != page.id
    ]
    state = STATES[page.state]
    attempts = level.attempts if level else 1
    step_at = ladder.step_at(work, row, chain)
    following = _following(work, row, chain, page, policy, at=step_at) if page.attempt >= attempts else None
    if state is PageState.PASSED:
        following = policy.levels.get(chain.level)
    acknowledged = state is PageState.ACKNOWLEDGED
    beside = _paged_beside(work, chain)
    return PageView(
        id=page.id,
        why=_why(work, handbook, chain.trigger),
        level=page.level,
        level_name=level.name if level else "",
        attempt=page.attempt,
        attempts=attempts,
        round=page.round,
        also_paged=(*others, *(f"{people.name_of(work.session, person)} ({asked_as})" for person, asked_as in beside)),
        next_level=following.name if following and following.number != page.level else "",
        next_at=step_at if state is PageState.PAGING else None,
        reason=chain.reason,
        duty=ladder.duty_words(chain.circle),
        state=state,
        by=people.name_of(work.session, chain.acknowledged_by) if acknowledged and chain.acknowledged_by else "",
        still_paged=bool(beside),
        still_asks=tuple(asked_as for person, asked_as in beside if acknowledged and person == chain.acknowledged_by),
        at=chain.acknowledged_at if acknowledged else page.answered_at,
        hurried=bool(level and page.answered_at and page.answered_at < page.paged_at + level.acknowledge_within),
        after_for=chain.acknowledged_at - chain.started_at if acknowledged and chain.acknowledged_at else None,
        ended_because=_ended_because(work, row) if state is PageState.STOOD_DOWN else "",
    )


def _ended_because(work: Work, row: Ticket) -> str:
    """Why a page is no longer needed, by what became of its ticket."""
    reason = ENDINGS.get(State(row.state), "is_less_severe")
    return sentences.reason(work.desk.catalog, reason, ticket=tickets.merged_into(row))


def _following(
    work: Work, row: Ticket, chain: Escalation, page: Page, policy: Policy, *, at: datetime | None
) -> Level | None:
    """The level that is paged after a page's own, as the handbook pages at that moment."""
    number = policy.above(page.level)
    if page.level == policy.last and chain.round < policy.rounds:
        number = policy.first
    if chain.circle == ladder.LADDER and at:
        while number < policy.last and not ladder.is_paged(work, row, number, at=at):
            number = policy.above(number)
    return policy.levels.get(number)


def _paged_beside(work: Work, chain: Escalation) -> tuple[tuple[str, str], ...]:
    """Who is being paged for the same ticket on its other chains, by their ids, each with what they are asked as."""
    beside = [
        each
        for each in pages.of_ticket(work.session, chain.ticket_number, states=(Phase.PAGING.value,))
        if each.id != chain.id
    ]
    return tuple(
        (page.person_id, ladder.duty_words(each.circle) or f"level {each.level}")
        for each in beside
        for page in pages.of_escalation(work.session, each.id, states=("paging",))
    )


def _why(work: Work, handbook: Handbook, trigger: str) -> str:
    """Say in a sentence why somebody is paged; a reason of the handbook's own says it in the handbook's words."""
    reason = handbook.escalation.reasons.get(trigger)
    return staff.why_paged(work.desk.catalog, trigger=trigger, label=reason.label if reason else "")


def paging_words(work: Work, row: Ticket, handbook: Handbook, *, now: datetime) -> str:
    """Say how a ticket's last chain stands: who has it, or what is being paged since when; else nothing."""
    chain = pages.latest(work.session, row.number_known)
    if chain is None:
        return ""
    zone = work.desk.handbooks.default.handbook.zone
    if chain.state == Phase.ACKNOWLEDGED and chain.acknowledged_at:
        at = moment(chain.acknowledged_at, zone=zone, now=now)
        who = people.name_of(work.session, chain.acknowledged_by)
        return sentences.reason(work.desk.catalog, "acknowledged_by", who=who, at=at)
    if chain.state != Phase.PAGING:
        return ""
    level = handbook.level(chain.level)
    since = moment(chain.started_at, zone=zone, now=now)
    return sentences.reason(
        work.desk.catalog, "paging_since", level=chain.level, name=level.name if level else "", at=since,
        nobody=not row.owner,
    )  # fmt: skip
