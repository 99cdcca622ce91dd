from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.words import capital, cut, escape, line, link, listed, moment, paragraph, quote, sentence, span

NINE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NINE + timedelta(hours=1), "10:00 EST"),
        (NINE + timedelta(hours=15), "Tue 00:00 EST"),
        (NINE - timedelta(days=1), "Sun 09:00 EST"),
        (NINE + timedelta(days=6), "Sun 10:00 EDT"),
        (NINE + timedelta(days=7), "Mon 9 Mar 10:00 EDT"),
        (NINE - timedelta(days=90), "Tue 2 Dec 2025 09:00 EST"),
    ],
)
def test_a_moment_is_said_as_the_clock_on_the_wall_shows_it(at: datetime, said: str) -> None:
    assert moment(at, zone="America/New_York", now=NINE) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Asia/Kolkata", "19:30 IST"), ("Asia/Dubai", "18:00 UTC+04:00"), ("Asia/Kathmandu", "19:45 UTC+05:45"),
     ("UTC", "14:00 UTC"), ("Europe/Lisbon", "14:00 WET")],
)  # fmt: skip
def test_every_moment_bears_its_zone(zone: str, said: str) -> None:
    assert moment(NINE, zone=zone, now=NINE) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=12), "12 minutes"),
        (timedelta(minutes=1, seconds=10), "1 minute"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(0), "less than a second"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(minutes=59, seconds=45), "1 hour"),
        (timedelta(days=3, hours=2, minutes=5), "3 days 2 hours"),
        (-timedelta(minutes=5), "5 minutes"),
    ],
)
def test_a_length_of_time_is_said_to_the_minute(length: timedelta, said: str) -> None:
    assert span(length) == said


def test_names_are_listed_as_people_say_them() -> None:
    assert [listed([]), listed(["Ana"]), listed(["Ana", "Bo"]), listed(["Ana", "Bo", "Kai"])] == [
        "", "Ana", "Ana and Bo", "Ana, Bo and Kai",
    ]  # fmt: skip


def test_what_pings_or_links_in_slack_is_shown_literally() -> None:
    assert escape("<!channel> <@U1> &lt; a & b") == "&lt;!channel&gt; &lt;@U1&gt; &amp;lt; a &amp; b"
    assert escape(escape("<b>")) == "&lt;b&gt;"


def test_characters_that_turn_the_reading_direction_are_dropped() -> None:
    assert escape("a\u202eb\u2066c\x00d") == "abcd"


def test_a_line_has_no_breaks_and_a_sentence_has_an_end() -> None:
    assert line(" a\n\n b ") == "a b"
    assert line("abcdef", 4) == "abc…"
    assert [sentence("It is down"), sentence("Why?"), sentence("")] == ["It is down.", "Why?", ""]
    assert [capital("ab"), capital(line("<")), capital("")] == ["Ab", "&lt;", ""]


def test_addresses_in_a_paragraph_are_links_and_nothing_else_is() -> None:
    assert paragraph("see https://a.example/?x=1&y=2.") == "see <https://a.example/?x=1&amp;y=2>."
    assert paragraph("<https://x.example>") == "&lt;<https://x.example>&gt;"
    assert paragraph("javascript:alert(1) <https://x.example|y>") == (
        "javascript:alert(1) &lt;<https://x.example>|y&gt;"
    )


def test_a_quotation_marks_every_line() -> None:
    assert quote("a\n<b>") == ">a\n>&lt;b&gt;"


def test_a_link_leads_only_to_http() -> None:
    assert link("Docs | all", "https://a.example/x|y") == "<https://a.example/x%7Cy|Docs / all>"
    assert link("Docs", "javascript:alert(1)") == "Docs: javascript:alert(1)"


def test_cutting_leaves_no_half_entity_and_no_half_link() -> None:
    assert cut("ab&amp;", 6) == "ab…"
    assert cut("ab <https://a.example>", 12) == "ab…"
    assert cut("short", 5) == "short"


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_whatever_is_cut_fits_and_stays_harmless(text: str, limit: int) -> None:
    done = cut(paragraph(text), limit)

    assert len(done) <= limit
    assert done.count("<") == done.count(">")
