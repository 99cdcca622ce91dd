"""What was written while the bot was away is found, and nothing is taken twice."""

from datetime import timedelta
from typing import Any

import pytest

from bot.app.catching_up import CatchUp
from bot.domain.ticket import State
from bot.scheduler import Loops
from bot.store import inbox, tickets
from bot.store.tables import Card
from tests.slack.conftest import Slack
from tests.slack.test_events import written

ROOT = "1767600301.000100"


class Channel:
    """What Slack shows of one channel; `threads` hold the first message too."""

    def __init__(self, slack: Slack) -> None:
        self.roots: list[dict[str, Any]] = []
        self.threads: dict[str, list[dict[str, Any]]] = {}
        slack.api.replies["conversations.history"] = self._history
        slack.api.replies["conversations.replies"] = self._replies

    def _history(self, said: dict[str, Any]) -> dict[str, Any]:
        here = [
            self._shown(each)
            for each in self.roots
            if said["channel"] == "C0ACME" and each["ts"] > said.get("oldest", "0")
        ]
        here.sort(key=lambda each: str(each["ts"]), reverse=True)
        start = int(said.get("cursor") or 0)
        more = {"next_cursor": str(start + 2)} if len(here) > start + 2 else {}
        return {"ok": True, "messages": here[start : start + 2], "response_metadata": more}

    def _shown(self, root: dict[str, Any]) -> dict[str, Any]:
        first, *replies = self.threads.get(root["ts"], [root])
        if not replies:
            return root
        users = list(dict.fromkeys(each["user"] for each in replies))
        named = {"reply_users": users, "reply_users_count": len(users)}
        return {**first, **named, "reply_count": len(replies), "latest_reply": replies[-1]["ts"]}

    def _replies(self, said: dict[str, Any]) -> dict[str, Any]:
        alone = [each for each in self.roots if each["ts"] == said["ts"]]
        whole = [thread for thread in self.threads.values() if said["ts"] in {each["ts"] for each in thread}]
        found = next(iter(whole), alone)
        return {"ok": True, "messages": found} if found else {"ok": False, "error": "thread_not_found"}


def catch_up(slack: Slack) -> int:
    """Read back what can be read back now, as a new process does; gives how much was new."""
    known, now = len(slack.inbox()), slack.clock.now()
    catching_up = CatchUp(slack.desk, slack.clock, slack.client, Loops(slack.clock, tick=timedelta(minutes=1)))
    while (at := catching_up.next_at(now)) is not None and at <= now:
        catching_up.step(now)
    return len(slack.inbox()) - known


def with_known(slack: Slack, *roots: dict[str, Any], threads: dict[str, list[dict[str, Any]]] | None = None) -> Channel:
    """A channel in which all of this has been read and worked off."""
    channel = Channel(slack)
    catch_up(slack)
    channel.roots, channel.threads = [*roots], threads or {}
    catch_up(slack)
    slack.work_off()
    return channel


def at(seconds: int) -> str:
    return f"{slack_epoch() + seconds}.000100"


def slack_epoch() -> int:
    return 1767604000


def test_a_channel_that_is_new_to_us_is_not_read_from_its_beginning(slack: Slack) -> None:
    channel = Channel(slack)
    channel.roots = [written("<@U0BELL> long ago", ts=ROOT)]
    assert catch_up(slack) == 0
    assert slack.tickets() == []


@pytest.mark.req("IN-2")
def test_messages_of_the_gap_are_taken_once_whatever_arrives_besides(slack: Slack) -> None:
    channel = Channel(slack)
    catch_up(slack)
    channel.roots = [written(f"<@U0BELL> problem {n}", ts=at(600 * n)) for n in range(5)]
    slack.event(channel.roots[4])
    slack.work_off()
    assert catch_up(slack) == 4
    slack.event(channel.roots[1])
    assert catch_up(slack) == 0
    slack.work_off()
    assert sorted(row.summary for row in slack.tickets()) == [f"problem {n}" for n in range(5)]


