"""How do an incident's messages and forms look with plausible values? For the check of the templates."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.message import AnyMessage, Block
from bot.messages import incident_forms, incidents
from bot.messages.incidents import IncidentView, OfferView, Part
from bot.messages.render import Catalog
from bot.messages.samples import FULL, HOUR, NOW, ZONE
from bot.messages.view import Choice

ACME = Part(
    "T-1042", "Acme Corp", "Sev 1 (Critical)", "in progress", "Checkout is down", "Ana Lima", words=("checkout",)
)
GLOBEX = Part("T-1043", "Globex", "High", "new", "No checkout for us", words=("checkout", "payment"))
AGAIN = replace(ACME, id="T-1044")
OPEN = IncidentView("I-3", "Card provider is away", "Ana Lima", NOW - HOUR, (ACME, GLOBEX))
METADATA: dict[str, object] = {"incident": "I-3"}


def incidents_in(catalog: Catalog) -> Iterator[AnyMessage]:
    """Every message of an incident in each of its states."""
    for incident in (OPEN, replace(OPEN, parts=()), replace(OPEN, parts=(ACME,) * 50), replace(OPEN, resolved_at=NOW)):
        yield incidents.card(catalog, incident=incident, zone=ZONE, now=NOW)
    bare = OfferView(ACME)
    for offer in (
        bare,
        OfferView(ACME, (GLOBEX,)),
        OfferView(ACME, (AGAIN,), twin=AGAIN.id, of_others=False),
        OfferView(ACME, (GLOBEX, AGAIN), twin=AGAIN.id, linked=("T-1042", "T-1045"), incident="I-3", by="Ana Lima"),
        OfferView(ACME, (GLOBEX,) * 20, more=30),
        OfferView(ACME, linked=("T-1042", "T-1043"), incident="I-3", by="Ana Lima"),
        OfferView(ACME, apart=("T-1043",), by="Ana Lima"),
    ):
        yield incidents.offer(catalog, offer=offer, zone=ZONE, now=NOW)
    for next_at in (None, NOW + HOUR):
        yield incidents.channel_opened(catalog, ticket=ACME, asked_by="Bo Berg", next_at=next_at, zone=ZONE, now=NOW)


def incident_forms_in(catalog: Catalog) -> Iterator[Block]:
    """Every form of an incident, with and without its optional parts."""
    for choices in ((), (Choice("I-3", "I-3 Card provider is away"),)):
        yield incident_forms.link_form(
            catalog, ticket=FULL, incidents=choices, title="Checkout is down", metadata={"ticket": "T-1042"}
        )
    yield incident_forms.update_form(catalog, incident="I-3", customers=("Acme Corp", "Globex"), metadata=METADATA)
    for parts in ((), (ACME, GLOBEX), (ACME,) * 99):
        yield incident_forms.resolve_form(catalog, incident="I-3", parts=parts, metadata=METADATA)
