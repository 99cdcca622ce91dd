"""Does a file become the handbook that it means, the same one each time, with nothing left to a library's mood?"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.local import DIRECTORY
from bot.domain.handbook import Handbook
from bot.domain.ticket import Severity
from bot.handbook import HandbookError, from_text, load, names
from bot.handbook import tree as reading
from bot.handbook.listing import effective
from bot.handbook.loader import canonical, fingerprint
from bot.handbook.tree import merged, plain_value, read_tree


def written(folder: Path, text: str, name: str = "acme.yml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.req("HB-1")
@pytest.mark.parametrize("name", names())
def test_a_built_in_handbook_is_read_back_from_its_canonical_text(name: str) -> None:
    loaded = load(name)
    assert loaded.handbook.name == name
    assert from_text(loaded.text) == loaded.handbook
    assert canonical(from_text(loaded.text)) == loaded.text
    assert fingerprint(loaded.text) == loaded.hash == load(name).hash
    assert loaded.source == f"{name}.yml"


@pytest.mark.parametrize("name", names())
def test_what_show_prints_loads_as_the_same_handbook(name: str, tmp_path: Path) -> None:
    shown = effective(load(name))
    assert load(written(tmp_path, shown)).hash == load(name).hash


def test_the_default_handbook_is_the_first_built_in() -> None:
    assert names() == ("enterprise", "channel", "service", "sla")


def test_a_file_overrides_by_key_and_keeps_the_rest(tmp_path: Path) -> None:
    text = """
extends: enterprise
tiers:
  standard:
    targets: {sev1: {first_response: 3 hours}}
"""
    standard = load(written(tmp_path, text)).handbook.tiers["standard"]
    assert standard.targets[Severity.SEV1].first_response == "3 hours"
    assert standard.targets[Severity.SEV2].first_response == "8 hours"
    assert standard.hours == "Mon-Fri 09:00-17:00"


def test_lists_replace_and_null_takes_away(tmp_path: Path) -> None:
    text = "extends: enterprise\nscope: {included: [Incidents]}\nresponsibilities: null\ntiers: {premium: null}\n"
    handbook = load(written(tmp_path, text)).handbook
    assert handbook.scope.included == ("Incidents",)
    assert handbook.responsibilities is None
    assert list(handbook.tiers) == ["standard", "enterprise"]


def test_a_chain_of_files_is_followed_from_each_files_own_folder(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    written(tmp_path, "extends: sla\nticket_prefix: HOUSE\nwarn_at: 70 %\n", "house/rules.yml")
    loaded = load(written(tmp_path, "extends: house/rules.yml\nwarn_at: 60 %\n", "gold customers.yml"))
    assert loaded.handbook.ticket_prefix == "HOUSE"
    assert loaded.handbook.warn_at == "60 %"
    assert loaded.handbook.name == "gold_customers"


def test_a_file_needs_no_other_file(tmp_path: Path) -> None:
    text = """
