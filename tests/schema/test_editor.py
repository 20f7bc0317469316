"""The language server that editors run, with files as the scaffold writes them: what it offers, what it flags, what it explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kamcoach.reading.finding import rule_files, scenario_files, shipped
from kamcoach.schema.files import file_name, modeline
from tests.cli.calling import called
from tests.schema.language_server import Server, installed

pytestmark = pytest.mark.slow
DEAL = """\
schema_version: 1
account: {id: acme, name: Acme, type: new}
opportunity: {id: pumps, title: Pumps, type: new_business}
stakeholders:
  - id: li
"""
RULE = "id: case\ntitle: {en: x, zh: x}\nwhy: {en: x, zh: x}\nsource: x\nwhen:\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = installed(tmp_path_factory.mktemp("npm"))
    if isinstance(command, str):
        pytest.skip(command)
    running = Server(command)
    yield running
    running.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's folder with the schemas of the shipped playbook."""
    found = tmp_path_factory.mktemp("team")
    (found / "kamcoach.yaml").write_text("playbook: key-account\n")
    assert called("schema", "all", "-o", found / ".kamcoach").code == 0
    return found


def opened(server: Server, folder: Path, kind: str, text: str) -> tuple[Path, int, int]:
    """A new file of a kind, opened; the place (line and column) at which `|` stood."""
    path = folder / f"case-{len(list(folder.iterdir()))}.yaml"
    before, _, after = f"{modeline(kind, path)}{text}".partition("|")
    server.open(path, before + after)
    return path, before.count("\n") + 1, len(before) - before.rfind("\n")


OFFERED = [
    ("deal", f"{DEAL}    roles: [|]\n", "decision_maker", "Decision maker · 拍板人"),
    ("deal", f"{DEAL}    roles:\n      - |\n", "user", "User · 使用者"),
    ("deal", f"{DEAL}    access: |\n", "engaged", "In regular talk · 常有来往"),
    ("deal", f"{DEAL}    |\n", "power", "Power · 影响力 (0 … 5)"),
    ("deal", f"{DEAL}|\n", "interactions", "Contact · 接触记录"),
    ("rule", f"{RULE}  - |\n", "in_contest", "In the contest · 正在竞争"),
    ("rule", f"{RULE}  - |\n", "stakeholder", "Person · 关键人"),
    ("rule", f"{RULE}  - |\n", "none", "Nothing matches"),
    ("rule", f"{RULE}  - stage: |\n", "implementation", "Implementation · 实施执行"),
    ("rule", f"{RULE}  - stakeholder:\n      access: |\n", "met", "Met · 面谈过"),
    ("rule", f"{RULE}  - stakeholder:\n      power:\n        |\n", "at_least", "This or more. · 不小于。"),
    ("rule", f"{RULE}  - stakeholder:\n      power: {{at_least: |}}\n", "$params.power_high", "影响力达到此值即为有实权"),
    ("rule", f"{RULE}  - sum: {{criterion: {{}}}}\n    of: |\n", "importance", "Importance · 重要程度"),
    ("rule", f"{RULE}  - every: {{stakeholder: {{powerful: true}}}}\n    satisfies:\n      |\n", "reached", ""),
    ("rule", f"{RULE}  - in_contest\nthen:\n  - advise:\n      severity: |\n", "critical", "critical · 要害"),
    ("rule", f"{RULE}  - in_contest\nthen:\n  - advise:\n      play: |\n", "find-the-decision-maker", ""),
    ("rule", f"{RULE}  - in_contest\nthen:\n  - conclude: |\n", "in_contest", "In the contest · 正在竞争"),
    ("scenario", "scenarios:\n  - name: x\n    given:\n      opportunity:\n        budget_status: |\n", "approved", "Approved · 已批准"),
    ("scenario", "scenarios:\n  - name: x\n    given: {}\n    expect:\n      fires: |\n", "possibly", "有未知的"),
    ("scenario", "scenarios:\n  - name: x\n    given: {}\n    expect:\n      asks:\n        - |\n", "opportunity.amount", "Amount · 金额"),
    ("playbook", "id: x\ntitle: x\nparams:\n  |\n", "stale_days", "没有双向沟通"),
    ("vocabulary", "facts:\n  visit:\n    fields:\n      day:\n        type: |\n", "date", "Year-month-day. · 年-月-日。"),
]


@pytest.mark.parametrize(("kind", "text", "word", "meaning"), OFFERED, ids=lambda value: value[-40:].strip().replace("\n", " "))
def test_completion(server: Server, folder: Path, kind: str, text: str, word: str, meaning: str) -> None:
    offered = server.offered(*opened(server, folder, kind, text))
    assert word in offered, list(offered)[:40]
    assert meaning in offered[word]


def test_only_the_values_of_the_field_are_offered(server: Server, folder: Path) -> None:
    offered = server.offered(*opened(server, folder, "deal", f"{DEAL}    access: |\n"))
    assert set(offered) == {"none", "identified", "contacted", "met", "engaged", "unknown", "null"}


