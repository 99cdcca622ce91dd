"""What is asked about twice before a customer reads it, and what is not?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.leak import Found, Kind, Others, fingerprint, found_in

NOTE = "The vendor admits that node db-7.internal lost its disk on Sunday.\nBlame the new intern\nok"
OTHERS = Others(
    names=("Globex", "Initech Inc"), people=("Gil Roux",), ids=("C0GLOBEX", "U0GIL"), own=("Acme Corp", "Ana Lima")
)


def kinds(text: str, *, known: tuple[str, ...] = ()) -> list[Kind]:
    return [each.kind for each in found_in(text, notes=[NOTE], known=known, others=OTHERS)]


@pytest.mark.parametrize(
    "text",
    [
        "Hello! The vendor admits that node DB 7 had a problem.".replace("DB 7", "db 7"),
        "It seems they want to blame the NEW intern, sorry.",
        "We restarted db-7.internal just now.",
    ],
)
def test_words_of_a_note_are_asked_about(text: str) -> None:
    assert kinds(text) == [Kind.NOTE]


@pytest.mark.parametrize(
    "text",
    [
        "The vendor looks at the disk.",
        "ok",
        "We are on it and will write again at noon, with what we know by then.",
        "A new disk is on its way.",
    ],
)
def test_everyday_words_are_not(text: str) -> None:
    assert kinds(text) == []


def test_what_the_customer_said_or_read_already_is_no_leak() -> None:
    known = ("You wrote that the vendor admits that node db-7.internal lost its disk on Sunday",)
    assert kinds("Yes: the vendor admits that node db-7.internal lost its disk.", known=known) == []


@pytest.mark.parametrize(
    "text",
    ["globex has the same problem", "As with Initech, we", "Gil Roux saw it too", "see <#C0GLOBEX>", "ask <@U0GIL>"],
)
def test_another_customer_is_asked_about_by_name_channel_or_person(text: str) -> None:
    assert kinds(text) == [Kind.CUSTOMER]


@pytest.mark.parametrize("text", ["Acme Corp's shop", "Ana Lima has it", "globexing", "Roux is a sauce"])
def test_the_customers_own_name_and_ours_are_not(text: str) -> None:
    assert kinds(text) == []


def test_a_secret_is_shown_by_its_beginning_only() -> None:
    (found,) = found_in("the key is AKIA123456", notes=(), known=(), others=Others(), secrets=["AKIA123456"])
    assert found == Found(Kind.CREDENTIAL, "AKIA…")


def test_anyway_counts_for_what_was_shown_and_for_nothing_else() -> None:
    one, two = Found(Kind.CUSTOMER, "Globex"), Found(Kind.NOTE, "db-7")
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one]) != fingerprint([one, two])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=6, max_size=12), st.integers(0, 3))
def test_six_words_in_a_row_are_found_wherever_they_stand(words: list[str], before: int) -> None:
    note = " ".join(words)
    text = " ".join(["hello"] * before + words + ["goodbye"])
    assert [each.kind for each in found_in(text, notes=[note], known=(), others=Others())] == [Kind.NOTE]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_written_it_is_looked_at_without_harm(text: str, note: str) -> None:
    found_in(text, notes=[note], known=[text], others=OTHERS, secrets=[text])
