"""`kamcoach why-not`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import SmallLibrary

QUIET = "schema_version: 1\nas_of: 2026-03-02\npeople:\n  - {id: li, name: Li, power: 1}\n"


def test_a_change_that_is_made_makes_the_rule_fire(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text(QUIET)
    found = called("why-not", "deal.yaml", "a")
    assert (found.code, found.err) == (0, "")
    assert "1. deal.yaml:4: Li: Power, now “1”, would have to be “4”: power: 4" in found.lines
    Path("deal.yaml").write_text(QUIET.replace("power: 1", "power: 4"))
    assert called("why-not", "deal.yaml", "a").lines[2] == "The rule fires. Its reasons: kamcoach why deal.yaml a"


def test_as_json_and_markdown(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text(QUIET)
    data = json.loads(called("why-not", "deal.yaml", "a", "--format", "json", "--lang", "zh").out)
    assert (data["rule"], data["fires"], data["first_failing"], data["language"]) == ("a", "never", 1, "zh")
    assert called("why-not", "deal.yaml", "a", "--format", "markdown").out.startswith("# a: Title of a\n")


def test_on_another_day_and_on_standard_input(team: SmallLibrary) -> None:
    team.advice("old", "[{person: {seen: {days_ago: {above: 30}}}}]")
    deal = b"schema_version: 1\nas_of: 2026-03-02\npeople: [{id: li, seen: 2026-03-01}]\n"
    assert "does not fire" in called("why-not", "-", "old", stdin=deal).lines[2]
    assert "fires" in called("why-not", "-", "old", "--as-of", "2026-05-01", stdin=deal).lines[2]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_shipped_rule_can_be_asked_for(example: Path, lang: str) -> None:
    """Each twentieth here; all of them took two minutes."""
    rules = [row["id"] for row in json.loads(called("rules", "list", "--format", "json").out)][::20]
    for rule in rules:
        found = called("why-not", example, rule, "--lang", lang)
        assert (found.code, found.err) == (0, ""), rule


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deal.yaml", "aa"), "There is no rule 'aa'."),
        (("nowhere.yaml", "a"), "nowhere.yaml"),
    ],
)
def test_what_there_is_not_exits_with_2(team: SmallLibrary, arguments: tuple[str, ...], message: str) -> None:
    found = called("why-not", *arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err


def test_a_broken_deal_is_told_with_its_place(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text("nonsense: 1\n")
    found = called("why-not", "deal.yaml", "a")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("deal.yaml:1:1: ")
