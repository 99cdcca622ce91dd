"""Does a request end that goes on and on without coming to the point, and does everybody else's go through?"""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.protocol import MOST_BYTES_BESIDE
from bot.web.serving import Serving, serve


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    async def count(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    serving = serve(Starlette(routes=[Route("/", count, methods=["POST"])]), "127.0.0.1", 0)
    yield serving
    assert serving.stop()


HEAD = b"POST / HTTP/1.1\r\nhost: desk\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def said(serving: Serving, *parts: bytes) -> bytes:
    """What a server says to these parts before it closes; they are sent until it does."""
    where = urlsplit(serving.url)
    assert where.hostname
    assert where.port
    with socket.create_connection((where.hostname, where.port), timeout=10) as line:
        try:
            for part in parts:
                line.sendall(part)
        except OSError:
            return b"cut"
        return line.recv(4096)


@pytest.mark.parametrize(
    "begins",
    [
        pytest.param(b"POST /", id="an address"),
        pytest.param(HEAD + b"x-long: ", id="one header"),
        pytest.param(HEAD.replace(b"host", b"x-" + b"y" * 10), id="a name"),
        pytest.param(CHUNKED + b"1;", id="a chunk's extension"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\nx-late: ", id="a trailer"),
    ],
)
def test_a_request_that_never_comes_to_the_point_is_ended(serving: Serving, begins: bytes) -> None:
    answer = said(serving, begins, *([b"a" * MOST_BYTES_BESIDE] * 16))

    assert answer == b"cut" or answer.startswith(b"HTTP/1.1 400 ")


def test_so_is_one_with_headers_without_number(serving: Serving) -> None:
    answer = said(serving, HEAD, *(b"x-%d: y\r\n" % nth for nth in range(MOST_BYTES_BESIDE)))

    assert answer == b"cut" or answer.startswith(b"HTTP/1.1 400 ")


def test_a_body_may_be_larger_than_headers_may(serving: Serving) -> None:
    size = MOST_BYTES_BESIDE * 4

    answer = said(serving, HEAD + b"content-length: %d\r\nconnection: close\r\n\r\n" % size, b"x" * size)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n%d" % size)


def test_each_request_of_a_connection_is_counted_for_itself(serving: Serving) -> None:
    headers = b"x-long: " + b"a" * (MOST_BYTES_BESIDE // 2) + b"\r\n"
    where = urlsplit(serving.url)
    assert where.hostname
    assert where.port

    with socket.create_connection((where.hostname, where.port), timeout=10) as line:
        for _ in range(3):
            line.sendall(HEAD + headers + b"content-length: 1\r\n\r\nx")
            assert line.recv(4096).startswith(b"HTTP/1.1 200 ")
