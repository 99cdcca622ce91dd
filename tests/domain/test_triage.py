"""What did somebody ask for, what is missing, and what is too much?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import EmptySummary, MissingWords, TooLong
from bot.domain.triage import (
    SUMMARY_LIMIT,
    check_length,
    check_summary,
    is_courtesy,
    is_wordless,
    missing,
    one_line,
    read_request,
)

KNOWN = {"sev1": "sev1", "sev 1": "sev1", "critical": "sev1", "p2": "sev2", "high": "sev2", "1": "sev1"}


def severity(word: str) -> str | None:
    return KNOWN.get(word.casefold())


@pytest.mark.parametrize(
    ("text", "key", "summary"),
    [
        ("sev1 Checkout is down", "sev1", "Checkout is down"),
        ("Sev 1: Checkout is down", "sev1", "Checkout is down"),
        ("critical - Checkout is down", "sev1", "Checkout is down"),
        ("P2, slow since noon", "sev2", "slow since noon"),
        ("critical – -5 is shown as 5.", "sev1", "-5 is shown as 5."),
        ("sev1 .NET fails :fire:", "sev1", ".NET fails :fire:"),
        ("sev1 :fire: :fire:", "sev1", ":fire: :fire:"),
        ("sev1 -", "sev1", ""),
        ("Checkout is down", None, "Checkout is down"),
        ("1 of our servers is down", None, "1 of our servers is down"),
        ("sev1", "sev1", ""),
        ("sev1 line one\nline two", "sev1", "line one\nline two"),
    ],
)
@pytest.mark.req("IN-1")
def test_a_command_parts_into_severity_and_summary(text: str, key: str | None, summary: str) -> None:
    request = read_request(text, severity)

    assert (request.severity, request.summary) == (key, summary)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("High load on node 3", None),
        ("Critical path fails", None),
        ("High: load on node 3", "sev2"),
        ("sev1 Checkout is down", "sev1"),
        ("p2 slow", "sev2"),
    ],
)
def test_nobody_is_graded_by_accident_in_what_they_say(text: str, key: str | None) -> None:
    request = read_request(text, severity, spoken=True)

    assert request.severity == key
    assert key or request.summary == text


def test_the_first_word_is_kept_for_the_sentence_that_says_it_is_unknown() -> None:
    assert read_request("sev9 Checkout is down", severity).word == "sev9"


@given(st.text())
def test_any_text_can_be_read_and_none_of_its_words_gets_lost(text: str) -> None:
    request = read_request(text, severity)

    assert request.severity or request.summary == text.strip()


def test_an_empty_summary_is_refused_with_an_example() -> None:
    with pytest.raises(EmptySummary, match="severity='Critical'"):
        check_summary("  \n ", severity="Critical")


def test_ten_thousand_characters_are_refused_with_both_numbers() -> None:
    with pytest.raises(TooLong, match="length=10000, limit=3000"):
        check_summary("x" * 10_000, severity="Critical")

    assert check_summary("x" * SUMMARY_LIMIT, severity="Critical") == "x" * SUMMARY_LIMIT


def test_what_is_missing_is_named_with_its_field() -> None:
    with pytest.raises(MissingWords) as refusal:
        check_length(" ", what="reply", field="text")

    assert refusal.value.field == "text"
    assert refusal.value.facts == {"what": "reply"}


@pytest.mark.req("IN-3")
def test_what_nobody_filled_in_is_missing_in_the_handbooks_order() -> None:
    assert missing(("steps", "logs", "impact"), {"logs": "see file", "impact": "  "}) == ("steps", "impact")


@pytest.mark.parametrize(
    "text", ["thanks!", "Thank you so much", "ok", "Perfect, works now!", "Thanks :pray::skin-tone-3:", ":tada:", "👍"]
)
def test_a_thank_you_asks_for_nothing(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    ["thanks, but it is still broken", "ok it fails again", "no", "Checkout is down", "???", "", ":-1:", "thanks :x:"],
)
def test_what_says_more_than_thanks_is_no_courtesy(text: str) -> None:
    assert not is_courtesy(text)


@pytest.mark.parametrize(
    ("text", "wordless"), [(":eyes:", True), ("👀", True), ("?!", True), ("", True), ("no", False)]
)
def test_an_emoji_is_not_a_word(text: str, wordless: bool) -> None:
    assert is_wordless(text) is wordless


@given(st.text(), st.integers(1, 200))
def test_one_line_is_one_line_of_at_most_that_many_characters(text: str, limit: int) -> None:
    line = one_line(text, limit)

    assert len(line) <= limit
    assert "\n" not in line
