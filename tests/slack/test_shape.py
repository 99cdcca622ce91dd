"""Is what Bolt or the database would break on refused before either reads it?"""

from typing import Any

import pytest

from bot.slack.shape import misshapen

ACTION = {"type": "button", "action_id": "confirm"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"type": "block_actions", "actions": []}, "actions"),
        ({"type": "block_actions", "actions": None}, "actions"),
        ({"type": "view_submission", "view": {"callback_id": "ticket"}}, "workflow_step"),
        ({"type": "view_submission", "view": None}, "view"),
        ({"type": "view_closed", "view": None}, "view"),
        ({"type": "workflow_step_edit", "callback_id": "ticket"}, "workflow_step"),
        ({"type": "event_callback", "event": None}, "event"),
        ({"type": "shortcut", "event": None}, "event"),
        ({"type": "block_actions", "actions": [ACTION | {"value": "T-1\ud83d"}]}, "actions.0.value"),
        ({"type": "block_actions", "actions": [ACTION | {"value": "T-1\x00"}]}, "actions.0.value"),
    ],
)
def test_what_would_break_somebody_later_is_refused_by_its_place(body: dict[str, Any], place: str) -> None:
    assert misshapen(body) == place
