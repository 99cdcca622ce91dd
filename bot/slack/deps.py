"""What does a listener work with, and how does a person's request become one call of one use case?"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.clock import Clock
from bot.domain.errors import Refused
from bot.domain.leak import Found, HeldBack
from bot.domain.message import Block
from bot.domain.people import Actor
from bot.messages.sentences import plainly, worded
from bot.services import tell, whois
from bot.services.desk import Answer, Delivery, Desk, Work
from bot.services.directory_changes import ChangedMeanwhile
from bot.slack.incoming import home_or
from bot.slack.parsing import escape

log = logging.getLogger(__name__)

Step = Callable[[Work, Actor, datetime], Answer]
"""One use case, bound to what was asked; the actor and the moment come in last."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks, as the payload names them: `workspace` is empty for our own, `channel` where they ask."""

    workspace: str
    user: str
    channel: str | None = None
    thread: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to answer. An answer's `text` is mrkdwn, a refusal's plain; `field` is the form field that it belongs to."""

    text: str = ""
    view: dict[str, Any] | None = None
    blocks: tuple[Block, ...] = ()
    refused: bool = False
    field: str | None = None
    held: tuple[Found, ...] = ()
    """What a form's author is shown before it is sent all the same."""

    @property
    def mrkdwn(self) -> str:
        """The text as Slack takes it in a message."""
        return escape(self.text) if self.refused else self.text


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything that a listener works with. `client` opens forms and looks people up; it sends nothing."""

    client: WebClient
    desk: Desk
    clock: Clock
    bot_user: str
    on_joined: Callable[[], None] = lambda: None

    def perform(self, delivery: Delivery, asker: Asker, step: Step) -> Outcome:
        """Do one use case once for this delivery, as the person who asks."""
        return self._attempt(delivery.key, lambda: self.desk.perform(delivery, _as(asker, step), now=self.clock.now()))

    def ask(self, key: str, asker: Asker, step: Step) -> Outcome:
        """Answer a question or build a form, as the person who asks; `key` names it in the log."""
        return self._attempt(key, lambda: self.desk.ask(_as(asker, step), now=self.clock.now()))

    def tell(self, key: str, asker: Asker, text: str) -> None:
        """Have one person told something where they are, once for this key; a failure is logged."""
        channel = asker.channel
        if not channel and asker.workspace:
            return

        def say(work: Work, *, now: datetime) -> Answer:
            if not channel:
                # In the home tab there is no place to answer: it comes as a direct message.
                tell.directly(work, user=asker.user, text=text, key=f"direct:{key}", now=now)
                return Answer(text=text)
            return tell.privately(work, user=asker.user, channel=channel, thread=asker.thread, text=text, now=now)

        self._attempt(key, lambda: self.desk.perform(Delivery(key, "tell"), say, now=self.clock.now()))

    def draw_home(self, key: str, asker: Asker) -> None:
        """Have somebody's home tab drawn again, once for this key, after they did something from there."""
        about = {"user": asker.user, "workspace": asker.workspace}
        self.desk.accept(Delivery(f"{key}:home", "home", about), now=self.clock.now())

    def open(self, trigger_id: str, view: Mapping[str, Any], asker: Asker, *, push: bool = False) -> bool:
        """Show a form; False where Slack would not. Slack allows three seconds from the click.

        The form remembers where it was asked for: that is where its answer belongs.
        """
        call = self.client.views_push if push else self.client.views_open
        kept = json.loads(view.get("private_metadata") or "{}")
        asked = {"asked_in": asker.channel, "asked_thread": asker.thread}
        try:
            call(trigger_id=trigger_id, view={**view, "private_metadata": json.dumps(kept | asked)})
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("a form could not be opened: %s", error)
            return False
        return True

    def team_of(self, user: str) -> str | None:
        """The workspace of a person whom an event does not place. Raises what Slack raises, so that it repeats."""
        team = self.profile_of(user).get("team_id")
        return team if isinstance(team, str) else None

    def profile_of(self, user: str) -> Mapping[str, Any]:
        """What Slack says of somebody, if it shows them. Raises what Slack raises, so that it repeats."""
        try:
            found = self.client.users_info(user=user).get("user")
        except SlackApiError as error:
            if error.response.get("error") in {"user_not_found", "user_not_visible"}:
                return {}
            raise
        return found if isinstance(found, Mapping) else {}

    def about(self, channel: str) -> Mapping[str, Any]:
        """What Slack says of a channel; nothing where it will not say. Raises what Slack raises, so that it repeats."""
        try:
            found = self.client.conversations_info(channel=channel).get("channel")
        except SlackApiError as error:
            if error.response.get("error") in {"channel_not_found", "missing_scope", "not_in_channel"}:
                return {}
            raise
        return found if isinstance(found, Mapping) else {}

    def message_at(self, channel: str, ts: str) -> Mapping[str, Any] | None:
        """A message in a channel or a thread as it reads now, if it is there. Raises what Slack raises."""
        span: dict[str, Any] = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 1}
        ways: tuple[Callable[[], SlackResponse], ...] = (
            lambda: self.client.conversations_history(**span),
            # A thread's answer begins with the message that it stands under, whatever was asked for.
            lambda: self.client.conversations_replies(ts=ts, **{**span, "limit": 2}),
        )
        for way in ways:
            try:
                messages = way().get("messages") or ()
            except SlackApiError as error:
                if error.response.get("error") in {"thread_not_found", "channel_not_found", "not_in_channel"}:
                    continue
                raise
            for message in messages:
                if message.get("ts") == ts:
                    return dict(message)
        return None

    def home(self, team: str | None) -> str:
        """A workspace as the directory keys it."""
        return home_or(team, self.desk.workspace)

    def refusal(self, reason: str) -> str:
        """Why something cannot be, where it is not the desk that says no: a sentence of the refusals as plain text."""
        return plainly(self.desk.catalog, sheet="refusals", part=reason, facts={})

    def _attempt(self, key: str, call: Callable[[], Answer]) -> Outcome:
        try:
            answer = call()
        except HeldBack as held:
            return Outcome(held.sentence, refused=True, held=held.found)
        except ChangedMeanwhile as changed:
            return Outcome(changed.sentence, changed.view, refused=True)
        except Refused as refusal:
            return Outcome(refusal.sentence, refused=True, field=refusal.field)
        except Exception:  # the outermost guard of a person's request: they get a sentence, we the trace
            log.exception("the delivery %s failed", key)
            return Outcome(self.refusal("broken"), refused=True)
        return Outcome(answer.text, answer.view, answer.blocks)


def _as(asker: Asker, step: Step) -> Callable[..., Answer]:
    def act(work: Work, *, now: datetime) -> Answer:
        actor = whois.find(
            work.session, workspace=asker.workspace, user=asker.user, channel=asker.channel, name=asker.name
        )
        try:
            return step(work, actor, now)
        except Refused as refusal:
            worded(work.words_for(actor), refusal)
            raise

    return act
