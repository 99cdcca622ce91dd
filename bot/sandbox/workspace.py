"""Who is in the local workspace, which channels are there, and what was written in them?"""

import itertools
from collections import defaultdict, deque
from collections.abc import Iterator

from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.message import Message
from bot.sandbox.seed import (
    BOT_USER,
    HOME_TEAM,
    Channel,
    Person,
    Team,
    default_channels,
    default_people,
    default_teams,
)
from bot.sandbox.wire import Json

KEPT_MESSAGES = 10_000
KEPT_EPHEMERALS = 500


class Workspace:
    """The state of all teams: people, channels, messages; touched only on the server's event loop.

    A channel keeps its newest messages, `kept` of them, so that memory stays flat however long it runs.
    """

    def __init__(
        self,
        *,
        teams: list[Team] | None = None,
        people: list[Person] | None = None,
        channels: list[Channel] | None = None,
        kept: int = KEPT_MESSAGES,
    ) -> None:
        self.teams = {team.id: team for team in teams or default_teams()}
        self.people = {person.id: person for person in people or default_people()}
        self.channels = {channel.id: channel for channel in channels or default_channels()}
        self.ephemerals: deque[Message] = deque(maxlen=KEPT_EPHEMERALS)
        self.read_up_to: dict[tuple[str, str], str] = {}
        self.files: dict[str, Json] = {}
        self._kept = kept
        self._logs: defaultdict[str, dict[str, Message]] = defaultdict(dict)

    # people and channels, by whatever name the caller has

    def find_person(self, name: object) -> Person:
        """By id, handle, `@handle` or full name; raises Mistake where nobody is called so."""
        wanted = str(name).strip().removeprefix("@").casefold()
        for person in self.people.values():
            if wanted in {person.id.casefold(), person.handle.casefold(), person.name.casefold()}:
                return person
        known = ", ".join(person.handle for person in self.people.values() if not person.is_bot)
        raise Mistake(f"there is nobody called {name!r}; there are {known}")

    def find_channel(self, name: object, *, person: Person | None = None) -> Channel:
        """By id, name or `#name`; `@bot` is the person's direct message, `@ana` the one between Ana and the bot."""
        wanted = str(name).strip()
        if wanted.startswith("@"):
            other = self.people[BOT_USER] if wanted.casefold() == "@bot" else self.find_person(wanted)
            owner = person if other.is_bot else other
            if owner is None:
                raise Mistake(f"{wanted} needs `as`: a direct message with the bot is somebody's")
            return self.open_dm(owner)
        wanted = wanted.removeprefix("#").casefold()
        for channel in self.channels.values():
            if wanted in {channel.id.casefold(), channel.name.casefold()}:
                return channel
        known = ", ".join(f"#{channel.name}" for channel in self.channels.values() if channel.kind == "channel")
        raise Mistake(f"there is no channel {name!r}; there are {known}")

    def open_dm(self, person: Person) -> Channel:
        """The direct message between the bot and this person, opened where it was not."""
        channel_id = "D0" + person.id.removeprefix("U0")
        if channel_id not in self.channels:
            teams = list(dict.fromkeys([HOME_TEAM, person.team]))
            self.channels[channel_id] = Channel(channel_id, person.handle, [person.id, BOT_USER], teams, "dm")
        return self.channels[channel_id]

    def other_of(self, channel: Channel) -> Person | None:
        """The person at the other end of a direct message with the bot; None for a channel."""
        if channel.kind == "channel":
            return None
        return next(self.people[member] for member in channel.members if member != BOT_USER)

    def channels_of(self, person: Person) -> list[Channel]:
        """Every channel and direct message that this person is in."""
        return [channel for channel in self.channels.values() if person.id in channel.members]

    def channel_name(self, channel_id: str) -> str:
        """`#acme`, or `@ana` for the direct message between Ana and the bot."""
        channel = self.channels[channel_id]
        return f"#{channel.name}" if channel.kind == "channel" else f"@{channel.name}"

    def name_of(self, user_id: str) -> str:
        """The full name that is shown beside a message."""
        person = self.people.get(user_id)
        return person.name if person else user_id

    # messages

    def add(self, message: Message) -> None:
        """Puts a message in its channel, and under its root where it is a reply."""
        log = self._logs[message.channel]
        log[message.ts] = message
        root = log.get(message.thread_ts or "")
        if root is not None and message.is_reply:
            root.thread_ts = root.ts
            root.replies[message.ts] = message.user
        if len(log) > self._kept:
            oldest = log.pop(next(iter(log)))
            above = log.get(oldest.thread_ts or "")
            if above is not None and oldest.is_reply:
                del above.replies[oldest.ts]

    def message(self, channel_id: str, ts: str) -> Message:
        """The message with this ts; raises SlackError message_not_found, also where it was deleted."""
        found = self._logs[channel_id].get(ts)
        if found is None or found.deleted:
            raise SlackError("message_not_found")
        return found

    def root(self, channel_id: str, ts: str) -> Message | None:
        """The message that a thread under this ts hangs on, gone or not; None where nothing ever was there."""
        found = self._logs[channel_id].get(ts)
        if found is not None and found.is_reply:
            return self._logs[channel_id].get(found.thread_ts or "")
        return found

    def forget(self, message: Message) -> None:
        """Marks a message deleted and takes it from its thread; one that bears a thread leaves a tombstone."""
        message.deleted = True
        root = self._logs[message.channel].get(message.thread_ts or "")
        if root is not None and message.ts in root.replies:
            del root.replies[message.ts]

    def messages(self, channel_id: str) -> Iterator[Message]:
        """All that was written in a channel, threads and deleted ones too, oldest first."""
        return iter(self._logs[channel_id].values())

    def newest_first(self, channel_id: str) -> Iterator[Message]:
        """The same, newest first, without those deleted but for tombstones."""
        newest = reversed(self._logs[channel_id].values())
        return (message for message in newest if not message.deleted or message.is_tombstone)

    def thread(self, channel_id: str, root_ts: str) -> list[Message]:
        """A root message and its replies, oldest first; empty where there is no such message."""
        log = self._logs[channel_id]
        root = log.get(root_ts)
        if root is None:
            return []
        return [root, *(log[ts] for ts in root.replies if ts in log)]

    def newest_root(self, channel_id: str) -> Message:
        """The newest message that is no reply; raises Mistake where there is none."""
        for message in self.newest_first(channel_id):
            if not message.is_reply and not message.deleted:
                return message
        raise Mistake(f"nothing was written in {self.channel_name(channel_id)} yet")

    def unread(self, person: Person, channel: Channel) -> int:
        """How many messages of others came since this person last read the channel; counts no further than 99."""
        seen = self.read_up_to.get((person.id, channel.id), "")
        newer = itertools.takewhile(lambda message: message.ts > seen, self.newest_first(channel.id))
        return len(list(itertools.islice((message for message in newer if message.user != person.id), 99)))
