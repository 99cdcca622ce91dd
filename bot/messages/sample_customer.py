"""How does what only a customer is told or asked look with plausible values? For the check of the templates."""

from collections.abc import Iterator

from bot.domain.message import Block
from bot.messages import answers, rating
from bot.messages.render import Catalog
from bot.messages.samples import NOW, OVER, ZONE

METADATA: dict[str, object] = {"ticket": "T-1042", "channel": "C0ACME"}


def customers_answers(catalog: Catalog) -> Iterator[str]:
    """What somebody reads whose words held a secret."""
    for kinds, secure in ((("password",), ""), (("key", "token"), "https://vault.example/acme")):
        for posted in (True, False):
            yield answers.secret_removed(catalog, kinds=kinds, secure_channel=secure, posted=posted, zone=ZONE, now=NOW)


def customers_views(catalog: Catalog) -> Iterator[Block]:
    """The form for a comment, empty and with what was said before."""
    for score, comment in ((0, ""), (2, "It came back twice")):
        yield rating.rating_form(catalog, ticket=OVER, score=score, comment=comment, metadata=METADATA)
