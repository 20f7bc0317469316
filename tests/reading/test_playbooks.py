"""Plays are split at their headings; `kamcoach.yaml` and names lead to a playbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamcoach.errors import BadInput, UnknownName
from kamcoach.reading.finding import find_playbook, playbook_folder, rule_files, scenario_files, shipped
from kamcoach.reading.playbooks import read_play
from kamcoach.source import Diagnostic
from tests.small_library import SmallLibrary

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


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_checkout_uses_its_own_rules_playbooks_and_examples() -> None:
    root = Path(__file__).resolve().parents[2]
    assert [shipped(name) for name in ("rules", "playbooks", "examples")] == [root / "rules", root / "playbooks", root / "examples"]


def test_without_anything_else_the_shipped_playbook_is_used(tmp_path: Path) -> None:
    assert find_playbook(None, None) == find_playbook(None, tmp_path) == shipped("playbooks") / "key-account"


def test_the_nearest_kamcoach_yaml_leads_to_the_playbook(library: SmallLibrary, tmp_path: Path) -> None:
    deals = tmp_path / "deals/2026/alder"
    deals.mkdir(parents=True)
    (tmp_path / "kamcoach.yaml").write_text("playbook: key-account\n")
    assert find_playbook(None, deals) == shipped("playbooks") / "key-account"
    (tmp_path / "deals/kamcoach.yaml").write_text("playbook: ../small\n")
    assert find_playbook(None, deals) == find_playbook(None, deals / "deal.yaml") == library.folder.resolve()
    assert find_playbook(None, tmp_path) == shipped("playbooks") / "key-account"


def test_a_name_on_the_command_line_comes_before_kamcoach_yaml(library: SmallLibrary, tmp_path: Path) -> None:
    (tmp_path / "kamcoach.yaml").write_text("playbook: small\n")
    assert find_playbook("key-account", tmp_path) == shipped("playbooks") / "key-account"


def test_a_folder_comes_before_the_shipped_playbook_of_that_name(library: SmallLibrary, tmp_path: Path) -> None:
    own = library.folder.rename(tmp_path / "key-account")
    assert playbook_folder("key-account", tmp_path) == own
    assert playbook_folder("key-account/playbook.yaml", tmp_path) == own


@pytest.mark.parametrize("named", ["nonsense", "..", "rules/stage", "../rules", "/nonsense", "key-account/plays", "", "x" * 300])
def test_what_is_no_playbook(tmp_path: Path, named: str) -> None:
    with pytest.raises(UnknownName, match="There is no playbook"):
        playbook_folder(named, tmp_path)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("playbook: nonsense\n", ["unknown-playbook"]),
        ("playbook:\n", ["missing-key"]),
        ("playbook: [a]\n", ["wrong-shape"]),
        ("playbook: key-account\nlanguage: zh\n", ["unknown-key"]),
        ("- key-account\n", ["wrong-shape"]),
        ("", ["empty-file"]),
    ],
)
def test_a_kamcoach_yaml_with_a_fault(tmp_path: Path, text: str, codes: list[str]) -> None:
    (tmp_path / "kamcoach.yaml").write_text(text)
    with pytest.raises(BadInput) as caught:
        find_playbook(None, tmp_path)
    assert [problem.code for problem in caught.value.diagnostics] == codes
    assert {Path(problem.at.path) for problem in caught.value.diagnostics} == {tmp_path / "kamcoach.yaml"}


def test_rules_and_scenarios_are_told_apart_by_their_names(library: SmallLibrary) -> None:
    for name in ("b.yaml", "a.yaml", "a.test.yaml", "deep/c.yaml", "deep/c.test.yaml", "vocabulary.yaml", "notes.md"):
        library.write(f"rules/{name}", "x")
    rules = library.folder / "rules"
    assert [path.relative_to(rules).as_posix() for path in rule_files(rules)] == ["a.yaml", "b.yaml", "deep/c.yaml"]
    assert [path.relative_to(rules).as_posix() for path in scenario_files(rules)] == ["a.test.yaml", "deep/c.test.yaml"]
