"""How is the local workspace started, and at which addresses does it answer?"""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.sandbox import interactions
from bot.sandbox.control import Control, read_json, ticking
from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.manifest import Manifest
from bot.sandbox.page_api import PageApi
from bot.sandbox.platform import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Platform
from bot.sandbox.webapi import WebApi
from bot.sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
START_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """All that a bot and a script need to reach the workspace."""

    url: str
    api_url: str
    control_url: str
    bot_token: str
    app_token: str
    signing_secret: str

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


class _Server(uvicorn.Server):
    """Leaves no connection open when it ends, not even one that hangs or came at the last moment."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing new, let what runs end for a second, and cut the rest."""
        await super().shutdown(sockets)
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


class Server:
    """The local workspace on one port: Web API, Socket Mode, control interface and page.

    `ticking` is how many simulated seconds pass in a real one (0: time moves only when told to). With a manifest the
    app is held to its scopes, events, commands and shortcuts. Port 0 takes a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        workspace: Workspace | None = None,
        start_at: datetime | None = None,
        request_url: str | None = None,
        ticking: float = 0.0,
        manifest: Mapping[str, Any] | None = None,
    ) -> None:
        start = start_at or datetime.now(UTC).replace(second=0, microsecond=0)
        self.platform = Platform(workspace or Workspace(), start_at=start, manifest=Manifest.read(manifest))
        self.platform.timekeeper.rate = ticking
        self.platform.courier.request_url = request_url
        self._host, self._port = host, port
        self._page = PageApi(self.platform, PAGE)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    def bring_with(self, bring: Callable[[Path], None]) -> None:
        """Lets the page also play stories that have a directory file of their own."""
        self._page.bring = bring

    def start(self) -> Address:
        """Serves in a thread of its own and returns once it listens; OSError where the port is taken."""
        address, listening = self._bind()
        self._thread = threading.Thread(
            target=self._serve, args=(listening, self._ready.set), name="local-workspace", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise OSError("the local workspace did not start within ten seconds")
        return address

    def stop(self) -> None:
        """Ends it and waits until it has ended."""
        self._page.close()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_SECONDS)
        self.platform.http.close()

    def serve_forever(self, on_ready: Callable[[Address], None]) -> None:
        """Serves in the foreground until interrupted; OSError where the port is taken."""
        address, listening = self._bind()
        with contextlib.suppress(KeyboardInterrupt):
            self._serve(listening, lambda: on_ready(address))

    def __enter__(self) -> Address:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _bind(self) -> tuple[Address, socket.socket]:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self._port))
            listening.listen(256)
        except OSError as taken:
            listening.close()
            raise OSError(f"port {self._port} is in use; choose another one ({taken.strerror})") from None
        url = f"http://{self._host}:{listening.getsockname()[1]}"
        self.platform.url = url
        return Address(url, url + "/api/", url, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET), listening

    def _serve(self, listening: socket.socket, on_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            _application(self.platform, self._page, on_ready),
            log_level="warning",
            lifespan="on",
            ws="websockets-sansio",
            ws_ping_interval=None,
            ws_per_message_deflate=False,  # nothing is far away here, and packing costs more than sending
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
        )
        self._server = _Server(config)
        try:
            self._server.run(sockets=[listening])
        finally:
            listening.close()


def _application(platform: Platform, page: PageApi, on_ready: Callable[[], None]) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        passing = asyncio.create_task(ticking(platform))
        on_ready()
        yield
        passing.cancel()
        await passing

    routes: list[BaseRoute] = [
        Route("/api/{method}", WebApi(platform).__call__, methods=["GET", "POST"]),
        WebSocketRoute("/link", platform.sockets.serve),
        Route("/respond/{token}", _respond(platform), methods=["POST"]),
        Route("/upload/{file_id}", _upload(platform), methods=["POST"]),
        Route("/files/{file_id}", _download(platform), methods=["GET"]),
        *Control(platform).routes(),
        *page.routes(),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _respond(platform: Platform) -> Callable[[Request], Any]:
    async def respond(request: Request) -> Response:
        try:
            interactions.respond(platform, request.path_params["token"], await read_json(request))
        except SlackError as refused:
            return JSONResponse({"ok": False, "error": refused.code}, 404 if "url" in refused.code else 400)
        except Mistake:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        return PlainTextResponse("ok")

    return respond


def _upload(platform: Platform) -> Callable[[Request], Any]:
    async def upload(request: Request) -> Response:
        kept = platform.workspace.files.get(request.path_params["file_id"])
        if kept is None:
            return PlainTextResponse("no such upload", 404)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form() as form:
                parts = [part for part in form.values() if not isinstance(part, str)]
                content = await parts[0].read() if parts else b""
        else:
            content = await request.body()
        kept["content"], kept["size"] = content, len(content)
        return PlainTextResponse(f"OK - {len(content)}")

    return upload


def _download(platform: Platform) -> Callable[[Request], Any]:
    async def download(request: Request) -> Response:
        kept = platform.workspace.files.get(request.path_params["file_id"])
        if kept is None or kept["content"] is None:
            return PlainTextResponse("no such file", 404)
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(kept["content"], media_type="application/octet-stream", headers=headers)

    return download
