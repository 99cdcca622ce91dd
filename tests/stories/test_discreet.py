"""A Sev 1 is played while much is broken on purpose: it leaves no secret anywhere, and no customer's word in a log."""

import http.client
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.delivery.receivers import free_port, mail_server
from tests.stories import stage
from tests.stories.stage import Bot

OURS = {
    "SECRET_KEY": "Zq4-secretkey-0123456789abcdef",
    "PAGERDUTY_WEBHOOK_SECRET": "Zq4-pagerduty-hook",
    "HEARTBEAT_URL": "http://127.0.0.1:9/ping/Zq4-heartbeat",
}
MAILBOX = "Zq4-mailbox-password"
WORDS = "Zq4 checkout is down for everybody"
LINK = "https://desk.test/acknowledge/"


@dataclass
class Marked(Bot):
    """Bot processes that have a secret in every setting that may hold one, and say all that they can say."""

    port: int = 0

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(), **OURS, "PUBLIC_URL": "https://desk.test", "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json", "PORT": str(self.port),
        }  # fmt: skip

    def page(self, method: str, path: str, body: bytes = b"") -> str:
        """What the bot answers over HTTP: status, headers and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return f"{answer.status} {answer.getheaders()} {answer.read().decode()}"
        finally:
            connection.close()


def directory_with(contact: str, folder: Path) -> Path:
    parts = yaml.safe_load(DIRECTORY.read_text("utf-8"))
    parts["people"]["ana"]["contacts"] = [contact]
    file = folder / "directory.yml"
    file.write_text(yaml.safe_dump(parts), "utf-8")
    return file


def renamed(database: str, table: str, name: str) -> None:
    """Take a table from under the bot, or give it back."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
        connection.commit()


def test_no_secret_is_in_any_line_page_message_or_row(address: Address, sqlite_url: str, tmp_path: Path) -> None:
    with mail_server() as mailbox:
        mailbox.refuses_with = "550 no such person"
        contact = mailbox.url.replace("mailto://", f"mailto://desk:{MAILBOX}@")
        bot = Marked(address, sqlite_url, tmp_path, directory_with(contact, tmp_path), port=free_port())
        play = stage.play_on(address)
        try:
            process = bot.start()
            play.misbehave(kind="500", method="chat.postMessage", times=3)
            play.cy.posts(f"@Watchbell sev1 {WORDS}")
            play.advance(minutes=20)
            renamed(sqlite_url, "remark", "gone")
            play.cy.posts(f"And {WORDS}")
            renamed(sqlite_url, "gone", "remark")
            play.advance(hours=1)
            pages = [
                bot.page("GET", path)
                for path in ("/healthz", "/readyz", "/metrics", "/nowhere", "/oncall.ics?token=x.y")
            ]
            pages += [bot.page("POST", path, b"{}") for path in ("/slack/events", "/hooks/pagerduty")]
            pages += [bot.page("POST", f"{urlsplit(LINK).path}x.y"), bot.page("POST", "/slack/events", b"\xff")]
            asked = [bot.asked(*words.split()) for words in ("doctor", "ticket show T-1 --json", "directory export")]
            told = play.everything()
            process.signal(15)
            ended = process.wait()
        finally:
            bot.stop()

    logs = ended.stderr
    assert all(line in logs for line in ("delivery_failed", "internal_error", "never arrive", '"ticket": 1'))
    shown = [ended.stdout, logs, *pages, *(f"{each.stdout}{each.stderr}" for each in asked[:2])]
    rows = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes().decode("utf-8", "replace")
    secrets = {
        **OURS, "SLACK_BOT_TOKEN": address.bot_token, "SLACK_APP_TOKEN": address.app_token,
        "SLACK_SIGNING_SECRET": address.signing_secret, "HEARTBEAT_URL": "Zq4-heartbeat",
    }  # fmt: skip
    for name, secret in secrets.items():
        for place in (*shown, rows, *(each.words for each in told)):
            assert secret not in place, name
            assert quote(secret) not in place, name
    for place in (*shown, *(each.words for each in told)):
        assert MAILBOX not in place
        assert LINK not in place
    assert "checkout is down" not in logs
