"""What a playbook sets (parameters, ranking, what is shown, sections), its plays, and the ways that lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamcoach.reading.finding import find_playbook, playbook_folder, shipped
from kamcoach.reading.library import read_library
from kamcoach.reading.playbooks import read_play
from kamcoach.source import Diagnostic
from tests.small_library import PLAY, SmallLibrary, Team

SECTIONS = {"headline": {"en": "Headline", "zh": "标题"}, "do": {"en": "Do", "zh": "做什么"}, "do_not": {"en": "Do not", "zh": "不要做"}}
WHOLE = "# en\n## Headline\nMeet\n## Do\n\nOne.\n\nTwo.\n\n# zh\n## 标题\n见\n## 做什么\n去。\n"

# ── plays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(tmp_path: Path, text: str) -> tuple[dict[str, dict[str, tuple[str, int]]], list[str]]:
    """Each section with the line at which it begins, and the problems."""
    path = tmp_path / "meet.md.j2"
    path.write_text(text, encoding="utf-8")
    problems: list[Diagnostic] = []
    play = read_play(path, SECTIONS, problems)
    assert play is not None and play.id == "meet"
    found = {language: {name: (one.source, one.at.line) for name, one in sections.items()} for language, sections in play.sections.items()}
    return found, [f"{problem.at.line} {problem.code}" for problem in problems]


def test_a_play_has_its_sections_by_language(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == (
        {"en": {"headline": ("Meet", 3), "do": ("One.\n\nTwo.", 6)}, "zh": {"headline": ("见", 12), "do": ("去。", 14)}},
        [],
    )


FORMS = [
    # as other editors write it
    (WHOLE.replace("\n", "\r\n"), []),
    ("\ufeff" + WHOLE, []),
    (WHOLE.rstrip("\n"), []),
    (WHOLE.replace("## Headline", "##   Headline  "), []),
    # a heading may be the id or the word of either language
    (WHOLE.replace("## 标题", "## headline").replace("## Do", "## 做什么"), []),
    # smaller headings and hashes are text
    (WHOLE.replace("One.", "### One\n#1 of all\n#"), []),
    # faults
    (WHOLE.replace("# zh", "# cn"), ["1 missing-section", "10 unknown-language"]),
    (WHOLE.replace("## Do\n", "## Deed\n"), ["4 unknown-section"]),
    (WHOLE.replace("## Headline\nMeet\n", ""), ["1 missing-section"]),
    (WHOLE.replace("## Do\n", "## Headline\n"), ["4 repeated-section"]),
    ("", ["1 missing-section", "1 missing-section"]),
    ("just a text\n", ["1 missing-section", "1 missing-section"]),
]


@pytest.mark.parametrize(("text", "problems"), FORMS)
def test_the_form_of_a_play(tmp_path: Path, text: str, problems: list[str]) -> None:
    assert sorted(read(tmp_path, text)[1]) == problems


def test_a_play_that_cannot_be_read(tmp_path: Path) -> None:
    problems: list[Diagnostic] = []
    (tmp_path / "x.md.j2").write_bytes("标题".encode("gbk"))
    assert read_play(tmp_path / "x.md.j2", SECTIONS, problems) is None
    assert read_play(tmp_path / "y.md.j2", SECTIONS, problems) is None
    assert [problem.code for problem in problems] == ["not-utf8", "unreadable-file"]


# ── parameters, ranking, shows, sections ──────────────────────────────────────────────────────────────────────────────

PARAMS = [
    ("params: {few: 7}", 7, []),
    ("params: {}", 2, []),
    ("params: {few: 10}", 2, ["playbook.yaml:4 out-of-range"]),
    ("params: {few: many}", 2, ["playbook.yaml:4 wrong-type"]),
    ("params: {fwe: 3}", 2, ["playbook.yaml:4 unknown-parameter"]),
    ("params: {few: [3]}", 2, ["playbook.yaml:4 unknown-parameter"]),
    ("params: {more: {value: 3, type: int, meaning: {en: x, zh: x}}}", 2, []),
    ("params: {more: {value: 3, meaning: {en: x, zh: x}}}", 2, ["playbook.yaml:4 missing-key", "playbook.yaml:4 unknown-type"]),
]


@pytest.mark.parametrize(("says", "few", "problems"), PARAMS)
def test_parameters_are_set_within_their_bounds(on_top: Team, says: str, few: int, problems: list[str]) -> None:
    on_top.says(says)
    assert on_top.own_problems() == problems
    found = read_library(on_top.folder, [])
    assert found is not None and found.params["few"].value == few
    assert (found.params["few"].low, found.params["few"].meaning["en"]) == (1, "few people")


def test_a_rule_of_the_base_follows_the_parameter_of_the_team(library: SmallLibrary, on_top: Team) -> None:
    library.advice("many", "[{count: {person: {}}, is: {above: $params.few}}]")
    on_top.says("params: {few: 1}")
    deal = "people: [{id: li}, {id: wang}]"
    assert [advice.rule.id for advice in on_top.coach(deal).ranked.advice] == ["many"]
    assert [advice.rule.id for advice in library.coach(deal).ranked.advice] == []


RANKING = [
    ("ranking: {actions: 5}", {"actions": 5, "questions": 2}, []),
    ("ranking: {severity: {info: 60}}", {"severity": {"critical": 100, "warn": 50, "advise": 20, "info": 60}}, []),
    ("ranking: {lens_order: [deed]}", {"lens_order": ("deed",), "first_lens": 15}, []),
    ("ranking: {severity: {doom: 60}}", {}, ["playbook.yaml:4 unknown-key"]),
    ("ranking: {actions: -1}", {}, ["playbook.yaml:4 out-of-range"]),
    ("ranking: {questions: 1.5}", {}, ["playbook.yaml:4 out-of-range"]),
    ("ranking: {actoins: 3}", {}, ["playbook.yaml:4 unknown-key"]),
    ("ranking: {staged: much}", {}, ["playbook.yaml:4 wrong-type"]),
    ("ranking: {deadlines: [talk.date], weights: []}", {"deadlines": ("talk.date",), "weights": ()}, []),
    ("ranking: {weights: [order.terms.days]}", {"deadlines": (), "weights": ("order.terms.days",)}, []),
    ("ranking: {deadlines: [order.du]}", {}, ["playbook.yaml:4 unknown-field"]),
    ("ranking: {deadlines: [odrer.due]}", {}, ["playbook.yaml:4 unknown-field"]),
    ("ranking: {deadlines: [person.power]}", {}, ["playbook.yaml:4 wrong-type"]),
    ("ranking: {weights: [person.seen]}", {}, ["playbook.yaml:4 wrong-type"]),
    ("ranking: {weights: order.share}", {}, ["playbook.yaml:4 wrong-shape"]),
]


@pytest.mark.parametrize(("says", "wanted", "problems"), RANKING)
def test_what_a_team_does_not_say_of_the_ranking_stays(on_top: Team, says: str, wanted: dict[str, object], problems: list[str]) -> None:
    on_top.says(says)
    assert on_top.own_problems() == problems
    if not problems:
        ranking = on_top.load().ranking._asdict()
        assert {key: ranking[key] for key in wanted} == wanted


SHOWS = [
    ("shows: {strategy: other}", {"strategy": "other", "value": "stage"}, []),
    ("shows: {title: account name_zh}", {"title": ("account", "name_zh")}, []),
    ("shows: {risk: risk.person.kind}", {"risk": ("risk", "person", "kind")}, []),
    ("shows: {value: nonsense}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {value: open}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {value: stage value}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {missing: missing}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {missing: missing rolle}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {risk: risk person}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {colour: red}", {}, ["playbook.yaml:4 unknown-key"]),
]


@pytest.mark.parametrize(("says", "wanted", "problems"), SHOWS)
def test_a_report_shows_only_what_there_is(on_top: Team, says: str, wanted: dict[str, object], problems: list[str]) -> None:
    on_top.says(says)
    assert on_top.own_problems() == problems
    if not problems:
        shows = on_top.load().shows._asdict()
        assert {key: shows[key] for key in wanted} == wanted


def test_a_team_may_add_a_section_of_plays(on_top: Team) -> None:
    on_top.says("sections: {story: {en: Story, zh: 故事}}")
    on_top.write("plays/new.md.j2", PLAY.replace("{en}", "x").replace("{zh}", "x\n## 故事\n从前"))
    assert on_top.own_problems() == []
    assert on_top.load().plays["new"].sections["zh"]["story"].source == "从前"


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_checkout_uses_its_own_rules_playbooks_and_examples() -> None:
    root = Path(__file__).resolve().parents[2]
    assert [shipped(name) for name in ("rules", "playbooks", "examples")] == [root / "rules", root / "playbooks", root / "examples"]


def test_the_nearest_kamcoach_yaml_leads_to_the_playbook(library: SmallLibrary, tmp_path: Path) -> None:
    deals = tmp_path / "deals/2026/alder"
    deals.mkdir(parents=True)
    (tmp_path / "kamcoach.yaml").write_text("playbook: key-account\n")
    assert find_playbook(None, deals) == shipped("playbooks") / "key-account"
    (tmp_path / "deals/kamcoach.yaml").write_text("playbook: ../small\n")
    assert find_playbook(None, deals) == find_playbook(None, deals / "deal.yaml") == library.folder.resolve()
    assert find_playbook(None, tmp_path) == shipped("playbooks") / "key-account"


def test_a_folder_comes_before_the_shipped_playbook_of_that_name(library: SmallLibrary, tmp_path: Path) -> None:
    own = library.folder.rename(tmp_path / "key-account")
    assert playbook_folder("key-account", tmp_path) == own
    assert playbook_folder("key-account/playbook.yaml", tmp_path) == own
