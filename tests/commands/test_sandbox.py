"""Does the local workspace start and end as it says?"""

import json
import signal

from tests.commands.shell import Shell


def test_the_workspace_alone_says_in_one_line_where_it_is(shell: Shell) -> None:
    started = shell.starts("sandbox", "--server-only")
    assert started.stdout is not None
    line = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)

    assert (started.returncode, err) == (0, "")
    assert {"api_url", "control_url", "bot_token", "app_token", "signing_secret"} <= set(json.loads(line))


def test_the_sandbox_ends_cleanly_on_control_c(shell: Shell) -> None:
    started = shell.starts("sandbox", "--no-browser", "--port", "0")
    assert started.stdout is not None
    line = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)

    assert line.startswith("Watchbell runs on its local workspace. Open http://127.0.0.1:")
    assert (started.returncode, err) == (0, "")
