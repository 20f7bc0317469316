"""Pages of fact types, of the values that their fields take, of thresholds, and of the checks on deal files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.handbook.book import LANGUAGES, Book, Page, Part, same
from kamcoach.model.fact import FactType, Field, Words
from kamcoach.schema.words import KNOWN
from kamcoach.wording.rules import in_words, params_of

SHAPES: Final[dict[str, Words]] = {
    "single": {"en": "given, once per deal", "zh": "给定，一单一份"},
    "list": {"en": "given, many per deal", "zh": "给定，一单多个"},
    "flag": {"en": "concluded; it holds or it does not", "zh": "推断，成立或不成立"},
    "value": {"en": "concluded; one value", "zh": "推断，一个值"},
    "many": {"en": "concluded; as many as there are reasons for", "zh": "推断，可有多条"},
}
_ANY: Final[Words] = {"en": "Anything.", "zh": "任意值。"}


def fact_pages(book: Book) -> Iterator[Page]:
    """A page for each fact type, in the order of the vocabulary."""
    for declared in book.vocabulary.types.values():
        fields = [_field(book, declared, field) for field in declared.fields.values()]
        data = {
            "type": declared,
            "shape": SHAPES[declared.shape],
            "fields": fields,
            "readers": book.readers.get((declared.name, ""), ()),
            "writers": book.writers(declared.name),
            "checks": [check for check in book.library.checks if _pointed_at(check.rule.binds, check.name) == declared.name],
        }
        parts = tuple(Part(one.name, f"{declared.name}.{one.name}", book.label(one)) for one in declared.fields.values())
        own = parts if declared.shape != "value" else ()
        yield Page("facts", declared.name, book.label(declared), "fact", data, _searched(declared), own)


def _pointed_at(binds: Words, name: str) -> str:
    """The fact type of what a check points at: a name that its conditions bind, or a fact type itself."""
    return binds.get(name) or name


def _field(book: Book, declared: FactType, field: Field) -> dict[str, Any]:
    name = f"{declared.name}.{field.name}"
    return {
        "field": field,
        "kind": KNOWN.get(f"kind.{field.kind}", _ANY),
        "values": book.vocabulary.enums[field.of].values if field.of else {},
        "readers": book.readers.get((declared.name, field.name), ()),
        "writers": book.writers(name) if declared.given else (),
    }


def _searched(declared: FactType) -> Words:
    """Questions and notes, by language."""
    told = [declared.ask, declared.note, declared.says, declared.denies]
    told += [words for field in declared.fields.values() for words in (field.ask, field.note)]
    return {language: " ".join(words.get(language, "") for words in told) for language in LANGUAGES}


def value_pages(book: Book) -> Iterator[Page]:
    """A page for each enum, with the fields that take its values."""
    for name, enum in sorted(book.vocabulary.enums.items()):
        fields = [
            (declared.name, field) for declared in book.vocabulary.types.values() for field in declared.fields.values() if field.of == name
        ]
        title = next((field.label or book.vocabulary.types[owner].label for owner, field in fields if field.label), {})
        text = {language: " ".join(words.get(language, "") for words in enum.values.values()) for language in LANGUAGES}
        parts = tuple(Part(value, value, words or same(value)) for value, words in enum.values.items())
        yield Page("values", name, title or same(name), "value", {"enum": enum, "fields": fields}, text, parts)


def threshold_page(book: Book) -> Page:
    """All parameters with the rules that use them."""
    users: dict[str, list[str]] = {}
    for rule_id, rule in sorted(book.rules.items()):
        for param in params_of(rule, book.library):
            users.setdefault(param.name, []).append(rule_id)
    params = [(param, users.get(param.name, [])) for param in sorted(book.library.params.values())]
    parts = tuple(Part(param.name, param.name, param.meaning) for param, _ in params)
    title = {"en": "Thresholds", "zh": "阈值"}
    return Page("", "thresholds", title, "thresholds", {"params": params}, same(""), parts)


def deal_check_page(book: Book) -> Page:
    """What the vocabulary checks in a deal file, in words."""
    checks = [
        (check, {language: in_words(check.rule, book.library, language).when for language in LANGUAGES}) for check in book.library.checks
    ]
    parts = tuple(Part(check.rule.id, check.rule.id, check.message) for check, _ in checks)
    title = {"en": "Checks on deal files", "zh": "对商机文件的检查"}
    return Page("", "deal-checks", title, "deal-checks", {"checks": checks}, same(""), parts)
