"""Can an operator change every text, and is a broken template told in one sentence at the start?"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.messages import customer, staff
from bot.messages.check import check, every_message, every_view, load
from bot.messages.render import BUILT_IN, BrokenTemplate, Catalog
from bot.messages.sample_answers import answers_in
from bot.messages.sample_sentences import sentences_in
from bot.messages.sample_work import drafts_in
from bot.messages.samples import FULL, HELD, NOW, OVER, THEIRS, ZONE
from tests.messages.reading import labels, seen


def template(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.req("UP-5")
def test_an_operators_template_replaces_its_parts_and_keeps_the_others(tmp_path: Path) -> None:
    folder = template(tmp_path, "closing.j2", "{% block body %}Fertig: {{ ticket.summary }}{% endblock %}")

    message = customer.closing(load(folder), ticket=OVER, how="confirmed", by="Cy", now=NOW)

    assert seen(message) == "Fertig: Checkout is down"
    assert message.text.startswith("T-1042 is closed: Cy confirmed that it works.")


@pytest.mark.req("UP-5")
def test_an_operators_piece_is_used_by_our_templates(tmp_path: Path) -> None:
    folder = template(tmp_path, "closing_why.j2", "alles gut.")

    message = customer.closing(load(folder), ticket=OVER, how="silence", now=NOW)

    assert message.text == "T-1042 is closed: alles gut."


@pytest.mark.req("UP-5")
def test_labels_of_buttons_are_the_operators_too(tmp_path: Path) -> None:
    catalog = load(template(tmp_path, "labels.j2", "{% block claim %}Übernehmen{% endblock %}"))

    message = staff.card(catalog, ticket=FULL, zone=ZONE, now=NOW)

    assert labels(message) == ["Übernehmen", "Reply", "Escalate", "Resolve", "More"]


@pytest.mark.req("UP-5")
def test_values_in_an_operators_template_are_escaped_as_in_ours(tmp_path: Path) -> None:
    folder = template(tmp_path, "refused.j2", "{% block text %}No: {{ sentence }} <!here>{% endblock %}")

    message = customer.refused(load(folder), sentence="<!channel>", zone="UTC", now=NOW)

    assert message.text == "No: &lt;!channel&gt; <!here>"


@pytest.mark.req("UP-5")
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("receipt.j2", "{% block text %}{{ ticket.owner }}{% endblock %}", r"receipt\.j2, line 1: .*owner"),
        ("receipt.j2", "{% block text %}{{ tikcet }}{% endblock %}", r"receipt\.j2, line 1: 'tikcet' is undefined"),
        ("receipt.j2", "{% block text %}\n{% if %}", r"receipt\.j2, line 2: "),
        ("receipt.j2", "{% block txet %}x{% endblock %}", r"receipt\.j2: there is no part 'txet'; its parts are text"),
        ("recipt.j2", "x", r"recipt\.j2: there is no template of that name; the names are .*receipt"),
        ("receipt.j2", "{% block body %}\n{{ 1 / 0 }}{% endblock %}", r"receipt\.j2, line 2: division by zero"),
        ("receipt.j2", "{% block body %}{{ ticket.__class__ }}{% endblock %}", r"receipt\.j2, line 1: .*unsafe"),
        ("labels.j2", "{% block calim %}x{% endblock %}", r"labels\.j2: there is no part 'calim'"),
        ("clock.j2", "{{ clok }}", r"clock\.j2, line 1: 'clok' is undefined"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_used_is_one_sentence_at_the_start(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(BrokenTemplate, match=said):
        load(template(tmp_path, name, text))


def test_a_template_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "receipt.j2").write_bytes("{% block text %}é{% endblock %}".encode("latin-1"))

    with pytest.raises(BrokenTemplate, match=r"receipt\.j2"):
        load(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenTemplate, match="does not exist"):
        load(tmp_path / "nowhere")


def test_a_template_that_fails_only_later_gives_way_to_ours(tmp_path: Path) -> None:
    rare = "{% block text %}{% if sentence == 'rare' %}{{ nothing }}{% endif %}fine{% endblock %}"
    catalog = load(template(tmp_path, "refused.j2", rare))

    assert customer.refused(catalog, sentence="often", zone="UTC", now=NOW).text == "fine"
    assert customer.refused(catalog, sentence="rare", zone="UTC", now=NOW).text == "rare"


@pytest.mark.req("UP-5")
def test_every_template_of_ours_is_checked_with_samples(tmp_path: Path) -> None:
    catalog = Recording(strict=True)
    for _ in (*every_message(catalog), *every_view(catalog), *answers_in(catalog), *drafts_in(catalog)):
        pass
    for _ in sentences_in(catalog):
        pass
    included = {path.stem for path in BUILT_IN.glob("*.j2") if "{% block" not in path.read_text(encoding="utf-8")}

    assert catalog.said | included | {"labels"} == {path.stem for path in BUILT_IN.glob("*.j2")}


def test_our_own_templates_pass_their_check() -> None:
    check(Catalog(strict=True))
    receipt = customer.receipt(load(), ticket=THEIRS, now=NOW)
    assert receipt.text == customer.receipt(Catalog(), ticket=THEIRS, now=NOW).text
    assert HELD.handled_by == "Ana Lima"


class Recording(Catalog):
    """Remembers which templates were filled."""

    def __init__(self, *, strict: bool) -> None:
        self.said: set[str] = set()
        super().__init__(strict=strict)

    def fill(self, name: str, part: str, values: Mapping[str, object]) -> str:
        self.said.add(name)
        return super().fill(name, part, values)