@pytest.mark.req("IN-2")
def test_replies_edits_and_removals_of_the_gap_are_found_in_the_threads_of_open_tickets(slack: Slack) -> None:
    channel = Channel(slack)
    catch_up(slack)
    root = written("<@U0BELL> Checkout is down", ts=at(1))
    kept = written("kept", ts=at(2), thread_ts=at(1))
    gone = written("gone", ts=at(3), thread_ts=at(1))
    for each in (root, kept, gone):
        slack.event(each)
    slack.work_off()
    later = written("later", ts=at(4), thread_ts=at(1))
    edited = kept | {"text": "changed", "edited": {"user": "U0CY", "ts": at(5)}}
    channel.roots = [root]
    channel.threads = {at(1): [root, edited, later]}
    assert catch_up(slack) == 3
    slack.work_off()
    kinds = sorted(row.kind for row in slack.inbox())
    assert kinds == ["delete", "edit", "message", "message", "message", "message"]
    assert catch_up(slack) == 0


def reacted(message: dict[str, Any], *users: str, name: str = "ticket") -> dict[str, Any]:
    """The message as Slack shows it with an emoji of these people."""
    return message | {"reactions": [{"name": name, "users": [*users], "count": len(users)}]}


def people_of(slack: Slack, **profiles: dict[str, Any]) -> None:
    """What Slack says of people; of others it says that they are not to be found."""
    slack.api.replies["users.info"] = lambda said: (
        {"ok": True, "user": {"id": said["user"], **profiles[said["user"]]}}
        if said["user"] in profiles
        else {"ok": False, "error": "user_not_found"}
    )


@pytest.mark.req("IN-2")
def test_a_reaction_of_the_gap_makes_its_message_a_ticket(slack: Slack) -> None:
    people_of(slack, U0DEE={"team_id": "T0ACME"})
    channel = Channel(slack)
    catch_up(slack)
    channel.roots = [reacted(written("thank you", ts=at(1)), "U0BELL", "U0DEE")]
    assert catch_up(slack) == 2
    slack.work_off()
    (ticket,) = slack.tickets()
    assert (ticket.requester_slack, ticket.thread_ts, ticket.source) == ("U0CY", at(1), "reaction")
    assert catch_up(slack) == 0


def test_a_reaction_that_was_heard_is_not_answered_once_more(slack: Slack) -> None:
    people_of(slack, U0DEE={"team_id": "T0ACME"})
    root = written("<@U0BELL> Checkout is down", ts=at(1))
    reply = written("since ten", ts=at(2), thread_ts=at(1))
    channel = Channel(slack)
    catch_up(slack)
    slack.event(root)
    slack.event(reply)
    slack.work_off()

    channel.roots = [root]
    channel.threads = {at(1): [root, reacted(reply, "U0DEE")]}
    assert catch_up(slack) == 1
    slack.work_off()
    assert len(slack.tickets()) == 1
    assert slack.whispers("U0DEE") == []


def test_a_reaction_that_was_refused_when_it_happened_is_not_refused_once_more(slack: Slack) -> None:
    people_of(slack, U0DEE={"team_id": "T0ACME"})
    message = written("thank you", ts=at(1))
    channel = Channel(slack)
    catch_up(slack)
    slack.event(message)
    slack.work_off()
    with slack.desk.db.transaction() as session:
        reaction = {"channel": "C0ACME", "ts": at(1), "user": "U0DEE", "name": "ticket"}
        key = f"reaction:C0ACME:{at(1)}:U0DEE:ticket:{at(2)}"
        inbox.accept(session, key=key, kind="reaction", body=reaction, now=slack.clock.now())

    channel.roots = [reacted(message, "U0DEE")]
    catch_up(slack)
    slack.work_off()
    assert slack.tickets() == []


