"""Every shipped rule can be said in both languages, and nothing of the code is left in what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule
from kamcoach.wording.rules import GRAMMARS, in_words, sentence

RAW = re.compile(r"[a-z]_[a-z]|\$|[{}<>]|\bNone\b|\bTrue\b|\bFalse\b|\b[a-z]+\.[a-z]+\b")
"""What only a program writes: `decision_maker`, `$person`, `{value}`, `price.quoted`."""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff]\s*[,;:()]|[,;:()]\s*[\u4e00-\u9fff]")
QUOTED = re.compile(r"“[^”]*”")


def said(library: Library, language: str) -> Iterator[tuple[str, str]]:
    for rule in library.rule_base.rules:
        words = in_words(rule, library, language)
        for text in (*(GRAMMARS[language].flat(clause) for clause in words.when), *words.then):
            yield rule.id, text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_raw_identifier_is_left_over(shipped_library: Library, language: str) -> None:
    names = _identifiers(shipped_library)
    found = list(said(shipped_library, language))
    assert len({rule for rule, _ in found}) == sum(1 for _ in shipped_library.rule_base.rules)
    assert [(rule, text) for rule, text in found if RAW.search(text) or names & set(re.findall(r"[\w-]+", text))] == []


def _identifiers(library: Library) -> set[str]:
    """Names that are no words of English: those with a hyphen or an underscore in them."""
    vocabulary = library.rule_base.vocabulary
    types = {*vocabulary.types, *(field for one in vocabulary.types.values() for field in one.fields)}
    values = {value for enum in vocabulary.enums.values() for value in enum.values}
    rules = {rule.id for rule in library.rule_base.rules if rule.id.count("-") > 1}
    return (
        {name for name in types | values | set(library.params) if "_" in name}
        | rules
        | {play for play in library.plays if play.count("-") > 1}
    )


def test_what_is_chinese_has_chinese_words_and_full_width_marks(shipped_library: Library) -> None:
    wrong = [(rule, text) for rule, text in said(shipped_library, "zh") if HALF_WIDTH.search(text)]
    latin = [
        (rule, text)
        for rule, text in said(shipped_library, "zh")
        if re.search(r"[A-Za-z]{2,}", QUOTED.sub("", text)) and "SPIN" not in text
    ]
    assert (wrong, latin) == ([], [])


def test_every_clause_says_something_and_none_is_said_twice_in_a_rule(shipped_library: Library) -> None:
    for rule in shipped_library.rule_base.rules:
        for language, grammar in GRAMMARS.items():
            texts = [grammar.flat(clause) for clause in in_words(rule, shipped_library, language).when]
            assert all(texts), rule.id
            assert len(set(texts)) == len(texts), (rule.id, texts)


def test_different_conditions_are_said_differently(shipped_library: Library) -> None:
    """Two rules that say the same in words ask the same."""
    by_words: dict[tuple[str, ...], list[Rule]] = {}
    for rule in shipped_library.rule_base.rules:
        texts = tuple(GRAMMARS["en"].flat(clause) for clause in in_words(rule, shipped_library, "en").when)
        by_words.setdefault(texts, []).append(rule)
    alike = [rules for rules in by_words.values() if len(rules) > 1 and len({_bare(rule) for rule in rules}) > 1]
    assert [[rule.id for rule in rules] for rules in alike] == []


def _bare(rule: Rule) -> str:
    """The conditions without their places."""
    return re.sub(r"at=Location\([^)]*\)", "", repr(rule.when))


@pytest.mark.parametrize(
    ("rule_id", "language", "wanted"),
    [
        (
            "decision-maker-unknown",
            "en",
            "When the deal is in the contest, the decision maker is not known and there is no person that has the role “decision maker” "
            "and that is gone, then there is a missing person that is the “decision maker” and",
        ),
        ("decision-maker-unknown", "zh", "如果这单正在竞争，不知道谁拍板，且没有这样的关键人：角色是“拍板人”，已不在局中，那么得出缺的人"),
    ],
)
def test_a_rule_in_one_sentence(shipped_library: Library, rule_id: str, language: str, wanted: str) -> None:
    rule = shipped_library.rule(rule_id)
    assert rule is not None
    assert sentence(rule, shipped_library, language).startswith(wanted)
