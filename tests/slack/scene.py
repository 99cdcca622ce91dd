"""What must have happened before every door can open? A desk with a ticket in each state, put back after each deed."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from sqlmodel import col, select

from bot.clock import MovableClock
from bot.handbook.directory import load_directory
from bot.handbook.loader import load
from bot.messages.check import load as load_templates
from bot.services import directory, due, standing
from bot.services.desk import Desk, Work
from bot.services.handbooks import Handbooks
from bot.services.inbox_events import take_one
from bot.slack.app import create
from bot.store import deadlines, outbox
from bot.store.database import Database
from bot.store.drill_tables import DrillPage
from bot.store.tables import Card, Customer, Page, Person, Remark, Ticket
from tests.make import NINE, token
from tests.slack.askers import ASKERS, HOME, PROFILES, TRIAGE_ROOM, Asker
from tests.slack.slack_api import SlackApi

BELL = "U0BELL"
ALONE = "op IN ('ephemeral', 'home') OR kind = 'notice'"
"""Which messages are for one person who asked, and change nothing."""
GROWING = {"outbox", "timeline", "words", "handbook_version"}
"""Tables whose rows are only ever added."""

QUIET = {"inbox", "alembic_version", "home_tab", "watch"}
"""Tables that change although nobody has done anything: what came in, who looks, what was read."""


class Scene:
    """A desk behind its doors: somebody knocks, and one sees whether anything was done, shown or told."""

    def __init__(self, api: SlackApi, file: Path) -> None:
        self.api, self.file = api, file
        self.numbers = count(1)
        self.db = Database(f"sqlite:///{file}")
        self.clock = MovableClock(NINE + timedelta(minutes=5))
        self.desk = Desk(
            db=self.db, handbooks=Handbooks(load("enterprise")), catalog=load_templates(), token=token, bot_user=BELL,
            workspace=HOME,
        )  # fmt: skip
        with self.db.transaction() as session:
            loaded = load_directory("bot/sandbox/directory.yml")
            directory.apply(Work(self.desk, session), loaded.directory, by="test", now=self.clock.now())
        client = WebClient(token="xoxb-test", base_url=api.url)
        self.app: App = create(
            client=client, signing_secret="secret", desk=self.desk, clock=self.clock, bot_user=BELL
        )  # fmt: skip
        api.replies["users.info"] = _profile
        self.heard, self.written = 0, ""
        self.known: dict[str, str] = {}
        """What stands for a name in a door's value: pages and other ids that the desk drew."""
        self._set()
        self.db.dispose()
        self.rows = file.read_bytes()

    def begins_again(self) -> None:
        """Put everything back as it was set."""
        self.db.dispose()
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        self.file.write_bytes(self.rows)
        self.told()

    def stands(self) -> str:
        """A digest over everything that somebody can change; what only one person is told does not count."""
        digest = hashlib.sha256()
        with closing(sqlite3.connect(self.file)) as rows:
            tables = [name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in sorted(set(tables) - QUIET):
                what = "count(*)" if name in GROWING else "*"
                only = f" WHERE NOT ({ALONE})" if name == "outbox" else ""
                found = rows.execute(f"SELECT {what} FROM {name}{only}").fetchall()  # noqa: S608 - names of our own
                digest.update(repr(found).encode())
        return digest.hexdigest()

    def told(self) -> list[str]:
        """What people were told alone and what their home tabs show, since this was asked last."""
        with closing(sqlite3.connect(self.file)) as rows:
            found = rows.execute(
                f"SELECT seq, payload FROM outbox WHERE seq > ? AND ({ALONE}) ORDER BY seq",  # noqa: S608 - the same
                (self.heard,),
            ).fetchall()
            self.heard = rows.execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()[0]
        return [json.dumps(json.loads(payload), ensure_ascii=False) for _, payload in found]

    # what Slack delivers

    def deliver(self, body: Mapping[str, Any]) -> BoltResponse:
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=dict(body)))

    def command(self, who: Asker, line: str) -> BoltResponse:
        name, _, text = self._filled(line).partition(" ")
        return self.deliver(
            {
                "command": name, "text": text, "user_id": who.user, "user_name": who.user.lower(),
                "team_id": who.team, "channel_id": who.channel, "trigger_id": f"trigger.{next(self.numbers)}",
            }
        )  # fmt: skip

    def click(self, who: Asker, action_id: str, value: str, *, menu: bool = False) -> BoltResponse:
        chosen = {"selected_option": {"value": self._filled(value)}} if menu else {"value": self._filled(value)}
        action = {"type": "overflow" if menu else "button", "action_id": action_id, "block_id": "b", **chosen}
        return self.deliver(
            {
                "type": "block_actions", "user": self._user(who), "team": {"id": who.team},
                "actions": [{**action, "action_ts": f"{next(self.numbers)}.5"}],
                "trigger_id": f"trigger.{next(self.numbers)}", "channel": {"id": who.channel},
                "container": {"type": "message", "message_ts": "1.000001", "channel_id": who.channel},
                "message": {"ts": "1.000001", "text": "x"},
            }
        )  # fmt: skip

    def submit(self, who: Asker, form: str, kept: Mapping[str, str], values: Mapping[str, str]) -> BoltResponse:
        state = {
            name: {"value": {"type": "plain_text_input", "value": self._filled(value)}}
            for name, value in values.items()
        }
        about = {name: self._filled(value) for name, value in kept.items()}
        view = {
            "id": f"V{next(self.numbers)}", "type": "modal", "callback_id": form, "state": {"values": state},
            "private_metadata": json.dumps({"channel": who.channel, "asked_in": who.channel, **about}),
            "blocks": [{"type": "input", "block_id": name} for name in values],
        }  # fmt: skip
        return self.deliver({"type": "view_submission", "user": self._user(who), "team": {"id": who.team},
                             "view": view})  # fmt: skip

    def shortcut(self, who: Asker, callback_id: str) -> BoltResponse:
        written = {"ts": "1767600000.000001", "user": "U0DEE", "team": "T0ACME", "text": "The export is empty"}
        return self.deliver(
            {
                "type": "message_action", "callback_id": callback_id, "user": self._user(who),
                "team": {"id": who.team}, "channel": {"id": who.channel}, "message": written,
                "trigger_id": f"trigger.{next(self.numbers)}",
            }
        )  # fmt: skip

    def event(self, event: Mapping[str, Any]) -> BoltResponse:
        answer = self.deliver({"type": "event_callback", "team_id": HOME, "event": dict(event),
                               "event_id": f"Ev{next(self.numbers)}"})  # fmt: skip
        self._settle(all_of_it=False)
        return answer

    def message(self, who: Asker, text: str, *, channel: str = "", thread: str = "", **more: Any) -> BoltResponse:
        """A message as Slack brings it; a bot's own bears its bot id."""
        room = channel or who.channel
        said: dict[str, Any] = {
            "type": "message", "channel": room, "channel_type": "im" if room.startswith("D") else "channel",
            "ts": f"{self.clock.now().timestamp():.0f}.{next(self.numbers):06d}", "user": who.user,
            "user_team": who.team, "text": self._filled(text), **more,
        }  # fmt: skip
        self.written = str(said["ts"])
        if thread:
            said["thread_ts"] = self._filled(thread)
        if who.is_bot:
            said["bot_id"] = "B0BELL"
        return self.event(said)

    # how it came to stand so

    def _set(self) -> None:
        ana, mei, _, cy, dee, lee, *_ = ASKERS
        with self.db.transaction() as session:
            session.get_one(Customer, "acme").every_message = True
            session.add(Person(id="tom", workspace="T0ACME", slack="U0TOM", name="Tom Ash", role="customer_manager",
                               customer_id="acme", timezone="America/New_York", active=True))  # fmt: skip
        self.message(cy, "<@U0BELL> sev1 Checkout is down")
        self._passes(minutes=97)
        for line in (
            "sev3 Passwords cannot be reset", "sev3 Invoices lack a stamp", "sev3 Labels print askew",
            "sev3 Webhooks arrive twice", "sev3 Search finds no umlauts", "sev3 Search finds no umlauts at all",
            "sev3 Maps show an ocean", "sev3 Avatars are cropped",
        ):  # fmt: skip
            self.message(dee, f"<@U0BELL> {line}")
            self._passes(minutes=2)
        self.message(cy, "<@U0BELL> sev1 Payments fail")
        self.message(dee, "<@U0BELL> sev1 Logins fail")
        self.message(lee, "<@U0BELL> The logo is blurred")
        self.message(lee, "The footer stands on its head")
        self.known["{second}"] = self.written
        self._settle()
        solved = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
        for ticket in ("T-2", "T-3"):
            self.submit(ana, "form_resolve", {"ticket": ticket}, solved)
        self.click(dee, "customer_confirm", "T-3")
        self.submit(ana, "form_wait", {"ticket": "T-4"}, {"reason": "waiting_for_customer"})
        self.submit(dee, "form_escalate", {"ticket": "T-5"}, {"reason": "The board asks"})
        self.submit(ana, "form_link", {"ticket": "T-8"}, {"title": "Maps"})
        self.submit(ana, "form_link", {"ticket": "T-12"}, {"title": "Logos"})
        self.submit(ana, "form_incident_resolve", {"incident": "I-2"}, solved)
        self.submit(ana, "form_mark", {"ticket": "T-9"}, {"mark": "data_loss", "reason": "Rows are gone"})
        self.submit(ana, "form_reply", {"ticket": "T-9"}, {"text": "Nothing is lost"})
        self.command(mei, "/oncall test")
        self.command(mei, "/oncall without @ana tomorrow 10:00 tomorrow 12:00")
        self._settle()
        with self.db.reading() as session:
            pages = select(Page).join(Ticket, col(Ticket.number) == col(Page.ticket_number))
            for name, ticket in (("page", "T-10"), ("other page", "T-11")):
                page = session.exec(pages.where(Ticket.id == ticket).where(Page.person_id == "ana")).one()
                self.known[f"{{{name}}}"] = page.id
            reply = select(Remark.id).where(col(Remark.ts).startswith("out:"), Remark.visibility == "customer")
            self.known["{reply}"] = str(session.exec(reply).one())
            self.known["{drill}"] = session.exec(select(DrillPage.id)).one()
            asked = session.exec(select(Ticket).where(Ticket.id == "T-1")).one()
            self.known["{update}"] = f"T-1:{asked.proposal['nth']}"
            self.known["{thread}"] = str(asked.thread_ts)
            self.known["{card}"] = session.exec(
                select(Card.ts).where(Card.ticket_number == asked.number).where(Card.channel == TRIAGE_ROOM)
            ).one()
        # The page that is answered before, so that a ticket rests or is given back.
        self.click(ana, "page_acknowledge", "{other page}")
        self._settle()
        with self.db.transaction() as session:
            session.get_one(Person, "kai").active = False
            session.get_one(Person, "tom").active = False

    def _passes(self, *, minutes: int) -> None:
        end = self.clock.now() + timedelta(minutes=minutes)
        while self.clock.now() < end:
            with self.db.reading() as session:
                following = deadlines.next_at(session) or end
            self.clock.move_to(max(self.clock.now(), min(following, end)))
            self._settle()

    def _settle(self, *, all_of_it: bool = True) -> None:
        """Take what came in, do what is due, and let what is said arrive."""
        now = self.clock.now()
        while take_one(self.desk, now=now) or (all_of_it and due.fire(self.desk, now=now)):
            pass
        if not all_of_it:
            return
        while True:
            with self.db.transaction() as session:
                word = partial(standing.words, Work(self.desk, session), now=now)
                rows = outbox.claim(session, word=word, lease_for=timedelta(minutes=1), limit=50, now=now)
                for row in rows:
                    ts = row.ts or f"{1767600000 + next(self.numbers)}.000009"
                    outbox.finish(session, id=row.id, fence=row.fence, ts=ts, channel=row.channel or row.lane, now=now)
                if not rows and not outbox.sendable(session, now=now):
                    return

    def _filled(self, text: str) -> str:
        for name, found in self.known.items():
            text = text.replace(name, found)
        return text

    @staticmethod
    def _user(who: Asker) -> dict[str, str]:
        return {"id": who.user, "username": who.user.lower(), "team_id": who.team}


def _profile(said: dict[str, Any]) -> dict[str, Any]:
    found = PROFILES.get(str(said.get("user")))
    return {"ok": True, "user": found.profile} if found else {"ok": False, "error": "user_not_found"}
