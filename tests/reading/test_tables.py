"""Decision tables: each row a rule with its own id and line, and what is told of tables that are wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kamcoach.coaching import check_files, run_scenario
from kamcoach.errors import BadInput
from kamcoach.model.condition import Compare, Constant, OneOf, Parameter, Pattern
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Conclude
from kamcoach.reading.cache import Plays, load_library
from kamcoach.reading.grids import MAX_COLUMNS, MAX_ROWS
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic
from tests.small_library import SmallLibrary

RULE = """\
id: by-stage
each: row
table: {table}
title: {{en: $row.en, zh: 标题}}
when: {when}
then: {then}
why: w
source: s
"""
CSV = 'stage,power,en,role\nwish,3,Wish it,user\nchoice,5,"Choose, then",decider\n'
WHEN = "[{stage: $row}, {person: {power: {at_least: $row.power}, roles: {has: $row.role}}, as: p}]"
THEN = "[{conclude: {missing: {role: $row.role}}}]"


def table(library: SmallLibrary, text: str = CSV, when: str = WHEN, then: str = THEN, name: str = "stages.csv") -> SmallLibrary:
    library.write(f"rules/{name}", text)
    library.write("rules/by-stage.yaml", RULE.format(table=name, when=when, then=then))
    return library


def told(library: SmallLibrary) -> list[str]:
    """What is told of the library, each with its place below it, without the hints."""
    try:
        library.load()
    except BadInput as error:
        return [str(one._replace(hint="")).replace(f"{library.folder}{os.sep}", "") for one in error.diagnostics]
    return []


def failures(library: SmallLibrary) -> list[str]:
    """What the scenarios beside the rule do not find as they expect."""
    problems: list[Diagnostic] = []
    loaded = library.load()
    found = read_scenarios(library.folder / "rules/by-stage.test.yaml", loaded, problems)
    assert found
    assert not problems
    return [one for scenario in found for one in run_scenario(scenario, loaded)]


def rules(library: Library) -> dict[str, str]:
    return {rule.id: rule.at.short for rule in library.rule_base.rules}


# ── each row is a rule ────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_row_of_a_csv_file_is_a_rule_with_its_own_line(library: SmallLibrary) -> None:
    found = table(library).load()
    assert rules(found) == {"by-stage/wish": "stages.csv:2", "by-stage/choice": "stages.csv:3"}
    assert found.origins["by-stage/wish"] == "small"
    rule = found.rule("by-stage/choice")
    assert rule is not None
    assert (rule.stem, rule.title) == ("by-stage", {"en": "Choose, then", "zh": "标题"})
    stage, person = rule.when
    assert isinstance(stage, Pattern) and isinstance(person, Pattern)
    assert [one.test for one in stage.tests] == [Compare("equals", Constant("choice"))]
    assert [one.test for one in person.tests] == [Compare("at_least", Constant(5)), Compare("has", Constant("decider"))]
    assert [one.fields for one in rule.then if isinstance(one, Conclude)] == [(("role", Constant("decider")),)]


WRITTEN = [
    "[[stage, power, en, role], [wish, 3, Wish it, user], [choice, 5, 'Choose, then', decider]]",
    "{wish: {power: 3, en: Wish it, role: user}, choice: {power: 5, en: 'Choose, then', role: decider}}",
]


@pytest.mark.parametrize("written", WRITTEN, ids=["lines", "named rows"])
def test_a_table_in_the_rule_file_gives_the_same_rules_as_a_file(library: SmallLibrary, written: str) -> None:
    from_file = {rule.id: rule for rule in table(library).load().rule_base.rules}
    library.write("rules/by-stage.yaml", RULE.format(table=written, when=WHEN, then=THEN))
    here = {rule.id: rule for rule in library.load().rule_base.rules}
    assert {name: (rule.title, rule.then) for name, rule in here.items()}.keys() == from_file.keys()
    assert {name: _bare(rule.when) for name, rule in here.items()} == {name: _bare(rule.when) for name, rule in from_file.items()}
    assert {rule.at.short for rule in here.values()} == {"by-stage.yaml:3"}


def _bare(conditions: object) -> object:
    """Without places."""
    if isinstance(conditions, tuple):
        parts = [_bare(part) for part in conditions if type(part).__name__ != "Location"]
        return (type(conditions).__name__, *parts)
    return conditions


@pytest.mark.parametrize(
    "text",
    [
        CSV.replace("\n", "\r\n"),
        CSV.replace(",", ";").replace("Choose;", "Choose,"),
        CSV.replace(",", "\t").replace("Choose\t", "Choose,"),
        "\ufeff" + CSV,
        CSV.rstrip("\n"),
        CSV.replace("wish,", "# no row,\n,,,\nwish,").replace("role\n", "role,#note\n").replace("user\n", "user,a note\n"),
        CSV.replace("wish,3", ' "wish" , 3 '),
    ],
    ids=["CRLF", "semicolons", "tabs", "byte order mark", "no last line break", "remarks", "spaces"],
)
def test_a_csv_file_as_any_program_writes_it(library: SmallLibrary, text: str) -> None:
    found = table(library, text).load()
    assert sorted(rules(found)) == ["by-stage/choice", "by-stage/wish"]
    titles = [rule.title["en"] for rule in found.rule_base.rules if rule.id == "by-stage/choice"]
    assert titles == ["Choose, then"]


def test_a_cell_over_several_lines_moves_the_rows_below_it(library: SmallLibrary) -> None:
    found = table(library, CSV.replace("Wish it", '"Wish\nit ""now"""')).load()
    assert rules(found) == {"by-stage/wish": "stages.csv:2", "by-stage/choice": "stages.csv:4"}
    assert [rule.title["en"] for rule in found.rule_base.rules if rule.id == "by-stage/wish"] == ['Wish\nit "now"']


