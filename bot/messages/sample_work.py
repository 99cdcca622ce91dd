"""How does what the desk tells about assignments, queues and drafts look with plausible values?"""

from collections.abc import Iterator

from bot.domain.message import AnyMessage
from bot.messages import work
from bot.messages.render import Catalog
from bot.messages.samples import FULL, NOW, ZONE


def work_in(catalog: Catalog) -> Iterator[AnyMessage]:
    """Every message about who has which ticket."""
    for before in ("", "Bo Berg"):
        yield work.assigned(catalog, ticket=FULL, why="is on call", before=before, zone=ZONE, now=NOW)
    yield work.passed_on(catalog, ticket=FULL, why="Your shift ended", zone=ZONE, now=NOW)
