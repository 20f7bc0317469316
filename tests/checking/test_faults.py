"""A team's own playbook with one fault after the other: each check finds its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamcoach.coaching import check_files

WORDS = "{en: Words, zh: 话}"
RULE = """id: {id}
title: {title}
when:
{when}
then:
  - advise: {{play: own-play, severity: warn, lens: right_thing}}
why: {words}
source: house judgement
"""
PLAY = "# en\n## Headline\n{text}\n## Do\nNow.\n## Ask\n- [problem] Who decides?\n# zh\n## 标题\n去做\n## 做什么\n现在。\n"
PLAY += "## 问什么\n- [难点] “谁拍板？”\n"
SCENARIO = "scenarios:\n  - {name: x, given: {}, expect: {fires: never}}\n  - {name: y, given: {}, expect: {fires: certainly}}\n"


def _codes(folder: Path, *, when: str, text: str = "Do it", title: str = WORDS, scenario: str = SCENARIO) -> set[str]:
    (folder / "rules").mkdir()
    (folder / "plays").mkdir()
    (folder / "playbook.yaml").write_text(f"id: own\ntitle: {WORDS}\nextends: key-account\n", encoding="utf-8")
    (folder / "rules" / "own-rule.yaml").write_text(RULE.format(id="own-rule", title=title, when=when, words=WORDS), encoding="utf-8")
    (folder / "plays" / "own-play.md.j2").write_text(PLAY.format(text=text), encoding="utf-8")
    if scenario:
        (folder / "rules" / "own-rule.test.yaml").write_text(scenario, encoding="utf-8")
    return {problem.code for problem in check_files(folder, [])}


def test_a_sound_playbook_has_no_fault(tmp_path: Path) -> None:
    assert _codes(tmp_path, when="  - late\n  - none: {stakeholder: {roles: {has: finance}}}") == set()


FAULTS = [
    ("accuses-without-asking", {"when": "  - no_evidence_of: {stakeholder: {roles: {has: finance}}}"}),
    ("play-unknown-name", {"when": "  - late", "text": "Ask {{ person.name }}"}),
    ("template-syntax", {"when": "  - late", "text": "Ask {% if late"}),
    ("template-forbidden", {"when": "  - late", "text": "Ask {{ range(10) }}"}),
    ("word-missing", {"when": "  - late", "title": "{en: Words}"}),
    ("rule-without-scenario", {"when": "  - late", "scenario": ""}),
]


@pytest.mark.parametrize(("code", "fault"), FAULTS, ids=[code for code, _ in FAULTS])
def test_each_check_finds_its_fault(code: str, fault: dict[str, str], tmp_path: Path) -> None:
    assert code in _codes(tmp_path, **fault)
