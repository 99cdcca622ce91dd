"""What a click does: once, for those who may, and everybody else is told why not."""

import json

import pytest
from sqlmodel import select

from bot.slack.actions import BUTTONS, MORE
from bot.slack.views import FORMS
from bot.store.drill_tables import DrillPage
from bot.store.tables import Page
from tests.slack.conftest import Slack


def first_page(slack: Slack) -> Page:
    with slack.desk.db.reading() as session:
        return session.exec(select(Page)).first() or pytest.fail("nobody was paged")


def test_a_drill_is_started_by_a_manager_and_answered_with_a_click(slack: Slack) -> None:
    assert "cannot start a paging drill" in slack.command("/oncall test", who="U0ANA")
    assert "I page Ana Lima now" in slack.command("/oncall test", who="U0MEI")
    with slack.desk.db.reading() as session:
        page = session.exec(select(DrillPage)).one()
    slack.click("drill_answer", page.id, who="U0ANA", channel="D0ANA")
    assert slack.whispers("U0ANA") == ["Thank you: your page arrived."]


@pytest.mark.req("PG-1")
def test_the_first_click_wins_and_the_second_clicker_is_told_who_was_first(slack: Slack) -> None:
    slack.command("/ticket sev1 Checkout is down")
    page = first_page(slack)
    slack.click("page_acknowledge", page.id, who="U0ANA", channel="D0ANA")
    slack.click("page_acknowledge", page.id, who="U0BO", channel="D0BO")
    assert slack.tickets()[0].owner == "ana"
    assert "Ana Lima" in slack.whispers("U0BO")[-1]


def test_the_same_click_delivered_twice_takes_effect_once(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    for _ in range(2):
        slack.click("card_claim", "T-1", action_ts="7.7")
    with slack.desk.db.reading() as session:
        assert slack.tickets()[0].owner == "ana"
        assert session.is_active
    assert slack.whispers("U0ANA") == []


@pytest.mark.parametrize("action_id", sorted(BUTTONS))
def test_a_button_of_a_ticket_that_is_not_there_is_one_sentence(slack: Slack, action_id: str) -> None:
    assert slack.click(action_id, "T-99").status == 200
    (said,) = slack.whispers("U0ANA")
    assert said.endswith(".")
    assert "went wrong" not in said


@pytest.mark.parametrize("action_id", sorted(BUTTONS))
def test_a_person_whom_nobody_knows_gets_nothing_from_any_button(slack: Slack, action_id: str) -> None:
    slack.command("/ticket sev1 Checkout is down")
    value = first_page(slack).id if action_id.startswith("page_") else "T-1"
    slack.click(action_id, value, who="U0UNA", channel="C0ACME")
    assert slack.tickets()[0].state == "new"
    assert len(slack.whispers("U0UNA")) == 1
    assert slack.api.asked("views.open") == []


@pytest.mark.parametrize("entry", sorted(MORE))
def test_every_entry_of_the_menu_does_something(slack: Slack, entry: str) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click("card_more", f"{entry}:T-1")
    assert slack.api.asked("views.open") or slack.whispers("U0ANA") or slack.tickets()[0].state != "new"


def test_a_form_is_answered_where_it_was_asked_for(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    slack.click("card_reply", "T-1", channel="C0TRIAGE")
    assert json.loads(slack.opened()["private_metadata"])["asked_in"] == "C0TRIAGE"
    assert slack.submit({"text": "We are on it."}) == {}
    assert slack.tickets()[0].state == "responded"


def test_a_form_that_comes_too_late_is_explained(slack: Slack) -> None:
    slack.api.replies["views.open"] = lambda _: {"ok": False, "error": "expired_trigger_id"}
    slack.command("/ticket sev2 Slow")
    slack.click("card_reply", "T-1")
    assert "try again" in slack.whispers("U0ANA")[-1]


def test_unknown_buttons_and_forms_are_acknowledged(slack: Slack) -> None:
    assert slack.click("button_of_tomorrow", "x").status == 200
    body = {
        "type": "view_submission",
        "user": {"id": "U0ANA"},
        "view": {"id": "V9", "type": "modal", "callback_id": "form_of_tomorrow"},
    }
    assert slack.deliver({**body, "team": {"id": "T0WATCH"}}).status == 200
    assert slack.deliver({**body, "type": "view_closed", "team": {"id": "T0WATCH"}}).status == 200


@pytest.mark.parametrize("callback_id", sorted(FORMS))
def test_a_form_about_a_ticket_that_is_not_there_stays_open_with_a_sentence(slack: Slack, callback_id: str) -> None:
    view = {
        "id": "V2", "type": "modal", "callback_id": callback_id,
        "private_metadata": json.dumps({"ticket": "T-99", "channel": "C0ACME"}),
        "blocks": [{"type": "section"}, {"type": "input", "block_id": "first"}], "state": {"values": {}},
    }  # fmt: skip
    user = {"id": "U0ANA", "team_id": "T0WATCH"}
    response = slack.deliver({"type": "view_submission", "user": user, "team": {"id": "T0WATCH"}, "view": view})
    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["first"]
    assert slack.tickets() == []
