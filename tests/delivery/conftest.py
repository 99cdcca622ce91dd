"""What do pages outside Slack arrive at? A mail server and an HTTP server of the test's own."""

from collections.abc import Iterator

import pytest

from tests.delivery.receivers import Gateway, Mailbox, gateway, mail_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that takes everything until it is told otherwise."""
    with mail_server() as started:
        yield started


@pytest.fixture
def hook() -> Iterator[Gateway]:
    """An HTTP server that takes everything until it is told otherwise."""
    with gateway() as started:
        yield started
