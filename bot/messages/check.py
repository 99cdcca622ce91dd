"""Are the operator's templates usable? Every text is rendered once at the start, so that none fails later."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import TemplateError

from bot.domain.message import AnyMessage, Block
from bot.messages.languages import translated
from bot.messages.limits import OverLimit, check_message, check_view
from bot.messages.render import BUILT_IN, BrokenTemplate, Catalog
from bot.messages.sample_answers import answers_in, views_in
from bot.messages.sample_directory import directory_answers_in, directory_views_in, joined_in
from bot.messages.sample_incidents import incident_forms_in, incidents_in
from bot.messages.sample_rota import handoffs_in, homes_in
from bot.messages.sample_sentences import sentences_in
from bot.messages.sample_work import asked_in, drafts_in, homes_of_managers_in, work_in
from bot.messages.samples import messages


def every_message(catalog: Catalog) -> Iterator[AnyMessage]:
    """Every message in every state that its template knows."""
    yield from (*messages(catalog), *incidents_in(catalog), *handoffs_in(catalog), *work_in(catalog))
    yield from joined_in(catalog)


def every_view(catalog: Catalog) -> Iterator[Block]:
    """Every form and home tab, with and without its optional parts."""
    yield from (*views_in(catalog), *incident_forms_in(catalog), *homes_in(catalog), *asked_in(catalog))
    yield from (*homes_of_managers_in(catalog), *directory_views_in(catalog))


def load(folder: Path | None = None) -> Catalog:
    """Give the catalog, with the operator's templates where the folder has some.

    Raises BrokenTemplate, whose text is one sentence that names the file and what is wrong with it.
    """
    if folder is None:
        return _shipped()
    if not folder.is_dir():
        raise BrokenTemplate(f"the folder of templates {folder} does not exist; create it or unset TEMPLATES_DIR")
    check(translated(Catalog(folder, strict=True)))
    return translated(Catalog(folder))


@cache
def _shipped() -> Catalog:
    return translated(Catalog())


def check(catalog: Catalog) -> None:
    """Render every template with sample values. Raises BrokenTemplate."""
    known = {path.stem for path in BUILT_IN.glob("*.j2")}
    for name in sorted(catalog.overridden):
        if name not in known:
            raise BrokenTemplate(
                f"{name}.j2: there is no template of that name; the names are {', '.join(sorted(known))}"
            )
        catalog.check_parts(name)
    try:
        for message in every_message(catalog):
            check_message(message)
        for view in every_view(catalog):
            check_view(view)
        for _ in (*answers_in(catalog), *drafts_in(catalog), *directory_answers_in(catalog), *sentences_in(catalog)):
            pass
    except (TemplateError, KeyError, OverLimit) as error:
        raise BrokenTemplate(f"the templates in {catalog.folder}: {error}") from error
