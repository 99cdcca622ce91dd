"""Does the local workspace, as strict as Slack, take every message and form, with the longest and strangest content?"""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.message import AnyMessage
from bot.messages import forms
from bot.messages.sample_answers import METADATA, views_in
from bot.messages.sample_rota import handoffs_in, homes_in
from bot.messages.samples import FULL, NOW, ZONE, messages
from bot.sandbox.blocks import accept
from bot.sandbox.views import accept_view
from tests.messages.reading import CATALOG
from tests.messages.test_limits import STRANGE, customers_messages, staffs_messages

LONGEST_TEXT = 40_000


def takes(shown: Iterable[AnyMessage]) -> None:
    for message in shown:
        accept(list(message.blocks), surface="message")
        assert 0 < len(message.text) <= LONGEST_TEXT


@settings(max_examples=10, deadline=None)
@given(STRANGE, st.integers(min_value=1, max_value=40))
def test_whatever_people_write_the_workspace_takes_every_message(words: str, many: int) -> None:
    takes(customers_messages(words, many))
    takes(staffs_messages(words, many))


@settings(max_examples=10, deadline=None)
@given(STRANGE)
def test_whatever_people_write_the_workspace_takes_the_forms_that_repeat_it(words: str) -> None:
    values = dict.fromkeys(["known", "done", "eta"], words)
    for view in (
        forms.reply_form(CATALOG, ticket=FULL, channel=words, readers=(words,) * 9, metadata=METADATA),
        forms.update_form(CATALOG, ticket=FULL, values=values, metadata=METADATA, zone=ZONE, now=NOW),
    ):
        accept_view(view, kind="modal")


def test_the_workspace_takes_every_sample() -> None:
    takes((*messages(CATALOG), *handoffs_in(CATALOG)))
    for view in (*views_in(CATALOG), *homes_in(CATALOG)):
        accept_view(view, kind=str(view["type"]))
