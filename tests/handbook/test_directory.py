"""A directory that is wrong is refused with every fault's line, column and remedy."""

from pathlib import Path

import pytest

from bot.handbook.directory import load_directory, parse_directory
from bot.handbook.errors import HandbookError

ANA = "people: {ana: {slack: U0ANA, role: engineer}}\n"
TURNS = 'order: [ana], every: 1 week, handoff: "Mon 09:00", timezone: UTC, start: 2026-01-05'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "d.yml:1:1: is empty; begin with `people:`"),
        ("- ana", "d.yml:1:1: must be `key: value` lines; begin with `people:`"),
        ("people: {ana: {slack: bad, role: engineer}}", "1:23: people.ana.slack: must look like a Slack user id"),
        ("people: {ana: {slack: U0ANA, rol: x}}", "1:30: people.ana.rol: is not a key here; did you mean `role`?"),
        ("people: {ana: {slack: U0ANA}}", "people.ana.role: is missing; it says: What they may do."),
        ("people: {ana: {slack: U0ANA, role: boss}}", "1:36: people.ana.role: must be one of engineer, manager"),
        ("people: {Ana L: {slack: U0ANA, role: engineer}}", "a short name: lower case letters"),
        (ANA + "teams: {first: [ana, zoe]}", "2:22: teams.first[1]: names `zoe`, who is not in `people`; known: ana"),
        (ANA + "levels: {1: [rotation:x]}", "2:14: levels.1[0]: points at `x`, which is not in `rotations`"),
        (ANA + "levels: {1: [group:x]}", "2:14: levels.1[0]: 'group:x' points at nothing known"),
        (ANA + "levels: {0: [ana]}", "levels.0: must be at least 1"),
        (ANA + "duties: {boss: zoe}", "2:16: duties.boss: points at `zoe`"),
        (ANA + "rotations: {r: {" + TURNS.replace("[ana]", "[zoe]") + "}}", "rotations.r.order[0]: names `zoe`"),
        (ANA + "rotations: {r: {" + TURNS.replace("1 week", "1 moon") + "}}", "rotations.r.every: '1 moon'"),
        (ANA + "rotations: {r: {" + TURNS.replace("1 week", "1 minute") + "}}", "lasts between an hour and a year"),
        (ANA + "rotations: {r: {" + TURNS.replace("Mon 0", "Moonday 2") + "}}", "rotations.r.handoff: 'Moonday 29:00'"),
        (ANA + "rotations: {r: {" + TURNS.replace("UTC", "Mars/X") + "}}", "is no IANA time zone"),
        ("channels: {triage: general}", "channels.triage: must look like a Slack channel id"),
        ("channels: {lobby: C0LOBBY}", "must be one of triage, operations"),
        ("customers: {acme: {name: Acme, tier: gold}}", "customers.acme.tier: `gold` is no tier of its handbook"),
        (
            "customers: {acme: {name: Acme, tier: premium, language: fr}}",
            "1:57: customers.acme.language: there are no texts in `fr`; known: de, en",
        ),
        ("customers: {acme: {name: Acme, tier: premium, every_message: 1}}", "must be `true` or `false`"),
        (
            "customers: {acme: {name: A, tier: premium, account_manager: zoe}}",
            "customers.acme.account_manager: names `zoe`",
        ),
        (
            "customers: {acme: {name: A, tier: premium, contacts: {technical: [zoe]}}}",
            "customers.acme.contacts.technical[0]: `zoe` is neither an Apprise URL nor one of its people",
        ),
        (
            "channels: {triage: C0ONE}\ncustomers: {acme: {name: A, tier: premium, channel: C0ONE}}",
            "2:53: customers.acme.channel: is our triage channel already",
        ),
        (
            ANA + "customers: {acme: {name: A, tier: premium, people: {ana: {slack: U0X, team: T0A}}}}",
            "customers.acme.people.ana: is a name that people.ana bears already",
        ),
        ("people: {a: {slack: U0A, role: engineer}, b: {slack: U0A, role: engineer}}", "people.b.slack: is a's id"),
        ('people: {a: {slack: U0A, role: engineer, contacts: ["a@b.test"]}}', "people.a.contacts[0]: must look like"),
    ],
)
def test_each_fault_says_where_and_what(text: str, fault: str) -> None:
    with pytest.raises(HandbookError) as refused:
        parse_directory(text, "d.yml", tiers={None: frozenset({"premium"})}, languages=("en", "de"))
    assert any(fault in each for each in refused.value.faults), refused.value.faults
    assert all(each.startswith("d.yml:") for each in refused.value.faults)


def test_a_customers_own_handbook_is_read_and_has_its_tiers(tmp_path: Path) -> None:
    own, gone = tmp_path / "own.yml", tmp_path / "gone.yml"
    own.write_text("extends: channel\n")
    text = "customers:\n" + "".join(
        f"  {key}: {{name: A, tier: {tier}, handbook: {file}}}\n"
        for key, tier, file in [("a", "partner", own), ("b", "premium", own), ("c", "premium", gone)]
    )

    with pytest.raises(HandbookError) as refused:
        parse_directory(text, "d.yml", tiers={None: frozenset({"premium"})})

    wrong, unread = refused.value.faults
    assert unread.startswith(f"d.yml:4:41: customers.c.handbook: cannot be used: {gone}: no such file or directory")
    assert wrong == "d.yml:3:22: customers.b.tier: `premium` is no tier of its handbook; known: partner, provider"


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(HandbookError) as refused:
        parse_directory(ANA + "teams: {a: [zoe], b: [yan]}\nduties: {c: zac}", "d.yml")
    assert len(refused.value.faults) == 3


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="no such file or directory; give the path of a directory file"):
        load_directory(str(tmp_path / "none.yml"))