def test_only_the_emoji_for_it_by_a_person_who_may_makes_a_ticket(slack: Slack) -> None:
    people_of(slack, U0BOT={"is_bot": True, "team_id": "T0WATCH"}, U0WHO={"team_id": "T0OTHER"})
    channel = Channel(slack)
    catch_up(slack)
    channel.roots = [
        reacted(written("thank you", ts=at(1)), "U0DEE", name="wave"),
        reacted(written("thank you", ts=at(2)), "U0BOT", "U0GONE"),
        reacted(written("thank you", ts=at(3)), "U0BELL"),
        written("thank you", ts=at(4)) | {"reactions": "none"},
    ]
    catch_up(slack)
    slack.work_off()
    assert slack.tickets() == []


def test_replies_under_a_message_of_the_gap_are_found(slack: Slack) -> None:
    channel = Channel(slack)
    catch_up(slack)
    root = written("<@U0BELL> Checkout is down", ts=at(1))
    channel.roots = [root]
    channel.threads = {at(1): [root, written("since ten", ts=at(2), thread_ts=at(1))]}
    assert catch_up(slack) == 2


def test_a_channel_that_cannot_be_read_is_read_from_the_same_place_next_time(slack: Slack) -> None:
    channel = Channel(slack)
    catch_up(slack)
    channel.roots = [written("<@U0BELL> Checkout is down", ts=at(1))]
    slack.api.replies["conversations.history"] = lambda _: {"ok": False, "error": "not_in_channel"}
    assert catch_up(slack) == 0
    Channel(slack).roots = channel.roots
    assert catch_up(slack) == 1


@pytest.mark.req("IN-2")
def test_a_reply_from_before_the_mark_is_found_once_its_thread_is_known(slack: Slack) -> None:
    root = written("<@U0BELL> Checkout is down", ts=at(0))
    channel = with_known(slack, root, written("good morning", ts=at(10), user="U0DEE"))

    channel.threads[at(0)] = [root, written("since nine", ts=at(5), thread_ts=at(0))]
    assert catch_up(slack) == 1
    assert catch_up(slack) == 0


def test_a_message_beside_the_thread_that_was_taken_into_its_ticket_is_not_taken_for_removed(slack: Slack) -> None:
    with_known(slack, written("<@U0BELL> Checkout is down", ts=at(0)), written("and the cart too", ts=at(10)))
    assert len(slack.tickets()) == 1
    assert catch_up(slack) == 0


@pytest.mark.req("IN-2")
def test_a_removed_first_message_that_still_has_replies_is_found(slack: Slack) -> None:
    root = written("<@U0BELL> Checkout is down", ts=at(0))
    reply = written("since nine", ts=at(5), thread_ts=at(0))
    channel = with_known(slack, root, threads={at(0): [root, reply]})

    channel.threads[at(0)] = [root | {"subtype": "tombstone", "text": "This message was deleted."}, reply]
    assert catch_up(slack) == 1
    assert slack.inbox()[-1].kind == "delete"


def test_a_thousand_quiet_threads_are_not_asked_for_one_by_one(slack: Slack) -> None:
    problems = [written(f"<@U0BELL> problem {n}", ts=at(600 * n)) for n in range(5)]
    channel = with_known(slack, *problems, written("good morning", ts=at(9000), user="U0DEE"))
    before = len(slack.api.asked("conversations.replies"))

    channel.threads[at(600)] = [channel.roots[1], written("since ten", ts=at(9100), thread_ts=at(600))]
    assert catch_up(slack) == 1
    asked = slack.api.asked("conversations.replies")[before:]
    assert [each["ts"] for each in asked] == [at(600)]


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "over"])
def test_below_a_message_older_than_thirty_days_only_an_open_ticket_is_looked_for(slack: Slack, is_open: bool) -> None:
    days = 86_400
    root, newer = (
        written("<@U0BELL> Checkout is down", ts=at(0)),
        written("Good morning", ts=at(31 * days), user="U0BELL"),
    )
    channel = with_known(slack, root)
    slack.clock.advance(timedelta(days=32))
    channel.roots.append(newer)
    catch_up(slack)
    with slack.desk.db.transaction() as session:
        row = tickets.by_number(session, 1)
        assert row is not None
        row.state = row.state if is_open else State.CLOSED.value

    channel.threads[at(0)] = [root, written("any news?", ts=at(31 * days + 10), thread_ts=at(0))]
    assert catch_up(slack) == is_open


