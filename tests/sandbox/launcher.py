"""How does an app that has no setting for Slack's address run here? Its client's default address is another one.

`python -m tests.sandbox.launcher APP.py` runs it as its author starts it, which is Socket Mode;
`... APP.py --port N` takes its `app` and serves that over HTTP. Nothing else of the app is touched.
"""

import os
import runpy
import sys

from slack_sdk.web.base_client import BaseClient


def point_at(api_url: str) -> None:
    """A client that names no address of its own talks to this one."""
    usual = BaseClient.__init__.__defaults__ or ()
    BaseClient.__init__.__defaults__ = tuple(api_url if value == BaseClient.BASE_URL else value for value in usual)


def main(file: str, port: int | None) -> None:
    point_at(os.environ["SLACK_API_URL"])
    if port is None:
        runpy.run_path(file, run_name="__main__")
    else:
        runpy.run_path(file, run_name="app")["app"].start(port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[3]) if "--port" in sys.argv else None)
