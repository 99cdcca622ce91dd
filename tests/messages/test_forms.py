import json
from typing import Any

import pytest

from bot.messages import bulk_forms, forms
from bot.messages.limits import check_view
from bot.messages.sample_answers import LEVELS, METADATA, QUESTIONS, SEVERITIES, views_in
from bot.messages.samples import FULL, HOUR, NOW, THEIRS, ZONE
from bot.messages.view import Choice
from tests.messages.reading import CATALOG, block


def ticket_form(**given: Any) -> dict[str, Any]:
    return forms.ticket_form(
        CATALOG, severities=SEVERITIES, default_severity="sev1", questions=QUESTIONS, metadata=METADATA, **given
    )


@pytest.mark.req("SV-1")
def test_the_form_shows_the_severities_in_the_handbooks_words() -> None:
    view = ticket_form()

    element = block(view, "severity")["element"]
    assert [(one["value"], one["text"]["text"]) for one in element["options"]] == [
        ("sev1", "Critical"), ("sev2", "High"),
    ]  # fmt: skip
    assert element["initial_option"]["value"] == "sev1"
    assert "*Critical*: The business stands still." in str(view["blocks"])


@pytest.mark.req("IN-1")
def test_the_form_keeps_the_text_and_says_why_it_opened() -> None:
    view = ticket_form(values={"summary": "It <is> down", "severity": "sev2"}, reason="I do not know “<now>”")

    assert block(view, "summary")["element"]["initial_value"] == "It <is> down"
    assert block(view, "severity")["element"]["initial_option"]["value"] == "sev2"
    assert view["blocks"][0]["text"]["text"] == "I do not know “&lt;now&gt;”."


@pytest.mark.req("IN-3")
def test_missing_details_never_block_opening() -> None:
    view = ticket_form()

    assert [one["block_id"] for one in view["blocks"] if one.get("optional")] == [
        "logs", "impact", "affected_users", "files",
    ]  # fmt: skip


def test_a_form_of_ten_thousand_kept_characters_is_still_a_form() -> None:
    check_view(ticket_form(values={"summary": "x" * 10_000, "logs": "&" * 10_000}))


def test_every_form_bears_its_name_and_its_metadata() -> None:
    names = {view["callback_id"] for view in views_in(CATALOG)}

    assert names == {f"form_{name}" for name in (
        "ticket", "details", "reply", "note", "escalate", "resolve", "update", "severity", "wait", "decline", "merge",
        "split", "correct", "take_back",
        "analysis", "excuse", "why", "hand", "rest", "mark", "unmark", "rating",
    )}  # fmt: skip
    assert json.loads(ticket_form()["private_metadata"]) == METADATA


def test_every_field_is_read_by_the_action_value() -> None:
    for view in views_in(CATALOG):
        for one in view["blocks"]:
            if one["type"] == "input":
                assert one["element"]["action_id"] == "value"


def test_a_reply_says_where_it_goes_and_who_reads_there() -> None:
    view = forms.reply_form(CATALOG, ticket=FULL, channel="#acme", readers=("Cy Young", "Dee Park"), metadata=METADATA)

    assert view["blocks"][0]["text"]["text"] == (
        "This goes to *Acme Corp* in *#acme*. Cy Young and Dee Park read there."
    )
    assert block(view, "files")["element"]["type"] == "file_input"


def test_only_who_may_choose_a_level_sees_levels() -> None:
    with_levels = forms.escalate_form(CATALOG, ticket=FULL, levels=LEVELS, metadata=METADATA)
    without = forms.escalate_form(CATALOG, ticket=THEIRS, metadata=METADATA)

    assert [one["value"] for one in block(with_levels, "level")["element"]["options"]] == ["2", "3"]
    assert not any(one.get("block_id") == "level" for one in without["blocks"])


def test_escalating_without_a_ticket_offers_the_open_ones_or_says_that_there_are_none() -> None:
    chosen = forms.escalate_form(CATALOG, tickets=(Choice("T-1042", "T-1042 It is down"),), metadata=METADATA)
    nothing = forms.escalate_form(CATALOG, metadata=METADATA)

    assert block(chosen, "ticket")["element"]["options"][0]["value"] == "T-1042"
    assert "submit" not in nothing
    assert nothing["blocks"][0]["text"]["text"] == "There is no open ticket to escalate."


@pytest.mark.req("LC-2")
def test_resolving_asks_for_cause_workaround_and_prevention() -> None:
    view = forms.resolve_form(CATALOG, ticket=FULL, metadata=METADATA)

    needed = [one["block_id"] for one in view["blocks"] if one["type"] == "input" and not one["optional"]]
    assert needed == ["root_cause", "workaround", "prevention"]


def test_an_update_starts_from_its_draft_and_says_when_it_goes_out() -> None:
    view = forms.update_form(
        CATALOG, ticket=FULL, due_at=NOW + HOUR, values={"known": "Disk"}, metadata=METADATA, zone=ZONE, now=NOW
    )

    assert "It goes out 11:00 EST." in view["blocks"][0]["text"]["text"]
    assert block(view, "known")["element"]["initial_value"] == "Disk"


@pytest.mark.req("IN-3")
def test_details_ask_for_the_severity_only_where_nobody_said_one() -> None:
    asked = forms.details_form(
        CATALOG, ticket=THEIRS, questions=QUESTIONS, severities=SEVERITIES, values={"logs": "500"}, metadata=METADATA
    )
    known = forms.details_form(CATALOG, ticket=THEIRS, questions=QUESTIONS, metadata=METADATA)

    assert block(asked, "severity")["optional"]
    assert block(asked, "logs")["element"]["initial_value"] == "500"
    assert not any(one.get("block_id") == "severity" for one in known["blocks"])


def test_metadata_too_long_for_slack_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="keep ids in it"):
        forms.note_form(CATALOG, ticket=FULL, metadata={"text": "x" * 3000})


def test_a_single_reason_to_wait_is_chosen_already_and_of_several_none() -> None:
    several = (Choice("waiting_for_customer", "waiting for customer"), Choice("third_party", "third party"))
    for reasons, chosen in ((several[:1], "waiting_for_customer"), (several, None)):
        view = forms.wait_form(CATALOG, ticket=FULL, reasons=reasons, metadata={})
        assert view["blocks"][1]["element"].get("initial_option", {}).get("value") == chosen


def test_a_form_offers_more_than_a_hundred_of_a_kind() -> None:
    many = tuple(Choice(f"T-{number}", f"T-{number} Checkout is down") for number in range(1000, 1250))
    chosen = [
        (ticket_form(customers=many), "customer"),
        (forms.escalate_form(CATALOG, tickets=many, metadata=METADATA), "ticket"),
        (bulk_forms.choose_form(CATALOG, tickets=many, people=many), "tickets"),
        (forms.hand_form(CATALOG, ticket=FULL, colleagues=many, metadata=METADATA), "person"),
    ]
    for view, name in chosen:
        check_view(view)
        groups = block(view, name)["element"]["option_groups"]
        assert [one["value"] for group in groups for one in group["options"]] == [one.key for one in many]


def test_a_form_offers_as_many_as_slack_takes_of_very_many() -> None:
    many = tuple(Choice(f"T-{number}", "\U0010a801" * 75, "\U0010a801" * 75) for number in range(3000))
    for view in (
        ticket_form(customers=many),
        forms.escalate_form(CATALOG, tickets=many, levels=LEVELS, metadata=METADATA),
        bulk_forms.choose_form(CATALOG, tickets=many, people=many),
    ):
        check_view(view)