title: Small shop
severities: {sev1: {label: Broken, description: It does not work}}
default_severity: sev1
tiers: {all: {label: Everybody}}
business_calendar: {hours: "Tue-Sat 10:00-18:00", zone: Europe/Lisbon}
updates: {sev1: 30 minutes}
escalation: {levels: {1: {name: The owner, acknowledge_within: 5 minutes}}}
"""
    handbook = load(written(tmp_path, text)).handbook
    assert str(handbook.calendar("all", "Asia/Tokyo").hours) == "Tue-Sat 10:00-18:00"
    assert handbook.calendar("all", "Asia/Tokyo").zone == "Europe/Lisbon"
    assert handbook.update_every("sev1") == timedelta(minutes=30)


def test_a_comment_or_a_line_break_changes_nothing_and_a_figure_changes_the_hash(tmp_path: Path) -> None:
    plain = load(written(tmp_path, "extends: enterprise\nwarn_at: 70 %\n")).hash
    styled = load(written(tmp_path, '# ours\nextends: "enterprise"\n\nwarn_at: "70 %"   # earlier\n')).hash
    other = load(written(tmp_path, "extends: enterprise\nwarn_at: 75 %\n")).hash
    assert plain == styled
    assert plain != other


@pytest.mark.req("SL-5")
def test_public_holidays_are_written_out_as_dates_before_the_hash(tmp_path: Path) -> None:
    text = "extends: enterprise\nholiday_years: 2026-2027\ntiers: {standard: {holidays: [US, DE-BY]}}\n"
    loaded = load(written(tmp_path, text))
    holidays = loaded.handbook.tiers["standard"].public_holidays
    assert holidays[date(2026, 11, 26)].startswith("Thanksgiving")
    assert date(2026, 1, 6) in holidays
    assert {day.year for day in holidays} == {2026, 2027}
    assert '"2026-11-26"' in loaded.text
    assert from_text(loaded.text).calendar("standard").closed == frozenset(holidays)


@pytest.mark.req("SL-5")
def test_one_country_needs_no_list(tmp_path: Path) -> None:
    text = "extends: enterprise\ntiers: {standard: {holidays: US, open: '2026-11-26 09:00-13:00'}}\n"
    standard = load(written(tmp_path, text)).handbook.tiers["standard"]
    assert standard.holidays == ("US",)
    assert standard.open == ("2026-11-26 09:00-13:00",)


@pytest.mark.req("SL-5")
def test_a_short_day_opens_on_a_holiday(tmp_path: Path) -> None:
    days = "{holidays: [US], closed: [2026-12-24], open: [2026-11-26 09:00-13:00]}"
    text = f"extends: enterprise\ntiers: {{standard: {days}}}\n"
    calendar = load(written(tmp_path, text)).handbook.calendar("standard")
    assert date(2026, 11, 26) in calendar.open_on
    assert date(2026, 12, 24) in calendar.closed


def test_a_missing_file_is_said_with_the_built_in_names() -> None:
    with pytest.raises(HandbookError, match="gold: no such file or directory; give the path of a file, or a built-in"):
        load("gold")


def test_a_folder_is_no_handbook(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="is a directory"):
        load(str(tmp_path))


def test_a_file_that_is_not_text_is_refused_at_its_first_wrong_byte(tmp_path: Path) -> None:
    path = tmp_path / "acme.yml"
    path.write_bytes(b"extends: enterprise\ntitle: Caf\xe9\n")
    with pytest.raises(HandbookError, match=r"acme\.yml:2:11: is not UTF-8; save the file as UTF-8"):
        load(str(path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="a handbook has at most 1000000"):
        load(written(tmp_path, "#" * 1_000_001))


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="nested deeper than 20 levels"):
        load(written(tmp_path, "[" * 100_000))


def test_a_pinned_text_that_was_tampered_with_is_refused() -> None:
    with pytest.raises(HandbookError, match="pinned handbook"):
        from_text('{"name": "enterprise"}')


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_either_read_or_refused_with_a_place(text: str) -> None:
    faults: tuple[str, ...] = ()
    try:
        read_tree(text, "acme.yml")
    except HandbookError as error:
        faults = error.faults
    assert all(fault.startswith("acme.yml:") for fault in faults)


@given(st.integers())
def test_a_whole_number_is_read_as_itself(number: int) -> None:
    assert plain_value(str(number)) == number


keys = st.sampled_from(["alpha", "beta", "gamma"])
values = st.recursive(
    st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(keys, values, max_size=3)


@given(mappings, mappings, mappings)
def test_laying_three_files_over_each_other_does_not_depend_on_where_one_starts(
    first: dict[str, object], second: dict[str, object], third: dict[str, object]
) -> None:
    one, two, three = (read_tree(str(each), "acme.yml") for each in (first, second, third))
    left = merged(merged(one, two), three).plain()
    right = merged(one, merged(two, three)).plain()
    if _same_shapes(first, second, third):
        assert left == right
    assert merged(one, one).plain() == one.plain()


def _same_shapes(*trees: dict[str, object]) -> bool:
    """Say whether no key is a mapping in one file and something else in another."""
    for key in {key for tree in trees for key in tree}:
        found = [tree[key] for tree in trees if key in tree]
        mapping = [each for each in found if isinstance(each, dict)]
        if mapping and (len(mapping) < len(found) or not _same_shapes(*mapping)):
            return False
    return True


def test_the_handbook_of_a_file_is_the_model_of_its_text(tmp_path: Path) -> None:
    assert isinstance(load(written(tmp_path, "extends: service\n")).handbook, Handbook)


SHIPPED = {path.name: path for path in (*(Path(reading.__file__).parent / "builtin").glob("*.yml"), DIRECTORY)}


@pytest.mark.parametrize("path", SHIPPED.values(), ids=SHIPPED)
def test_yamls_quick_reader_and_its_careful_one_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.QUICK is not reading.CAREFUL, "the quick one is not there"
    text = path.read_text(encoding="utf-8")
    quick = read_tree(text, path.name)
    monkeypatch.setattr(reading, "QUICK", reading.CAREFUL)
    assert quick == read_tree(text, path.name)
