"""What the explanations say of the shipped rules is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from kamcoach.model.playbook import Library
from kamcoach.model.rule import Conclude
from kamcoach.reading.fields import Problems
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.library import read_library

STAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "stages.md"
CLAIMS: Final = re.compile(r"\b(stage_claimed|forecast|highest_stage)\b")


@pytest.fixture(scope="module")
def library() -> Library:
    problems: Problems = []
    found = read_library(find_playbook(None, None), problems)
    assert found is not None, problems
    return found


def test_the_table_of_signs_is_that_of_the_rules(library: Library) -> None:
    """Stage, words and rule of every sign; each once."""
    enums = library.rule_base.vocabulary.enums
    wanted = []
    for rule in library.rule_base.rules:
        for effect in rule.then:
            if isinstance(effect, Conclude) and effect.type == "buying_sign":
                fields = {name: getattr(operand, "value", "") for name, operand in effect.fields}
                stage, sign = enums["stage"].values[fields["stage"]]["en"], enums["buying_sign"].values[fields["sign"]]["en"]
                wanted.append((stage, sign, rule.id))
    found, stage = [], ""
    for line in STAGES.read_text(encoding="utf-8").splitlines():
        stage = line.removeprefix("### ") if line.startswith("### ") else stage
        row = re.fullmatch(r"\| (.+?) \| .+ \| `(sign-[a-z-]+)` \|", line)
        found += [(stage, row[1], row[2])] if row else []
    assert sorted(found) == sorted(wanted)


def test_no_rule_of_the_diagnosis_reads_a_claim() -> None:
    read = [path for kind in ("sign", "stage") for path in (shipped("rules") / "stage").glob(f"{kind}-*.yaml") if path.name.count(".") == 1]
    assert len(read) > 40
    assert [path.name for path in read if CLAIMS.search(path.read_text(encoding="utf-8"))] == []
