"""What does each button do? A click is somebody's, wherever they work: every use case asks what they may do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.response import BoltResponse

from bot.domain.directory_entry import Thing
from bot.domain.ticket import Severity
from bot.services import (
    alike,
    bulk,
    corrections,
    details,
    directory_forms,
    drill,
    escalate,
    forms,
    holding,
    incident_channel,
    incident_forms,
    incidents,
    marks,
    page_answers,
    rating,
    rota_forms,
    split,
    storm,
    updates,
    working,
)
from bot.services.desk import Delivery
from bot.slack.deps import Asker, Deps, Step

Maker = Callable[[str, str], Step]
"""From the button's value and the channel it stands in to the use case."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a button asks for: `changes` takes effect once; otherwise it only shows a form."""

    step: Maker
    changes: bool


def _form(step: Maker) -> Button:
    return Button(step, changes=False)


def _deed(step: Maker) -> Button:
    return Button(step, changes=True)


def _severity(severity: Severity) -> Button:
    return _deed(
        lambda ticket, _: (
            lambda work, actor, now: details.say_severity(
                work, actor=actor, ticket=ticket, severity=severity.value, now=now
            )
        )
    )


def _thing(thing: Thing) -> Button:
    return _form(
        lambda _value, _: lambda work, actor, now: directory_forms.pick(work, actor=actor, thing=thing.value, now=now)
    )


def _score(score: int) -> Button:
    return _deed(
        lambda ticket, _: lambda work, actor, now: rating.rate(work, actor=actor, ticket=ticket, score=score, now=now)
    )


def _claim(value: str, _channel: str) -> Step:
    """The value names the ticket, and behind a colon whoever has it by the card."""
    ticket, _, shown = value.partition(":")
    return lambda work, actor, now: working.claim(work, actor=actor, ticket=ticket, shown=shown, now=now)


