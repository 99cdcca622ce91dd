"""Does the workspace stay small, read what is typed, and name what it does not know?"""

from datetime import timedelta

import pytest

from bot.sandbox import mrkdwn
from bot.sandbox.errors import Mistake
from bot.sandbox.message import Message
from bot.sandbox.wire import read_duration
from bot.sandbox.workspace import Workspace


def message(ts: int, *, thread: int | None = None) -> Message:
    root = f"{thread}.000000" if thread else None
    return Message(channel="C0ACME", ts=f"{ts}.000000", user="U0CY", text="x", team="T0ACME", thread_ts=root)


def test_a_channel_keeps_its_newest_messages_only() -> None:
    place = Workspace(kept=10)
    place.add(message(1))
    for ts in range(2, 30):
        place.add(message(ts, thread=1 if ts < 5 else None))
    assert [one.ts for one in place.messages("C0ACME")] == [f"{ts}.000000" for ts in range(20, 30)]
    assert place.thread("C0ACME", "1.000000") == []


def test_typed_words_become_slacks_text_and_are_read_again() -> None:
    place = Workspace()
    typed = "Hi @ana, @bot & <you> in #acme: https://example.com/a?b=1&c=2. me@ana.example"
    slacks = mrkdwn.typed(typed, people=place.people, channels=place.channels)
    assert slacks == (
        "Hi <@U0ANA>, <@U0BELL> &amp; &lt;you&gt; in <#C0ACME|acme>: "
        "<https://example.com/a?b=1&amp;c=2>. me@ana.example"
    )


@pytest.mark.parametrize("typed", ["<!channel>", "<@U0ANA>", "&lt;", "<https://a|b>"])
def test_nobody_can_type_slacks_own_marks(typed: str) -> None:
    place = Workspace()
    assert "<" not in mrkdwn.typed(typed, people=place.people, channels=place.channels).replace("<https://a", "")


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("10 minutes", 600), ("1 hour 30 minutes", 5400), ("PT10M", 600), ("P1DT1S", 86401), (90, 90), ("2 days", 172800)],
)
def test_durations_are_words_iso_or_seconds(words: object, seconds: int) -> None:
    assert read_duration(words) == timedelta(seconds=seconds)


@pytest.mark.parametrize("words", ["", "P", "soon", "10", "10 moons", None, True])
def test_anything_else_is_no_duration(words: object) -> None:
    with pytest.raises(Mistake, match="is not a duration"):
        read_duration(words)
