"""By which address beside Slack does somebody get a page, and which addresses get it together?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contact import Contact, Turn, parse_contact, turn
from bot.domain.handbook_escalation import Escalation

NONE = timedelta()
ONE, FIVE, TEN = (timedelta(minutes=each) for each in (1, 5, 10))
WAITS = st.sampled_from([NONE, ONE, FIVE, TEN])


def contacts(*after: timedelta | None) -> list[Contact]:
    return [Contact(f"json://{number}", each) for number, each in enumerate(after)]


@pytest.mark.req("PG-1")
@pytest.mark.parametrize(
    ("after", "tried", "wait", "expected"),
    [
        ((), 0, FIVE, Turn(0, None)),
        ((None,), 0, FIVE, Turn(1, None)),
        ((None, None, None), 0, FIVE, Turn(1, FIVE)),
        ((None, None, None), 1, FIVE, Turn(1, FIVE)),
        ((None, None, None), 2, FIVE, Turn(1, None)),
        ((None, None, None), 3, FIVE, Turn(0, None)),
        ((None, None, None), 0, NONE, Turn(3, None)),
        ((None, NONE, TEN), 0, FIVE, Turn(2, TEN)),
        ((None, None, NONE), 1, FIVE, Turn(2, None)),
        ((None, None, TEN), 0, NONE, Turn(2, TEN)),
        # Whoever is next is tried, whatever their wait: it is over, or the one before failed.
        ((TEN, None), 0, FIVE, Turn(1, FIVE)),
        ((None, TEN, ONE), 1, FIVE, Turn(1, ONE)),
    ],
)
def test_the_next_contact_is_tried_with_those_that_follow_it_at_once(
    after: tuple[timedelta | None, ...], tried: int, wait: timedelta, expected: Turn
) -> None:
    assert turn(contacts(*after), tried=tried, wait=wait) == expected


@given(after=st.lists(st.none() | WAITS, max_size=6), wait=WAITS)
def test_every_contact_is_tried_once_and_as_late_as_the_waits_before_it_say(
    after: list[timedelta | None], wait: timedelta
) -> None:
    known, at, tried_at = contacts(*after), NONE, list[timedelta]()
    while (due := turn(known, tried=len(tried_at), wait=wait)).count:
        tried_at += [at] * due.count
        if due.next_after is None:
            break
        at += due.next_after
    own = [wait if each is None else each for each in after[1:]]
    assert tried_at == [sum(own[:number], NONE) for number in range(len(known))]


@pytest.mark.parametrize(
    ("words", "contact"),
    [
        ("mailto://a:b@c.test", Contact("mailto://a:b@c.test")),
        ("json://c.test?x=1 at once", Contact("json://c.test?x=1", NONE)),
        ("json://c.test after 10 minutes", Contact("json://c.test", TEN)),
    ],
)
def test_a_contact_says_when_it_is_tried(words: str, contact: Contact) -> None:
    assert parse_contact(words) == contact


@pytest.mark.parametrize(
    "words", ["secret", "Mailto://secret", "json://secret soon", "json://secret after", "json://secret  at once"]
)
def test_what_is_no_contact_is_refused_without_being_repeated(words: str) -> None:
    with pytest.raises(ValueError, match="must look like an Apprise URL") as refused:
        parse_contact(words)
    assert "secret" not in str(refused.value)


def test_no_time_at_all_is_no_wait() -> None:
    with pytest.raises(ValueError, match="no time at all"):
        parse_contact("json://c.test after 0 minutes")


@pytest.mark.parametrize(
    ("everywhere", "here", "expected"),
    [
        ({}, None, FIVE),
        ({"wait": "1 minute"}, None, ONE),
        ({"wait": "1 minute"}, {"wait": "10 minutes"}, TEN),
        ({"wait": "1 minute"}, {"order": "parallel"}, NONE),
        ({"order": "parallel"}, None, NONE),
        ({"order": "parallel"}, {"wait": "10 minutes"}, NONE),
        ({"order": "parallel", "wait": "10 minutes"}, {"order": "in_order"}, TEN),
    ],
)
def test_a_level_says_for_itself_what_differs(
    everywhere: dict[str, str], here: dict[str, str] | None, expected: timedelta
) -> None:
    level = {"name": "Technical", "acknowledge_within": "15 minutes", "media": here}
    ladder = Escalation.model_validate({"media": everywhere, "levels": {1: level}})
    assert ladder.media_wait(1) == expected
    general = Escalation.model_validate({"media": everywhere})
    assert ladder.media_wait(None) == general.media_wait(1) == general.media_wait(None)