HOVER = [
    ("deal", f"{DEAL}    po|wer: 3\n", "Power · 影响力 (0 … 5)", "5一个人能拍板"),
    ("deal", f"{DEAL}    access: m|et\n", "Access · 接触程度", "`met`: Met · 面谈过"),
    ("deal", DEAL.replace("stakeholders", "stake|holders"), "Person · 关键人", ""),
    ("rule", f"{RULE}  - in_con|test\n", "In the contest · 正在竞争", ""),
    ("rule", f"{RULE}  - stakeholder: {{power: {{at_le|ast: 4}}}}\n", "This or more. · 不小于。", ""),
    ("rule", f"{RULE}  - no|ne: {{stakeholder: {{reached: true}}}}\n", "Nothing matches; it asks when it does not know.", "不知道时会提问"),
    (
        "rule",
        f"{RULE}  - stakeholder: {{power: {{at_least: $params.power|_high}}}}\n",
        "power at or above this is powerful",
        "影响力达到此值即为有实权",
    ),
    ("rule", f"{RULE}  - in_contest\nthen:\n  - advise: {{sever|ity: warn}}\n", "How grave it is. · 轻重。", "`warn`: warning · 警示"),
]


@pytest.mark.parametrize(("kind", "text", "first", "second"), HOVER, ids=lambda value: value[-40:].strip().replace("\n", " "))
def test_hover(server: Server, folder: Path, kind: str, text: str, first: str, second: str) -> None:
    shown = server.hover(*opened(server, folder, kind, text))
    assert shown.startswith(first)
    assert second in shown


FLAGGED = [
    ("deal", f"{DEAL}    po|wr: 3\n", "powr is not allowed"),
    ("deal", f"{DEAL}    power: |7\n", "above the maximum of 5"),
    ("deal", f"{DEAL}    power: |high\n", "must be a whole number from 0 to 5"),
    ("deal", f"{DEAL}    roles: [|desision_maker]\n", '"decision_maker"'),
    ("deal", f"{DEAL}    roles: |user\n", "a list is wanted here"),
    ("deal", f"{DEAL}    last_contact: |2026-02-30\n", "such as 2026-03-01"),
    ("rule", f"{RULE}  - stakeholder: {{|powr: 3}}\nthen: [conclude: in_contest]\n", "powr is not allowed"),
    ("rule", f"{RULE}  - stakeholder: {{access: |meet}}\nthen: [conclude: in_contest]\n", '"met"'),
    ("rule", f"{RULE}  - stakeholder: {{power: 3}}\n    |need: {{}}\nthen: [conclude: in_contest]\n", ""),
    ("rule", f"{RULE}  - count: stakeholder\n    as: n\n    |at_least: 2\nthen: [conclude: in_contest]\n", "at_least is not allowed"),
    ("rule", f"{RULE}  - in_contest\nthen:\n  - advise: {{play: x, severity: |high, lens: right_person}}\n", '"critical"'),
    ("scenario", "scenarios:\n  - name: x\n    given: {}\n    expect: {fires: |surely}\n", '"certainly"'),
    ("playbook", "id: x\ntitle: x\nparams: {stale_days: |400}\n", "above the maximum of 365"),
    ("vocabulary", "facts: {visit: {fields: {day: {type: |day}}}}\n", '"date"'),
]


@pytest.mark.parametrize(("kind", "text", "message"), FLAGGED, ids=lambda value: value[-40:].strip().replace("\n", " "))
def test_what_is_wrong_is_flagged_in_its_line(server: Server, folder: Path, kind: str, text: str, message: str) -> None:
    path, line, _ = opened(server, folder, kind, text)
    wrong = server.wrong(path)
    assert any(message in said for _, said in wrong), wrong
    lines = {at for at, _ in wrong}
    assert line in lines or line - 1 in lines  # a condition of two types is flagged where it begins


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_the_scaffold_finds_its_schema(server: Server, tmp_path: Path, language: str) -> None:
    path = tmp_path / "my.yaml"
    called("new", "deal", path, "--lang", language)
    whole = re.sub(r"^# (?!yaml-language-server)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    server.open(path, whole)
    assert server.wrong(path) == []
    wrong = tmp_path / "wrong.yaml"
    server.open(wrong, whole.replace("roles: [", "roles: [nobody, "))
    assert "decision_maker" in server.wrong(wrong)[0][1]


def test_no_shipped_file_is_flagged(server: Server, folder: Path) -> None:
    """Of the rules and scenarios every tenth, so that it takes seconds."""
    files = [("deal", path) for path in sorted(shipped("examples").glob("*.yaml"))]
    files += [("rule", path) for path in list(rule_files(shipped("rules")))[::10]]
    files += [("scenario", path) for path in list(scenario_files(shipped("rules")))[::10]]
    files += [("vocabulary", shipped("rules") / "vocabulary.yaml"), ("playbook", shipped("playbooks") / "key-account" / "playbook.yaml")]
    for number, (kind, path) in enumerate(files):
        copy = folder / f"shipped-{number}.yaml"
        server.open(copy, f"# yaml-language-server: $schema=./.kamcoach/{file_name(kind)}\n{path.read_text(encoding='utf-8')}")
        assert server.wrong(copy) == [], path
