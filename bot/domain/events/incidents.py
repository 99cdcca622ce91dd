"""Which tickets became one incident, and what was said and done on it?

The first four belong to a ticket's stream, the others to the stream of the incident.
"""

from dataclasses import dataclass

from bot.domain.events.words import Words


@dataclass(frozen=True, slots=True)
class Linked:
    """The ticket is part of an incident now: what is written there goes to its customer too (ledger IN-11)."""

    incident: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The ticket is no part of the incident any more."""

    incident: str


@dataclass(frozen=True, slots=True)
class ChannelOpened:
    """Our people got a channel of their own for the ticket."""

    name: str


@dataclass(frozen=True, slots=True)
class ChannelArchived:
    """The ticket is over, and so is its channel."""

    name: str


@dataclass(frozen=True, slots=True)
class IncidentOpened:
    """Somebody of ours saw that several tickets are one problem. The title is ours alone."""

    title: Words


@dataclass(frozen=True, slots=True)
class TicketLinked:
    """A ticket joined."""

    ticket: str
    customer: str


@dataclass(frozen=True, slots=True)
class TicketUnlinked:
    """A ticket left."""

    ticket: str


@dataclass(frozen=True, slots=True)
class IncidentUpdated:
    """One text went to the customer of each of these tickets, as an update of its own."""

    tickets: tuple[str, ...]
    text: Words


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    """It is solved, and these tickets with it. `how` is `resolved`, or `over` where its last ticket ended by itself."""

    how: str
    tickets: tuple[str, ...]
    root_cause: Words


@dataclass(frozen=True, slots=True)
class IncidentReopened:
    """It was resolved too soon, and goes on with these tickets as they stand."""

    tickets: tuple[str, ...]


IncidentEvent = IncidentOpened | TicketLinked | TicketUnlinked | IncidentUpdated | IncidentResolved | IncidentReopened
"""Everything that happens to an incident."""
