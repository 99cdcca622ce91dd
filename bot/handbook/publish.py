"""What does a handbook say to customers, and to the people who work by it?

The document comes from the file that the bot obeys, so the two cannot disagree. What the bot does not do yet is
absent from it. Source: customer operations; ledger HB-1, HB-2, HB-4.
"""

import html
import re
from enum import StrEnum
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.domain.handbook import Handbook
from bot.domain.handbook_open_items import open_items, raci
from bot.domain.handbook_tiers import Tier
from bot.domain.handbook_words import Rhythm, cadence
from bot.domain.target import in_words
from bot.handbook.errors import HandbookError
from bot.handbook.loader import Loaded

_CODE = re.compile(r"`([^`]+)`")
_MARKDOWN_SIGNS = re.compile(r"([\\*_\[\]<>|#])")


class Audience(StrEnum):
    """For whom the document is: customers see commitments only where they are contractual, the team sees all."""

    CUSTOMER = "customer"
    TEAM = "team"


class Form(StrEnum):
    """In which form it is written."""

    MARKDOWN = "markdown"
    HTML = "html"


def publish(
    loaded: Loaded,
    *,
    audience: Audience = Audience.CUSTOMER,
    form: Form = Form.MARKDOWN,
    tier: str | None = None,
    contract: bool | None = None,
    templates: Path | None = None,
) -> str:
    """Write the document of a handbook, for all tiers or one.

    `contract` overrides whether the tier's targets are contractual; `templates` is a folder whose files go before ours.
    HandbookError: no such tier, or a template that fails.
    """
    handbook = loaded.handbook
    if tier is not None and tier not in handbook.tiers:
        raise HandbookError([f"{handbook.name} has no tier `{tier}`; it has: {', '.join(handbook.tiers)}"])
    tiers = {key: each for key, each in handbook.tiers.items() if tier in {None, key}}
    promised = {
        key: each
        for key, each in tiers.items()
        if audience is Audience.TEAM or handbook.shows_commitments(key, contract=contract)
    }
    try:
        template = _environment(form, templates).get_template("document.j2")
        text = template.render(
            out=f"{form.value}.j2",
            handbook=handbook,
            severities=handbook.severity_names(),
            tiers=tiers,
            promised=promised,
            hours={key: hours_words(handbook, each) for key, each in tiers.items()},
            business_hours=str(handbook.business().hours),
            days_off={key: days_off_words(each) for key, each in tiers.items()},
            channels={
                key: [handbook.channels[one].label for one in each.channels or ()] for key, each in tiers.items()
            },
            used_by={
                key: [each.label for each in tiers.values() if key in (each.channels or ())]
                for key in handbook.channels
            },
            updates={key: cadence_words(handbook, handbook.updates.of(key)) for key in handbook.severity_names()},
            escalated_update=handbook.escalated_update and cadence_words(handbook, handbook.escalated_update),
            raci=raci(handbook),
            open_items=open_items(handbook),
            for_team=audience is Audience.TEAM,
            version=loaded.hash[:12],
        )
    except TemplateError as error:
        raise HandbookError([f"the document's template failed: {error}"]) from error
    return _tidy(text, form)


def _tidy(text: str, form: Form) -> str:
    """Take away the blank lines that templates leave: between the rows of a table, and more than one elsewhere."""
    if form is Form.MARKDOWN:
        text = re.sub(r"\|\n+(?=\|)", "|\n", text)
        text = re.sub(r"(?m)^(- .*)\n+(?=- )", r"\1\n", text)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return re.sub(r"\n{2,}", "\n", text).strip() + "\n"


def hours_words(handbook: Handbook, tier: Tier) -> str:
    """Say when a tier's support is there; what the handbook leaves open is said to be so."""
    hours = tier.hours or str(handbook.business().hours)
    if hours == "24x7":
        return "Around the clock"
    zone = tier.zone or "your time zone"
    return f"{hours}, {zone}" if tier.hours else f"{hours}, {zone} (to be confirmed)"


def days_off_words(tier: Tier) -> str:
    """Say on which days a tier is closed."""
    holidays = [f"the public holidays of {', '.join(tier.holidays)}"] if tier.holidays else []
    return " and ".join([*holidays, *([", ".join(day.isoformat() for day in tier.closed)] if tier.closed else [])])


def cadence_words(handbook: Handbook, words: str | None) -> str:
    """Say how often a customer hears of a ticket, as a sentence goes on."""
    if words is None:
        return "when there is news"
    found = cadence(words)
    match found.rhythm:
        case Rhythm.CONTINUOUS:
            return f"at every change, and never later than {in_words(handbook.max_silence)} after the last one"
        case Rhythm.BUSINESS_DAY:
            return "each business day"
        case Rhythm.NONE:
            return "when there is news"
        case Rhythm.EVERY:
            return "every hour" if words == "1 hour" else f"every {words}"


def _environment(form: Form, templates: Path | None) -> ImmutableSandboxedEnvironment:
    own = [FileSystemLoader(templates)] if templates else []
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*own, PackageLoader("bot.handbook", "templates")]),
        autoescape=form is Form.HTML,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = _html_prose if form is Form.HTML else _markdown_prose
    environment.filters["words"] = in_words
    return environment


def _html_prose(text: str) -> Markup:
    """Escape a handbook's words for HTML; backquoted ones become code."""
    return Markup(_CODE.sub(r"<code>\1</code>", html.escape(str(text))))  # noqa: S704 - escaped in this very line


def _markdown_prose(text: str) -> str:
    """Escape a handbook's words for Markdown and its tables; backquoted ones stay code."""
    parts = _CODE.split(" ".join(str(text).split()))
    return "".join(f"`{part}`" if index % 2 else _MARKDOWN_SIGNS.sub(r"\\\1", part) for index, part in enumerate(parts))
