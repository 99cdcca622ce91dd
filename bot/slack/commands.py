"""What do `/ticket`, `/escalate` and `/oncall` do?

Slack shows slash commands to people of the installing workspace only; everybody else has buttons and mentions.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.response import BoltResponse

from bot.domain.oncall import Change
from bot.services import (
    burning,
    calendar,
    directory_forms,
    drill,
    escalate,
    forms,
    intake,
    oncall,
    queries,
    rota_forms,
    stand_in,
)
from bot.services.desk import Delivery
from bot.slack import parsing
from bot.slack.deps import Asker, Deps, Outcome

COMMANDS = ("/ticket", "/escalate", "/oncall")


def register(app: App, deps: Deps) -> None:
    """Listen to every slash command of the manifest."""

    def on_ticket(ack: Ack, command: dict[str, Any]) -> BoltResponse:
        return _answer(ack, deps, command, _ticket(deps, command))

    def on_escalate(ack: Ack, command: dict[str, Any]) -> BoltResponse:
        return _answer(ack, deps, command, _escalate(deps, command))

    def on_oncall(ack: Ack, command: dict[str, Any]) -> BoltResponse:
        return _answer(ack, deps, command, _oncall(deps, command))

    for name, listener in zip(COMMANDS, (on_ticket, on_escalate, on_oncall), strict=True):
        app.command(name)(listener)


def _ticket(deps: Deps, command: Mapping[str, Any]) -> Outcome:
    asker, delivery = _who(deps, command), _delivery(command)
    channel, asked = asker.channel or "", parsing.ticket_command(_text(command))
    if asked.verb == "open":
        return deps.perform(
            delivery,
            asker,
            lambda work, actor, now: intake.open_by_command(
                work, actor=actor, channel=channel, text=asked.rest, now=now
            ),
        )
    if asked.verb == "list":
        return deps.ask(
            delivery.key,
            asker,
            lambda work, actor, now: queries.list_tickets(work, actor=actor, channel=channel, now=now),
        )
    if asked.verb == "show":
        return deps.ask(
            delivery.key,
            asker,
            lambda work, actor, now: queries.show_ticket(
                work, actor=actor, ticket=asked.rest, channel=channel, now=now
            ),
        )
    if asked.verb == "help":
        return deps.ask(
            delivery.key, asker, lambda work, actor, now: queries.help_text(work, actor=actor, channel=channel, now=now)
        )
    if asked.verb == "admin":
        return deps.ask(
            delivery.key, asker, lambda work, actor, now: directory_forms.things(work, actor=actor, now=now)
        )
    return deps.ask(
        delivery.key, asker, lambda work, actor, now: forms.ticket_form(work, actor=actor, channel=channel, now=now)
    )


def _escalate(deps: Deps, command: Mapping[str, Any]) -> Outcome:
    asker, delivery = _who(deps, command), _delivery(command)
    channel, asked = asker.channel or "", parsing.escalate_command(_text(command))
    ticket = asked.ticket
    if ticket is None:
        return deps.ask(
            delivery.key,
            asker,
            lambda work, actor, now: forms.escalate_form(
                work, actor=actor, ticket=None, channel=channel, reason=asked.reason, now=now
            ),
        )
    return deps.perform(
        delivery,
        asker,
        lambda work, actor, now: escalate.escalate(
            work, actor=actor, ticket=ticket, level=asked.level, reason=asked.reason, now=now
        ),
    )


def _oncall(deps: Deps, command: Mapping[str, Any]) -> Outcome:
    asker, delivery = _who(deps, command), _delivery(command)
    asked = parsing.oncall_command(_text(command))
    change = {word: change for change, word in stand_in.WORDS.items()}.get(asked.verb)
    if change is not None:
        return _override(deps, asker, delivery, asked, change)
    if asked.verb == "absent":
        return deps.perform(
            delivery,
            asker,
            lambda work, actor, now: stand_in.absent(
                work, actor=actor, person=asked.person, words=asked.words, now=now
            ),
        )
    if asked.verb == "remove":
        return deps.perform(
            delivery,
            asker,
            lambda work, actor, now: stand_in.remove(work, actor=actor, what=asked.words, now=now),
        )
    if asked.verb == "calendar":
        everybody = asked.words.strip().lower() == "all"
        return deps.ask(
            delivery.key,
            asker,
            lambda work, actor, now: calendar.address(work, actor=actor, everybody=everybody, now=now),
        )
    if asked.verb == "test":
        return deps.perform(
            delivery,
            asker,
            lambda work, actor, now: drill.begin(work, actor=actor, words=asked.words, now=now),
        )
    return deps.ask(
        delivery.key,
        asker,
        lambda work, actor, now: (
            burning.on_call(work, actor=actor, now=now)
            if asked.verb == "show"
            else oncall.usage(work, actor=actor, word=asked.words, now=now)
        ),
    )


def _override(deps: Deps, asker: Asker, delivery: Delivery, asked: parsing.OnCallCommand, change: Change) -> Outcome:
    if not asked.person and not asked.words:
        return deps.ask(
            delivery.key,
            asker,
            lambda work, actor, now: rota_forms.override_form(work, actor=actor, change=change, now=now),
        )
    return deps.perform(
        delivery,
        asker,
        lambda work, actor, now: stand_in.override(
            work, actor=actor, person=asked.person, words=asked.words, change=change, now=now
        ),
    )


def _answer(ack: Ack, deps: Deps, command: Mapping[str, Any], outcome: Outcome) -> BoltResponse:
    if outcome.view is not None and not deps.open(
        str(command.get("trigger_id", "")), outcome.view, _who(deps, command)
    ):
        return ack(text=deps.refusal("too_slow"), response_type="ephemeral")
    if outcome.text:
        return ack(text=outcome.mrkdwn, blocks=outcome.blocks or None, response_type="ephemeral")
    return ack()


def _who(deps: Deps, command: Mapping[str, Any]) -> Asker:
    return Asker(
        workspace=deps.home(command.get("team_id")),
        user=str(command.get("user_id", "")),
        channel=str(command.get("channel_id", "")) or None,
        name=str(command.get("user_name", "")),
    )


def _delivery(command: Mapping[str, Any]) -> Delivery:
    facts = {"user": command.get("user_id"), "channel": command.get("channel_id"), "command": command.get("command")}
    return Delivery(f"command:{command.get('trigger_id')}", "command", facts)


def _text(command: Mapping[str, Any]) -> str:
    return str(command.get("text") or "")
