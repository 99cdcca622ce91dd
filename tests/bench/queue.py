"""Where do very many open tickets come from? The desk takes them in, and everything that it said has arrived."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import MovableClock
from bot.services import intake, whois
from bot.services.desk import Answer, Desk, Work
from bot.store.database import Database
from tests.bench import office

HANDBOOK = "extends: enterprise\nupdates: {sev1: 1 hour, sev2: 4 hours}\n"
OPENED_AT = datetime(2026, 1, 5, 14, tzinfo=UTC)

ARRIVES = (
    """UPDATE outbox SET state = 'sent', sent_at = created_at, ts = coalesce(ts, seq || '.000001'),
    channel = coalesce(channel, lane) WHERE state = 'pending'""",
    """INSERT OR IGNORE INTO card (key, channel, ts, ticket_number)
    SELECT card, channel, ts, ticket_number FROM outbox WHERE op = 'post' AND card IS NOT NULL""",
    "UPDATE outbox SET thread = (SELECT ts FROM card WHERE 'card:' || key = thread) WHERE thread LIKE 'card:%'",
)


@dataclass(frozen=True, slots=True)
class Queue:
    """A desk with open tickets, and the file that it is kept in."""

    desk: Desk
    file: Path

    def opens(self, number: int, *, severity: str, at: datetime) -> None:
        """Let Ana open one."""
        channel = ("C0ACME", "C0GLOBEX")[number % 2]

        def by_ana(work: Work, *, now: datetime) -> Answer:
            ana = whois.find(work.session, workspace="", user="U0ANA", channel=channel, name="ana")
            text = f"{severity} The export of report {number} is empty"
            return intake.open_by_command(work, actor=ana, channel=channel, text=text, now=now)

        answer = self.desk.do(by_ana, now=at)
        if answer.ticket is None:
            raise AssertionError(f"no ticket: {answer.text}")
        office.begin(self.desk, answer.ticket, now=at)

    def arrives(self) -> None:
        """Everything that waits is in Slack."""
        self.run(*ARRIVES)

    def only(self, kind: str) -> None:
        """Forget what is due beside that, but for the rows of the bench."""
        self.run(f"DELETE FROM deadline WHERE kind NOT IN ('{kind}', 'bench')")  # noqa: S608 - a name of our own

    def run(self, *statements: str) -> None:
        """Change rows by hand."""
        with closing(sqlite3.connect(self.file)) as raw, raw:
            raw.execute("PRAGMA busy_timeout = 10000")
            for statement in statements:
                raw.execute(statement)


@contextmanager
def queue(file: Path, url: str, *, tickets: int, severity: str) -> Iterator[Queue]:
    """A desk on this database with so many tickets, all opened at once."""
    db = Database(url)
    handbook = file.with_suffix(".yml")
    handbook.write_text(HANDBOOK, encoding="utf-8")
    clock = MovableClock(OPENED_AT - timedelta(minutes=1))
    try:
        found = Queue(office.desk_on(db, clock=clock, handbook=str(handbook)), file)
        for number in range(tickets):
            found.opens(number, severity=severity, at=OPENED_AT)
            if number % 50 == 49:
                found.arrives()
        found.arrives()
        yield found
    finally:
        db.dispose()
