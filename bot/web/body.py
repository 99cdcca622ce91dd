"""How much of a request's body do we read? As much as anybody who means well sends."""

from starlette.requests import Request

MOST_BYTES = 1024 * 1024


async def read_limited(request: Request) -> bytes | None:
    """The body; None where it is larger than a mebibyte. Raises ClientDisconnect."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        return None
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
