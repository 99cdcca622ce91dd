"""In which language is a customer written to, and what stands in where a text has no translation?

A folder of templates named after a language holds what is said in it. A file or a part that is missing there is said in
English: a half-translated desk still says everything.
"""

from collections.abc import Mapping
from pathlib import Path

import structlog
from jinja2 import Template, TemplateNotFound, meta
from jinja2.nodes import Template as Tree

from bot.messages.render import BUILT_IN, ENGLISH, FAILURES, BrokenTemplate, Catalog, environment, filled
from bot.messages.speech import Speech

log = structlog.get_logger()


class Translated(Catalog):
    """The catalog in a language, on top of the English one with the operator's own words."""

    def __init__(self, base: Catalog, language: str) -> None:
        self._base = base
        roots = [base.folder, BUILT_IN] if base.folder else [BUILT_IN]
        there = [root / language for root in roots]
        self._there = environment([*there, *roots], Speech(language), there=there)
        super().__init__(base.folder, strict=base.strict)

    def fill(self, name: str, part: str, values: Mapping[str, object]) -> str:
        """Fill a part in the language, else in English; a translation that fails is logged and English stands in."""
        template = self._translation(name, part)
        if template is None:
            return self._base.fill(name, part, values)
        try:
            return filled(template, part, values)
        except FAILURES as error:
            if self.strict:
                raise BrokenTemplate(f"{template.filename or name}: {error}") from error
            log.exception("template_broken", template=template.filename)
            return self._base.fill(name, part, values)

    def _translation(self, name: str, part: str) -> Template | None:
        try:
            found = self._there.get_template(f"there/{name}.j2")
        except TemplateNotFound:
            return None
        return found if part in found.blocks else None


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """The languages beside English that have a folder of templates, ours or the operator's."""
    roots = [BUILT_IN, *([folder] if folder else [])]
    return tuple(sorted({each.name for root in roots for each in root.iterdir() if each.is_dir()}))


def spoken(folder: Path | None = None) -> frozenset[str]:
    """Every language that a customer can be written to in, English among them."""
    return frozenset({"en", *languages(folder)})


def translated(catalog: Catalog) -> Catalog:
    """Give the catalog with every language that there is."""
    catalog.translations = {each: Translated(catalog, each) for each in languages(catalog.folder)}
    return catalog


def differences(language: str) -> list[str]:
    """Where a translation of ours says other facts than the English text: a sentence for each file; none is right."""
    found = []
    for file in sorted((BUILT_IN / language).glob("*.j2")):
        english = BUILT_IN / file.name
        if not english.exists():
            continue
        theirs, ours = _facts(file), _facts(english)
        if theirs != ours:
            missing, more = ", ".join(sorted(ours - theirs)) or "-", ", ".join(sorted(theirs - ours)) or "-"
            found.append(f"{language}/{file.name}: it leaves out {missing}; it alone says {more}")
    return found


def _facts(file: Path) -> frozenset[str]:
    tree: Tree = environment([BUILT_IN], ENGLISH).parse(file.read_text("utf-8"))
    return frozenset(meta.find_undeclared_variables(tree))
