"""What is filled in: the `state.values` that Slack sends beside a click or a submission?"""

from bot.sandbox.blocks import elements_in
from bot.sandbox.errors import Mistake
from bot.sandbox.limits import options_of
from bot.sandbox.wire import Json, copied

# element type -> (key in state.values, key of its initial value)
_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
VALUE_KEYS = {key for key, _ in _KEYS.values()}


def initial_state(blocks: list[Json]) -> Json:
    """`state.values` as it stands before anybody touched anything."""
    values: Json = {}
    for block in blocks:
        for element in elements_in(block):
            if element["type"] in _KEYS:
                key, initial = _KEYS[element["type"]]
                many = key.endswith("s") and key != "selected_options"
                first = element.get(initial, [] if many or key == "selected_options" else None)
                entry = {"type": element["type"], key: copied(first)}
                values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def chosen(element: Json, value: object) -> Json:
    """The state entry, and the action's part, for a value given in words: option texts, names, dates.

    Raises Mistake where the element has no such option.
    """
    kind = element["type"]
    key, _ = _KEYS[kind]
    many = kind.startswith("multi_") or kind in {"checkboxes", "file_input"}
    given: list[object] = value if isinstance(value, list) else [value]
    if key in {"selected_option", "selected_options"} and "external" not in kind:
        given = [option_called(element, str(item)) for item in given]
    if key == "value":
        given = [None if item is None else str(item) for item in given]
    return {"type": kind, key: given if many else given[0]}


def option_called(element: Json, text: str) -> Json:
    """The option with this visible text or value; raises Mistake that names those there are."""
    options = options_of(element)
    for option in options:
        if text.strip().casefold() in {option["text"]["text"].strip().casefold(), str(option.get("value")).casefold()}:
            return option
    known = ", ".join(option["text"]["text"] for option in options)
    raise Mistake(f"there is no option {text!r}; there are {known}")


def is_filled(entry: Json) -> bool:
    """Whether a state entry bears a value."""
    return any(entry.get(key) not in (None, "", []) for key in VALUE_KEYS)
