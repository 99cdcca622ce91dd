"""Are two tickets the same problem? By the words that say what it is about, not by how people complain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import betrayed, channel_name, incident_id, most_severe, number_of
from bot.domain.likeness import Rarity, likeness
from bot.domain.ticket import Severity

NOTHING_KNOWN = Rarity()
ENOUGH = 0.5


@pytest.mark.req("IN-11")
@pytest.mark.parametrize(
    ("text", "other", "words"),
    [
        ("Checkout is down", "Our checkout does not load", ("checkout",)),
        ("Checkout is down", "CHECKOUT IS DOWN!!!", ("checkout",)),
        ("Payments fail at checkout", "No payment goes through in the checkout", ("payments", "checkout")),
        ("Login shows error 502", "502 when we log in via login page", ("login", "502")),
    ],
)
def test_the_same_problem_in_other_words_is_found_and_says_why(text: str, other: str, words: tuple[str, ...]) -> None:
    found = likeness(text, other, rarity=NOTHING_KNOWN)
    assert found.share >= ENOUGH
    assert found.words == words


@pytest.mark.req("IN-11")
@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Search is slow", "Checkout is slow"),
        ("It is down", "Everything is down"),
        ("Printer in Paris smokes", "Invoices of May are missing"),
        ("Exports are empty since the update, see the log of the nightly run", "Log in fails"),
        ("", ""),
    ],
)
def test_the_same_complaint_about_something_else_is_not_alike(text: str, other: str) -> None:
    assert likeness(text, other, rarity=NOTHING_KNOWN).share < ENOUGH


def test_a_word_that_many_earlier_tickets_have_says_little() -> None:
    common = Rarity.learned(["Shop: basket is empty", "Shop: colours are wrong", "Shop: search"] * 10)
    assert likeness("Shop: printer", "Shop: invoices", rarity=common).share < 0.2
    assert likeness("Shop: printer", "Shop: printers", rarity=common).words[0] == "printer"


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_mutual_and_a_share(text: str, other: str) -> None:
    one, two = likeness(text, other, rarity=NOTHING_KNOWN), likeness(other, text, rarity=NOTHING_KNOWN)
    assert one.share == two.share
    assert 0 <= one.share <= 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Globex has it too", "Globex"),
        ("like t-12", "t-12"),
        ("T-123 is another one", None),
        ("See T-12.", "T-12"),
        ("our target is noon", None),
        ("Target waits", "Target"),
    ],
)
def test_what_names_another_customer_is_found_as_it_is_spelt(text: str, found: str | None) -> None:
    assert betrayed(text, names=["Globex", "Target Corp"], ids=["T-12", "I-1"]) == found


def test_an_incident_has_a_number_and_a_channel_that_slack_takes() -> None:
    assert number_of(incident_id(7)) == number_of(" i-7 ") == 7
    assert number_of("T-7") is None
    assert channel_name("T-1042", "1F3A99") == "inc-t-1042-1f3a"
    assert most_severe([(Severity.SEV2, 1), (Severity.SEV1, 3), (Severity.SEV1, 2)]) == 2
