"""Does the published document say what the file says, to those who may read it, and promise nothing else?"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.handbook import HandbookError, Loaded, load, names
from bot.handbook.publish import Audience, Form, publish


def changed(folder: Path, text: str) -> Loaded:
    path = folder / "acme.yml"
    path.write_text("extends: enterprise\n" + text, encoding="utf-8")
    return load(str(path))


@pytest.mark.req("HB-1")
@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", names())
def test_every_built_in_is_published_in_both_forms_for_both_readers(name: str, audience: Audience, form: Form) -> None:
    text = publish(load(name), audience=audience, form=form)
    for heading in ("Support scope", "Support tiers", "Severity levels", "Escalation", "Communication", "Open items"):
        assert heading in text
    assert "None" not in re.sub(r"None\.", "", text)


@pytest.mark.req("HB-1")
@pytest.mark.parametrize("name", names())
def test_the_html_is_well_formed(name: str) -> None:
    checker = Balance()
    checker.feed(publish(load(name), form=Form.HTML))
    assert checker.open_tags == []
    assert checker.faults == []


@pytest.mark.browser
def test_a_word_that_never_ends_fits_on_a_telephone(tmp_path: Path, browser: Browser) -> None:
    loaded = changed(tmp_path, f"title: {'Supportverfügbarkeitsvereinbarung' * 2}\n")
    page = browser.new_page(viewport={"width": 320, "height": 600})
    page.set_content(publish(loaded, form=Form.HTML))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


@pytest.mark.req("HB-2")
def test_the_tier_table_has_hours_channels_coverage_features_and_price() -> None:
    text = publish(load("enterprise"))
    assert "| Tier | Hours | Channels | Coverage | Features | Price |" in text
    standard = next(line for line in text.splitlines() if line.startswith("| Standard | Mon-Fri"))
    assert "E-mail, Ticket system" in standard
    assert "Included in the basic service plan" in standard
    assert "| Enterprise | Around the clock |" in text
    assert "| Channel | Purpose | Availability | Tiers | Notes |" in text


@pytest.mark.req("SL-8")
def test_targets_are_shown_only_where_they_are_contractual() -> None:
    assert "| Standard | Critical | 4 hours |" in publish(load("enterprise"))
    for name in ("channel", "service"):
        assert "## Response targets" not in publish(load(name))
        assert "## Response targets" in publish(load(name), audience=Audience.TEAM)
    assert "## Response targets" not in publish(load("enterprise"), contract=False)
    assert "| Partner (Tier 1) | Sev 1 | 1 business hour |" in publish(load("channel"), contract=True)


@pytest.mark.req("SL-7")
def test_targets_come_with_the_rules_of_their_clocks() -> None:
    text = publish(load("sla"))
    for rule in ("no automatic message counts", "stands still while we wait for you", "Mon-Fri 09:00-17:00"):
        assert rule in text


@pytest.mark.req("SV-2")
def test_a_handbook_that_regrades_and_reopens_otherwise_says_so(tmp_path: Path) -> None:
    text = publish(changed(tmp_path, "regrade: from_change\nreopen: fresh\n"))
    assert "the new target counts from that moment" in text
    assert "When a ticket is reopened it starts afresh" in text


@pytest.mark.req("SL-8")
def test_level_windows_are_a_commitment_too() -> None:
    assert "8-24 hours" in publish(load("enterprise"))
    assert "8-24 hours" not in publish(load("enterprise"), contract=False)


def test_a_document_for_one_tier_shows_that_tier_only() -> None:
    text = publish(load("enterprise"), tier="standard")
    assert "| Standard |" in text
    assert "Premium" not in text.split("## Open items")[0]
    assert "Phone" not in text.split("## Open items")[0]


def test_an_unknown_tier_is_said_with_the_known_ones() -> None:
    with pytest.raises(HandbookError, match="no tier `gold`; it has: standard, premium, enterprise"):
        publish(load("enterprise"), tier="gold")


@pytest.mark.req("HB-4")
def test_open_items_are_printed_and_a_figure_given_is_no_longer_one(tmp_path: Path) -> None:
    assert "Resolution targets of Standard" in publish(load("enterprise"))
    targets = ", ".join(f"sev{number}: {{resolution: 80 hours}}" for number in (1, 2, 3, 4))
    text = publish(changed(tmp_path, f"tiers: {{standard: {{targets: {{{targets}}}}}}}\n"))
    assert "Resolution targets of Standard" not in text
    assert "| Standard | Critical | 4 hours | 80 hours |" in text


@pytest.mark.req("HB-4")
def test_responsibilities_of_the_customer_are_printed_or_open() -> None:
    assert "- Sending change requests" in publish(load("enterprise"))
    assert "What the customer takes care of" in publish(load("sla"))


@pytest.mark.req("HB-1")
def test_a_changed_line_of_the_file_changes_that_line_of_the_document_and_the_version_only(tmp_path: Path) -> None:
    before = publish(changed(tmp_path, "updates: {sev2: 4 hours}\n")).splitlines()
    after = publish(changed(tmp_path, "updates: {sev2: 8 hours}\n")).splitlines()
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 2
    assert "Version" in differing[0][0]
    assert differing[1] == ("| High | every 4 hours |", "| High | every 8 hours |")


@pytest.mark.parametrize("name", names())
def test_nothing_is_promised_that_the_bot_does_not_do_yet(name: str) -> None:
    text = publish(load(name), audience=Audience.TEAM).lower()
    for later in (
        "maintenance",
        "portal",
        "status page",
        "uptime",
        "99.9 %",
        "99.5 %",
        "monitoring",
        "knowledge base",
        "training",
    ):
        assert later not in text


def test_words_with_signs_of_markdown_or_html_stay_words(tmp_path: Path) -> None:
    loaded = changed(tmp_path, "scope: {included: ['a|b *c* <script>alert(1)</script> `d|e`']}\n")
    assert r"- a\|b \*c\* \<script\>alert(1)\</script\> `d|e`" in publish(loaded)
    page = publish(loaded, form=Form.HTML)
    assert "<script>" not in page
    assert "<code>d|e</code>" in page


@pytest.mark.req("UP-5")
def test_an_operator_replaces_one_section_by_a_file_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "section_scope.j2").write_text("Our scope is {{ handbook.title }}.\n", encoding="utf-8")
    text = publish(load("enterprise"), templates=tmp_path)
    assert "Our scope is Enterprise Support." in text
    assert "## Support tiers" in text


def test_a_broken_template_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "section_scope.j2").write_text("{{ handbook.colour }}\n", encoding="utf-8")
    with pytest.raises(HandbookError, match="the document's template failed"):
        publish(load("enterprise"), templates=tmp_path)


def test_sections_are_published_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = publish(changed(tmp_path, "published: [communication, scope]\n"))
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Communication", "Support scope"]


class Balance(HTMLParser):
    """Checks that tags open and close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [f"{tag} {name}" for name, value in attrs if value is None]
        if tag != "meta":
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.faults.append(tag)
