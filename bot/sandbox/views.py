"""Which modals and home tabs are open, and would Slack take this one?"""

import itertools
import time
from dataclasses import dataclass, field

from bot.sandbox.blocks import accept, elements_in
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import Check
from bot.sandbox.seed import APP_ID, BOT_ID, HOME_TEAM
from bot.sandbox.state import initial_state
from bot.sandbox.wire import Json, copied

TRIGGER_SECONDS = 3.0
DEEPEST_STACK = 3
_MODAL_KEYS = {
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
}
_HOME_KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_FILLED_IN_BY_SLACK = {
    "id",
    "team_id",
    "app_id",
    "app_installed_team_id",
    "bot_id",
    "hash",
    "state",
    "root_view_id",
    "previous_view_id",
}
_ids = itertools.count(1)


@dataclass(slots=True)
class View:
    """One modal or home tab of one person, with what was filled in so far."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)

    def as_slack(self) -> Json:
        """The view object of payloads and answers."""
        return {
            **self.body,
            "id": self.id,
            "team_id": HOME_TEAM,
            "state": {"values": copied(self.state)},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": APP_ID,
            "app_installed_team_id": HOME_TEAM,
            "bot_id": BOT_ID,
        }

    @property
    def title(self) -> str:
        """The words in its head; empty for a home tab."""
        return str((self.body.get("title") or {}).get("text", ""))


class Views:
    """Every person's stack of modals and home tab, and the trigger ids that open them (three real seconds, once)."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._triggers: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()

    def new_trigger(self, user: str) -> str:
        """A trigger id for this person's click, command or shortcut."""
        self._forget_old_triggers()
        trigger = f"{next(_ids)}.{time.monotonic_ns()}.bell"
        self._triggers[trigger] = (user, time.monotonic())
        return trigger

    def _forget_old_triggers(self) -> None:
        if len(self._triggers) > 1000:
            self._triggers = dict(list(self._triggers.items())[-200:])
            self._spent &= self._triggers.keys()

    def spend_trigger(self, trigger: str) -> str:
        """The person whose trigger it is; raises SlackError where it is unknown, used or older than 3 seconds."""
        if trigger not in self._triggers:
            raise SlackError("invalid_trigger_id" if trigger else "invalid_arguments")
        user, made_at = self._triggers[trigger]
        if trigger in self._spent:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - made_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        self._spent.add(trigger)
        return user

    def top(self, user: str) -> View | None:
        """The modal that this person has before them."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str, external_id: str = "") -> View:
        """An open view by id or external id; raises SlackError not_found."""
        for view in itertools.chain(*self.stacks.values(), self.homes.values()):
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def open(self, user: str, body: object) -> View:
        """A new modal in place of any others of this person."""
        view = _made(user, accept_view(body, kind="modal"))
        self.stacks[user] = [view]
        return view

    def push(self, user: str, body: object) -> View:
        """A modal on top of the open ones; raises SlackError push_limit_reached above three."""
        stack = self.stacks.setdefault(user, [])
        if not stack:
            return self.open(user, body)
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = _made(user, accept_view(body, kind="modal"))
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, body: object, *, expected_hash: str | None = None) -> View:
        """Other content for an open view; what was filled in stays where block_id and action_id are the same."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        fresh = accept_view(body, kind="home" if view.body.get("type") == "home" else "modal")
        filled = view.state
        view.body, view.hash = fresh, _new_hash()
        view.state = initial_state(fresh["blocks"])
        for block_id, actions in view.state.items():
            kept = {key: filled[block_id][key] for key in actions if key in filled.get(block_id, {})}
            actions.update(kept)
        return view

    def publish(self, user: str, body: object, *, expected_hash: str | None = None) -> View:
        """The person's home tab."""
        if user in self.homes:
            return self.update(self.homes[user], body, expected_hash=expected_hash)
        self.homes[user] = _made(user, accept_view(body, kind="home"))
        return self.homes[user]

    def close(self, view: View, *, every: bool = False) -> None:
        """Takes a modal away, or the whole stack."""
        stack = self.stacks.get(view.user, [])
        if every or view.body.get("clear_on_close"):
            stack.clear()
        elif view in stack:
            stack.remove(view)


def _new_hash() -> str:
    return f"{next(_ids)}.{time.monotonic_ns():x}"


def _made(user: str, body: Json) -> View:
    view_id = f"V0{next(_ids)}"
    return View(view_id, user, body, _new_hash(), view_id, state=initial_state(body["blocks"]))


def accept_view(body: object, *, kind: str) -> Json:
    """A copy of a view that Slack would take; raises SlackError invalid_arguments that names each place."""
    if not isinstance(body, dict):
        raise SlackError("invalid_arguments", "view must be an object [json-pointer:/view]")
    check = Check()
    if body.get("type") != kind:
        check.wrong(f"must be one of: {kind}", "/view/type")
    check.keys(body, (_MODAL_KEYS if kind == "modal" else _HOME_KEYS) | _FILLED_IN_BY_SLACK, "/view")
    check.string(body, "private_metadata", 3000, "/view")
    check.string(body, "callback_id", 255, "/view")
    check.string(body, "external_id", 255, "/view")
    if kind == "modal":
        check.text(body, "title", 24, "/view", required=True, plain=True)
        check.text(body, "submit", 24, "/view", plain=True)
        check.text(body, "close", 24, "/view", plain=True)
        blocks = body.get("blocks") or []
        if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks) and not body.get("submit"):
            check.wrong("missing required field: submit (a view with inputs needs it)", "/view")
    if len(str(body)) > 250_000:
        raise SlackError("view_too_large")
    try:
        accepted = accept(body.get("blocks"), surface="modal" if kind == "modal" else "home")
    except SlackError as refused:
        check.problems += [problem.replace("[json-pointer:/", "[json-pointer:/view/") for problem in refused.messages]
        accepted = []
    if body.get("blocks") is None:
        check.wrong("missing required field: blocks", "/view")
    if check.problems:
        raise SlackError("invalid_arguments", *check.problems)
    allowed = _MODAL_KEYS if kind == "modal" else _HOME_KEYS
    kept = {key: copied(value) for key, value in body.items() if key in allowed}
    defaults: Json = {"callback_id": "", "private_metadata": "", "external_id": ""}
    if kind == "modal":
        defaults |= {"submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}
    return defaults | kept | {"blocks": accepted}


def inputs_of(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Each input block with its element."""
    return [(block, element) for block in blocks if block["type"] == "input" for element in elements_in(block)]
