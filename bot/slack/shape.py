"""Does a delivery have the shape that Slack gives it? What is read of it, here or by Bolt, must be of its type.

Slack signs what it sends, so that nobody else gets this far; but a field that changes its type one day, or a test that
sends rubbish, must end in one line of the log and not in a broken listener, a row that the database refuses, or a
message that is tried again for hours.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from slack_bolt.request import payload_utils as bolt

OUR_EVENTS = frozenset({"message", "app_mention", "reaction_added", "member_joined_channel", "app_home_opened",
                        "channel_id_changed"})  # fmt: skip
"""The fields of all other events are nothing to us, and differ: some name a channel by an object."""


READ_BY_BOLT: dict[str, Callable[[dict[str, Any]], object]] = {
    "event": bolt.to_event,
    "message": bolt.to_message,
    "command": bolt.to_command,
    "actions": bolt.to_action,
    "options": bolt.to_options,
    "shortcut": bolt.to_shortcut,
    "view": bolt.to_view,
    "workflow_step": bolt.to_step,
}
"""What Bolt takes out of each delivery before it looks for a listener, whatever the listener asks for."""


HALF = re.compile("[\ud800-\udfff]")
"""Half a character; pydantic lets some of them pass."""


def _text(value: object) -> object:
    # pydantic refuses half a character, which Slack sends where it cuts a text off.
    if value is not None and not isinstance(value, str):
        raise ValueError("is no text")
    return value


def _kept(value: str) -> str:
    if "\x00" in value or HALF.search(value):
        raise ValueError("holds what no database keeps")
    return value


Text = Annotated[Any, PlainValidator(_text)]
Name = Annotated[str, AfterValidator(_kept)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]*$", max_length=200)]
"""Empty where Slack has none to give, such as the channel of some shared place. The length is none of the pattern's:
two hundred times every letter there is would be a megabyte for each field."""
Ts = Annotated[str, Field(pattern=r"^[0-9]{1,10}\.[0-9]{1,6}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Named(_Shape):
    id: Id | None = None
    name: Name | None = None
    username: Name | None = None
    team_id: Id | None = None


class _Edited(_Shape):
    ts: Ts | None = None


class _Message(_Shape):
    ts: Ts | None = None
    thread_ts: Ts | None = None
    user: Id | None = None
    text: Text = None
    subtype: Name | None = None
    bot_id: Id | None = None
    edited: _Edited | None = None
    files: list[dict[str, Any]] | None = None
    team: Id | None = None
    user_team: Id | None = None
    source_team: Id | None = None


class _Item(_Shape):
    type: Name | None = None
    channel: Id | None = None
    ts: Ts | None = None


class _Event(_Message):
    channel: Id | None = None
    channel_type: Name | None = None
    event_ts: Name | None = None
    """Slack's own examples have some without a dot; it names no message."""
    deleted_ts: Ts | None = None
    message: _Message | None = None
    previous_message: _Message | None = None
    item: _Item | None = None
    reaction: Name | None = None
    inviter: Id | None = None
    old_channel_id: Id | None = None
    new_channel_id: Id | None = None
    tab: Name | None = None


class _Container(_Shape):
    type: Name | None = None
    message_ts: Ts | None = None
    thread_ts: Ts | None = None
    channel_id: Id | None = None
    view_id: Id | None = None


class _Option(_Shape):
    value: Name | None = None


class _Action(_Shape):
    type: Name
    action_id: Name
    block_id: Name | None = None
    action_ts: Ts | None = None
    value: Name | None = None
    selected_option: _Option | None = None


class _State(_Shape):
    values: dict[str, dict[str, dict[str, Any]]] | None = None


class _View(_Shape):
    id: Id | None = None
    type: Name | None = None
    callback_id: Name | None = None
    private_metadata: Name | None = None
    state: _State | None = None
    blocks: list[dict[str, Any]] | None = None


class _Delivery(_Shape):
    type: Name | None = None
    team_id: Id | None = None
    event_id: Id | None = None
    trigger_id: Id | None = None
    team: _Named | None = None
    user: _Named | None = None
    channel: _Named | None = None
    container: _Container | None = None
    message: _Message | None = None
    actions: list[_Action] | None = None
    action_ts: Ts | None = None
    view: _View | None = None
    event: dict[str, Any] | None = None
    command: Name | None = None
    text: Text = None
    user_id: Id | None = None
    user_name: Name | None = None
    channel_id: Id | None = None


def misshapen(body: dict[str, Any]) -> str | None:
    """What of a delivery is not as Slack sends it, by its places and never by what stands there; None where all is."""
    try:
        delivery = _Delivery.model_validate(body)
        event = delivery.event
        if event is None and "event" in body:
            # Bolt asks it whose it is.
            return "event"
        if event is not None and not isinstance(event.get("type"), str):
            return "event.type"
        if event is not None and event["type"] in OUR_EVENTS:
            _Event.model_validate(event)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return ", ".join(dict.fromkeys(".".join(map(str, each["loc"]))[:80] for each in found[:5]))
    return _broken_for_bolt(body)


def _broken_for_bolt(body: dict[str, Any]) -> str | None:
    for place, read in READ_BY_BOLT.items():
        try:
            read(body)
        except (LookupError, TypeError, AttributeError):
            return place
    return None