BUTTONS: Mapping[str, Button] = MappingProxyType(
    {
        "page_acknowledge": _deed(
            lambda page, _: lambda work, actor, now: page_answers.acknowledge(work, actor=actor, page=page, now=now)
        ),
        "page_acknowledge_all": _deed(
            lambda _person, _: lambda work, actor, now: storm.acknowledge_all(work, actor=actor, now=now)
        ),
        "page_escalate": _deed(
            lambda page, _: lambda work, actor, now: page_answers.escalate_now(work, actor=actor, page=page, now=now)
        ),
        "page_decline": _deed(
            lambda page, _: lambda work, actor, now: page_answers.decline(work, actor=actor, page=page, now=now)
        ),
        "drill_answer": _deed(
            lambda page, _: lambda work, actor, now: drill.answer(work, actor=actor, page=page, now=now)
        ),
        "card_claim": _deed(_claim),
        "card_reply": _form(
            lambda ticket, _: lambda work, actor, now: forms.reply_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "card_resolve": _form(
            lambda ticket, _: lambda work, actor, now: forms.resolve_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "card_escalate": _form(
            lambda ticket, channel: (
                lambda work, actor, now: forms.escalate_form(work, actor=actor, ticket=ticket, channel=channel, now=now)
            )
        ),
        "customer_escalate": _form(
            lambda ticket, channel: (
                lambda work, actor, now: forms.escalate_form(work, actor=actor, ticket=ticket, channel=channel, now=now)
            )
        ),
        "customer_details": _form(
            lambda ticket, _: lambda work, actor, now: forms.details_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "customer_confirm": _deed(
            lambda ticket, _: lambda work, actor, now: working.confirm(work, actor=actor, ticket=ticket, now=now)
        ),
        "customer_reopen": _deed(
            lambda ticket, _: lambda work, actor, now: working.reopen(work, actor=actor, ticket=ticket, now=now)
        ),
        **{f"customer_severity_{key.value}": _severity(key) for key in Severity},
        **{f"customer_score_{score}": _score(score) for score in range(rating.WORST, rating.BEST + 1)},
        "customer_rating": _form(
            lambda ticket, _: lambda work, actor, now: rating.form(work, actor=actor, ticket=ticket, now=now)
        ),
        "update_write": _form(
            lambda ticket, _: lambda work, actor, now: forms.update_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "update_approve": _deed(
            lambda asked, _: lambda work, actor, now: updates.approve(work, actor=actor, asked=asked, now=now)
        ),
        "update_send": _deed(
            lambda asked, _: (
                lambda work, actor, now: updates.approve(work, actor=actor, asked=asked, at_once=True, now=now)
            )
        ),
        "oncall_override": _form(
            lambda _value, _: lambda work, actor, now: rota_forms.override_form(work, actor=actor, now=now)
        ),
        "bulk_begin": _form(lambda _value, _: lambda work, actor, now: bulk.choose_form(work, actor=actor, now=now)),
        "directory_connect": _form(
            lambda reference, _: (
                lambda work, actor, now: directory_forms.connect(work, actor=actor, reference=reference, now=now)
            )
        ),
        "breach_analyse": _form(
            lambda ticket, _: lambda work, actor, now: forms.analysis_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "breach_excuse": _form(
            lambda ticket, _: lambda work, actor, now: forms.excuse_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "incident_update": _form(
            lambda incident, _: (
                lambda work, actor, now: incident_forms.update_form(work, actor=actor, incident=incident, now=now)
            )
        ),
        "incident_resolve": _form(
            lambda incident, _: (
                lambda work, actor, now: incident_forms.resolve_form(work, actor=actor, incident=incident, now=now)
            )
        ),
        "incident_reopen": _deed(
            lambda incident, _: lambda work, actor, now: incidents.reopen(work, actor=actor, incident=incident, now=now)
        ),
        "alike_link": _deed(
            lambda ticket, _: lambda work, actor, now: alike.link_all(work, actor=actor, ticket=ticket, now=now)
        ),
        "alike_apart": _deed(
            lambda ticket, _: lambda work, actor, now: alike.keep_apart(work, actor=actor, ticket=ticket, now=now)
        ),
        "alike_merge": _form(
            lambda pair, _: lambda work, actor, now: incident_forms.merge_form(work, actor=actor, pair=pair, now=now)
        ),
        "escalation_approve": _deed(
            lambda ticket, _: lambda work, actor, now: escalate.approve(work, actor=actor, ticket=ticket, now=now)
        ),
    }
)
"""Every button by its action id."""

MORE: Mapping[str, Button] = MappingProxyType(
    {
        "severity": _form(
            lambda ticket, _: lambda work, actor, now: forms.severity_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "note": _form(
            lambda ticket, _: lambda work, actor, now: forms.note_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "start": _deed(
            lambda ticket, _: lambda work, actor, now: working.start_work(work, actor=actor, ticket=ticket, now=now)
        ),
        "wait": _form(
            lambda ticket, _: lambda work, actor, now: forms.wait_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "resume": _deed(
            lambda ticket, _: lambda work, actor, now: working.resume(work, actor=actor, ticket=ticket, now=now)
        ),
        "update": _form(
            lambda ticket, _: lambda work, actor, now: forms.update_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "assign": _form(
            lambda ticket, _: lambda work, actor, now: forms.assign_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "hand": _form(
            lambda ticket, _: lambda work, actor, now: forms.hand_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "rest": _form(
            lambda ticket, _: lambda work, actor, now: forms.rest_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "back": _deed(
            lambda ticket, _: lambda work, actor, now: holding.give_back(work, actor=actor, ticket=ticket, now=now)
        ),
        "why": _form(lambda ticket, _: lambda work, actor, now: forms.why(work, actor=actor, ticket=ticket, now=now)),
        "mark": _form(
            lambda ticket, _: lambda work, actor, now: marks.mark_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "unmark": _form(
            lambda ticket, _: lambda work, actor, now: marks.unmark_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "decline": _form(
            lambda ticket, _: lambda work, actor, now: forms.decline_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "merge": _form(
            lambda ticket, _: lambda work, actor, now: forms.merge_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "split": _form(
            lambda ticket, _: lambda work, actor, now: split.split_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "excuse": _form(
            lambda ticket, _: lambda work, actor, now: forms.excuse_form(work, actor=actor, ticket=ticket, now=now)
        ),
        "link": _form(
            lambda ticket, _: (
                lambda work, actor, now: incident_forms.link_form(work, actor=actor, ticket=ticket, now=now)
            )
        ),
        "unlink": _deed(
            lambda ticket, _: lambda work, actor, now: incidents.unlink(work, actor=actor, ticket=ticket, now=now)
        ),
        "channel": _deed(
            lambda ticket, _: (
                lambda work, actor, now: incident_channel.open_for(work, actor=actor, ticket=ticket, now=now)
            )
        ),
    }
)
"""The entries of a card's More menu; an entry's value is `note:T-1042`."""

MORE_OF_INCIDENT: Mapping[str, Button] = MappingProxyType(
    {
        "unlink": MORE["unlink"],
        "channel": _deed(
            lambda incident, _: (
                lambda work, actor, now: incident_channel.open_for_incident(
                    work, actor=actor, incident=incident, now=now
                )
            )
        ),
    }
)
"""The entries of an incident's More menu: `unlink:T-1042`, `channel:I-7`."""

REPLY_CHANGES: Mapping[str, Button] = MappingProxyType(
    {
        "correct": _form(
            lambda reply, _: lambda work, actor, now: corrections.correct_form(work, actor=actor, reply=reply, now=now)
        ),
        "take_back": _form(
            lambda reply, _: (
                lambda work, actor, now: corrections.take_back_form(work, actor=actor, reply=reply, now=now)
            )
        ),
    }
)
"""What can be done to a reply in the room: `correct:12`, by the message's number."""

THINGS: Mapping[str, Button] = MappingProxyType({thing.value: _thing(thing) for thing in Thing})
"""The entries of the directory's menu, by what they change."""

MENUS: Mapping[str, Mapping[str, Button]] = MappingProxyType(
    {
        "card_more": MORE,
        "incident_more": MORE_OF_INCIDENT,
        "directory_change": THINGS,
        "reply_change": REPLY_CHANGES,
    }
)
"""Every menu by its action id."""


@dataclass(frozen=True, slots=True)
class Click:
    """One click on one element: whose, on what, and where the element stands."""

    action_id: str
    value: str
    asker: Asker
    key: str
    trigger_id: str
    in_form: bool
    at_home: bool = False


def register(app: App, deps: Deps) -> None:
    """Listen to every click."""

    def on_click(ack: Ack, body: dict[str, Any], action: dict[str, Any]) -> BoltResponse:
        click = read(deps, body, action)
        button, value = _find(click)
        if button is not None and (click.asker.channel is not None or click.at_home):
            _do(deps, click, button, value)
            if click.at_home and button.changes:
                deps.draw_home(click.key, click.asker)
        return ack()

    # One listener and a table: Bolt walks its listeners one by one for every request.
    app.action(re.compile(".*"))(on_click)


def read(deps: Deps, body: Mapping[str, Any], action: Mapping[str, Any]) -> Click:
    """What a block action's payload says."""
    user, container = _part(body, "user"), _part(body, "container")
    message, channel = _part(body, "message"), _part(body, "channel")
    option = _part(action, "selected_option")
    at_home = _part(body, "view").get("type") == "home"
    place = container.get("message_ts") or message.get("ts") or container.get("view_id") or ""
    return Click(
        action_id=str(action.get("action_id", "")),
        value=str(action.get("value") or option.get("value") or ""),
        asker=Asker(
            workspace=deps.home(user.get("team_id") or _part(body, "team").get("id")),
            user=str(user.get("id", "")),
            channel=str(channel.get("id") or container.get("channel_id") or "") or None,
            thread=container.get("thread_ts") or message.get("thread_ts"),
            name=str(user.get("name") or user.get("username") or ""),
        ),
        key=f"click:{user.get('id')}:{place}:{action.get('action_ts')}:{action.get('action_id')}",
        trigger_id=str(body.get("trigger_id", "")),
        in_form=container.get("type") == "view" and not at_home,
        at_home=at_home,
    )


def _find(click: Click) -> tuple[Button | None, str]:
    if click.action_id in MENUS:
        entry, _, goal = click.value.partition(":")
        return MENUS[click.action_id].get(entry), goal
    return BUTTONS.get(click.action_id), click.value


def _do(deps: Deps, click: Click, button: Button, value: str) -> None:
    step = button.step(value, click.asker.channel or "")
    facts = {"user": click.asker.user, "channel": click.asker.channel, "action": click.action_id, "value": click.value}
    if button.changes:
        outcome = deps.perform(Delivery(click.key, "click", facts), click.asker, step)
    else:
        outcome = deps.ask(click.key, click.asker, step)
    if outcome.text:
        deps.tell(f"{click.key}:told", click.asker, outcome.mrkdwn)
    if outcome.view is not None and not deps.open(click.trigger_id, outcome.view, click.asker, push=click.in_form):
        deps.tell(f"{click.key}:told", click.asker, deps.refusal("too_slow"))


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = payload.get(name)
    return found if isinstance(found, Mapping) else {}
