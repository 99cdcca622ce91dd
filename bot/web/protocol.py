"""How much do we read of a request beside its body? Not without end: a parser keeps a header until it is whole."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES_BESIDE = 64 * 1024
"""Request line, headers, trailers, and what frames the parts of a body. Slack sends one or two thousand."""


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request has more beside its body than anybody who means well sends.

    The body itself is bounded where it is read (`bot.web.body`).
    """

    _beside = 0

    def data_received(self, data: bytes) -> None:
        """Take what came; refuse it with 400 where its request never comes to the point."""
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST_BYTES_BESIDE and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        """Count anew for each request of the connection, from the next read on: this one may hold several."""
        self._beside = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Do not count what is body."""
        self._beside -= len(body)
        super().on_body(body)
