"""What does each form do when it is sent? A refused form stays open and says at which field what is wrong."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bot.domain.directory_entry import account_in
from bot.messages.blocks import section
from bot.messages.leaks import asked_twice
from bot.services import (
    breaches,
    bulk,
    corrections,
    details,
    directory_changes,
    directory_forms,
    escalate,
    holding,
    incidents,
    intake,
    marks,
    rating,
    rota_forms,
    split,
    triage,
    updates,
    whois,
    working,
)
from bot.services.desk import Delivery, Work
from bot.slack.deps import Asker, Deps, Outcome, Step
from bot.slack.incoming import as_written
from bot.slack.submitted import Form, kept_in, read

FORMS: Mapping[str, Callable[[Form], Step]] = MappingProxyType(
    {
        "form_ticket": lambda form: (
            lambda work, actor, now: intake.open_by_form(
                work,
                actor=actor,
                channel=form.channel,
                values=dict(form.values),
                files=form.files,
                origin=_origin(work, form),
                now=now,
            )
        ),
        "form_details": lambda form: (
            lambda work, actor, now: details.add(
                work, actor=actor, ticket=form.ticket, values=dict(form.values), files=form.files, now=now
            )
        ),
        "form_reply": lambda form: (
            lambda work, actor, now: working.reply(
                work,
                actor=actor,
                ticket=form.ticket,
                text=form["text"],
                files=form.files,
                anyway=form["anyway"],
                now=now,
            )
        ),
        "form_correct": lambda form: (
            lambda work, actor, now: corrections.correct(
                work, actor=actor, reply=form.about("reply"), text=form["text"], anyway=form["anyway"], now=now
            )
        ),
        "form_take_back": lambda form: (
            lambda work, actor, now: corrections.take_back(work, actor=actor, reply=form.about("reply"), now=now)
        ),
        "form_note": lambda form: (
            lambda work, actor, now: working.note(work, actor=actor, ticket=form.ticket, text=form["text"], now=now)
        ),
        "form_escalate": lambda form: (
            lambda work, actor, now: escalate.escalate(
                work,
                actor=actor,
                ticket=form.ticket or form["ticket"],
                level=form["level"] or None,
                reason=form["reason"],
                kind=form["reason_kind"],
                now=now,
            )
        ),
        "form_mark": lambda form: (
            lambda work, actor, now: marks.mark(
                work,
                actor=actor,
                ticket=form.ticket,
                mark=form["mark"],
                reason=form["reason"],
                said=form["said"],
                now=now,
            )
        ),
        "form_unmark": lambda form: (
            lambda work, actor, now: marks.unmark(
                work, actor=actor, ticket=form.ticket, mark=form["mark"], reason=form["reason"], now=now
            )
        ),
        "form_resolve": lambda form: (
            lambda work, actor, now: working.resolve(
                work,
                actor=actor,
                ticket=form.ticket,
                values={name: form[name] for name in ("root_cause", "workaround", "prevention", "anyway")},
                now=now,
            )
        ),
        "form_update": lambda form: (
            lambda work, actor, now: updates.write(
                work,
                actor=actor,
                ticket=form.ticket,
                values={name: form[name] for name in ("known", "done", "next", "eta", "workaround", "anyway")},
                promised=form.about("due_at"),
                seen=form.about("seen") if "seen" in form.kept else None,
                now=now,
            )
        ),
        "form_severity": lambda form: (
            lambda work, actor, now: working.regrade(
                work, actor=actor, ticket=form.ticket, severity=form["severity"], reason=form["reason"], now=now
            )
        ),
        "form_assign": lambda form: (
            lambda work, actor, now: holding.assign(
                work, actor=actor, ticket=form.ticket, person=form["person"], now=now
            )
        ),
        "form_directory": lambda form: (
            lambda work, actor, now: directory_changes.save(
                work, actor=actor, kept=form.kept, values=form.values, now=now
            )
        ),
        "form_bulk_do": lambda form: (
            lambda work, actor, now: bulk.begin(
                work,
                actor=actor,
                action=str(form.kept.get("action") or ""),
                ticket_ids=str(form.kept.get("tickets") or ""),
                person=str(form.kept.get("person") or ""),
                text=form["text"],
                now=now,
            )
        ),
        "form_override": lambda form: (
            lambda work, actor, now: rota_forms.override(work, actor=actor, values=form.values, now=now)
        ),
        "form_hand": lambda form: (
            lambda work, actor, now: holding.hand_over(
                work, actor=actor, ticket=form.ticket, person=form["person"], now=now
            )
        ),
        "form_rest": lambda form: (
            lambda work, actor, now: holding.let_rest(
                work, actor=actor, ticket=form.ticket, words=form["until"], reason=form["reason"], now=now
            )
        ),
        "form_decline": lambda form: (
            lambda work, actor, now: triage.decline(
                work, actor=actor, ticket=form.ticket, reason=form["reason"], now=now
            )
        ),
        "form_split": lambda form: (
            lambda work, actor, now: split.split(
                work,
                actor=actor,
                ticket=form.ticket,
                messages=form["messages"],
                summary=form["summary"],
                anyway=form["anyway"],
                now=now,
            )
        ),
        "form_merge": lambda form: (
            lambda work, actor, now: triage.merge(
                work, actor=actor, ticket=form.ticket, into=form["into"], reason=form["reason"], now=now
            )
        ),
        "form_link": lambda form: (
            lambda work, actor, now: incidents.link(
                work, actor=actor, ticket=form.ticket, incident=form["incident"], title=form["title"], now=now
            )
        ),
        "form_incident_update": lambda form: (
            lambda work, actor, now: incidents.write_update(
                work,
                actor=actor,
                incident=form.incident,
                values={name: form[name] for name in ("known", "done", "next", "eta", "workaround", "anyway")},
                now=now,
            )
        ),
        "form_incident_resolve": lambda form: (
            lambda work, actor, now: incidents.resolve(
                work,
                actor=actor,
                incident=form.incident,
                values={name: form[name] for name in ("root_cause", "workaround", "prevention", "anyway")},
                chosen=form["solved_tickets"].split(","),
                now=now,
            )
        ),
        "form_analysis": lambda form: (
            lambda work, actor, now: breaches.analyse(
                work, actor=actor, ticket=form.ticket, values=dict(form.values), now=now
            )
        ),
        "form_excuse": lambda form: (
            lambda work, actor, now: breaches.excuse(
                work, actor=actor, ticket=form.ticket, metric=form["breach"], reason=form["reason"], now=now
            )
        ),
        "form_rating": lambda form: (
            lambda work, actor, now: rating.comment(
                work, actor=actor, ticket=form.ticket, values=dict(form.values), now=now
            )
        ),
        "form_wait": lambda form: (
            lambda work, actor, now: working.wait(work, actor=actor, ticket=form.ticket, reason=form["reason"], now=now)
        ),
    }
)
"""Every form that changes something, by its callback id."""

SHOWING: Mapping[str, Callable[[Form], Step]] = MappingProxyType(
    {
        "form_bulk": lambda form: lambda work, actor, now: bulk.preview(work, actor=actor, values=form.values, now=now),
        "form_directory_thing": lambda form: (
            lambda work, actor, now: directory_forms.pick(work, actor=actor, thing=form["thing"], now=now)
        ),
        "form_directory_pick": lambda form: (
            lambda work, actor, now: directory_forms.entry(
                work, actor=actor, thing=str(form.kept.get("thing") or ""), which=form["which"], now=now
            )
        ),
    }
)
"""Every form that only leads to another one, by its callback id: it may be sent again."""


def register(app: App, deps: Deps) -> None:
    """Listen to every form that is sent or closed."""

    def on_submission(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> BoltResponse:
        name, form = str(view.get("callback_id", "")), read(view)
        delivery = Delivery(f"view:{view.get('id')}", "view", {"form": name, "ticket": form.ticket})
        asker = _who(deps, body, form)
        if name in SHOWING:
            shown = deps.ask(delivery.key, asker, SHOWING[name](form))
            return _refused(ack, view, shown) if shown.refused else _instead(ack, form, shown.view)
        make = FORMS.get(name)
        if make is None:
            return ack()
        outcome = deps.perform(delivery, asker, make(_completed(deps, name, form)))
        if outcome.held:
            again = asked_twice(deps.desk.catalog, view, values=form.values, found=outcome.held)
            return ack(response_action="update", view=again)
        if outcome.refused:
            return _instead(ack, form, outcome.view) if outcome.view else _refused(ack, view, outcome)
        if outcome.text:
            place = replace(asker, channel=form.asked_in or None, thread=form.asked_thread)
            deps.tell(f"{delivery.key}:told", place, outcome.mrkdwn)
        if form.from_home:
            deps.draw_home(delivery.key, asker)
        return ack()

    def on_closed(ack: Ack) -> BoltResponse:
        return ack()

    app.view_submission(re.compile(".*"))(on_submission)
    app.view_closed(re.compile(".*"))(on_closed)


def _instead(ack: Ack, form: Form, view: Mapping[str, Any] | None) -> BoltResponse:
    """Show another form in this one's place; its answer belongs where the first one was asked for."""
    if view is None:
        return ack()
    kept = {**kept_in(view)} | {name: form.kept[name] for name in ("asked_in", "asked_thread") if name in form.kept}
    return ack(response_action="update", view={**view, "private_metadata": json.dumps(kept)})


