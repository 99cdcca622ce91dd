"""The Procfile's processes make a desk: release, then web and worker beside each other on PostgreSQL."""

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.delivery.receivers import free_port
from tests.stories import stage

ROOT = Path(__file__).parent.parent.parent
LONGEST_SECONDS = 60


def answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    """Whether the address answers before long, while the processes run."""
    pause = threading.Event()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(LONGEST_SECONDS * 10):
        try:
            return bool(opener.open(url, timeout=5).status == 200)
        except OSError:
            if process.poll() is not None:
                return False
            pause.wait(0.1)
    return False


@pytest.mark.long
@pytest.mark.postgres
def test_honcho_runs_the_procfile_a_ticket_is_opened_and_everything_ends(
    address: Address, empty_postgres_url: str, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": address.bot_token,
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": address.signing_secret,
        "SLACK_API_URL": address.api_url,
        "CLOCK_URL": address.control_url,
        "DATABASE_URL": empty_postgres_url,
        "DIRECTORY": str(DIRECTORY),
        "HOST": "127.0.0.1",
    }
    honcho = [sys.executable, "-m", "honcho", "-f", str(ROOT / "Procfile"), "-d", str(tmp_path)]
    subprocess.run([*honcho, "start", "release"], env=environment, cwd=tmp_path, check=True)
    told = (tmp_path / "told").open("wb")
    running = subprocess.Popen(
        [*honcho, "start", "-p", str(port), "web", "worker"], env=environment, cwd=tmp_path, stdout=told, stderr=told
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/readyz", running), (tmp_path / "told").read_text()
        play = stage.play_on(address)
        play.script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        play.cy.posts("@Watchbell sev1 Checkout is down")
        pause = threading.Event()
        for _ in range(LONGEST_SECONDS * 10):
            if play.acme.messages("receipt"):
                break
            pause.wait(0.1)
        play.acme.one("receipt", "T-1")
    finally:
        running.send_signal(signal.SIGTERM)
        ended = running.wait(LONGEST_SECONDS)
        told.close()
    said = (tmp_path / "told").read_text()
    assert "Traceback" not in said
    assert said.count("stopping") == 2, said
    assert ended in {0, -signal.SIGTERM, 128 + signal.SIGTERM, 143}
