"""Finding playbooks and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamcoach.errors import BadInput, UnknownName
from kamcoach.reading.finding import find_playbook, is_there, playbook_folder, rule_files, scenario_files, shipped


def _playbook(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "playbook.yaml").write_text("id: own\ntitle: Own\n", encoding="utf-8")
    return folder


def test_the_playbook_is_named_or_configured_or_the_shipped_one(tmp_path: Path) -> None:
    own = _playbook(tmp_path / "own")
    deals = tmp_path / "deals" / "north"
    deals.mkdir(parents=True)
    assert find_playbook(None, deals) == shipped("playbooks") / "key-account"
    (tmp_path / "kamcoach.yaml").write_text("playbook: own\n", encoding="utf-8")
    assert find_playbook(None, deals / "deal.yaml") == own
    assert find_playbook("key-account", deals) == shipped("playbooks") / "key-account"
    assert find_playbook(str(own / "playbook.yaml"), None) == own


def test_a_name_that_nothing_answers_to() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'key-account'"):
        playbook_folder("key-acount", Path.cwd())
    for name in ("x" * 5000, "a\0b", "../../../nowhere"):
        with pytest.raises(UnknownName, match="There is no playbook"):
            playbook_folder(name, Path.cwd())
    assert not is_there(Path("x" * 5000))


CONFIGS = [
    ("playbok: own\n", {"missing-key", "unknown-key"}),
    ("playbook:\n", {"missing-key"}),
    ("playbook: [own]\n", {"wrong-shape"}),
    ("playbook: nowhere\n", {"unknown-playbook"}),
    ("own\n", {"wrong-shape"}),
    ("", {"empty-file"}),
    ("playbook: a: b\n", {"yaml-syntax"}),
]


@pytest.mark.parametrize(("text", "codes"), CONFIGS)
def test_faults_of_the_configuration(tmp_path: Path, text: str, codes: set[str]) -> None:
    (tmp_path / "kamcoach.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        find_playbook(None, tmp_path)
    assert {one.code for one in caught.value.diagnostics} == codes


def test_rules_and_scenarios_are_told_apart(tmp_path: Path) -> None:
    for name in ("b/two.yaml", "a/one.yaml", "a/one.test.yaml", "vocabulary.yaml", "a/notes.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [path.name for path in rule_files(tmp_path)] == ["one.yaml", "two.yaml"]
    assert [path.name for path in scenario_files(tmp_path)] == ["one.test.yaml"]
