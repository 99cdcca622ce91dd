"""Does every reason that the code names have its words, with the facts that they take, and in every language?"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import meta

from bot.domain import errors, leak, signed_link
from bot.domain.errors import BadInput, NoSuchTicket, NotAllowed, Refused
from bot.domain.people import ALLOWED, Action
from bot.domain.ticket import State
from bot.messages.languages import languages
from bot.messages.render import BUILT_IN, ENGLISH, environment
from bot.messages.sample_sentences import sentences_in
from bot.messages.sentences import Sheet, plainly, sentence, worded
from bot.services.directory_changes import ChangedMeanwhile
from tests.messages.reading import CATALOG

SHEETS = [name for sheet in get_args(Sheet) for name in (sheet, f"{sheet}_inside")]
KINDS = {
    name: kind
    for module in (errors, leak, signed_link)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Refused)
} | {"ChangedMeanwhile": ChangedMeanwhile}
SAYING: dict[str, Sheet] = {"tell.plain": "answers", "sentences.reason": "reasons", "_why": "reasons"}
"""What says a block, by its name and its sheet; the block is the second argument."""
ALWAYS = frozenset({"zone", "now"})
BESIDES = ALWAYS | {"field", "to"}
"""Arguments that are no facts."""


def named() -> Iterator[tuple[Path, int, Sheet, str, frozenset[str] | None]]:
    """Every call that names a block: where, which sheet, which block, with which facts; None where it hands some on."""
    for path in sorted(Path("bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            kind, sheet = KINDS.get(name.rpartition(".")[2]), SAYING.get(name)
            if kind is not None:
                parts = [*texts(node.args[0])] if node.args else [kind.usual]
                yield from ((path, node.lineno, "refusals", part, facts(node)) for part in parts)
            elif sheet is not None and path.name != "sentences.py":
                yield from ((path, node.lineno, sheet, part, facts(node)) for part in texts(node.args[1]))


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def facts(node: ast.Call) -> frozenset[str] | None:
    given = {each.arg for each in node.keywords}
    return None if None in given else frozenset(str(each) for each in given) - BESIDES


def blocks(name: str, language: str = "") -> dict[str, frozenset[str]]:
    """Each block of a sheet with the facts that it takes."""
    env = environment([BUILT_IN], ENGLISH)
    folder = BUILT_IN / language
    found = {}
    for block, body in pieces((folder / f"{name}.j2").read_text("utf-8")):
        tree = env.parse(body)
        asked = {*meta.find_undeclared_variables(tree)}
        for other in meta.find_referenced_templates(tree):
            piece = env.parse((folder / str(other)).read_text("utf-8"))
            asked |= meta.find_undeclared_variables(piece) - local(body)
        found[block] = frozenset(asked) - ALWAYS - {"loop"}
    return found


def pieces(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("{% block ")[1:]:
        name, _, body = part.partition(" %}")
        yield name, body.rpartition("{% endblock %}")[0]


def local(body: str) -> set[str]:
    """Names that the block itself gives a value."""
    return {name for name in ("state", "each") if f"set {name} =" in body or f"for {name} in" in body}


def test_every_reason_that_the_code_names_has_its_words_and_their_facts() -> None:
    known = {name: blocks(name) for name in SHEETS}
    wrong = []
    for path, line, sheet, part, given in named():
        takes = known[sheet].get(part, known[f"{sheet}_inside"].get(part))
        if takes is None:
            wrong.append(f"{path}:{line}: there is no {part!r} in {sheet}")
        elif given is not None and given != takes:
            wrong.append(f"{path}:{line}: {part} takes {sorted(takes)}, not {sorted(given)}")
    assert wrong == []


def test_no_words_are_left_that_nothing_says() -> None:
    said = {(sheet, part) for _, _, sheet, part, _ in named()} | {("refusals", kind.usual) for kind in KINDS.values()}
    whole = "\n".join(path.read_text("utf-8") for path in Path("bot").rglob("*.py"))
    idle = [
        f"{name}: {part}"
        for name in SHEETS
        for part in blocks(name)
        if (name.removesuffix("_inside"), part) not in said and f'"{part}"' not in whole
    ]
    assert idle == []


def test_a_block_is_in_one_sheet_only() -> None:
    for sheet in get_args(Sheet):
        assert not {*blocks(sheet)} & {*blocks(f"{sheet}_inside")}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sheet", get_args(Sheet))
def test_what_a_customer_may_read_stands_in_every_language_with_the_same_facts(language: str, sheet: Sheet) -> None:
    assert blocks(sheet, language) == blocks(sheet)


def test_every_sentence_reads_as_one() -> None:
    for said in sentences_in(CATALOG):
        assert said == said.strip()
        assert "  " not in said
        assert "None" not in said.removeprefix("None of")


def test_everything_that_is_refused_names_what_was_asked() -> None:
    for action in Action:
        said = str(worded(CATALOG, NotAllowed(action=action.name.lower(), needed="leads")))
        assert said == f"You cannot {action.value}: that needs a support manager. Ask your manager."
    assert len(ALLOWED) == len(Action)


def test_every_state_has_a_word() -> None:
    for state in State:
        said = plainly(CATALOG, sheet="refusals", part="over", facts={"ticket": "T-1", "state": state})
        assert said.startswith(f"T-1 is {state.value.replace('_', ' ')}")


def test_what_a_refusal_quotes_pings_nobody() -> None:
    facts = {"word": "<!channel>", "known": ["<@U0ANA>"]}

    said = sentence(CATALOG, sheet="refusals", part="unknown_severity", facts=facts)
    assert said == "I do not know the severity “&lt;!channel&gt;”. Choose one of: &lt;@U0ANA&gt;."
    plain = plainly(CATALOG, sheet="refusals", part="unknown_severity", facts=facts)
    assert plain == "I do not know the severity “<!channel>”. Choose one of: <@U0ANA>."


def test_a_refusal_is_put_into_words_once_and_says_its_facts_before() -> None:
    refused = NoSuchTicket(ticket="T-7")

    assert str(refused) == "no_such_ticket(ticket='T-7')"
    assert str(worded(CATALOG.into("de"), refused)) == str(worded(CATALOG, refused))


def test_a_reason_without_words_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        worded(CATALOG, BadInput("nonsense"))
