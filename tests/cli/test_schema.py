"""`kamcoach schema`: the schema of each kind, for the playbook that applies, to the screen or into files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kamcoach.schema import KINDS
from tests.cli.calling import called
from tests.small_library import SmallLibrary


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_printed(team: SmallLibrary, kind: str) -> None:
    found = called("schema", kind)
    assert (found.code, found.err) == (0, "")
    Draft7Validator.check_schema(json.loads(found.out))


def test_a_team_finds_its_own_facts_values_and_words(team: SmallLibrary) -> None:
    roles = json.loads(called("schema", "deal").out)["properties"]["people"]["items"]["properties"]["roles"]
    assert roles["description"].splitlines() == ["Roles · 角色", "What is the part of …?", "…是什么角色？"]
    schema = json.loads(called("schema", "deal").out)["definitions"]["enum.role"]
    assert schema == {"enum": ["decider", "user"], "enumDescriptions": ["Decider · 拍板人", "User · 使用者"]}


def test_a_vocabulary_that_adds_to_another_is_in_it(team: SmallLibrary) -> None:
    more = "facts: {person: {fields: {hobby: {type: text}}}}\nenums: {role: {values: {rival: {en: Rival, zh: 对手}}}}\n"
    team.write("own/vocabulary.yaml", more)
    team.write("own/playbook.yaml", "id: own\ntitle: x\nextends: ..\n")
    schema = json.loads(called("schema", "deal", "--playbook", "own").out)
    assert "hobby" in schema["properties"]["people"]["items"]["properties"]
    assert schema["definitions"]["enum.role"]["enum"] == ["decider", "user", "rival"]


@pytest.mark.parametrize(("language", "words"), [("en", "Roles"), ("zh", "角色"), ("both", "Roles · 角色")])
def test_the_words_come_in_one_language_or_both(team: SmallLibrary, language: str, words: str) -> None:
    roles = json.loads(called("schema", "deal", "--lang", language).out)["properties"]["people"]["items"]["properties"]["roles"]
    assert roles["description"].splitlines()[0] == words


def test_a_file_is_written_whole_and_replaces_the_old_one(team: SmallLibrary) -> None:
    Path("x.json").write_text("old")
    assert called("schema", "rule", "-o", "x.json").out == ""
    assert Path("x.json").read_text(encoding="utf-8") == called("schema", "rule").out


def test_all_of_them_go_into_a_folder(team: SmallLibrary) -> None:
    assert called("schema", "all", "-o", "deep/.kamcoach").out == "5 schemas written to deep/.kamcoach\n"
    assert sorted(path.name for path in Path("deep/.kamcoach").iterdir()) == sorted(f"{kind}.schema.json" for kind in KINDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["all"], "name a folder with -o"),
        (["deals"], "'deals' is not one of"),
        (["deal", "--playbook", "nowhere"], "no playbook 'nowhere'"),
        (["deal", "-o", "no/where.json"], "no/where.json cannot be written"),
        (["all", "-o", "deal.yaml"], ""),
    ],
)
def test_what_cannot_be(team: SmallLibrary, arguments: list[str], message: str) -> None:
    found = called("schema", *arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert "Traceback" not in found.err
