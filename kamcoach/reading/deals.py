"""Reading a deal file into given facts, every value with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact, FactType, Vocabulary
from kamcoach.reading.fields import holds, iso_date, says_unknown
from kamcoach.reading.hints import date_hint, nearest
from kamcoach.reading.items import FactReader
from kamcoach.reading.links import check_links
from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, decode, parse, read_file
from kamcoach.reading.shapes import ENOUGH, Problems, check_needed, is_mapping, key_slip, short
from kamcoach.source import Diagnostic

SCHEMA_VERSION: Final = "1"


def read_deal(path: Path, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """The deal in a file; None if it cannot be read at all."""
    root = read_file(path, problems)
    return deal_of(root, str(path), vocabulary, problems) if root is not None else None


def read_deal_text(data: bytes, name: str, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """The deal in bytes that did not come from a file."""
    try:
        root = parse(decode(data, name), name, problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None
    return deal_of(root, name, vocabulary, problems) if root is not None else None


def deal_of(root: Node, name: str, vocabulary: Vocabulary, problems: Problems, *, partial: bool = False) -> Deal | None:
    """Given facts from a located table. `partial`: nothing is required (scenarios)."""
    table = is_mapping(root, "A deal", problems)
    if table is None:
        return None
    given = vocabulary.given
    _check_sections(table, given, vocabulary, problems)
    if not partial:
        for fact_type in given:
            if any(field.required for field in fact_type.fields.values()) and not fact_type.plural:
                check_needed(table, fact_type.section, "A deal file", problems)
    _check_version(table, problems, partial=partial)
    reader = FactReader(vocabulary, problems, partial=partial)
    sections = {key.text: node for key, node in table.entries}
    facts: list[Fact] = []
    for fact_type in given:
        facts += reader.facts(sections.get(fact_type.section), fact_type)
    check_links(facts, reader.links, vocabulary, problems)
    return Deal(name, tuple(facts), read_as_of(table, problems))


def _check_sections(table: Mapping, given: tuple[FactType, ...], vocabulary: Vocabulary, problems: Problems) -> None:
    sections = ["schema_version", "as_of", *(t.section for t in given)]
    unknown = [(key, value) for key, value in table.entries if key.text not in sections]
    for key, value in unknown:
        hint = key_slip(key, value) or (_section_hint(key, sections, vocabulary) if len(problems) < ENOUGH else "")
        problems.append(Diagnostic(key.at, "unknown-key", f"A deal file has no key '{short(key.text)}'.", hint))


def _section_hint(key: Scalar, sections: list[str], vocabulary: Vocabulary) -> str:
    named = vocabulary.types.get(key.text)
    if named is not None:
        return f"did you mean '{named.section}'?" if named.given else "the rules conclude it; it is not written in a deal file"
    owners = [t.section for t in vocabulary.given if holds(t, key.text)]
    if owners:
        return f"it belongs under '{owners[0]}': indent it"
    return nearest(key.text, sections, {t.section: t.label for t in vocabulary.given})


def _check_version(table: Mapping, problems: Problems, *, partial: bool) -> None:
    node = table.get("schema_version")
    hint = f"write schema_version: {SCHEMA_VERSION}"
    if node is None and not partial:
        problems.append(Diagnostic(table.at, "missing-key", "A deal file needs 'schema_version'.", hint))
    elif node is not None and not (isinstance(node, Scalar) and node.text == SCHEMA_VERSION):
        problems.append(Diagnostic(node.at, "unknown-version", "This version of the deal format is not known.", hint))


def read_as_of(table: Mapping, problems: Problems) -> date | None:
    """The day that a table says it is looked at; None if it does not say."""
    node = table.get("as_of")
    if node is None or says_unknown(node):
        return None
    found = iso_date(node.text) if isinstance(node, Scalar) else None
    if found is None:
        said = f", not '{short(node.text)}'" if isinstance(node, Scalar) else ""
        hint = date_hint(node.text if isinstance(node, Scalar) else "")
        problems.append(Diagnostic(node.at, "bad-date", f"'as_of' must be a date{said}.", hint))
    return found
