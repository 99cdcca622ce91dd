"""A customer's people reach their own tickets by buttons, and nothing of anybody else's by anything."""

import pytest

from bot.slack.actions import BUTTONS, MORE
from tests.slack.conftest import Slack

STAFF_ONLY = sorted({name for name in BUTTONS if name.startswith(("card_", "page_", "update_", "escalation_"))})


def resolved(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click("card_resolve", "T-1")
    words = {"root_cause": "a full disk", "workaround": "none", "prevention": "an alarm"}
    assert slack.submit(words, view_id="V-resolve") == {}


@pytest.mark.req("LC-5")
@pytest.mark.parametrize("action_id", sorted(set(BUTTONS) - {"page_acknowledge", "page_escalate", "page_decline"}))
def test_a_ticket_of_another_customer_does_not_exist(slack: Slack, action_id: str) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click(action_id, "T-1", who="U0GIL", channel="C0GLOBEX")
    (foreign,) = slack.whispers("U0GIL")
    slack.click(action_id, "T-99", who="U0GIL", channel="C0GLOBEX")
    missing = slack.whispers("U0GIL")[-1]
    assert foreign.replace("T-1", "T-99") == missing
    assert slack.api.asked("views.open") == []
    assert slack.tickets()[0].state == "new"


@pytest.mark.parametrize("action_id", [name for name in STAFF_ONLY if name != "card_escalate"])
def test_what_is_ours_to_press_does_nothing_for_a_customer(slack: Slack, action_id: str) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click(action_id, "T-1", who="U0CY", channel="C0ACME")
    assert len(slack.whispers("U0CY")) == 1
    assert slack.api.asked("views.open") == []
    assert (slack.tickets()[0].state, slack.tickets()[0].owner) == ("new", None)


@pytest.mark.parametrize("entry", sorted(MORE))
def test_the_menu_does_nothing_for_a_customer(slack: Slack, entry: str) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click("card_more", f"{entry}:T-1", who="U0CY", channel="C0ACME")
    assert len(slack.whispers("U0CY")) == 1
    assert slack.api.asked("views.open") == []


@pytest.mark.req("LC-3")
def test_anybody_of_the_customer_confirms_with_one_click(slack: Slack) -> None:
    resolved(slack)
    slack.click("customer_confirm", "T-1", who="U0NEW", channel="C0ACME")
    assert slack.tickets()[0].state == "resolved"
    slack.click("customer_confirm", "T-1", who="U0DEE", channel="C0ACME")
    assert slack.tickets()[0].state == "closed"


@pytest.mark.req("LC-3")
def test_still_broken_takes_the_ticket_up_again_with_one_click(slack: Slack) -> None:
    resolved(slack)
    slack.click("customer_reopen", "T-1", who="U0DEE", channel="C0ACME")
    assert slack.tickets()[0].state == "in_progress"


@pytest.mark.req("ES-4")
@pytest.mark.parametrize(("who", "level"), [("U0CY", 1), ("U0DEE", None)])
def test_a_customers_manager_escalates_and_its_user_is_heard(slack: Slack, who: str, level: int | None) -> None:
    slack.command("/ticket sev3 Slow")
    slack.click("customer_escalate", "T-1", who=who, channel="C0ACME")
    assert slack.submit({"reason": "the board asks"}, who=who, view_id="V-escalate") == {}
    assert slack.tickets()[0].level == level


def test_a_button_of_a_closed_ticket_is_refused_kindly(slack: Slack) -> None:
    resolved(slack)
    slack.click("customer_confirm", "T-1", who="U0DEE", channel="C0ACME")
    slack.click("card_claim", "T-1")
    assert "closed" in slack.whispers("U0ANA")[-1]
