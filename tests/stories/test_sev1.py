"""Does a whole Sev 1 go as promised, over both of Slack's ways in and on both databases?"""

import itertools
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import run

import pytest

from bot.app.workspace import manifest
from bot.sandbox import story
from bot.sandbox.server import Server
from tests.stories import stage


@pytest.mark.req("UP-1")
@pytest.mark.req("PG-1")
@pytest.mark.req("PG-2")
@pytest.mark.req("ES-4")
@pytest.mark.req("IN-4")
@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_a_whole_sev_1_goes_as_promised(database_url: str, http: bool) -> None:
    told: list[str] = []
    with Server(manifest=manifest()) as address, stage.desk(address, database_url, http=http):
        went_well = story.play("sev1", address.control_url, told.append)
        play = stage.play_on(address)
        updates = play.acme.messages("update")
        closing = play.acme.one("closing")
        after = [each for each in play.by_bot() if each.at > closing.at + timedelta(minutes=1)]

    assert went_well, "\n".join(told)
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(updates)]
    assert [round(gap.total_seconds() / 60) for gap in gaps] == [60, 60]
    assert [each.at.minute for each in updates] == [0, 0, 0]
    assert after == []


def test_the_shipped_story_is_played_by_one_command(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HANDBOOK", "DIRECTORY")}
    began_at = datetime.now().astimezone()

    done = run(
        [sys.executable, "-m", "bot", "sandbox", "--story", "sev1"],
        env=env, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip

    sys.stdout.write(f"bot sandbox --story sev1 took {datetime.now().astimezone() - began_at}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "T-1 is closed" in " ".join(done.stdout.split())
