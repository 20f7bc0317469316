"""`kamcoach advise --format json` keeps the promise of `docs/reference/advice.schema.json`, and the reference names every field."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from kamcoach.reading.finding import shipped
from tests.cli.calling import ROOT, called
from tests.small_library import SmallLibrary

REFERENCE: Final = ROOT / "docs/reference"
SCHEMA: Final = json.loads((REFERENCE / "advice.schema.json").read_text(encoding="utf-8"))
VALIDATOR: Final = Draft202012Validator(SCHEMA)
EXAMPLES: Final = sorted(shipped("examples").glob("*.yaml"))


def advised(deal: Path, *arguments: str) -> Any:
    found = called("advise", deal, "--format", "json", *arguments)
    assert found.code == 0, found.err
    return json.loads(found.out)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("deal", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_keeps_the_promise(deal: Path, language: str) -> None:
    found = advised(deal, "--lang", language)
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(found)] == []
    assert (found["language"], found["deal"]["file"], found["playbook"]) == (language, deal.name, "key-account")


@pytest.mark.parametrize("deal", EXAMPLES[:3], ids=lambda path: path.stem)
def test_only_words_change_with_the_language(deal: Path) -> None:
    english, chinese = (nameless(advised(deal, "--lang", language)) for language in ("en", "zh"))
    assert english == chinese


def nameless(data: Any) -> Any:
    """Without what is said in words."""
    words = ("language", "label", "severity_label", "lens_label", "title", "name", "customer", "text", "because", "facts", "ask", "decides")
    if isinstance(data, dict):
        return {key: nameless(value) for key, value in data.items() if key not in words}
    return [nameless(one) for one in data] if isinstance(data, list) else data


def test_a_deal_of_which_nothing_is_known_and_a_playbook_that_shows_nothing_keep_it_too(team: SmallLibrary) -> None:
    text = (team.folder / "playbook.yaml").read_text()
    for playbook in (text, text[: text.index("shows:")] + text[text.index("sections:") :]):
        team.write("playbook.yaml", playbook)
        for deal in ("schema_version: 1\n", Path("deal.yaml").read_text()):
            found = advised(team.write("other.yaml", deal))
            assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(found)] == []


# ── the schema is strict: it would notice ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def sample() -> Any:
    return advised(shipped("examples") / "velora-planning.yaml", "--lang", "en")


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every entry, of lists to the first item only."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from places(value, (*path, key))
    elif isinstance(data, list) and data:
        yield from places(data[0], (*path, 0))


def changed(data: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy in which an entry has another value; `...` takes it away."""
    whole = copy.deepcopy(data)
    table = whole
    for key in path[:-1]:
        table = table[key]
    if value is ...:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return whole


def test_no_field_can_go_missing_or_be_of_another_kind_unnoticed(sample: Any) -> None:
    optional = {path for path in places(sample) if path[-2:-1] == ("text",) and path[-1] != "headline"}
    ways = set(places(sample))
    assert len(ways) > 60
    assert [path for path in ways - optional if VALIDATOR.is_valid(changed(sample, path, ...))] == []
    assert [path for path in ways if VALIDATOR.is_valid(changed(sample, path, [3.5]))] == []


def test_no_field_can_be_added_unnoticed(sample: Any) -> None:
    tables = {path[:-1] for path in places(sample) if path[-2:-1] != ("text",)}
    assert [path for path in tables if VALIDATOR.is_valid(changed(sample, (*path, "more"), "x"))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("language",), "fr"),
        (("as_of",), "2 March 2026"),
        (("advice", 0, "severity"), "doom"),
        (("advice", 0, "text", "headline"), "two\nlines"),
        (("advice", 0, "text", "headline"), ""),
        (("advice", 0, "text", "do"), ""),
        (("questions", 0, "would"), []),
        (("questions", 0, "value"), -1),
    ],
)
def test_values_that_cannot_be_are_noticed(sample: Any, path: tuple[Any, ...], value: object) -> None:
    assert VALIDATOR.is_valid(sample)
    assert not VALIDATOR.is_valid(changed(sample, path, value))


# ── the reference ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_reference_names_every_field_and_no_other() -> None:
    rows = [line for line in (REFERENCE / "advice-json.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`(?:\w+\[\]\.)?(\w+)`", " ".join(rows)))
    fields = set(fields_of(SCHEMA))
    values = {"en", "zh", "null", "true", "false", "native", "critical", "warn", "advise", "info", "stakeholders", "1"}
    sections = {"do", "ask", "do_not", "advance", "continuation", "days"}
    assert fields - named == set()
    assert named - fields - values - sections == set()


def fields_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            yield from fields_of(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from fields_of(one)
