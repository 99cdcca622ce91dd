"""How do words and values become text? Jinja2 templates with named parts, in which every value is escaped once.

An operator's folder may hold templates of the same names; a part that such a template leaves out keeps our words.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import structlog
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from bot.messages.speech import Speech
from bot.messages.words import capital, escape, line, link, paragraph, quote, sentence, spoken_metric, unescaped

BUILT_IN = Path(__file__).with_name("templates")

FAILURES = (TemplateError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a template can raise while it is filled."""

log = structlog.get_logger()

ENGLISH = Speech()


class BrokenTemplate(Exception):  # noqa: N818 - the operator's word for what to mend
    """A template of the operator's folder cannot be used; the text is one sentence that names the file and why."""


def _finalize(value: object) -> str:
    return "" if value is None else escape(value if isinstance(value, str) else str(value))


def environment(folders: Sequence[Path], speech: Speech, **named: Sequence[Path]) -> Environment:
    """What fills templates of these folders, the first one first; `named` ones are also known as `NAME/FILE`."""

    @pass_context
    def at(context: Context, moment: datetime) -> str:
        return speech.moment(moment, zone=context["zone"], now=context["now"])

    @pass_context
    def since(context: Context, moment: datetime) -> str:
        length: timedelta = context["now"] - moment
        return speech.span(length)

    loaders: dict[str, BaseLoader] = {name: FileSystemLoader([*paths]) for name, paths in named.items()}
    # An operator's templates get no further than what they are given; of ours there is nothing to fear.
    ours = all(
        path.is_relative_to(BUILT_IN) for path in (*folders, *(path for paths in named.values() for path in paths))
    )
    made = (Environment if ours else SandboxedEnvironment)(
        loader=ChoiceLoader([FileSystemLoader([*folders]), PrefixLoader(loaders)]),
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        auto_reload=False,
        cache_size=-1,
    )
    filters: dict[str, Callable[..., str]] = {
        "at": at, "since": since, "span": speech.span, "line": line, "paragraph": paragraph, "quote": quote,
        "listed": speech.listed, "sentence": sentence, "capital": capital, "metric": spoken_metric,
    }  # fmt: skip
    made.filters.update(filters)
    made.globals = {"link": link}
    return made


class Catalog:
    """Every template, ours and the operator's, ready to be filled. Give `folder` for the operator's.

    `strict` raises BrokenTemplate where an operator's template fails; else our own words stand in, and it is logged.
    """

    def __init__(self, folder: Path | None = None, *, strict: bool = False) -> None:
        self.folder = folder
        self.strict = strict
        self._own = environment([BUILT_IN], ENGLISH, ours=[BUILT_IN])
        self._theirs = environment([folder, BUILT_IN], ENGLISH, ours=[BUILT_IN]) if folder else self._own
        self._template = cache(self._load)
        self._parts = cache(self._read_parts)
        self.translations: Mapping[str, Catalog] = {}
        self.labels: Mapping[str, str] = self._read_labels()

    @property
    def overridden(self) -> frozenset[str]:
        """The names of the operator's templates, without their suffix."""
        return frozenset(path.stem for path in self.folder.glob("*.j2")) if self.folder else frozenset()

    def say(self, name: str, *, zone: str, now: datetime, **values: object) -> dict[str, str]:
        """Fill every part of the template; parts that come out empty are left out.

        Raises BrokenTemplate in strict use. The part `text` is put on one line.
        """
        known = {**values, "zone": zone, "now": now}
        parts = {part: self.fill(name, part, known) for part in self._parts(name)}
        if "text" in parts:
            parts["text"] = " ".join(parts["text"].split())
        return {part: words for part, words in parts.items() if words}

    def say_plainly(self, name: str, *, zone: str, now: datetime, **values: object) -> dict[str, str]:
        """The same as plain text, for fields in which somebody goes on writing."""
        return {part: unescaped(words) for part, words in self.say(name, zone=zone, now=now, **values).items()}

    def phrase(self, name: str, part: str, **values: object) -> str:
        """Fill one part of a template that says no times."""
        return self.fill(name, part, values)

    def parts(self, name: str) -> list[str]:
        """The parts of a template of ours, in its order."""
        return self._parts(name)

    def label(self, key: str) -> str:
        """Give a fixed label, such as a button's. KeyError: there is none of that name."""
        return self.labels[key]

    def make_ready(self) -> None:
        """Compile every template of ours now, so that the first message of each kind does not wait for that."""
        for file in sorted(BUILT_IN.glob("*.j2")):
            for part in self._parts(file.stem):
                self._template(file.stem, part)

    def into(self, language: str | None) -> "Catalog":
        """Give the catalog in a language; where there are no words in it, this one."""
        return self.translations.get(language or "", self)

    def check_parts(self, name: str) -> None:
        """Let an operator's template pass whose parts are all known. Raises BrokenTemplate where it is strict."""
        try:
            theirs = self._theirs.get_template(f"{name}.j2")
        except (TemplateError, UnicodeDecodeError) as error:
            self._complain(name, error)
            return
        unknown = sorted(theirs.blocks.keys() - {*self._parts(name)})
        if unknown:
            known = ", ".join(self._parts(name)) or "none: it is one text"
            self._complain(name, TemplateError(f"there is no part {unknown[0]!r}; its parts are {known}"))

    def _read_labels(self) -> dict[str, str]:
        return {part: self.fill("labels", part, {}) for part in self._parts("labels")}

    def _read_parts(self, name: str) -> list[str]:
        return list(self._own.get_template(f"{name}.j2").blocks)

    def _load(self, name: str, part: str) -> Template:
        """The operator's template, if it has the part; else ours, which still includes the operator's pieces."""
        if self._theirs is self._own:
            # The one that said which parts there are: compiling takes longer than filling.
            return self._own.get_template(f"{name}.j2")
        if name in self.overridden:
            try:
                theirs = self._theirs.get_template(f"{name}.j2")
            except (TemplateError, UnicodeDecodeError) as error:
                self._complain(name, error)
            else:
                if part in theirs.blocks:
                    return theirs
        return self._theirs.get_template(f"ours/{name}.j2")

    def fill(self, name: str, part: str, values: Mapping[str, object]) -> str:
        """Fill one part of a template; where an operator's fails and nobody is strict, ours stands in."""
        template = self._template(name, part)
        try:
            return filled(template, part, values)
        except FAILURES as error:
            if self._theirs is self._own:
                raise
            self._complain(name, error)
            return filled(self._own.get_template(f"{name}.j2"), part, values)

    def _complain(self, name: str, error: Exception) -> None:
        where = _place(error) or f"{name}.j2"
        if self.strict:
            raise BrokenTemplate(f"{where}: {error}") from error
        log.error("template_broken", template=where, error=str(error))


def filled(template: Template, part: str, values: Mapping[str, object]) -> str:
    """Fill one part of one template. Raises what the template raises, with its own lines in the traceback."""
    # As shared, since Jinja would gather what every template knows anew for each part, which takes as long as filling.
    known = {**template.environment.globals, **values}
    try:
        return "".join(template.blocks[part](template.new_context(known, shared=True))).strip()
    except FAILURES:
        template.environment.handle_exception()  # raises it again, with the template's own lines in its traceback


def _place(error: Exception) -> str:
    """The template's file and line where it went wrong, if the error says."""
    if isinstance(error, TemplateSyntaxError):
        return f"{Path(error.name or '').name}, line {error.lineno}"
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    found = [f"{Path(name).name}, line {number}" for name, number in places if name.endswith(".j2")]
    return found[-1] if found else ""
