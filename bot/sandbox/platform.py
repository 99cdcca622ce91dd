"""What happens in the workspace when somebody, or the app, does something?

Every change of state goes through here, so that the app hears it by event and every open window hears it live.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from bot.sandbox import events, mrkdwn
from bot.sandbox.courier import Courier
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal, Kind
from bot.sandbox.live import Live
from bot.sandbox.manifest import Manifest
from bot.sandbox.message import Message
from bot.sandbox.responses import ResponseUrl
from bot.sandbox.seed import BOT_USER, Channel, Person
from bot.sandbox.signed_http import SignedHttp
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import initial_state
from bot.sandbox.timekeeper import Timekeeper
from bot.sandbox.views import View, Views
from bot.sandbox.wire import Json, iso
from bot.sandbox.workspace import Workspace

BOT_TOKEN = "xoxb-watchbell-local"  # noqa: S105 - the fixed tokens of a local workspace, secret to nobody
APP_TOKEN = "xapp-watchbell-local"  # noqa: S105 - likewise
SIGNING_SECRET = "local-signing-secret"  # noqa: S105 - likewise
KEPT_CHOICES = 500
KEPT_REFUSALS = 200
GRACE_SECONDS = 0.25
MOST_GRACE_SECONDS = 3.0


class Platform:
    """The whole local Slack: the workspace, its clock, its views, and the way to the app and to the windows."""

    def __init__(self, workspace: Workspace, *, start_at: datetime, manifest: Manifest) -> None:
        self.workspace = workspace
        self.manifest = manifest
        self.timekeeper = Timekeeper(start_at)
        self.faults = Faults()
        self.sockets = Sockets()
        self.http = SignedHttp(secret=SIGNING_SECRET)
        self.courier = Courier(sockets=self.sockets, http=self.http, timekeeper=self.timekeeper, faults=self.faults)
        self.views = Views()
        self.live = Live()
        self.journal = Journal()
        self.url = ""
        self.called_at = 0.0
        self.refused: deque[Json] = deque(maxlen=KEPT_REFUSALS)
        self._changes = 0
        self._last_micros = 0
        self.client_ids = itertools.count(1)
        self.response_urls: dict[str, ResponseUrl] = {}
        self._chosen: dict[tuple[str, str, str], Json] = {}
        self.timekeeper.quiet = self.quiet
        self.timekeeper.activity = lambda: self._changes + self.courier.sent
        self.timekeeper.on_move = self.push_clock

    @property
    def now(self) -> datetime:
        """The simulated moment."""
        return self.timekeeper.now

    def new_ts(self) -> str:
        """A message ts at the simulated moment, higher than any before."""
        micros = int(self.now.timestamp()) * 1_000_000 + self.now.microsecond
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def touch(self) -> None:
        """Notes that something changed, so that settling looks again."""
        self._changes += 1

    async def quiet(self) -> None:
        """Waits until nothing is on its way; an app that follows no clock gets a moment to act on what it acked."""
        await self.courier.quiet()
        if self.timekeeper.followers or not self.courier.connected:
            return
        until = time.monotonic() + MOST_GRACE_SECONDS
        while (left := self._busy_until() - time.monotonic()) > 0 and time.monotonic() < until:
            await asyncio.sleep(left)
            await self.courier.quiet()

    def _busy_until(self) -> float:
        return max(self.called_at, self.courier.arrived_at) + GRACE_SECONDS

    # what people and the app do

    def say(self, message: Message) -> None:
        """A message appears: in its channel, or to one person only where it is ephemeral."""
        self.touch()
        channel = self.workspace.channels[message.channel]
        if message.ephemeral_to:
            self.workspace.ephemerals.append(message)
            self.show("ephemeral", message)
            return
        new_dm = channel.kind == "dm" and next(self.workspace.messages(channel.id), None) is None
        self.workspace.add(message)
        if new_dm:
            self.push_channel(channel)
        self.show("message", message)
        self.event(events.of_message(message, channel), channel=channel, actor_team=message.team)
        if f"<@{BOT_USER}>" in message.text and not message.by_bot and channel.kind == "channel":
            self.event(events.of_mention(message, channel), channel=channel, actor_team=message.team)

    def edit(self, message: Message, change: Callable[[Message], None]) -> None:
        """A message is changed."""
        self.touch()
        before = message.as_slack()
        change(message)
        ts = self.new_ts()
        message.edited_ts = ts
        channel = self.workspace.channels[message.channel]
        self.show("changed", message)
        self.event(events.of_edit(message, before, channel, ts=ts), channel=channel, actor_team=message.team)

    def remove(self, message: Message) -> None:
        """A message is deleted; one that bears a thread is changed to a tombstone, as the app hears it."""
        self.touch()
        before = message.as_slack()
        self.workspace.forget(message)
        channel = self.workspace.channels[message.channel]
        self.show("deleted", message)
        told = events.of_edit if message.is_tombstone else events.of_deletion
        event = told(message, before, channel, ts=self.new_ts())
        self.event(event, channel=channel, actor_team=message.team)

    def react(self, message: Message, name: str, person: Person, *, added: bool) -> bool:
        """A reaction comes or goes; False where it already was so."""
        users = message.reactions.setdefault(name, [])
        if (person.id in users) == added:
            return False
        self.touch()
        if added:
            users.append(person.id)
        else:
            users.remove(person.id)
        if not users:
            del message.reactions[name]
        channel = self.workspace.channels[message.channel]
        self.live.push({"type": "changed", "message": self.shown(message)}, to=channel.members)
        kind = "reaction_added" if added else "reaction_removed"
        event = events.of_reaction(kind, name, person, message, ts=self.new_ts())
        self.event(event, channel=channel, actor_team=person.team)
        return True

    def event(self, event: Json, *, channel: Channel | None, actor_team: str) -> None:
        """Tells the app, where it is in the channel and its manifest subscribes to this."""
        if channel is not None and BOT_USER not in channel.members:
            return
        if not self.manifest.subscribes(event):
            return
        self.courier.event(events.envelope(event, channel=channel, actor_team=actor_team, now=self.now))

    def typed(self, text: str, *, for_command: str | None = None) -> str:
        """What Slack makes of typed words; a command hears references only where its manifest says should_escape."""
        workspace = self.workspace
        if for_command is None:
            return mrkdwn.typed(text, people=workspace.people, channels=workspace.channels)
        if self.manifest.escapes(for_command):
            return mrkdwn.typed(text, people=workspace.people, channels=workspace.channels, named=True)
        return mrkdwn.escape(text)

    def state_of(self, place: Message | View, person: Person) -> Json:
        """What this person filled in or chose so far in a message or view; kept for the newest 500 messages."""
        if isinstance(place, View):
            return place.state
        key = (place.channel, place.ts, person.id)
        if key not in self._chosen:
            if len(self._chosen) >= KEPT_CHOICES:
                del self._chosen[next(iter(self._chosen))]
            self._chosen[key] = initial_state(place.blocks)
        return self._chosen[key]

    # what windows hear

    def show(self, kind: Kind, message: Message) -> None:
        """Tells the windows of those who can see it that a message came, changed or went, and notes it."""
        seen_by = [message.ephemeral_to] if message.ephemeral_to else self.workspace.channels[message.channel].members
        self.journal.note(kind, message, now=self.now)
        if self.live.windows:
            self.live.push({"type": kind, "message": self.shown(message)}, to=seen_by)

    def shown(self, message: Message) -> Json:
        """A message as the control interface and the page read it."""
        name = message.username or self.workspace.name_of(message.user)
        return message.as_shown(channel_name=self.workspace.channel_name(message.channel), name=name)

    def push_clock(self) -> None:
        """Tells every window what time it is."""
        due = iso(self.timekeeper.next_due())
        self.live.push({"type": "clock", "now": iso(self.now), "rate": self.timekeeper.rate, "next_due": due})

    def push_channel(self, channel: Channel) -> None:
        """Tells those who are in it that a channel is there."""
        for member in channel.members:
            person = self.workspace.people[member]
            self.live.push({"type": "channel", "channel": self.channel_json(channel, person)}, to=[member])

    def push_modal(self, person: str) -> None:
        """Tells a person's windows which modal they have before them."""
        self.touch()
        top = self.views.top(person)
        self.live.push({"type": "modal", "view": top.as_slack() if top else None}, to=[person])

    def push_view(self, view: View) -> None:
        """Tells the windows that a modal or home tab is there or changed."""
        if view.body["type"] == "home":
            self.touch()
            self.live.push({"type": "home", "view": view.as_slack()}, to=[view.user])
        else:
            self.push_modal(view.user)

    def channel_json(self, channel: Channel, person: Person) -> Json:
        """A channel as one person's sidebar shows it."""
        other = self.workspace.other_of(channel)
        shown: Json = {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "shared": channel.shared and channel.kind == "channel",
            "members": list(channel.members),
            "unread": self.workspace.unread(person, channel),
        }
        if other is not None:
            shown["with"] = BOT_USER if other.id == person.id else other.id
        return shown
