"""Is every language complete where it speaks, true to the English text, and English where it is silent?"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.message import CustomerMessage
from bot.messages import customer
from bot.messages.check import load
from bot.messages.languages import differences, languages, translated
from bot.messages.limits import check_message
from bot.messages.render import BUILT_IN, ENGLISH, BrokenTemplate, Catalog, environment
from bot.messages.samples import HELD, HOUR, NOW, RESOLVED, THEIRS, WRITTEN, messages
from bot.messages.speech import Speech
from tests.messages.catalogue import calls

LANGUAGES = languages()


FORMS = {"forms.ticket_form", "forms.details_form", "forms.escalate_form", "rating.rating_form"}
"""Forms that a customer's people fill in as well."""
ANSWERS = {
    "answers.opened", "answers.customer_tickets", "answers.customer_ticket", "answers.help_for_customer",
    "answers.secret_removed", "home.customer_home",
}  # fmt: skip
INSIDE = {"customer", "level", "level_hint", "reason_kind"}
"""Labels of those forms that only our own people see."""


class Recording(Catalog):
    """Remembers which templates were filled, and which labels were given."""

    def __init__(self) -> None:
        self.said: set[str] = set()
        self.labelled: set[str] = set()
        super().__init__(strict=True)

    def fill(self, name: str, part: str, values: Mapping[str, object]) -> str:
        self.said.add(name)
        return super().fill(name, part, values)

    def label(self, key: str) -> str:
        self.labelled.add(key)
        return super().label(key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_customer_reads_is_said_in_it(language: str) -> None:
    catalog = Recording()
    catalog.said.clear()
    for call in calls():
        if call.name in FORMS | ANSWERS or isinstance(call.said(), CustomerMessage):
            call.function(catalog, **call.facts)
    missing = {name for name in catalog.said if not (BUILT_IN / language / f"{name}.j2").exists()}
    # What is refused comes as a sentence in the reader's language; a form's explanations are the handbook's.
    assert missing - {"refused", "forms"} == set()
    there = environment([BUILT_IN], ENGLISH).get_template(f"{language}/labels.j2").blocks
    assert catalog.labelled - INSIDE - {*there} == set()


def test_one_more_language_ships() -> None:
    assert LANGUAGES == ("de",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_the_same_facts_as_the_english_text(language: str) -> None:
    assert differences(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_parts_of_the_english_text_and_no_others(language: str) -> None:
    env = environment([BUILT_IN], ENGLISH)
    for file in (BUILT_IN / language).glob("*.j2"):
        theirs = set(env.get_template(f"{language}/{file.name}").blocks)
        ours = set(env.get_template(file.name).blocks) if (BUILT_IN / file.name).exists() else set()
        assert theirs <= ours
        assert file.stem == "labels" or theirs == ours, file.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said_in_it(language: str) -> None:
    for message in messages(translated(Catalog(strict=True)).into(language)):
        check_message(message)


@pytest.mark.req("UP-5")
def test_a_customer_reads_times_states_and_buttons_in_its_language() -> None:
    german = load().into("de")
    late = replace(WRITTEN, late_for=HOUR * 1.5, missed=2, next_at=NOW + 30 * HOUR)

    told = customer.update(german, ticket=HELD, progress=late, now=NOW)
    assert "1 Stunde 30 Minuten zu spät" in told.text
    assert "Nächste Nachricht Di. 16:00 EST" in told.text
    resolved = customer.resolution(
        german, ticket=RESOLVED, root_cause="x", workaround="", prevention="y", by="Ana Lima", now=NOW
    )
    labels = [each["text"]["text"] for each in resolved.blocks[-1]["elements"]]
    assert labels == ["Es geht", "Geht noch nicht"]


def test_a_text_without_a_translation_is_said_in_english() -> None:
    german = load().into("de")

    assert german.label("claim") == "Claim"
    assert load().into("xx").label("works") == load().into(None).label("works") == "It works"
    assert customer.refused(german, sentence="No.", zone="UTC", now=NOW).text == "No."


def test_an_operators_folder_adds_a_language_and_changes_one(tmp_path: Path) -> None:
    for language, text in (("fr", "Réponse de {{ author }}"), ("de", "Antwort: {{ author }}")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "reply.j2").write_text(f"{{% block body %}}{text}{{% endblock %}}", "utf-8")
    catalog = load(tmp_path)

    for language, text in (("fr", "Réponse de Ana"), ("de", "Antwort: Ana")):
        said = customer.reply(catalog.into(language), ticket=THEIRS, author="Ana", text="x", now=NOW)
        assert said.blocks[0]["text"]["text"] == text
        assert "T-1042" in said.text


def test_a_translation_that_fails_is_said_in_english_and_refused_where_it_is_checked(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "refused.j2").write_text("{% block text %}{{ nothing.at_all }}{% endblock %}", "utf-8")

    german = translated(Catalog(tmp_path)).into("de")
    assert customer.refused(german, sentence="No.", zone="UTC", now=NOW).text == "No."
    with pytest.raises(BrokenTemplate, match=r"refused\.j2"):
        customer.refused(translated(Catalog(tmp_path, strict=True)).into("de"), sentence="No.", zone="UTC", now=NOW)


def test_lists_and_lengths_follow_the_language() -> None:
    german, english = Speech("de"), Speech()

    assert german.listed(["Ana", "Bo", "Kai"]) == "Ana, Bo und Kai"
    assert english.listed(["Ana", "Bo"]) == "Ana and Bo"
    assert german.span(HOUR * 50) == "2 Tage 2 Stunden"
    assert german.moment(NOW + 24 * 400 * HOUR, zone="UTC", now=NOW) == "Di. 6. Apr. 2027 15:00 UTC"
