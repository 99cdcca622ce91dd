"""What does one refusal hold up, and what must it never hold up?"""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.delivery.errors import DeliveryError
from bot.delivery.slack import SlackSender
from bot.domain.message import AnyMessage, InternalMessage, Kind, Unworded, Visibility
from bot.store import holds, outbox, standing
from bot.store.database import Database
from bot.store.holds import EDIT_EVERY
from bot.store.tables import Card, OutboxRow
from tests.delivery.desk import Office
from tests.make import NINE, note_text, page_text, token


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def too_fast(seconds: int) -> DeliveryError:
    return DeliveryError("ratelimited", retry_after=timedelta(seconds=seconds))


def with_cards(office: Office, *channels: str) -> None:
    """A card stands in each of the channels, under the channel's name."""
    with office.database.transaction() as session:
        session.add_all(Card(key=channel, channel=channel, ts="1.0") for channel in channels)


def edit(office: Office, message: AnyMessage, card: str) -> None:
    with office.database.transaction() as session:
        assert outbox.edit(session, message=message, card=card, id=token(), now=office.clock.now())


def publish(office: Office, text: str, user: str) -> None:
    with office.database.transaction() as session:
        shown = Visibility.CUSTOMER
        outbox.home(session, view={"text": text}, user=user, visibility=shown, id=token(), now=office.clock.now())


def test_edits_that_slack_slows_down_hold_up_each_other_and_no_page(office: Office) -> None:
    channels = [f"C0{number}" for number in range(4)]
    with_cards(office, *channels)
    for channel in channels[:2]:
        edit(office, note_text(f"card {channel}"), channel)
    office.slack.troubles.extend([too_fast(30), too_fast(30)])
    office.work()
    assert not office.slack.troubles, "both met Slack's limit of edits"

    for channel in channels[2:]:
        edit(office, note_text(f"card {channel}"), channel)
    office.post(page_text("page"), "@U0ANA")
    office.post(note_text("note"), channels[0])
    office.work_on(until=timedelta(seconds=29))
    assert office.slack.texts == ["page", "note"]

    office.work_on(until=timedelta(seconds=10))
    assert sorted(office.slack.texts[2:]) == [f"card {channel}" for channel in channels]


def test_one_edit_is_enough_to_know_that_slack_takes_no_edits(office: Office) -> None:
    with_cards(office, "C01", "C02")
    edit(office, note_text("first"), "C01")
    office.slack.troubles.append(too_fast(30))
    office.work()
    edit(office, note_text("second"), "C02")

    office.work_on(until=timedelta(seconds=29))
    assert office.slack.texts == []
    office.work_on(until=timedelta(seconds=1))
    assert office.slack.texts == ["first"], "who was told to wait begins slowly"
    office.work_on(until=EDIT_EVERY)
    assert office.slack.texts == ["first", "second"]


@pytest.mark.parametrize(
    "trouble",
    [too_fast(30), DeliveryError("Slack cannot be reached"), DeliveryError("no", settles_in=timedelta(seconds=15))],
    ids=["too fast", "not reached", "no answer"],
)
def test_an_edit_that_was_refused_never_covers_a_newer_one(office: Office, trouble: DeliveryError) -> None:
    with_cards(office, "C01")
    edit(office, note_text("old"), "C01")
    office.slack.troubles.append(trouble)
    office.slack.gate = lambda _: edit(office, note_text("new"), "C01") if office.slack.troubles else None
    office.work()

    office.work_on(until=(trouble.settles_in or trouble.retry_after or timedelta(seconds=1)) - timedelta(seconds=1))
    assert office.slack.texts == [], "what had no answer may still appear, and would cover the newer one"
    office.work_on(until=timedelta(minutes=2))
    assert office.slack.texts == ["new"]


def test_a_home_tab_that_was_refused_never_covers_a_newer_one(office: Office) -> None:
    publish(office, "old", "U0ANA")
    office.slack.troubles.append(DeliveryError("Slack cannot be reached"))
    office.slack.gate = lambda _: publish(office, "new", "U0ANA") if office.slack.troubles else None

    office.work_on(until=timedelta(minutes=2))
    assert office.slack.texts == ["new"]


def test_a_shorter_pause_does_not_end_a_longer_one(office: Office) -> None:
    with office.database.transaction() as session:
        outbox.hold(session, until=NINE + timedelta(seconds=60))
        outbox.hold(session, until=NINE + timedelta(seconds=1))
    office.post(note_text("late"))

    office.work_on(until=timedelta(seconds=59))
    assert office.slack.texts == []
    office.work_on(until=timedelta(seconds=1))
    assert office.slack.texts == ["late"]


def test_whatever_is_sent_to_slack_can_be_held_by_its_method() -> None:
    ops = SlackSender(WebClient(token="xoxb"))._ops.keys()  # noqa: SLF001 - no public way to what it can do
    assert ops - holds.BY_CHANNEL == set(holds._OPS)  # noqa: SLF001 - as above


def test_a_card_that_finds_no_words_holds_up_no_page_and_is_said_once_it_does(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(row: OutboxRow) -> AnyMessage:
        raise KeyError(f"a label that is not there, of {row.id}")

    office.words = broken
    card = office.post(Unworded(Kind.CARD, Visibility.INTERNAL), card="card:1")
    office.post(page_text("page"), "@U0ANA")
    office.post(note_text("note"))
    office.work_on(until=timedelta(seconds=30))
    assert office.slack.texts == ["page", "note"]
    assert "finds no words" in caplog.text

    office.words = lambda _: InternalMessage(Kind.CARD, "the card")
    office.work_on(until=timedelta(minutes=2))
    assert office.slack.texts == ["page", "note", "the card"]
    assert (office.state(card), office.dead) == ("sent", [])


def test_cards_with_nothing_new_to_say_do_not_use_up_the_pace_of_edits(office: Office) -> None:
    channels = [f"C0{number}" for number in range(40)]
    shows = InternalMessage(Kind.CARD, "as it was")
    office.words = lambda _: shows
    for channel in channels:
        office.post(Unworded(Kind.CARD, Visibility.INTERNAL), channel, card=channel)
    office.work()
    office.slack.taken.clear()
    with office.database.transaction() as session:
        for number, channel in enumerate(channels):
            message = Unworded(Kind.CARD, Visibility.INTERNAL)
            standing.say_anew(
                session, message=message, card=channel, token=token, ticket_number=number, now=office.clock.now()
            )

    office.work()
    with office.database.reading() as session:
        assert outbox.next_at(session, now=office.clock.now()) is None, "none is left to wait for its turn"
    assert office.slack.taken == []
