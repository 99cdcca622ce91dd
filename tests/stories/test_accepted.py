"""Does the local workspace, as strict as Slack, take all that the desk can say, however long and strange?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.message import Message
from bot.messages import staff
from bot.messages.outside import OutsideText
from bot.sandbox.acts import LONGEST_MESSAGE
from bot.sandbox.blocks import accept
from bot.sandbox.views import accept_view
from tests.messages.catalogue import calls, functions
from tests.messages.test_limits import STRANGE

MORE_STRANGE = st.one_of(
    STRANGE,
    st.sampled_from(
        ["", "\x00\x1f", "y" * 4000, "\u200fשלום" * 900, "``` ` " * 1000, "{{ self }}{# #}", "*_~ `" * 900]
    ),
    st.text(alphabet="<>&|*_~`@#!:\n\t \u202e\x07{}%", max_size=4000),
)

PART = staff.happened
"""Gives a piece of a message, which is cut where it is put in."""


def take(said: object) -> None:
    """Let it pass where Slack would take it, else raise what Slack would answer."""
    if isinstance(said, Message):
        accept(list(said.blocks), surface="message")
        assert said.text.strip()
        assert len(said.text) <= 4000
    elif isinstance(said, dict):
        accept_view(said, kind=str(said["type"]))
    elif isinstance(said, OutsideText):
        assert said.title.strip()
        assert said.body.strip()
    else:
        assert isinstance(said, str)
        assert 0 < len(said) <= LONGEST_MESSAGE
        said.encode()


def test_the_samples_know_every_function_of_the_catalogue() -> None:
    shown = {call.function for call in calls()}

    assert [f"{module.__name__}.{each.__name__}" for module, each in functions() if each not in shown] == []


@settings(max_examples=4, deadline=None)
@given(MORE_STRANGE, st.integers(min_value=1, max_value=12))
def test_whatever_people_write_the_workspace_takes_all_that_the_desk_can_say(words: str, many: int) -> None:
    for call in calls():
        if call.function is not PART:
            take(call.said_with(words, many))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=300, deadline=None)
@given(MORE_STRANGE, st.integers(min_value=1, max_value=40))
def test_whatever_very_many_people_write_the_workspace_takes_it(words: str, many: int) -> None:
    for call in calls():
        if call.function is not PART:
            take(call.said_with(words, many))


def test_the_workspace_takes_every_sample() -> None:
    for call in calls():
        take(call.said())
