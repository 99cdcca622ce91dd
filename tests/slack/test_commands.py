"""What a slash command does, and that a repeat of it does nothing more."""

import pytest

from tests.slack.conftest import Slack


@pytest.mark.req("IN-1")
def test_a_command_with_severity_and_summary_opens_a_ticket_at_once(slack: Slack) -> None:
    said = slack.command("/ticket sev1 Checkout is down")
    assert "T-1" in said
    assert [(row.severity, row.summary) for row in slack.tickets()] == [("sev1", "Checkout is down")]


@pytest.mark.req("IN-1")
def test_the_same_command_delivered_twice_is_one_ticket_with_the_same_answer(slack: Slack) -> None:
    first = slack.command("/ticket sev2 Slow", trigger="t.1")
    assert slack.command("/ticket sev2 Slow", trigger="t.1") == first
    assert len(slack.tickets()) == 1


def test_the_same_text_with_a_new_trigger_is_a_new_ticket(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    slack.command("/ticket sev2 Slow")
    assert len(slack.tickets()) == 2


@pytest.mark.req("IN-1")
def test_a_command_without_text_opens_the_form_and_the_form_opens_the_ticket_once(slack: Slack) -> None:
    assert slack.command("/ticket") == ""
    assert slack.opened()["callback_id"] == "form_ticket"
    values = {"summary": "Login fails", "severity": "sev3"}
    assert slack.submit(values) == {}
    slack.submit(values)
    assert [row.summary for row in slack.tickets()] == ["Login fails"]


def test_an_unknown_severity_shows_the_form_with_the_text_kept(slack: Slack) -> None:
    slack.command("/ticket urgentish Checkout is down")
    view = str(slack.opened())
    assert "urgentish" in view
    assert "Checkout is down" in view


def test_a_refused_form_stays_open_with_the_sentence_at_its_field_and_can_be_sent_again(slack: Slack) -> None:
    slack.command("/ticket")
    answer = slack.submit({"summary": "", "severity": "sev3"})
    assert answer["response_action"] == "errors"
    assert "summary" in answer["errors"]
    assert slack.submit({"summary": "Login fails", "severity": "sev3"}) == {}
    assert len(slack.tickets()) == 1


def test_a_form_that_slack_no_longer_shows_is_answered_with_a_sentence(slack: Slack) -> None:
    slack.api.replies["views.open"] = lambda _: {"ok": False, "error": "expired_trigger_id"}
    assert "try again" in slack.command("/ticket")


def test_words_of_slack_are_shown_literally_and_ping_nobody(slack: Slack) -> None:
    said = slack.command("/ticket sev3 &lt;!channel&gt; &amp;lt; broken")
    assert slack.tickets()[0].summary == "<!channel> &lt; broken"
    assert "<!channel>" not in said
    assert "&lt;!channel&gt; &amp;lt;" in said


def test_somebody_whom_the_desk_does_not_know_is_told_whom_to_ask(slack: Slack) -> None:
    said = slack.command("/ticket sev1 Checkout is down", who="U0UNA")
    assert "administrator" in said
    assert slack.tickets() == []


def test_an_unknown_ticket_is_one_sentence(slack: Slack) -> None:
    assert "no ticket T-99 here" in slack.command("/ticket show T-99")


@pytest.mark.parametrize("text", ["/ticket list", "/ticket help", "/ticket show T-1", "/oncall"])
def test_questions_are_answered_in_place(slack: Slack, text: str) -> None:
    slack.command("/ticket sev2 Slow")
    assert slack.command(text)


@pytest.mark.req("ES-4")
def test_a_manager_escalates_by_command(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    slack.command("/escalate T-1 to 3 The customer waits", who="U0MEI")
    assert slack.tickets()[0].level == 3


def test_escalating_without_a_ticket_shows_the_form(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")
    slack.command("/escalate it hurts everybody", who="U0MEI")
    assert slack.opened()["callback_id"] == "form_escalate"
    assert "it hurts everybody" in str(slack.opened()["blocks"])


@pytest.mark.req("PG-3")
def test_a_manager_lets_somebody_stand_in_and_an_engineer_may_not(slack: Slack) -> None:
    assert "Ana Lima" in slack.command("/oncall", who="U0MEI")
    assert "Bo Berg stands in" in slack.command("/oncall override <@U0BO|bo> now 18:00", who="U0MEI")
    assert "Bo Berg" in slack.command("/oncall", who="U0MEI")
    assert "cannot override" in slack.command("/oncall override <@U0BO|bo> now 18:00", who="U0ANA")


@pytest.mark.req("PG-3")
def test_an_engineer_is_away_takes_it_back_and_a_manager_adds_and_leaves_out(slack: Slack) -> None:
    assert "Ana Lima is away" in slack.command("/oncall absent now tomorrow 09:00 dentist")
    assert "Bo Berg" in slack.command("/oncall").partition("Level 2")[0]
    assert "cannot override" in slack.command("/oncall absent <@U0BO> now 18:00")
    assert "A1: Ana Lima away" in slack.command("/oncall remove")
    assert "Taken back" in slack.command("/oncall remove A1")
    assert "Kai Sato is on call for first-line too" in slack.command("/oncall add <@U0KAI|kai> now 18:00", who="U0MEI")
    assert "Ana Lima is off first-line" in slack.command("/oncall without @ana now 18:00", who="U0MEI")
    assert "S1: Kai Sato is on call for first-line too, from" in slack.command("/oncall remove")
    assert "PUBLIC_URL" in slack.command("/oncall calendar")


def test_a_word_that_is_none_of_on_calls_changes_nothing_and_says_what_there_is(slack: Slack) -> None:
    said = slack.command("/oncall overide @bo now 18:00", who="U0MEI")

    assert said.startswith("I do not know “overide”; nothing was changed. You can type:\n• `/oncall`: who is on call")
    assert slack.command("/oncall help").startswith("You can type:")


def test_a_ticket_is_shown_by_its_bare_number_and_one_that_is_not_named_is_asked_for(slack: Slack) -> None:
    slack.command("/ticket sev2 Slow")

    assert "Slow" in slack.command("/ticket show 1")
    assert slack.command("/ticket show") == "Say which ticket, for example T-1042."
    assert "no ticket 77 here" in slack.command("/ticket show 77")


@pytest.mark.req("LC-5")
def test_a_home_tab_that_is_opened_is_drawn_once_for_whoever_opened_it(slack: Slack) -> None:
    slack.api.replies["users.info"] = lambda _: {"ok": True, "user": {"id": "U0ANA", "team_id": "T0WATCH"}}
    for _ in range(2):
        slack.event({"type": "app_home_opened", "user": "U0ANA", "tab": "home"}, event_id="Ev-home")
    slack.event({"type": "app_home_opened", "user": "U0ANA", "tab": "messages"})
    assert slack.work_off() == 1


@pytest.mark.parametrize(
    "text",
    ["override @bo", "override @bo 18:00", "override @nobody 18:00 20:00", "override @bo 25:00 26:00"],
)
def test_an_override_that_means_nothing_is_one_sentence(slack: Slack, text: str) -> None:
    assert slack.command(f"/oncall {text}", who="U0MEI").endswith((".", "`", "`."))