def test_a_cell_may_be_a_list_a_truth_value_or_a_parameter(library: SmallLibrary) -> None:
    text = 'stage,power,en,met,stages\nwish,$params.few,x,TRUE,"[wish, choice]"\n'
    when = "[{stage: {in: $row.stages}}, {person: {power: $row.power, met: $row.met}}]"
    (rule,) = table(library, text, when, "[{conclude: open}]").load().rule_base.rules
    stage, person = rule.when
    assert isinstance(stage, Pattern) and isinstance(person, Pattern)
    assert [one.test for one in stage.tests] == [OneOf((Constant("wish"), Constant("choice")))]
    assert [one.test for one in person.tests] == [Compare("equals", Parameter("few")), Compare("equals", Constant(value=True))]


def test_flags_plays_and_severities_may_stand_in_a_table(library: SmallLibrary) -> None:
    library.play("meet", "Meet")
    text = "row,en,flag,play,severity\na,x,open,meet,warn\nb,x,open,meet,info\n"
    then = "[{advise: {play: $row.play, severity: $row.severity, lens: who, with: {n: $row}}}]"
    found = table(library, text, "[$row.flag]", then).load()
    assert [[one.severity for one in rule.then if isinstance(one, Advise)] for rule in found.rule_base.rules] == [["warn"], ["info"]]


# ── what is wrong, and where ──────────────────────────────────────────────────────────────────────────────────────────

