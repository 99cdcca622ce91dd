"""How does every sentence of the sheets read with plausible facts? For the check of the templates."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import get_args

from bot.domain.leak import Found, Kind
from bot.messages.render import Catalog
from bot.messages.samples import HOUR, NOW, ZONE
from bot.messages.sentences import Sheet, sentence
from bot.messages.view import ChangeView

CHANGES = (
    ChangeView("S3", "Bo Chen", NOW, NOW + HOUR, "first-line", "replace"),
    ChangeView("A2", "Ana Lima", NOW, NOW + HOUR),
)
FACTS: Mapping[str, object] = MappingProxyType(
    {
        "zone": ZONE, "now": NOW, "action": "open", "needed": "leads", "ticket": "T-1042", "tickets": ["T-1042", "T-7"],
        "current": "closed", "target": "in_progress", "state": "waiting", "severity": "Critical", "what": "summary",
        "length": 3001, "limit": 3000, "number": 20, "wait": HOUR, "word": "sev9", "known": ["Critical", "High"],
        "level": 2, "customer": "Acme Corp", "inside": True, "who": "Ana Lima", "incident": "I-7", "by": "Bo Chen",
        "at": "10:00 EST", "mark": "Data loss", "why": "rest", "labels": ["Logs", "Impact"], "channel": "sev1-t-1042",
        "name": "Technical", "found": (Found(Kind.CUSTOMER, "Globex"), Found(Kind.NOTE, "it is the cache")),
        "sentence": "The name is missing.", "line": "mailto://***", "person": "zoe", "rotation": "first-line",
        "change": "replace", "changes": CHANGES, "each": CHANGES[0], "paged": ["Bo Chen"], "score": "Good",
        "until": NOW + HOUR, "since": NOW, "everybody": True, "url": "https://desk.example/oncall.ics", "count": 2,
        "before": "T-7", "others": ["T-7", "T-8"], "names": ["Ana Lima", "Bo Chen"], "lasts_for": HOUR / 4,
        "gap_of": "first-line", "gap_at": NOW, "proposed": "Critical", "metric": "first response", "duty": "",
        "knows": ["network"], "unknown": [], "at_work": True, "load": 2, "at_most": 8, "least": True, "nobody": True,
        "window": timedelta(days=1), "whom": ["Cy Young"], "rings": True, "again": True, "row": 12, "kind": "technical",
        "medium": "mailto", "grade": "Sev 1 (Critical)", "after_for": HOUR / 4, "failed": ["sms"],
        "host": "calendar.example", "into": "T-7", "comment": True, "promised": "1 hour", "promised_at": NOW,
        "resting": True, "yours": True, "solved": ["T-7"],
    }
)  # fmt: skip
"""A plausible value for every fact that a sentence takes."""

WHYS = {"missing_reason": FACTS["why"]}
"""Where `why` is one of a few; elsewhere it is words."""


def sentences_in(catalog: Catalog) -> Iterator[str]:
    """Every block of every sheet."""
    for sheet in get_args(Sheet):
        for name in (sheet, f"{sheet}_inside"):
            for part in catalog.parts(name):
                facts = {**FACTS, "why": WHYS.get(part, "it is over already.")}
                yield sentence(catalog, sheet=sheet, part=part, facts=facts)
