"""A rule can be begun with every field of a deal file, and is sound at once: no problem is found, and its scenarios hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kamcoach.coaching import check_files, run_scenario
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.scaffold.examples import default_value, example, fits
from kamcoach.scaffold.plays import play_text
from kamcoach.scaffold.rules import Draft, looked_at, rule_text, scenario_text
from tests.reading.reading import SMALL
from tests.small_library import SmallLibrary

WORDS = {"en": "As it is", "zh": "就是这样"}


@pytest.fixture
def bare(tmp_path: Path) -> SmallLibrary:
    """A playbook with the shipped vocabulary and no rules."""
    made = SmallLibrary(tmp_path / "bare")
    shutil.copy(shipped("rules") / "vocabulary.yaml", made.folder / "vocabulary.yaml")
    text = (made.folder / "playbook.yaml").read_text(encoding="utf-8")
    made.write("playbook.yaml", text.partition("shows:")[0] + "sections:" + text.partition("sections:")[2])
    return made


def draft(path: str, library: Library, value: str = "", language: str = "en") -> Draft:
    fact_type, field = looked_at(path, library)
    name = f"seen-{fact_type.name}-{field.name}".replace("_", "-").replace(".", "-").lower()
    said = value or default_value(field, library.rule_base.vocabulary)
    lens = next(iter(library.rule_base.vocabulary.enums["lens"].values))
    return Draft(name, WORDS, WORDS, "a test", fact_type.name, field.name, said, f"play-{name}", "warn", lens, language)


def begun(made: SmallLibrary, library: Library, one: Draft) -> Path:
    made.write(f"rules/{one.id}.yaml", rule_text(one, library))
    made.write(f"plays/{one.play}.md.j2", play_text(library, WORDS, WORDS))
    return made.write(f"rules/{one.id}.test.yaml", scenario_text(one, library))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_field_of_the_shipped_vocabulary(bare: SmallLibrary, language: str) -> None:
    empty = bare.load()
    paths = [f"{one.name}.{name}" for one in empty.rule_base.vocabulary.given for name, field in one.fields.items() if fits(field)]
    assert len(paths) > 150
    files = [begun(bare, empty, draft(path, empty, language=language)) for path in paths]
    assert [problem for problem in check_files(bare.folder, []) if Path(problem.at.path).parent != bare.folder] == []
    library = bare.load()
    for file in files:
        scenarios = read_scenarios(file, library, problems := [])
        assert problems == []
        assert len(scenarios) == 3
        assert [found for one in scenarios for found in run_scenario(one, library)] == [], file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "value", "test"),
    [
        ("person.power", "4", "{at_least: 4}"),
        ("person.power", "0", "{at_least: 0}"),
        ("person.part", "0.25", "{at_least: 0.25}"),
        ("person.met", "90", "{days_ago: {above: 90}}"),
        ("person.roles", "user", "{has: user}"),
        ("person.words", "price", "{has: price}"),
        ("person.friendly", "false", "false"),
        ("firm.kind", "old", "old"),
        ("firm.name", "AG", "{contains: AG}"),
    ],
)
def test_the_value_that_is_looked_for(path: str, value: str, test: str) -> None:
    name, _, inner = path.partition(".")
    assert example(SMALL.types[name].fields[inner], value, SMALL).test == test


def test_where_every_value_passes_there_is_no_scenario_that_fails(library: SmallLibrary) -> None:
    empty = library.load()
    one = draft("account.size", empty, "-5")
    assert "fires: never" in scenario_text(one, empty)
    assert "fires: never" not in scenario_text(draft("order.amount", empty, "0"), empty)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("persn.power", "did you mean 'person'?"),
        ("person.powr", "did you mean 'power'?"),
        ("person", "no field ''"),
        ("person.reached", "no field 'reached' to begin with"),
        ("person.boss", "no field 'boss' to begin with"),
        ("stage.value", "no kind of fact 'stage'"),
    ],
)
def test_a_field_that_a_rule_cannot_begin_with(library: SmallLibrary, path: str, hint: str) -> None:
    with pytest.raises(KamcoachError, match=r"to begin with|no kind of fact") as told:
        looked_at(path, library.load())
    assert hint in str(told.value)


def test_the_section_of_a_deal_file_names_the_fact_as_well(library: SmallLibrary) -> None:
    assert looked_at("people.power", library.load())[0].name == "person"


@pytest.mark.parametrize(("path", "value", "code"), [("person.power", "9", "out-of-range"), ("person.roles", "boss", "unknown-value")])
def test_a_value_that_the_field_never_has(library: SmallLibrary, path: str, value: str, code: str) -> None:
    empty = library.load()
    with pytest.raises(BadInput) as told:
        rule_text(draft(path, empty, value), empty)
    assert [one.code for one in told.value.diagnostics] == [code]


@pytest.mark.parametrize("text", ["{{ 1/0 }}", "{% for %}", "# en", "a\nb", "{# x", "“引号”"])
def test_no_words_of_a_trainer_become_a_template(library: SmallLibrary, text: str) -> None:
    library.advice("a")
    path = library.write("plays/play-of-a.md.j2", play_text(library.load(), {"en": text, "zh": text}, {"en": text, "zh": text}))
    assert check_files(library.folder, [path]) == []