FAULTS = [
    # in the file as a whole
    ('stage,power,en,role\nwish,3,"x,user\n', "rules/stages.csv:2:8: [csv-syntax] A quotation mark is opened here and never closed."),
    (
        'stage,power,en,role\nwish,3,"x" y,user\n',
        "rules/stages.csv:2:8: [csv-syntax] Text stands after the closing quotation mark of this cell.",
    ),
    ("", "rules/stages.csv:1:1: [empty-test] The table is empty."),
    ("stage,power,en,role\n", "rules/stages.csv:1:1: [empty-test] The table has a heading and no row."),
    ("stage，power\nwish，3\n", "rules/stages.csv:1:1: [bad-name] 'stage，power' cannot be the heading of a column."),
    (CSV.replace("Wish", "W\x07"), "rules/stages.csv:2:9: [control-character] A control character (U+0007) stands here."),
    # in a cell
    (CSV.replace("3", "three"), "rules/stages.csv:2:6: [wrong-type] 'power' must be a whole number from 0 to 5, not 'three'."),
    (CSV.replace("3", "30%"), "rules/stages.csv:2:6: [wrong-type] 'power' must be a whole number from 0 to 5, not '30%'."),
    (CSV.replace("3", "6"), "rules/stages.csv:2:6: [out-of-range] 'power' must be a whole number from 0 to 5, not '6'."),
    (CSV.replace("wish", "wihs"), "rules/stages.csv:2:1: [unknown-value] 'stage' is never 'wihs'."),
    (CSV.replace("user", "usr"), "rules/stages.csv:2:16: [unknown-value] 'roles' is never 'usr'."),
    (CSV.replace("3", "$params.fwe"), "rules/stages.csv:2:6: [unknown-parameter] The playbook has no parameter 'fwe'."),
    (CSV.replace("3", ""), "rules/stages.csv:2:6: [missing-key] The row 'wish' has no 'power'."),
    (CSV.replace("3", "=1+2"), "rules/stages.csv:2:6: [formula] A formula stands here: =1+2."),
    (CSV.replace("Wish it", "=cmd|' /c calc'!A1"), "rules/stages.csv:2:8: [formula] A formula stands here: =cmd|' /c calc'!A1."),
    (CSV.replace("Wish it", "Wish, it"), "rules/stages.csv:2:17: [wrong-shape] This cell stands under no heading."),
    # in names
    (CSV.replace("power", "powr"), "rules/by-stage.yaml:5:51: [unknown-column] The table has no column 'power'."),
    (CSV.replace("power,en", "en,en"), "rules/stages.csv:1:10: [repeated-key] There are two columns 'en'."),
    (CSV.replace("choice", "wish"), "rules/stages.csv:3:1: [repeated-id] There is already a row 'wish'."),
    (CSV.replace("choice", "the choice"), "rules/stages.csv:3:1: [bad-key] A row cannot be called 'the choice'."),
    (CSV.replace("choice", ""), "rules/stages.csv:3:1: [missing-key] This row has no name."),
]


@pytest.mark.parametrize(("text", "wanted"), FAULTS, ids=[wanted.partition("[")[2].partition("]")[0] for _, wanted in FAULTS])
def test_what_is_wrong_in_a_table_is_told_at_its_cell(library: SmallLibrary, text: str, wanted: str) -> None:
    assert wanted in told(table(library, text))


@pytest.mark.parametrize(("code", "text"), [("csv-syntax", 'a,"b\n'), ("csv-syntax", 'a,"b"c\n'), ("formula", "a,b\nc,=1\n")])
def test_what_no_table_may_hold(library: SmallLibrary, code: str, text: str) -> None:
    table(library, text, when="[open]", then="[{conclude: {stage: wish}}]")
    assert code in {one.code for one in library.check()}


def test_one_wrong_cell_gives_one_line(library: SmallLibrary) -> None:
    assert len(told(table(library, CSV.replace("3", "three")))) == 1


def test_what_is_wrong_in_the_rule_itself_is_told_once_and_not_for_each_row(library: SmallLibrary) -> None:
    assert told(table(library, when="[{stage: $row}, {person: {powr: {at_least: $row.power}, roles: {has: $row.role}}}]")) == [
        "rules/by-stage.yaml:5:33: [unknown-field] 'person' has no field 'powr'."
    ]


def test_all_faults_are_told_in_one_pass(library: SmallLibrary) -> None:
    found = told(table(library, CSV.replace("3", "three").replace("user", "usr"), then="[{conclude: {missing: {rol: $row.role}}}]"))
    assert [one.partition("[")[2].partition("]")[0] for one in found] == ["unknown-field", "wrong-type", "unknown-value"]


def test_a_file_in_another_encoding_is_told(library: SmallLibrary) -> None:
    table(library)
    (library.folder / "rules/stages.csv").write_bytes(CSV.replace("Wish it", "想要").encode("gbk"))
    assert [one.partition("]")[0] for one in told(library)] == ["rules/stages.csv:2:8: [not-utf8"]