def _completed(deps: Deps, name: str, form: Form) -> Form:
    """The form with what only Slack can add to it."""
    if name == "form_directory":
        return replace(form, values=_placed(deps, form))
    return replace(form, message=_as_it_reads(deps, form.message)) if form.message.get("ts") else form


def _placed(deps: Deps, form: Form) -> Mapping[str, str]:
    """The fields with the workspace that Slack knows for a person, where nobody wrote one."""
    account = account_in(form["slack"])
    if "team" not in form.values or form["team"] or not account:
        return form.values
    try:
        team = deps.home(deps.team_of(account))
    except (SlackClientError, OSError):
        return form.values
    return {**form.values, "team": team}


def _as_it_reads(deps: Deps, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a form was opened from, with its words and files; nothing where it is gone by now."""
    channel = str(message.get("channel") or "")
    try:
        found = deps.message_at(channel, str(message["ts"]))
    except (SlackClientError, OSError):
        return message
    if found is None:
        return {}
    return {**message, **as_written(found, channel=channel, workspace=deps.desk.workspace, bot_user=deps.bot_user)}


def _origin(work: Work, form: Form) -> intake.Origin | None:
    """The message that the form was opened from, if it was: the ticket is its author's, whoever sends the form."""
    message = form.message
    if not message.get("ts"):
        return None
    channel, user, workspace = (str(message.get(name) or "") for name in ("channel", "user", "workspace"))
    author = whois.find(work.session, workspace=workspace, user=user, channel=channel)
    thread = message.get("thread_ts")
    return intake.Origin(
        channel=channel,
        ts=str(message["ts"]),
        author=author.label,
        author_name=author.name,
        workspace=workspace,
        user=user,
        text=str(message.get("text") or form["summary"]),
        files=tuple(message.get("files") or ()),
        thread=str(thread) if thread and thread != message["ts"] else None,
    )


def _refused(ack: Ack, view: Mapping[str, Any], outcome: Outcome) -> BoltResponse:
    blocks = view.get("blocks")
    shown = [each for each in blocks if isinstance(each, Mapping)] if isinstance(blocks, list) else []
    inputs = [str(each.get("block_id")) for each in shown if each.get("type") == "input"]
    if not inputs:
        frame = {key: view[key] for key in ("type", "title", "close") if view.get(key)}
        return ack(response_action="update", view={**frame, "blocks": [section(outcome.mrkdwn)]})
    place = outcome.field if outcome.field in inputs else next(iter(inputs), outcome.field or "summary")
    return ack(response_action="errors", errors={place or "summary": outcome.text})


def _who(deps: Deps, body: Mapping[str, Any], form: Form) -> Asker:
    user, team = body.get("user") or {}, body.get("team") or {}
    return Asker(
        workspace=deps.home(user.get("team_id") or team.get("id")),
        user=str(user.get("id", "")),
        channel=form.channel or None,
        name=str(user.get("name") or user.get("username") or ""),
    )