def test_a_reply_below_a_message_that_was_taken_into_the_ticket_is_not_taken_for_removed(slack: Slack) -> None:
    root, beside = written("<@U0BELL> Checkout is down", ts=at(0)), written("and the cart too", ts=at(10))
    below = written("only in Berlin", ts=at(20), thread_ts=at(10))
    channel = with_known(slack, root, beside, threads={at(10): [beside, below]})

    channel.threads[at(0)] = [root, written("any news?", ts=at(900), thread_ts=at(0))]
    assert catch_up(slack) == 1
    assert [row.kind for row in slack.inbox()] == ["message"] * 4

    channel.threads[at(10)] = [beside]
    channel.threads[at(0)].append(written("hello?", ts=at(950), thread_ts=at(0)))
    assert catch_up(slack) == 2
    assert sorted(row.key for row in slack.inbox() if row.kind == "delete") == [f"message:C0ACME:{at(20)}:deleted"]


def test_what_opened_a_ticket_in_the_thread_of_another_is_not_taken_for_removed(slack: Slack) -> None:
    root, again = written("<@U0BELL> Checkout is down", ts=at(0)), written("down again", ts=at(100), thread_ts=at(0))
    channel = with_known(slack, root)
    with slack.desk.db.transaction() as session:
        ended = tickets.by_number(session, 1)
        assert ended is not None
        ended.state = State.CLOSED.value
    channel.threads[at(0)] = [root, again]
    catch_up(slack)
    slack.work_off()
    with slack.desk.db.transaction() as session:
        session.add(Card(key="receipt:2", channel="C0ACME", ts=at(101), ticket_number=2))

    receipt = written("We are on it", ts=at(101), user="U0BELL")
    channel.roots.append(receipt)
    channel.threads[at(101)] = [receipt, written("hello?", ts=at(900), thread_ts=at(101))]
    assert catch_up(slack) == 1
    assert {row.kind for row in slack.inbox()} == {"message"}


def test_threads_in_which_only_we_wrote_are_not_asked_for(slack: Slack) -> None:
    root = written("Good morning, all", ts=at(0), user="U0BELL")
    channel = with_known(slack, root)
    before = len(slack.api.asked("conversations.replies"))

    channel.threads[at(0)] = [root, written("A note", ts=at(10), thread_ts=at(0), user="U0BELL")]
    catch_up(slack)
    assert len(slack.api.asked("conversations.replies")) == before

    channel.threads[at(0)].append(written("<@U0BELL> The export is empty", ts=at(20), thread_ts=at(0)))
    assert catch_up(slack) == 1


@pytest.mark.req("IN-2")
def test_what_a_customer_writes_under_a_ticket_that_is_over_is_found(slack: Slack) -> None:
    root = written("<@U0BELL> Checkout is down", ts=at(0))
    channel = with_known(slack, root, written("good morning", ts=at(9000), user="U0DEE"))
    with slack.desk.db.transaction() as session:
        row = tickets.by_number(session, 1)
        assert row is not None
        row.state = State.CLOSED.value

    channel.threads[at(0)] = [root, written("down again", ts=at(9100), thread_ts=at(0))]
    assert catch_up(slack) == 1
    slack.work_off()
    assert slack.tickets()[-1].summary == "down again"
    assert catch_up(slack) == 0


def test_an_edited_first_message_of_a_quiet_thread_is_found(slack: Slack) -> None:
    root = written("<@U0BELL> Checkout is down", ts=at(0))
    channel = with_known(slack, root, written("good morning", ts=at(9000), user="U0DEE"))

    channel.roots[0] = root | {"text": "<@U0BELL> All is down", "edited": {"user": "U0CY", "ts": at(9100)}}
    assert catch_up(slack) == 1
    assert slack.inbox()[-1].kind == "edit"
