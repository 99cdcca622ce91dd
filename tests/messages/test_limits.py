"""However long and strange the content, does Slack take every message and every form?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import events
from bot.domain.events import Words
from bot.domain.message import AnyMessage, CustomerMessage, Kind
from bot.messages import alarms, blocks, customer, forms, staff
from bot.messages.limits import OverLimit, check_message, check_view
from bot.messages.sample_answers import METADATA, views_in
from bot.messages.samples import FULL, HELD, HOUR, NOW, PAGE, RESOLVED, STEPS, THEIRS, WRITTEN, ZONE, messages
from bot.messages.view import Choice, ClockView, Contact, PageState, Question, Weblink
from tests.messages.reading import CATALOG

STRANGE = st.one_of(
    st.text(max_size=80),
    st.sampled_from([
        "<!channel>", "&lt;", "```", "*_~`", "\u202e", "&" * 9000, "x" * 50_000, "<@U1> " * 2000, "\n" * 9000, " ",
        "https://a.example/" + "y" * 4000, "é💥" * 3000, ">\n" * 3000, "{{ 1 }}{% x %}", "\ud800", "a\n\n\nb",
    ]),
)  # fmt: skip


def customers_messages(words: str, many: int) -> Iterator[AnyMessage]:
    links = tuple(Weblink(words, f"https://a.example/{words}") for _ in range(many))
    for ticket in (THEIRS, HELD, RESOLVED):
        odd = replace(ticket, summary=words, severity_label=words, handled_by=words)
        yield customer.receipt(
            CATALOG, ticket=odd, commitment=words, missing=(words,) * many, links=links, end_users_note=words,
            account_manager=Contact(words, words), now=NOW,
        )  # fmt: skip
        yield customer.question(CATALOG, ticket=odd, questions=(Question(words, words),) * many, now=NOW)
        said = replace(
            WRITTEN, known=words, done=words, next=words, eta=words, workaround=words, author=words, waiting_for=words,
            steps=tuple(replace(step, who=words, what=words) for step in STEPS * many),
        )  # fmt: skip
        bare = replace(said, known="", done="", next="", eta="", workaround="")
        for progress in (said, bare):
            yield customer.update(CATALOG, ticket=odd, progress=progress, now=NOW)
        yield customer.escalated(CATALOG, ticket=odd, level=2, level_name=words, asked_by=words, now=NOW)
        yield customer.escalation_requested(CATALOG, ticket=odd, asked_by=words, now=NOW)
        yield customer.resolution(
            CATALOG, ticket=odd, root_cause=words, workaround=words, prevention=words, by=words, now=NOW
        )
        yield customer.closing(CATALOG, ticket=odd, how="confirmed", by=words, now=NOW)
        yield customer.reopened(CATALOG, ticket=odd, by=words, now=NOW)
        yield customer.reply(CATALOG, ticket=odd, author=words, text=words, files=links, now=NOW)


def staffs_messages(words: str, many: int) -> Iterator[AnyMessage]:
    odd = replace(
        FULL, summary=words, severity_label=words, customer=words, tier=words, owner=words, requester=words,
        clock=ClockView(words, NOW), category=words, level_name=words, paging=words, missing=(words,) * many,
        account_manager=words, link=f"https://a.example/{words}",
    )  # fmt: skip
    yield staff.card(CATALOG, ticket=odd, zone=ZONE, now=NOW)
    for state in PageState:
        page = replace(
            PAGE, why=words, level_name=words, also_paged=(words,) * many, next_level=words, reason=words, duty=words,
            by=words, at=NOW, ended_because=words, state=state,
        )  # fmt: skip
        yield staff.page(CATALOG, ticket=odd, page=page, zone=ZONE, now=NOW)
    yield staff.update_request(CATALOG, ticket=odd, due_at=NOW + HOUR, last_said=words, zone=ZONE, now=NOW)
    yield staff.room_line(
        CATALOG, ticket_id="T-1", author=words, side="customer", text=words,
        files=tuple(Weblink(words, f"https://a.example/{words}") for _ in range(many)), zone=ZONE, now=NOW,
    )  # fmt: skip
    event = events.Resolved(root_cause=Words(words), workaround=Words(words), prevention=Words(words))
    yield staff.room_event(CATALOG, ticket_id="T-1", event=event, actor=words, zone=ZONE, now=NOW)
    yield alarms.exhausted(
        CATALOG, ticket=odd, round_number=1, paged=(words,) * many, paging_since=NOW, again_at=NOW, zone=ZONE, now=NOW
    )
    yield alarms.level_skipped(CATALOG, ticket=odd, level=1, level_name=words, why=words, zone=ZONE, now=NOW)
    yield alarms.breached(CATALOG, ticket=odd, metric=words, due_at=NOW, next_name=words, zone=ZONE, now=NOW)
    yield alarms.warned(CATALOG, ticket=odd, metric=words, due_at=NOW, zone=ZONE, now=NOW)
    yield alarms.dead_letter(CATALOG, what=words, ticket_id="T-1", to=words, why=words, since=NOW, zone=ZONE, now=NOW)
    yield alarms.escalation_asked(CATALOG, ticket=odd, asked_by=words, reason=words, zone=ZONE, now=NOW)


@settings(max_examples=10, deadline=None)
@given(STRANGE, st.integers(min_value=1, max_value=40))
def test_whatever_people_write_every_message_is_one_that_slack_takes(words: str, many: int) -> None:
    for message in (*customers_messages(words, many), *staffs_messages(words, many)):
        check_message(message)
        assert "T-1" in message.text


@settings(max_examples=10, deadline=None)
@given(STRANGE, st.integers(min_value=1, max_value=60))
def test_whatever_people_write_every_form_is_one_that_slack_takes(words: str, many: int) -> None:
    label = words.strip() or "x"
    choices = tuple(Choice(f"k{number}", label, words) for number in range(many))
    questions = {f"q{number}": Question(label, words) for number in range(min(many, 12))}
    odd = replace(FULL, summary=words, customer=words, severity_label=words)

    check_view(forms.ticket_form(
        CATALOG, severities=choices[:4], default_severity="k0", categories=choices, questions=questions,
        customers=tuple(Choice(one.key, label) for one in choices),
        values=dict.fromkeys(["summary", *questions], words), reason=words, metadata=METADATA,
    ))  # fmt: skip
    check_view(forms.reply_form(CATALOG, ticket=odd, channel=words, readers=(words,) * many, metadata=METADATA))
    check_view(forms.escalate_form(CATALOG, tickets=choices, levels=choices[:6], reason=words, metadata=METADATA))
    check_view(forms.update_form(
        CATALOG, ticket=odd, values=dict.fromkeys(["known", "done", "eta"], words), metadata=METADATA, zone=ZONE,
        now=NOW,
    ))  # fmt: skip


def test_the_samples_pass() -> None:
    for message in messages(CATALOG):
        check_message(message)
    for view in views_in(CATALOG):
        check_view(view)


def test_a_long_reply_keeps_its_words_in_order_over_several_sections() -> None:
    text = "\n".join(f"line {number}" for number in range(700))

    message = customer.reply(CATALOG, ticket=HELD, author="Ana Lima", text=text, now=NOW)

    body = "\n".join(block["text"]["text"] for block in message.blocks[1:])
    assert body == text


def broken(*parts: dict[str, Any], text: str = "T-1") -> str:
    with pytest.raises(OverLimit) as caught:
        check_message(CustomerMessage(kind=Kind.NOTICE, text=text, blocks=parts))
    return str(caught.value)


def test_the_linter_names_what_slack_would_refuse() -> None:
    press = blocks.button("a", "Press", value="1")
    long = {"type": "mrkdwn", "text": "x" * 3001}

    assert "3001 characters" in broken({"type": "section", "text": long})
    assert "neither text nor fields" in broken({"type": "section"})
    assert "0 of 1 to 5" in broken({"type": "actions", "elements": []})
    assert "an action_id twice" in broken(blocks.actions(press, press))
    assert "unknown type 'video'" in broken({"type": "video"})
    assert "does not belong in actions" in broken(blocks.actions(blocks.text_input()))
    assert "text: missing" in broken(blocks.divider(), text=" ")
    assert "12500 characters together" in broken(*[blocks.section("y" * 2500)] * 5)
    assert "no kind of text here" in broken({"type": "header", "text": {"type": "mrkdwn", "text": "a"}})
    assert "blocks: 51" in broken(*[blocks.divider()] * 51)


def test_the_linter_reads_forms_too() -> None:
    field = blocks.field("a", "A", blocks.text_input())
    view = blocks.modal(callback="c", title="T", submit="S", close="C", blocks=[field, field], metadata="{}")

    with pytest.raises(OverLimit, match="block_id: twice the same"):
        check_view(view)
    with pytest.raises(OverLimit, match="an input needs a submit"):
        check_view({key: value for key, value in view.items() if key != "submit"})
    with pytest.raises(OverLimit, match="0 blocks"):
        check_view({**view, "blocks": []})


def test_a_confirmation_and_a_heading_are_cut_to_fit() -> None:
    asked = blocks.confirm(title="t" * 200, text="x" * 400, yes="y" * 40, no="n" * 40)
    press = blocks.button("a", "Close it", value="T-1", style="danger", confirm=asked)
    parts = (blocks.header("h" * 200), blocks.fields(["f" * 3000] * 5), blocks.actions(press))

    check_message(CustomerMessage(kind=Kind.NOTICE, text="T-1", blocks=parts))


def test_the_longest_section_gives_way_when_a_message_is_too_long() -> None:
    parts = blocks.fitted([blocks.section("a" * 3000), blocks.fields(["f" * 2000] * 5), blocks.divider()])

    assert parts[0]["text"]["text"] == "a" * 1499 + "…"
    check_message(CustomerMessage(kind=Kind.NOTICE, text="T-1", blocks=parts))
