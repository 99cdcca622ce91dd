"""Can only we write a link, and does it open nothing but what it was made for?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signed_link import ExpiredLink, Links, WrongLink
from tests.make import NINE

LINKS = Links("https://desk.test/", b"0123456789abcdef")
LATER = NINE + timedelta(hours=1)


@given(st.lists(st.text(max_size=40), max_size=4))
def test_what_was_signed_is_read_again(facts: list[str]) -> None:
    token = LINKS.token("acknowledge", *facts, expires_at=LATER)
    assert LINKS.read("acknowledge", token, now=NINE) == tuple(facts)


@given(st.data())
def test_no_changed_letter_is_accepted(data: st.DataObject) -> None:
    token = LINKS.token("acknowledge", "p1", "ana", expires_at=LATER)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="ascii"))
    changed = token[:place] + letter + token[place + 1 :]
    try:
        read = LINKS.read("acknowledge", changed, now=NINE)
    except WrongLink:
        return
    # The last letter of base64 has bits that mean nothing.
    assert read == ("p1", "ana")


@given(st.text(max_size=60))
def test_any_text_is_refused_without_breaking(token: str) -> None:
    with pytest.raises(WrongLink):
        LINKS.read("acknowledge", token, now=NINE)


def test_a_link_ends_at_its_moment_and_opens_only_its_purpose() -> None:
    token = LINKS.token("acknowledge", "p1", expires_at=LATER)
    with pytest.raises(ExpiredLink):
        LINKS.read("acknowledge", token, now=LATER)
    with pytest.raises(WrongLink):
        LINKS.read("oncall", token, now=NINE)
    with pytest.raises(WrongLink):
        Links("https://desk.test", b"another key of ours").read("acknowledge", token, now=NINE)


def test_the_address_has_one_slash_after_its_base() -> None:
    assert LINKS.url("acknowledge", "p1", expires_at=LATER).startswith("https://desk.test/acknowledge/")
