"""`kamcoach why`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import SmallLibrary


@pytest.mark.parametrize("what", ["1", "a", "play-of-a", "li"])
def test_the_tree_of_reasons_is_printed(team: SmallLibrary, what: str) -> None:
    found = called("why", "deal.yaml", what)
    assert (found.code, found.err) == (0, "")
    assert found.lines == ["advice: Headline of a [warning]", "  rule a (a.yaml:1): Title of a", "  · Li: Power = 5 (deal.yaml:2)"]


def test_in_chinese(team: SmallLibrary) -> None:
    assert called("why", "deal.yaml", "1", "--lang", "zh").lines[1] == "  规则 a（a.yaml:1）：a的标题"


def test_on_a_shipped_deal(example: Path) -> None:
    found = called("why", example, "stage", "--lang", "en")
    assert found.code == 0
    assert found.lines[0] == "Stage diagnosed: Evaluation of options" or found.lines[0].endswith(": Evaluation of options")
    assert "(deal.yaml:" in found.out


def test_on_another_day(team: SmallLibrary) -> None:
    team.advice("old", "[{person: {seen: {days_ago: {above: 30}}}}]")
    Path("deal.yaml").write_text("schema_version: 1\nas_of: 2026-03-02\npeople: [{id: li, seen: 2026-03-01}]\n")
    assert called("why", "deal.yaml", "old").code == 2
    assert called("why", "deal.yaml", "old", "--as-of", "2026-05-01").code == 0


def test_on_standard_input(team: SmallLibrary) -> None:
    assert called("why", "-", "a", stdin=Path("deal.yaml").read_bytes()).code == 0


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("nonsense", "Nothing in this deal is called 'nonsense'."),
        ("play-of-b", "Nothing in this deal is called 'play-of-b'. Did you mean 'play-of-a'?"),
        ("2", "Nothing in this deal is called '2'."),
        ("stage", "'stage' does not hold in this deal, not even possibly."),
    ],
)
def test_what_there_is_no_reason_for_exits_with_2(team: SmallLibrary, what: str, message: str) -> None:
    found = called("why", "deal.yaml", what)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


def test_a_broken_deal_is_told_with_its_place(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text("nonsense: 1\n")
    found = called("why", "deal.yaml", "1")
    assert found.code == 2
    assert found.err.startswith("deal.yaml:1:1: ")
