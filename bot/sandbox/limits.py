"""Which elements and composition objects does Slack accept, and what does it say of the others?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.wire import Json

COMMON = {"type", "block_id"}

# element type -> the keys it may bear beside type, action_id, focus_on_load and confirm
ELEMENT_KEYS: dict[str, set[str]] = {
    "button": {"text", "value", "url", "style", "accessibility_label"},
    "workflow_button": {"text", "workflow", "style", "accessibility_label"},
    "static_select": {"placeholder", "options", "option_groups", "initial_option"},
    "multi_static_select": {"placeholder", "options", "option_groups", "initial_options", "max_selected_items"},
    "external_select": {"placeholder", "initial_option", "min_query_length"},
    "multi_external_select": {"placeholder", "initial_options", "min_query_length", "max_selected_items"},
    "users_select": {"placeholder", "initial_user"},
    "multi_users_select": {"placeholder", "initial_users", "max_selected_items"},
    "conversations_select": {
        "placeholder",
        "initial_conversation",
        "default_to_current_conversation",
        "response_url_enabled",
        "filter",
    },
    "multi_conversations_select": {
        "placeholder",
        "initial_conversations",
        "default_to_current_conversation",
        "max_selected_items",
        "filter",
    },
    "channels_select": {"placeholder", "initial_channel", "response_url_enabled"},
    "multi_channels_select": {"placeholder", "initial_channels", "max_selected_items"},
    "overflow": {"options"},
    "radio_buttons": {"options", "initial_option"},
    "checkboxes": {"options", "initial_options"},
    "datepicker": {"placeholder", "initial_date"},
    "timepicker": {"placeholder", "initial_time", "timezone"},
    "datetimepicker": {"initial_date_time"},
    "plain_text_input": {
        "placeholder",
        "initial_value",
        "multiline",
        "min_length",
        "max_length",
        "dispatch_action_config",
    },
    "email_text_input": {"placeholder", "initial_value", "dispatch_action_config"},
    "url_text_input": {"placeholder", "initial_value", "dispatch_action_config"},
    "number_input": {
        "placeholder",
        "initial_value",
        "is_decimal_allowed",
        "min_value",
        "max_value",
        "dispatch_action_config",
    },
    "rich_text_input": {"placeholder", "initial_value", "dispatch_action_config"},
    "file_input": {"filetypes", "max_files"},
}
INPUT_ONLY = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
NOT_IN_INPUT = {"button", "workflow_button", "overflow"}
MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}
LISTED = {"static_select", "multi_static_select", "overflow", "radio_buttons", "checkboxes"}


@dataclass(slots=True)
class Check:
    """Collects what is wrong, each with the place as a JSON pointer, as Slack words it."""

    problems: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def wrong(self, what: str, at: str) -> None:
        """Notes one problem."""
        self.problems.append(f"{what} [json-pointer:{at}]")

    def keys(self, value: Json, allowed: Iterable[str], at: str) -> None:
        """Refuses keys that Slack does not know here."""
        for key in value.keys() - set(allowed):
            self.wrong(f"invalid additional property: {key}", at)

    def string(self, value: Json, key: str, most: int, at: str, *, required: bool = False, least: int = 0) -> None:
        """A string of at most so many characters."""
        text = value.get(key)
        if text is None:
            if required:
                self.wrong(f"missing required field: {key}", at)
        elif not isinstance(text, str):
            self.wrong("must be a string", f"{at}/{key}")
        elif len(text) > most:
            self.wrong(f"must be less than {most + 1} characters", f"{at}/{key}")
        elif len(text) < least:
            self.wrong(f"must be more than {least - 1} characters", f"{at}/{key}")

    def text(
        self, value: Json, key: str, most: int, at: str, *, required: bool = False, plain: bool = False, least: int = 1
    ) -> None:
        """A text object of at most so many characters, `plain_text` where Slack takes nothing else."""
        found = value.get(key)
        at = f"{at}/{key}"
        if found is None:
            if required:
                self.wrong(f"missing required field: {key}", at.rsplit("/", 1)[0])
            return
        if not isinstance(found, dict):
            self.wrong("must be an object", at)
            return
        allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if found.get("type") not in allowed:
            self.wrong(f"must be one of: {', '.join(allowed)}", f"{at}/type")
        self.keys(found, {"type", "text", "emoji"} if plain else {"type", "text", "emoji", "verbatim"}, at)
        self.string(found, "text", most, at, required=True, least=least)

    def items(self, value: Json, key: str, most: int, at: str, *, least: int = 1) -> list[Json]:
        """A list of objects of at least and at most so many; empty where it is not."""
        found = value.get(key)
        at = f"{at}/{key}"
        if not isinstance(found, list):
            self.wrong(f"missing required field: {key}", at.rsplit("/", 1)[0])
            return []
        if len(found) > most:
            self.wrong(f"no more than {most} items allowed", at)
        if len(found) < least:
            self.wrong(f"must have at least {least} items", at)
        return [item if isinstance(item, dict) else {} for item in found]

    def unique(self, kind: str, name: str, at: str) -> None:
        """A block_id or action_id that must not come twice."""
        key = f"{kind}:{name}"
        if key in self.seen:
            self.wrong(f"{kind.split(' ', maxsplit=1)[0]} already exists", at)
        self.seen.add(key)


def check_element(check: Check, element: Json, at: str, *, within: str, block_id: str) -> None:
    """One interactive element, in the block type it stands in."""
    kind = str(element.get("type"))
    misplaced = kind in (NOT_IN_INPUT if within == "input" else INPUT_ONLY)
    if kind not in ELEMENT_KEYS or misplaced:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.keys(element, ELEMENT_KEYS[kind] | {"type", "action_id", "focus_on_load", "confirm"}, at)
    check.string(element, "action_id", 255, at)
    if element.get("action_id"):
        check.unique(f"action_id in {block_id}", str(element["action_id"]), f"{at}/action_id")
    check.text(element, "placeholder", 150, at, plain=True)
    check.string(element, "value", 2000, at)
    check.string(element, "url", 3000, at)
    check.string(element, "accessibility_label", 75, at)
    if kind in {"button", "workflow_button"}:
        check.text(element, "text", 75, at, required=True, plain=True)
        if element.get("style") not in {None, "primary", "danger"}:
            check.wrong("must be one of: primary, danger", f"{at}/style")
    if kind in LISTED:
        _check_options(check, element, kind, at)
    if kind in INPUT_ONLY:
        _check_text_input(check, element, at)
    if "confirm" in element:
        check_confirm(check, element["confirm"], f"{at}/confirm")


def _check_text_input(check: Check, element: Json, at: str) -> None:
    most = element.get("max_length", 3000)
    if not isinstance(most, int) or not 1 <= most <= 3000:
        check.wrong("must be between 1 and 3000", f"{at}/max_length")
    elif isinstance(element.get("initial_value"), str) and len(element["initial_value"]) > most:
        check.wrong(f"must be less than {most + 1} characters", f"{at}/initial_value")


def _check_options(check: Check, element: Json, kind: str, at: str) -> None:
    if element.get("option_groups") is not None:
        for number, group in enumerate(check.items(element, "option_groups", 100, at)):
            where = f"{at}/option_groups/{number}"
            check.text(group, "label", 75, where, required=True, plain=True)
            _check_option_list(check, group, kind, where)
    else:
        _check_option_list(check, element, kind, at)
    known = [option for option in options_of(element) if isinstance(option, dict)]
    first = element.get("initial_option")
    wanted = [first] if first is not None else element.get("initial_options", [])
    for option in wanted or []:
        if option not in known:
            check.wrong("initial option must be one of the options", at)


def _check_option_list(check: Check, holder: Json, kind: str, at: str) -> None:
    for number, option in enumerate(check.items(holder, "options", MOST_OPTIONS.get(kind, 100), at)):
        where = f"{at}/options/{number}"
        check.keys(option, {"text", "value", "description", "url"}, where)
        check.text(option, "text", 75, where, required=True, plain=kind not in {"radio_buttons", "checkboxes"})
        check.string(option, "value", 150, where, required=True, least=1)
        check.text(option, "description", 75, where)


def check_confirm(check: Check, confirm: object, at: str) -> None:
    """A confirmation dialog: title 100, text 300, each button 30 characters."""
    if not isinstance(confirm, dict):
        check.wrong("must be an object", at)
        return
    check.keys(confirm, {"title", "text", "confirm", "deny", "style"}, at)
    check.text(confirm, "title", 100, at, required=True, plain=True)
    check.text(confirm, "text", 300, at, required=True)
    check.text(confirm, "confirm", 30, at, required=True, plain=True)
    check.text(confirm, "deny", 30, at, required=True, plain=True)


def options_of(element: Json) -> list[Json]:
    """All options of a select, groups opened."""
    grouped = [option for group in element.get("option_groups") or [] for option in group.get("options", [])]
    return [*(element.get("options") or []), *grouped]
