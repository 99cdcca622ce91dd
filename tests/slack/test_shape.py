"""Is what Bolt would break on refused before Bolt reads it?"""

from typing import Any

import pytest

from bot.slack.shape import misshapen


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
    ],
)
def test_what_bolt_would_break_on_is_refused_by_its_place(body: dict[str, Any], place: str) -> None:
    assert misshapen(body) == place
