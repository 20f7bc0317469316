"""The deal file that `new deal` writes: valid as it is, and still valid when every comment that holds a field is taken away."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kamcoach.advice.page import starter
from kamcoach.coaching import coach, load_deal_text
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(find_playbook(None, Path(__file__)), cached=False)


def written(library: Library, language: str, customer: str = "", title: str = "") -> str:
    return starter(library, language, {"customer": customer, "title": title, "today": date.today().isoformat()})


def in_use(text: str) -> str:
    """With every field that waits behind a single `#` in use."""
    return re.sub(r"^# ", "", text, flags=re.MULTILINE)


@LANGUAGES
def test_it_is_valid_as_written_and_asks_who_takes_part(library: Library, language: str) -> None:
    deal, warnings = load_deal_text(written(library, language).encode(), "deal.yaml", library)
    assert warnings == []
    coached = coach(deal, library)
    assert coached.consultation.value("stage") == "recognition_of_needs"
    assert coached.questions[0].fact.type == "stakeholder"


@LANGUAGES
def test_it_is_valid_with_every_field_in_use(library: Library, language: str) -> None:
    deal, warnings = load_deal_text(in_use(written(library, language)).encode(), "deal.yaml", library)
    assert warnings == []
    filled = {fact.type for fact in deal.facts if fact.fields}
    assert {"stakeholder", "need", "criterion", "competitor", "concern", "signals", "interaction", "commitment", "assumption"} <= filled


@LANGUAGES
@pytest.mark.parametrize("name", ['A "quoted" name', "colon: and # hash", "{{ braces }}", "line\nbreak", "华东轴承"])
def test_any_name_of_a_customer_is_kept(library: Library, language: str, name: str) -> None:
    deal, _ = load_deal_text(written(library, language, name, name).encode(), "deal.yaml", library)
    named = {fact.type: fact.fields for fact in deal.facts}
    assert named["account"]["name"] == named["opportunity"]["title"] == name


def test_both_languages_offer_the_same_fields(library: Library) -> None:
    fields = []
    for language in ("en", "zh"):
        deal, _ = load_deal_text(in_use(written(library, language)).encode(), "deal.yaml", library)
        fields.append([(fact.type, sorted(fact.fields)) for fact in deal.facts])
    assert fields[0] == fields[1]
