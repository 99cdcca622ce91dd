"""Is everything there exactly once, now that all is calm again?"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.store import trail
from bot.store.database import Database
from bot.store.tables import Card, Deadline, InboxRow, OutboxRow, Page, Remark, Ticket
from bot.store.trail_tables import WordsRow
from tests.chaos.crowd import Said

VISIBLE = ("post", "files")
MAY_BE_GONE = ("ephemeral", "view_update", "home")
"""What Slack shows at most once, to somebody who looks just now."""

Json = dict[str, Any]


class Reckoning:
    """What the database says was done, beside what stands in the workspace."""

    def __init__(self, db: Database, seen: list[Json], said: list[Said], *, now: datetime) -> None:
        self.now = now
        self.seen = seen
        self.said = said
        with db.reading() as session:
            self._read(session)

    def _read(self, session: Session) -> None:
        self.outbox = list(session.exec(select(OutboxRow).order_by(col(OutboxRow.seq))))
        self.inbox = list(session.exec(select(InboxRow).where(InboxRow.state != "done")))
        self.overdue = list(session.exec(select(Deadline).where(Deadline.due_at < self.now)))
        self.tickets = list(session.exec(select(Ticket)))
        self.remarks = list(session.exec(select(Remark)))
        self.pages = list(session.exec(select(Page)))
        self.cards = {card.key: card for card in session.exec(select(Card))}
        self.events = [event for each in self.tickets for event in trail.read(session, f"ticket:{each.number}")]
        self.words = list(session.exec(select(WordsRow.text)))
        self.posted: defaultdict[str, list[OutboxRow]] = defaultdict(list)
        for row in self.outbox:
            if row.op in VISIBLE and row.card is not None:
                self.posted[row.card].append(row)

    def wrong(self) -> list[str]:
        """Everything that is not as it must be, a line each."""
        checks = (
            self.stuck, self._shown_once, self._tickets, self._pages, self._updates, self._conversation, self._said,
            self._newest,
        )  # fmt: skip
        return [line for check in checks for line in check()]

    def figures(self) -> Iterator[tuple[str, int]]:
        """How much there is of each."""
        yield "tickets", len(self.tickets)
        yield "pages", len(self.pages)
        yield "updates", sum(event.kind == "update_posted" for event in self.events)
        yield "replies and notes", len(self.remarks)
        yield "messages of the bot", sum(map(_is_ours, self.seen))

    def stuck(self) -> Iterator[str]:
        """What should have happened by now and has not."""
        for row in self.outbox:
            if row.state in ("pending", "sending") and row.not_before <= self.now:
                yield f"outbox {row.seq} ({row.op} {row.kind} to {row.lane}) is still {row.state}: {row.error}"
            if row.state == "failed" and row.op not in MAY_BE_GONE:
                yield f"outbox {row.seq} ({row.op} {row.kind} to {row.lane}) failed: {row.error}"
        for each in self.inbox:
            yield f"inbox {each.id} ({each.key}) is {each.state} after {each.attempts} tries: {each.error}"
        for deadline in self.overdue:
            yield f"the deadline {deadline.kind}:{deadline.subject} has been due since {deadline.due_at}"

    def _shown_once(self) -> Iterator[str]:
        """Each row that was sent stands in the workspace once, and nothing of ours stands there beside."""
        there = {(each["channel"], each["ts"]): each for each in self.seen if _is_ours(each)}
        sent = [row for row in self.outbox if row.op in VISIBLE and row.state == "sent"]
        places = Counter((row.channel, row.ts) for row in sent)
        for row in sent:
            if (row.channel, row.ts) not in there or places[row.channel, row.ts] != 1:
                yield f"outbox {row.seq} ({row.kind} to {row.lane}) does not stand at a place of its own"
        for channel, ts in there.keys() - places.keys():
            yield f"nobody knows of {there[channel, ts]['text']!r} in {channel}, or it stands there twice"

    def _one(self, key: str, what: str) -> Iterator[str]:
        sent = [row for row in self.posted[key] if row.state == "sent"]
        if len(sent) != 1:
            states = ", ".join(row.state for row in self.posted[key]) or "no row"
            yield f"{what} was posted {len(sent)} times ({states})"

    def _tickets(self) -> Iterator[str]:
        for ticket in self.tickets:
            yield from self._one(f"receipt:{ticket.number}", f"the receipt of {ticket.id}")
            yield from self._one(f"card:{ticket.number}", f"the card of {ticket.id}")

    def _pages(self) -> Iterator[str]:
        for page in self.pages:
            rows = self.posted[f"page:{page.id}"]
            if [row.state for row in rows if row.state != "cancelled"] not in (["sent"], []):
                yield f"page {page.id} was posted {len(rows)} times"
            if not rows:
                yield f"page {page.id} ({page.state}) has no message"

    def _updates(self) -> Iterator[str]:
        """Each update is a message, unless it was taken back since the next one came before it could leave."""
        rows = {
            (row.ticket_number, str(row.key).rpartition(":")[2]): row for row in self.outbox if row.kind == "update"
        }
        for event in self.events:
            if event.kind == "update_posted":
                number, nth = int(event.stream.rpartition(":")[2]), str(event.facts["nth"])
                row = rows.get((number, nth))
                if row is None or row.state not in ("sent", "cancelled"):
                    yield f"update {nth} of ticket {number} is {row.state if row else 'nowhere'}"

    def _conversation(self) -> Iterator[str]:
        """What a customer wrote in a thread, and each reply of ours, stands in the ticket's room."""
        remarks = {(each.ticket_number, each.ts): each for each in self.remarks}
        for event in self.events:
            if event.kind in ("customer_wrote", "replied"):
                remark = remarks[int(event.stream.rpartition(":")[2]), str(event.facts["message"])]
                yield from self._one(f"room:{remark.id}", f"the words {remark.text!r} in the room of {event.stream}")
                if remark.ts.startswith("out:"):
                    yield from self._one(f"reply:{remark.id}", f"the reply {remark.text!r} of {event.stream}")

    def _said(self) -> Iterator[str]:
        """Each word that somebody said is kept once: as a ticket, a message of one, or the words of an update."""
        summaries, texts = Counter[str](), Counter[str]()
        for ticket in self.tickets:
            summaries.update(_marked(ticket.summary))
        for remark in self.remarks:
            texts.update(_marked(remark.text))
        updates = Counter(word for text in self.words for word in _marked(text))
        for each in self.said:
            found = max(summaries[each.word], texts[each.word], each.kind == "informs" and updates[each.word] > 0)
            if found > 1 or (each.sure and not found):
                yield f"{each.word} ({each.kind}{'' if each.sure else ', not sure'}) is there {int(found)} times"

    def _newest(self) -> Iterator[str]:
        """Each card shows what it was last told to show."""
        last: dict[str, OutboxRow] = {}
        for row in self.outbox:
            if row.card is not None and row.op in ("post", "edit") and row.state == "sent":
                last[row.card] = row
        there = {(each["channel"], each["ts"]): each for each in self.seen}
        for key, row in last.items():
            card = self.cards.get(key)
            shown = there.get((card.channel, card.ts)) if card else None
            if shown is not None and shown["text"] != row.payload["text"]:
                yield f"the card {key} shows {shown['text']!r} and not {row.payload['text']!r}"


def _is_ours(message: Json) -> bool:
    return str((message["metadata"] or {}).get("event_type", "")).startswith("watchbell_")


def _marked(text: str) -> set[str]:
    return {word.strip('.,!?“”"') for word in text.split() if word.startswith("zq")}
