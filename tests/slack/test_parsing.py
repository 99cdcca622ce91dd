"""What people wrote is read as they meant it, however strange it is."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack import parsing
from bot.slack.incoming import of_edit, of_joined, of_message, of_message_event, of_reaction
from bot.slack.parsing import EscalateCommand, OnCallCommand, TicketCommand
from bot.slack.submitted import read

HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="<>&|@#!;:/ \n\x00\ud800T-1ltgamp"),
    st.sampled_from(["<!channel>", "<@U0ANA|ana>", "<", "<>", "&amp;lt;", "<https://x|y>", "T-1 to", "override <@U1>"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    "type", "subtype", "channel", "channel_type", "ts", "thread_ts", "user", "team", "user_team", "text", "files",
    "edited", "message", "previous_message", "deleted_ts", "bot_id", "item", "reaction", "event_ts", "hidden",
)  # fmt: skip
EVENTS = st.dictionaries(st.sampled_from(FIELDS), JSON)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://x.test/a?b=1&amp;c=2|here>", "here (https://x.test/a?b=1&c=2)"),
        ("<https://x.test>", "https://x.test"),
        ("<http://x.test|x.test>", "http://x.test"),
        ("<mailto:cy@acme.test|cy@acme.test>", "cy@acme.test"),
        ("<@U0ANA|ana> and <@U0BO>", "@ana and @U0BO"),
        ("<#C0ACME|acme>", "#acme"),
        ("<!channel> <!here>", "<!channel> <!here>"),
        ("<!subteam^S1|@oncall>", "@oncall"),
        ("<!date^1^{date}|Monday>", "Monday"),
        ("1 < 2", "1 < 2"),
        ("nul \x00 and half \ud800", "nul  and half ?"),
    ],
)
def test_mrkdwn_is_read_as_a_person_reads_it(written: str, read_as: str) -> None:
    assert parsing.plain(written) == read_as


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", TicketCommand("form")),
        ("  ", TicketCommand("form")),
        ("list", TicketCommand("list")),
        ("HELP", TicketCommand("help")),
        ("show t-12", TicketCommand("show", "T-12")),
        ("show", TicketCommand("show")),
        ("show 1042", TicketCommand("show", "1042")),
        ("show #1042", TicketCommand("show", "1042")),
        ("show Ticket 1042:", TicketCommand("show", "1042")),
        ("show “T–12”", TicketCommand("show", "T-12")),
        ("show １２", TicketCommand("show", "12")),
        ("show 404 pages to nobody", TicketCommand("open", "show 404 pages to nobody")),
        ("show stopper in checkout", TicketCommand("open", "show stopper in checkout")),
        ("list is empty", TicketCommand("open", "list is empty")),
        ("sev1 Checkout is down", TicketCommand("open", "sev1 Checkout is down")),
    ],
)
def test_ticket_commands(text: str, asked: TicketCommand) -> None:
    assert parsing.ticket_command(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", EscalateCommand()),
        ("t-1", EscalateCommand("T-1")),
        ("T-1 to 3", EscalateCommand("T-1", "3")),
        ("T-1 to level 3 they wait", EscalateCommand("T-1", "3", "they wait")),
        ("T-1 TO L2 because", EscalateCommand("T-1", "L2", "because")),
        ("T-1 it is down", EscalateCommand("T-1", None, "it is down")),
        ("T-1 to", EscalateCommand("T-1", None, "to")),
        ("#T-1, it is down", EscalateCommand("T-1", None, "it is down")),
        ("ticket 12: to 3", EscalateCommand("12", "3")),
        ("T—1 it’s down", EscalateCommand("T-1", None, "it’s down")),
        ("3 customers wait", EscalateCommand(reason="3 customers wait")),
        ("the database is down", EscalateCommand(reason="the database is down")),
    ],
)
def test_escalate_commands(text: str, asked: EscalateCommand) -> None:
    assert parsing.escalate_command(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", OnCallCommand("show")),
        ("override <@U0BO|bo> 18:00 20:00", OnCallCommand("override", "U0BO", "18:00 20:00")),
        ("override @bo now 20:00", OnCallCommand("override", "bo", "now 20:00")),
        ("override", OnCallCommand("override")),
        ("override add @bo now 20:00", OnCallCommand("add", "bo", "now 20:00")),
        ("help", OnCallCommand("help")),
        ("overide @bo now 20:00", OnCallCommand("help", words="overide")),
    ],
)
def test_oncall_commands(text: str, asked: OnCallCommand) -> None:
    assert parsing.oncall_command(text) == asked


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("escalate", ("escalate", "")),
        ("Escalate! nobody answers", ("escalate", "nobody answers")),
        ("please escalate", ("escalate", "")),
        ("Can we escalate this? They lose money", ("escalate", "this? They lose money")),
        ("hi, I'd like to escalate #12", ("escalate", "#12")),
        ("/escalate T-7: they wait", ("escalate", "T-7 they wait")),
        ("Bitte eskalieren!", ("escalate", "")),
        ("Hilfe", ("help", "")),
        ("they escalate everything", ("", "they escalate everything")),
        ("please help, checkout is down", ("", "please help, checkout is down")),
        ("status of ticket T–7, please", ("status", "T-7")),
        ("status ٧", ("status", "7")),
        ("status?", ("status", "")),
        ("status t-7?", ("status", "T-7")),
        ("status page is down", ("", "status page is down")),
        ("help", ("help", "")),
        ("help us, checkout is down", ("", "help us, checkout is down")),
    ],
)
def test_what_the_bot_is_told_by_mention(text: str, verb: tuple[str, str]) -> None:
    assert parsing.mention_verb(text) == verb


@given(HOSTILE)
def test_no_text_breaks_the_reading_and_all_of_it_can_be_stored(text: str) -> None:
    parsing.escalate_command(text)
    parsing.oncall_command(text)
    asked = parsing.ticket_command(text)
    assert "\x00" not in asked.rest
    asked.rest.encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_what_slack_escaped_reads_as_it_was_typed(text: str) -> None:
    assert parsing.plain(parsing.escape(text)) == text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_no_event_breaks_the_reading_and_every_body_can_be_stored(event: dict[str, object]) -> None:
    where = {"channel": "C1", "channel_type": "channel", "workspace": "T0WATCH", "bot_user": "U0BELL"}
    found = [
        of_message_event(event, workspace="T0WATCH", bot_user="U0BELL"),
        of_message(event, **where),
        of_edit(event, **where),
        of_reaction(event, team="T1", message=event, workspace="T0WATCH", bot_user="U0BELL"),
        of_joined(event, event_id="Ev1"),
    ]
    for delivery in found:
        if delivery is not None:
            json.dumps(delivery.body).encode("utf-8")
            delivery.key.encode("utf-8", "surrogatepass")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(("state", "private_metadata", "callback_id", "id")), JSON))
def test_no_view_breaks_the_reading(view: dict[str, object]) -> None:
    read(view)


@given(JSON)
def test_no_state_of_a_form_breaks_the_reading(state: object) -> None:
    form = read({"state": {"values": state}, "private_metadata": json.dumps(state)})
    assert all(isinstance(value, str) for value in form.values.values())