@pytest.mark.parametrize(
    "text", ["stage,power\n" + "".join(f"r{n},1\n" for n in range(MAX_ROWS + 1)), "stage" + ",c" * MAX_COLUMNS + "\nwish\n"]
)
def test_a_table_has_a_limit(library: SmallLibrary, text: str) -> None:
    assert [one.partition("]")[0] for one in told(table(library, text))] == ["rules/stages.csv:1:1: [too-large"]


def test_a_long_rule_times_many_rows_has_a_limit(library: SmallLibrary) -> None:
    text = "stage,power,en,role\n" + "".join(f"r{n},1,x,user\n" for n in range(MAX_ROWS))
    table(library, text, when="[" + ", ".join(["{person: {power: $row.power}}"] * 100) + "]")
    assert [one.partition("]")[0] for one in told(library)] == ["rules/stages.csv:1:1: [too-large"]


HOSTILE = [
    "," * 3_900_000,
    "\n" * 3_900_000,
    "a,b\n" * 900_000,
    '"' * 3_900_000,
    '"a",' * 900_000,
    'a,"' + "x" * 3_900_000,
    '"' + "\n" * 3_900_000 + '"',
    (" " * 1000 + ",") * 3_900,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_made_to_do_harm_is_refused_at_once(library: SmallLibrary, text: str) -> None:
    table(library, text)
    before = time.process_time()
    assert [one.partition("[")[2].partition("]")[0] for one in told(library)] in (["too-large"], ["csv-syntax"])
    assert time.process_time() - before < 3


@pytest.mark.parametrize("name", ["../stages.csv", "/etc/passwd", "C:\\stages.csv", "stages.xls", "nowhere.csv", ".csv"])
def test_a_table_stands_beside_its_rule(library: SmallLibrary, name: str) -> None:
    library.write("stages.csv", CSV)
    library.write("rules/by-stage.yaml", RULE.format(table=name, when=WHEN, then=THEN))
    assert [one.partition("]")[0] for one in told(library)] == ["rules/by-stage.yaml:3:8: [unreadable-file"]


# ── in the library ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_column_that_no_rule_reads_is_warned_of(library: SmallLibrary) -> None:
    table(library, CSV.replace("role\n", "role,note\n").replace("user\n", "user,x\n").replace("decider\n", "decider,\n"))
    assert [problem for problem in library.problems() if "unused" in problem] == ["rules/stages.csv:1 unused-column"]


def test_two_rules_may_share_a_file_and_read_different_columns(library: SmallLibrary) -> None:
    table(library, CSV, when="[{stage: $row}, {person: {power: $row.power}}]", then="[{conclude: open}]")
    other = RULE.format(table="stages.csv", when="[{stage: $row}]", then=THEN).replace("by-stage", "other").replace("$row.en", "x")
    library.write("rules/other.yaml", other)
    assert [problem for problem in library.problems() if "unused" in problem] == []
    assert len(rules(library.load())) == 4


def test_a_table_in_another_playbook_takes_the_place_of_the_whole_table(library: SmallLibrary, tmp_path: Path) -> None:
    table(library)
    ours = tmp_path / "ours"
    (ours / "rules").mkdir(parents=True)
    (ours / "playbook.yaml").write_text(f"id: ours\ntitle: {{en: Ours, zh: 我们}}\nextends: {library.folder}\n", encoding="utf-8")
    (ours / "rules/stages.csv").write_text("stage,power,en,role\nuse,1,Use it,user\n", encoding="utf-8")
    rule = RULE.format(table="stages.csv", when=WHEN, then=THEN)
    (ours / "rules/by-stage.yaml").write_text(rule + "replaces: true\n", encoding="utf-8")
    found = load_library(ours, cached=False)
    assert list(rules(found)) == ["by-stage/use"]
    assert found.origins["by-stage/use"] == "ours"
    (ours / "rules/by-stage.yaml").write_text(rule, encoding="utf-8")
    with pytest.raises(BadInput, match="repeated-id"):
        load_library(ours, cached=False)


def test_advice_may_be_instead_of_all_rows_or_of_one(library: SmallLibrary) -> None:
    library.play("meet", "Meet")
    text = "row,en,power\na,x,1\nb,x,2\n"
    table(library, text, "[{person: {power: {at_least: $row.power}}}]", "[{advise: {play: meet, severity: warn, lens: who}}]")
    for others, left in (("by-stage", ["stop"]), ("by-stage/a", ["by-stage/b", "stop"])):
        library.advice("stop", "[{person: {}}]", f"instead_of: [{others}]")
        ranked = library.coach("people: [{id: li, power: 5}]").ranked
        assert sorted(advice.rule.id for advice in ranked.advice) == left
    library.advice("stop", "[{person: {}}]", "instead_of: [by-stage/c]")
    assert [problem for problem in library.problems() if "unknown-rule" in problem] == ["rules/stop.yaml:7 unknown-rule"]


SCENARIOS = """\
as_of: 2026-03-02
scenarios:
  - name: by the row
    row: {row}
    given: {{people: [{{id: li, power: 5, roles: [{role}]}}]}}
    expect: {{fires: {fires}}}
"""


@pytest.mark.parametrize(
    ("row", "role", "fires", "holds"),
    [("wish", "user", "certainly", True), ("choice", "user", "never", True), ("wish", "decider", "certainly", False)],
)
def test_a_scenario_can_name_a_row(library: SmallLibrary, row: str, role: str, fires: str, holds: bool) -> None:
    table(library, when="[{person: {power: {at_least: $row.power}, roles: {has: $row.role}}}]")
    library.write("rules/by-stage.test.yaml", SCENARIOS.format(row=row, role=role, fires=fires))
    assert (failures(library) == []) is holds


def test_without_a_row_any_of_them_fires(library: SmallLibrary) -> None:
    table(library, when="[{person: {power: {at_least: $row.power}, roles: {has: $row.role}}}]")
    text = SCENARIOS.format(row="x", role="decider", fires="certainly").replace("    row: x\n", "")
    library.write("rules/by-stage.test.yaml", text)
    assert failures(library) == []


def test_a_row_that_is_not_there_is_told(library: SmallLibrary) -> None:
    table(library)
    library.write("rules/by-stage.test.yaml", SCENARIOS.format(row="wsh", role="user", fires="never"))
    (problem,) = [one for one in library.check() if one.code == "unknown-rule"]
    assert (problem.at.line, problem.message, problem.hint) == (4, "The table has no row 'wsh'.", "did you mean 'wish'?")


def test_a_row_of_a_rule_without_a_table_is_told(library: SmallLibrary) -> None:
    library.rule("by-stage", "[open]", "[{conclude: {stage: wish}}]")
    library.write("rules/by-stage.test.yaml", SCENARIOS.format(row="wish", role="user", fires="never"))
    assert [one.message for one in library.check() if one.code == "unknown-rule"] == ["The rule of this file has no table."]


def test_a_rule_file_is_checked_together_with_its_table(library: SmallLibrary) -> None:
    table(library, CSV.replace("3", "three"))
    codes = [one.code for one in check_files(library.folder, [library.folder / "rules/by-stage.yaml"]) if one.level == "error"]
    assert codes == ["wrong-type"]
    assert [one.code for one in check_files(library.folder, [library.folder / "rules/stages.csv"])] == ["wrong-type"]


def test_the_cache_notices_a_changed_table(library: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    table(library)
    load_library(library.folder)
    assert isinstance(load_library(library.folder).plays, Plays)
    assert rules(load_library(library.folder)) == {"by-stage/wish": "stages.csv:2", "by-stage/choice": "stages.csv:3"}
    library.write("rules/stages.csv", CSV + "use,1,Use,user\n")
    assert "by-stage/use" in rules(load_library(library.folder))
    (library.folder / "rules/stages.csv").unlink()
    with pytest.raises(BadInput, match="unreadable-file"):
        load_library(library.folder)
